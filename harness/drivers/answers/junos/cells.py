"""Values as Junos writes them."""

from __future__ import annotations

import re
from typing import Final

from ..cells import (
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    SPEED,
    TEXT_OR_NULL,
    TEXTS_OR_NULL,
    Cells,
    Json,
    Kind,
    absent,
    decimal,
)

_UNSAID: Final = frozenset({"auto", "unspecified", "unlimited", "variable", "unknown", "never", "none"})
_DEGREES: Final = re.compile(r"(-?\d{1,4}(?:\.\d{1,4})?)(?: ?(?:degrees )?C\b.*)?")
_NO_POWER: Final = re.compile(r"-? ?inf", re.IGNORECASE)
_POWER: Final = re.compile(r"(\S{1,20}) mW / (-? ?inf|\S{1,20}) dBm", re.IGNORECASE)
_AGO: Final = re.compile(r"(.+?) \((?:(\d{1,5})w)?(?:(\d{1,5})d)? ?(\d{1,3}):(\d\d)(?::(\d\d))? ago\)")
_RATE: Final = re.compile(r"(\d{1,24}) bps \((\d{1,24}) pps\)")
_WAVE: Final = re.compile(r"(\d{1,5}(?:\.\d{1,6})?) ?nm")


def or_null(kind: Kind) -> Kind:
    """A kind whose value may be a word that says that there is none: ``Unlimited``, ``Auto``."""

    def read(text: str) -> Cells | None:
        return (None,) * len(kind.schemas) if text.strip().lower() in _UNSAID else kind.read(text)

    return Kind(f"{kind.name}, or a word for none", kind.schemas, read)


def celsius(text: str) -> str | None:
    """``48 degrees C / 119 degrees F`` in degrees Celsius."""
    found = _DEGREES.fullmatch(text.strip())
    return found[1] if found else None


def dbm(text: str) -> str | None:
    """A power in dBm; ``- Inf`` of a dark lane is minus infinity."""
    text = text.removesuffix("dBm").strip()
    return "-inf" if _NO_POWER.fullmatch(text) else decimal(text)


def _celsius(text: str) -> Cells | None:
    if absent(text):
        return (None,)
    value = celsius(text)
    return None if value is None else (value,)


def _dbm(text: str) -> Cells | None:
    if absent(text):
        return (None,)
    value = dbm(text)
    return None if value is None else (value,)


def _power(text: str) -> Cells | None:
    if absent(text):
        return (None, None)
    found = _POWER.fullmatch(text.strip())
    if not found:
        return None
    one, other = decimal(found[1]), dbm(found[2])
    return None if one is None or other is None else (one, other)


def _ago(text: str) -> Cells | None:
    text = text.strip()
    if absent(text) or text.lower() == "never":
        return (None, None)
    found = _AGO.fullmatch(text)
    if not found:
        return (text, None)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    return (found[1], (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds)


def _rate(text: str) -> Cells | None:
    found = _RATE.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def _words(text: str) -> Cells | None:
    words: list[Json] = [word.lower() for word in text.split() if word.lower() != "none"]
    return (words,)


def _listed(text: str) -> Cells | None:
    items: list[Json] = [item.strip() for item in text.split(",") if item.strip() and item.strip().lower() != "none"]
    return (items,)


def _wave(text: str) -> Cells | None:
    found = _WAVE.fullmatch(text.strip())
    return (None,) if absent(text) else (found[1],) if found else None


def _switch(text: str) -> Cells | None:
    value = text.strip().lower()
    if value in _SWITCHES:
        return (_SWITCHES[value],)
    return (None,) if value in _UNSAID else None


_SWITCHES: Final = {
    "enabled": True, "disabled": False, "enable": True, "disable": False, "on": True, "off": False, "yes": True,
    "no": False,
}  # fmt: skip

SPEED_MBPS: Final = or_null(SPEED)
WHOLE: Final = or_null(COUNT)
SWITCH: Final = Kind("on or off", ({"type": ["boolean", "null"]},), _switch)
CELSIUS: Final = Kind("degrees Celsius", (DECIMAL_OR_NULL,), _celsius)
DBM: Final = Kind("power in dBm", (DECIMAL_OR_NULL,), _dbm)
POWER: Final = Kind("power in mW and dBm", (DECIMAL_OR_NULL, DECIMAL_OR_NULL), _power)
AGO: Final = Kind("a time, and how long ago", (TEXT_OR_NULL, INTEGER_OR_NULL), _ago)
RATE: Final = Kind("bits and packets per second", (INTEGER_OR_NULL, INTEGER_OR_NULL), _rate)
FLAGS: Final = Kind("flags", (TEXTS_OR_NULL,), _words)
LISTED: Final = Kind("a list", (TEXTS_OR_NULL,), _listed)
WAVELENGTH: Final = Kind("wavelength in nm", (DECIMAL_OR_NULL,), _wave)
