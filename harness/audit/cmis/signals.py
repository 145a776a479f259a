"""Flags, masks and the interrupt, while somebody moves light and signal (OIF-CMIS 6.3.4, 8.10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final

from ...decode.cmis import Lower, Page10, Page11
from ...decode.fields import Parts
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading
from ...verdict import Finding
from ..board import Operator
from ..rule import Ask, Hands, Level, Needs
from .steps import CONTROL, STATUS, in_time, live_path, seen
from .table import rule, without_pages

FLAG_TIME: Final = Decimal("0.2")
"""Longest time, in s, from a condition to its flag (OIF-CMIS 10)."""

SETTLED: Final = Decimal("0.5")
FLAGS: Final = 20


@contextmanager
def darkened(operator: Operator, hands: Hands) -> Iterator[None]:
    """Without optical input; afterwards there is light again, and what was latched is cleared."""
    hands.light(False)
    try:
        yield
    finally:
        hands.light(True)
        operator.clock.wait(SETTLED)
        operator.raw(STATUS, Page11.dp_state_changed.fields[0].byte, FLAGS)


def flagged(operator: Operator, flag: Parts[bool], lane: int) -> bool:
    """Whether a flag is latched on a lane; this read clears it."""
    return bool(operator.raw(STATUS, flag.fields[0].byte)[0] >> (lane - 1) & 1)


def without_flag(module: CmisTransceiver, supported: Reading[bool] | Missing, what: str, ask: Ask) -> Finding | None:
    if isinstance(supported, Missing):
        return ask.where_advertised(ask.one_of(True), supported, at=what)
    return None if supported.value else not_applicable(supported, because=f"{what} is not flagged")


@rule("CM-57", "OIF-CMIS 8.10, TxLOS", Level.SHOULD, Needs.HANDS)
def tx_los(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """TxLOS is raised when the host's signal goes, and stays clear once it is back."""
    ended = without_pages(module) or without_flag(module, module.page01.tx_los_flag, "TxLOS", ask)
    if ended:
        yield ended
        return
    operator, hands = ask.board(), ask.hands()
    path = live_path(operator)
    hands.host_signal(False)
    try:
        operator.clock.wait(FLAG_TIME)
        now = operator.read(Page11.tx_los)
        for lane, flag in enumerate(now, 1):
            if lane in path.host_lanes:
                yield ask.one_of(True).judge(flag, at=f"TxLOS of host lane {lane} without signal")
    finally:
        hands.host_signal(True)
    operator.clock.wait(SETTLED)
    operator.read(Page11.tx_los)
    operator.clock.wait(FLAG_TIME)
    now = operator.read(Page11.tx_los)
    for lane, flag in enumerate(now, 1):
        if lane in path.host_lanes:
            yield ask.one_of(False).judge(flag, at=f"TxLOS of host lane {lane} with signal again")


@rule("CM-58", "OIF-CMIS 8.10, 10, RxLOS", needs=Needs.HANDS)
def rx_los(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """RxLOS is raised within 200 ms of losing light, and stays clear once it is back."""
    ended = without_pages(module) or without_flag(module, module.page01.rx_los_flag, "RxLOS", ask)
    if ended:
        yield ended
        return
    operator, hands = ask.board(), ask.hands()
    path = live_path(operator)
    lane = path.media_lanes[0]
    with darkened(operator, hands):
        took = operator.until(lambda: flagged(operator, Page11.rx_los, lane), FLAG_TIME, "RxLOS after a fiber pull")
        yield in_time(ask, FLAG_TIME).judge(took, at=f"RxLOS of media lane {lane}")
    yield ask.one_of(False).judge(operator.read(Page11.rx_los)[lane - 1], at="RxLOS with light again")


@rule("CM-60", "OIF-CMIS 6.3.4", needs=Needs.HANDS)
def clear_on_read(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A flag that was read is raised again while its condition lasts, and is clear once that has gone."""
    ended = without_pages(module) or without_flag(module, module.page01.rx_los_flag, "RxLOS", ask)
    if ended:
        yield ended
        return
    operator, hands = ask.board(), ask.hands()
    lane = live_path(operator).media_lanes[0]
    with darkened(operator, hands):
        for turn in ("first", "second"):
            operator.clock.wait(FLAG_TIME)
            yield ask.one_of(True).judge(operator.read(Page11.rx_los)[lane - 1], at=f"RxLOS in the dark, {turn} read")
        operator.clock.wait(FLAG_TIME)
    yield ask.one_of(False).judge(operator.read(Page11.rx_los)[lane - 1], at="RxLOS once it was read with light")


@rule("CM-62", "OIF-CMIS 6.3.4, masks", Level.SHOULD, Needs.HANDS)
def masks(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A flag that is masked does not assert the interrupt, and is latched all the same; unmasked it does assert it."""
    ended = without_pages(module) or without_flag(module, module.page01.rx_los_flag, "RxLOS", ask)
    if ended:
        yield ended
        return
    operator, hands = ask.board(), ask.hands()
    lane = live_path(operator).media_lanes[0]
    own = Page10.rx_los_mask.fields[0].byte
    for masked in (True, False):
        operator.mask_all()
        operator.put(CONTROL, own, b"\xff" if masked else b"\x00")
        operator.raw(STATUS, Page11.dp_state_changed.fields[0].byte, FLAGS)
        operator.raw(Lower.page, 8, 6)
        with darkened(operator, hands):
            operator.clock.wait(FLAG_TIME)
            word = "masked" if masked else "not masked"
            quiet = operator.read(Lower.interrupt_deasserted)
            yield ask.one_of(masked).judge(quiet, at=f"interrupt is quiet, RxLOS {word}")
            latched = seen(operator, flagged(operator, Page11.rx_los, lane), "page 11h byte 147")
            yield ask.one_of(True).judge(latched, at=f"RxLOS of media lane {lane} is latched, {word}")
