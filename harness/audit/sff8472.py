"""The rules of SFF-8472 (SFP+, SFP28, SFP56). Ids and pass criteria are our own, clauses those of SFF-8472 12.3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..decode import codes, sff8472
from ..decode.memory import A0_LOWER
from ..decode.transceiver import SFF8472_IDENTIFIERS, Sff8472Transceiver
from ..limit import not_applicable
from ..reading import Missing, Reading, derive
from ..verdict import Finding
from . import common
from .common import hexadecimal
from .rule import Ask, Level, Needs, Rule, Table

rule: Final = Table[Sff8472Transceiver]("sff8472")

TWO_WIRE: Final = 0x04
"""Extended identifier of every module with this memory map (SFF-8472 5.2)."""

RATE_ELSEWHERE: Final = 0xFF


def without_diagnostics(module: Sff8472Transceiver) -> Finding | None:
    """The finding that ends a rule about A2h, on a module that has no diagnostics."""
    implemented = module.a0.diagnostics_implemented
    if isinstance(implemented, Reading) and not implemented.value:
        return not_applicable(implemented, because="diagnostics are not implemented")
    return None


@rule("S72-01", "SFF-8472 5.1; SFF-8024 table 4-1")
def identifier(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The identifier is one of a module with SFF-8472."""
    known = ask.one_of(*map(hexadecimal, SFF8472_IDENTIFIERS))
    yield known.judge(derive(module.identifier, hexadecimal), at="identifier")


@rule("S72-02", "SFF-8472 5.2")
def extended_identifier(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The extended identifier says that the two-wire interface alone identifies the module."""
    raw = derive(module.memory.take(A0_LOWER, 1), lambda held: hexadecimal(held[0]))
    yield ask.one_of(hexadecimal(TWO_WIRE)).judge(raw, at="extended identifier")


@rule("S72-03", "SFF-8472 8.1, CC_BASE")
def base_checksum(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of the base fields fits their bytes."""
    yield common.fits(module.checksums[0], ask)


@rule("S72-04", "SFF-8472 8.13, CC_EXT")
def extended_checksum(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of the extended fields fits their bytes."""
    yield common.fits(module.checksums[1], ask)


@rule("S72-05", "SFF-8472 9.4, CC_DMI")
def diagnostics_checksum(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of thresholds and calibration fits their bytes."""
    if ended := without_diagnostics(module):
        yield ended
        return
    yield common.fits(module.checksums[2], ask)


@rule("S72-06", "SFF-8472 7")
def vendor_strings(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The vendor's texts are printable ASCII, left-justified and padded with spaces; part and serial are not blank."""
    yield from common.texts(module, ask)


@rule("S72-07", "SFF-8472 7.3", Level.SHOULD)
def company_identifier(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The company identifier is set: neither all ones nor zero."""
    yield from common.company(module, ask)


@rule("S72-08", "SFF-8472 8.6", Level.SHOULD)
def date_code(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The date code is a day, and none to come."""
    yield from common.made(module, ask)


@rule("S72-09", "SFF-8472 8.9", Level.SHOULD)
def revision(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The revision is one that was published, where there are diagnostics to follow it."""
    if ended := without_diagnostics(module):
        yield ended
        return
    raw = derive(module.memory.take(A0_LOWER, 94), lambda held: held[0])
    yield ask.one_of(*(code for code in sff8472.REVISIONS if code)).judge(raw, at="revision code")


@rule("S72-10", "SFF-8472 8.7, calibration")
def calibration(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """Diagnostics are calibrated either internally or externally."""
    if ended := without_diagnostics(module):
        yield ended
        return
    raw = derive(module.memory.take(A0_LOWER, 92), lambda held: held[0] >> 4 & 3)
    words = derive(raw, lambda code: ("neither", "externally", "internally", "both")[code])
    yield ask.one_of("internally", "externally").judge(words, at="calibrated")


@rule("S72-11", "SFF-8472 9.2")
def thresholds(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """Thresholds of every monitor stand in order: low alarm, low warning, high warning, high alarm."""
    if ended := without_diagnostics(module):
        yield ended
        return
    yield from common.ordered(module, ask)


@rule("S72-12", "SFF-8472 5.3; SFF-8024 table 4-3")
def connector(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The connector of a cable is a pigtail, and that of a module is listed."""
    found, known = derive(module.connector, hexadecimal), codes.tables().connectors
    pigtails = {code for code, row in known.items() if row.kind == "pigtail"}
    listed = {code for code, row in known.items() if row.kind}
    wanted = pigtails if module.copper is not None else listed
    yield ask.one_of(*map(hexadecimal, wanted)).judge(found, at="connector")


@rule("S72-13", "SFF-8472 9.9, loss of signal", Level.SHOULD)
def signal(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """With light above the low alarm the module has not lost its signal."""
    if ended := without_diagnostics(module):
        yield ended
        return
    power, alarm = module.rx_power[0], module.thresholds["rx_power_mw"].low_alarm
    for value in (power, alarm):
        if isinstance(value, Missing):
            yield ask.where_advertised(ask.one_of(True), value, at="rx power")
            return
    assert isinstance(power, Reading) and isinstance(alarm, Reading)
    if power.value <= alarm.value:
        yield not_applicable(power, because="no light above the low alarm")
    else:
        yield ask.where_advertised(ask.one_of(False), module.flags["rx_los"][0], at="rx_los, with light")


@rule("S72-14", "SFF-8472 9.8, Data_Ready_Bar")
def ready(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The module's monitors were ready when it was read."""
    if ended := without_diagnostics(module):
        yield ended
        return
    yield ask.where_advertised(ask.one_of(False), module.a2.data_not_ready, at="data is not ready")


@rule("S72-15", "SFF-8472 9.5")
def temperature(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The temperature is between -5 and 70 °C."""
    if ended := without_diagnostics(module):
        yield ended
        return
    yield common.warm(module, ask, module.undefined)


@rule("S72-16", "SFF-8472 9.5; SFF-8419")
def supply(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The supply voltage is between 3.135 and 3.465 V."""
    if ended := without_diagnostics(module):
        yield ended
        return
    yield common.fed(module, ask)


@rule("S72-17", "SFF-8472 8.4, signalling rate", Level.SHOULD)
def rate(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The nominal signalling rate is stated."""
    raw = module.memory.take(A0_LOWER, 12, 55)
    stated = derive(raw, lambda held: bool(held[54] if held[0] == RATE_ELSEWHERE else held[0]))
    yield ask.one_of(True).judge(stated, at="signalling rate is stated")


@rule("S72-18", "SFF-8024 table 4-1", needs=Needs.CONTEXT)
def cage(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The module's form factor is one that goes into its cage."""
    yield from common.cage(module, ask)


@rule("S72-19", "the cage's power rating", needs=Needs.CONTEXT)
def cage_power(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """The largest power is not above what the cage feeds and cools."""
    yield from common.cage_power(module, ask)


@rule("S72-20", "serial numbers are given once", Level.SHOULD, Needs.FLEET)
def duplicate_serial(module: Sff8472Transceiver, ask: Ask) -> Iterator[Finding]:
    """No other module of the fleet has the same vendor and serial number."""
    yield from common.namesakes(module, ask)


RULES: Final[tuple[Rule, ...]] = tuple(rule.rules.values())

__all__ = ["RULES"]
