"""Durations, loopbacks, patterns, diagnostics and tuning (OIF-CMIS 8.4, 8.11 to 8.13, 8.22)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from ...decode.cmis import Page10, Page12, Page13, Page14, Page14Ber
from ...decode.cmis.vdm import Page2F
from ...decode.fields import Bit, Parts
from ...decode.memory import HALF, Page
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading, derive
from ...units import Unit
from ...verdict import Finding
from ..board import WRITTEN, Operator
from ..rule import Ask, Level, Needs
from .identity import not_tunable
from .steps import ACTIVATED, deinit, in_time, live_path, reach, seen
from .table import byte_of, media_name, rule, without_pages
from .vdm import without_vdm

FREEZE: Final = Decimal("0.5")
SELECTED: Final = Decimal("0.01")
TUNED: Final = Decimal(60)

LAST_DURATION, LONGEST_OF_OPTICS = 0xD, 0xB

SAMPLES: Final = Page(0x24)

LOOPBACKS: Final[tuple[tuple[Bit, Parts[bool]], ...]] = (
    (Page13.media_output_loopback_supported, Page13.media_output_loopback),
    (Page13.media_input_loopback_supported, Page13.media_input_loopback),
    (Page13.host_output_loopback_supported, Page13.host_output_loopback),
    (Page13.host_input_loopback_supported, Page13.host_input_loopback),
)


@rule("CM-84", "OIF-CMIS 8.4, durations", Level.SHOULD)
def durations(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Durations are codes of the document, and start-up takes a data centre module no more than 10 min."""
    if ended := without_pages(module):
        yield ended
        return
    name = media_name(module)
    coherent = isinstance(module.tunable, Reading) and module.tunable.value
    most = LAST_DURATION if coherent or (isinstance(name, Reading) and "ZR" in name.value) else LONGEST_OF_OPTICS
    for what, byte in (("data path initialization", 144), ("module power up", 167)):
        code = derive(byte_of(module, Page(0x01), byte), lambda raw: Decimal(raw & 0xF))
        yield ask.within("0", str(most)).judge(code, at=f"code of {what}")


