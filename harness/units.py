"""Units, and the only conversions between them."""

from __future__ import annotations

from decimal import Context, Decimal
from enum import StrEnum
from typing import Final

LOG: Final = Context(prec=12)
DARK_DBM: Final = Decimal(-40)
"""What 0 mW is reported as: the floor of the 0.1 uW step of CMIS and the SFF documents."""


class Unit(StrEnum):
    NONE = ""
    DB = "dB"
    DBM = "dBm"
    DB_PER_HZ = "dB/Hz"
    MW = "mW"
    MA = "mA"
    CELSIUS = "°C"
    VOLT = "V"
    WATT = "W"
    METRE = "m"
    NM = "nm"
    GBPS = "Gb/s"
    BYTES = "B"
    MS = "ms"
    SECONDS = "s"
    HOURS = "h"
    WEEKS = "weeks"
    YEARS = "years"
    PERCENT = "%"
    KHZ = "kHz"
    MHZ = "MHz"
    GHZ = "GHz"
    NS = "ns"
    US = "µs"
    PS = "ps"
    PS2 = "ps²"
    PS_PER_NM = "ps/nm"
    KRAD_PER_S = "krad/s"
    COUNT = "count"


def mw_to_dbm(power: Decimal) -> Decimal:
    """Optical power in mW as dBm, to 12 digits; 0 mW is -40 dBm, the floor of the register's step."""
    return max(DARK_DBM, 10 * LOG.log10(power)) if power > 0 else DARK_DBM


def dbm_to_mw(power: Decimal) -> Decimal:
    """Optical power in dBm as mW, to 12 digits."""
    return LOG.power(Decimal(10), power / 10)


def plain(number: Decimal) -> str:
    """The number as a person writes it: 3.40 as 3.4, 1E+2 as 100, -0 as 0."""
    return f"{number.normalize():f}" if number else "0"


def brief(number: str) -> str:
    """The text of a number as a person reads it: one with many decimals to four of them, and said to be about that."""
    _, point, decimals = number.partition(".")
    if not point or len(decimals) <= 6 or not decimals.isdigit():
        return number
    return f"≈ {plain(Decimal(number).quantize(Decimal('0.0001')))}"


def scientific(number: Decimal) -> str:
    """A ratio as a person writes it: 2.4E-4; plain where that is as short."""
    return plain(number) if not number or number.adjusted() > -4 else f"{number.normalize():E}"