def without_diagnostics(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about page 13h, on a module that does not have it."""
    if ended := without_pages(module):
        return ended
    supported = module.page01.diagnostics_supported
    if isinstance(supported, Reading) and not supported.value:
        return not_applicable(supported, because="diagnostics pages are not advertised")
    return None


@rule("CM-75", "OIF-CMIS 8.22, freeze", needs=Needs.WRITES)
def freeze(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """VDM freezes within 500 ms, holds its samples while frozen, and lets go within 500 ms."""
    if ended := without_vdm(module):
        yield ended
        return
    operator = ask.board()
    try:
        for asked, done, way in ((True, Page2F.freeze_done, "frozen"), (False, Page2F.unfreeze_done, "let go")):
            operator.write(Page2F.freeze_request, asked)
            took = operator.until(partial(said, operator, done), FREEZE, f"until {way}")
            yield in_time(ask, FREEZE).judge(took, at=f"time until {way}")
            if asked:
                first = operator.raw(SAMPLES, HALF, HALF)
                operator.clock.wait(Decimal(2))
                same = operator.raw(SAMPLES, HALF, HALF) == first
                yield ask.one_of(True).judge(seen(operator, same, "page 24h"), at="samples hold while frozen")
    finally:
        operator.write(Page2F.freeze_request, False)


def said(operator: Operator, bit: Bit) -> bool:
    held = operator.read(bit)
    return isinstance(held, Reading) and held.value


@rule("CM-85", "OIF-CMIS 8.12, loopbacks", Level.SHOULD, Needs.WRITES)
def loopbacks(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Every loopback that is advertised can be set on all lanes, and let go."""
    if ended := without_diagnostics(module):
        yield ended
        return
    operator = ask.board()
    found = operator.look(Page13.page)
    for advertised, control in LOOPBACKS:
        bit, byte = advertised.read(found.page13), control.fields[0].byte
        if isinstance(bit, Missing) or not bit.value:
            yield (
                ask.one_of(True).judge(bit)
                if isinstance(bit, Missing)
                else not_applicable(bit, because="not advertised", at=control.name)
            )
            continue
        for raw in (b"\xff", b"\x00"):
            operator.put(Page13.page, byte, raw)
            held = seen(operator, operator.raw(Page13.page, byte).hex(), f"page 13h byte {byte}")
            yield ask.one_of(raw.hex()).judge(held, at=f"{control.name}, lanes as a bitmap")


PATTERNS: Final = (
    ("host", Page13.host_generator_patterns, Page13.host_checker_patterns, 144, 160, Page14.host_checker_lol),
    ("media", Page13.media_generator_patterns, Page13.media_checker_patterns, 152, 168, Page14.media_checker_lol),
)
PRBS31Q: Final = "PRBS31Q"
HOST_LOOP, MEDIA_LOOP = 182, 180
"""Output loopbacks, which lead what a side sends back to what it receives."""


@rule("CM-86", "OIF-CMIS 8.12, patterns", Level.SHOULD, Needs.WRITES)
def patterns(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Where generator and checker of a side have PRBS31Q, the checker locks to it through an output loopback."""
    if ended := without_diagnostics(module):
        yield ended
        return
    operator = ask.board()
    found = operator.look(Page13.page).page13
    for side, generators, checkers, generator, checker, flag in PATTERNS:
        both = [register.read(found) for register in (generators, checkers)]
        gone = next((one for one in both if isinstance(one, Missing) or PRBS31Q not in one.value), None)
        if gone is not None:
            absent = ask.one_of(True).judge(gone) if isinstance(gone, Missing) else None
            yield absent or not_applicable(
                Reading("not there", gone.source), because=f"no {PRBS31Q}", at=f"{side} side"
            )
            continue
        loop = MEDIA_LOOP if side == "media" else HOST_LOOP
        supported = found.media_output_loopback_supported if side == "media" else found.host_output_loopback_supported
        if isinstance(supported, Missing) or not supported.value:
            proof = Reading("none", supported.source)
            yield not_applicable(proof, because="no loopback leads the pattern back", at=f"{side} side")
            continue
        for start in (generator, checker):
            operator.put(Page13.page, start + 4, bytes(4))  # PRBS31Q is pattern 0
        for byte in (loop, generator, checker):
            operator.put(Page13.page, byte, b"\xff")
        operator.clock.wait(Decimal(1))
        operator.read(flag)  # what was latched before the checker locked
        operator.clock.wait(Decimal(1))
        now = operator.read(flag)
        for lane, lost in enumerate(now, 1):
            yield ask.one_of(False).judge(lost, at=f"{side} checker of lane {lane} lost lock")
        for byte in (checker, generator, loop):
            operator.put(Page13.page, byte, b"\x00")


@rule("CM-87", "OIF-CMIS 10, tDDCS", Level.SHOULD, Needs.WRITES)
def selector(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """10 ms after the diagnostics selector was written the window shows what it selects."""
    if ended := without_diagnostics(module):
        yield ended
        return
    operator = ask.board()
    before = operator.raw(Page14.page, Page14.selector.byte)
    try:
        operator.put(Page14.page, Page14.selector.byte, b"\x01")
        operator.clock.wait(max(Decimal(0), SELECTED - WRITTEN))
        held = seen(operator, operator.raw(Page14.page, Page14.selector.byte).hex(), "page 14h byte 128")
        yield ask.one_of("01").judge(held, at="selector")
        shown = Page14Ber(operator.look(Page14.page).memory)
        for name, lanes in (("host", shown.host_ber), ("media", shown.media_ber)):
            for lane, ratio in enumerate(lanes, 1):
                yield ask.within("0", "0.5").judge(ratio, at=f"BER of {name} lane {lane}")
    finally:
        operator.put(Page14.page, Page14.selector.byte, before)


@rule("CM-88", "OIF-CMIS 8.11", Level.SHOULD, Needs.WRITES)
def tuning(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A tunable laser given its channel again tells that tuning is complete, and has the channel's frequency."""
    if ended := without_pages(module) or not_tunable(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    lane = path.media_lanes[0]
    byte = 136 + 2 * (lane - 1)
    channel = operator.raw(Page12.page, byte, 2)
    deinit(operator, path.host_lanes)
    operator.raw(Page12.page, 231, 8)  # what was latched before
    operator.put(Page12.page, byte, channel)
    # the flag may be raised only once the data path is initialized (OIF-CMIS 6.3.3)
    operator.set_lanes(Page10.dp_deinit, path.host_lanes, False)
    reach(operator, path.host_lanes, ACTIVATED, operator.bound("dp_init") + operator.bound("dp_tx_turn_on"))
    flag = 231 + lane - 1
    took = operator.until(lambda: bool(operator.raw(Page12.page, flag)[0] & 1), TUNED, "tuning complete")
    yield in_time(ask, TUNED).judge(took, at=f"tuning of media lane {lane}")
    found = operator.look(Page(0x04), Page12.page)
    asked, has = found.asked_frequency[lane - 1], found.laser_frequency[lane - 1]
    for limit, ghz in ((ask.at_least, -1), (ask.at_most, 1)):
        bound = derive(asked, Decimal(ghz).__add__, note=f"{ghz:+} GHz", unit=Unit.GHZ)
        yield limit(bound, Unit.GHZ).judge(has, at=f"frequency of media lane {lane}")
