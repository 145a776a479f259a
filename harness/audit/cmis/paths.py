"""The data path state machine and its configuration, operated (OIF-CMIS 6.2, 6.3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from ...decode import cmis
from ...decode.cmis import Page01, Page10, Page11
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading, Value, derive, in_dbm
from ...units import Unit
from ...verdict import Finding
from ..board import POLL, Operator
from ..rule import Ask, Level, Limit, Needs, unadvertised
from .steps import (
    ACTIVATED,
    CONTROL,
    DEACTIVATED,
    INITIALIZED,
    active,
    apply,
    deinit,
    in_time,
    live_path,
    mask,
    outcome,
    reach,
    seen,
    staged,
    state_now,
    states_of,
    timed,
)
from .table import DataPath, bits, rule, without_output_status, without_pages

DOWN: Final = (ACTIVATED, "DPTxTurnOff", INITIALIZED, "DPDeinit", DEACTIVATED)
UP: Final = (DEACTIVATED, "DPInit", INITIALIZED, "DPTxTurnOn", ACTIVATED)
"""The states on the way down and up; a short one may pass unseen."""

OFF_CEILING, ON_CEILING = Decimal("0.1"), Decimal("0.4")
"""Longest times, in s, to turn a transmitter off and on (OIF-CMIS 10)."""

DARK: Final = Decimal(-35)
UNUSED_APPLICATION: Final = 15


def without_tx_disable(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about turning transmitters off, on a module that cannot."""
    supported = module.page01.tx_disable_supported
    if isinstance(supported, Reading) and not supported.value:
        return not_applicable(supported, because="the module cannot disable its transmitters")
    return None


def without_initialized(module: CmisTransceiver) -> Finding | None:
    """The finding that ends a rule about DPInitialized, a state that came with CMIS 4.0."""
    older = module.lower.beyond("4.0")
    return None if older is None else unadvertised(older)


@rule("CM-48", "OIF-CMIS 6.3.3", needs=Needs.WRITES)
def state_path(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A data path goes down and up through its states in order, all its lanes together."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    ways = ((True, DOWN, ("dp_tx_turn_off", "dp_deinit")), (False, UP, ("dp_init", "dp_tx_turn_on")))
    for off, order, names in ways:
        operator.set_lanes(Page10.dp_deinit, path.host_lanes, off)
        longest = sum((operator.bound(name) for name in names), Decimal(0))
        passed, together = watched(operator, path, order[-1], longest)
        way = f"{order[0]} to {order[-1]}"
        yield ask.one_of(order[-1]).judge(state_now(operator, path.host_lanes), at=f"end of the way {way}")
        yield ask.one_of(True).judge(seen(operator, in_order(passed, order), ", ".join(passed)), at=f"order on {way}")
        yield ask.one_of(True).judge(seen(operator, together, "page 11h bytes 128-131"), at=f"lanes agree on {way}")


def watched(operator: Operator, path: DataPath, last: str, longest: Decimal) -> tuple[tuple[str, ...], bool]:
    """The states that a data path passes until the last one, and whether its lanes agreed all the time."""
    passed: dict[str, None] = {}
    together = True
    start = operator.clock.now()
    while operator.clock.now() - start <= 2 * longest + 1:
        now = states_of(operator, path.host_lanes)
        together = together and len(set(now)) == 1
        passed.update(dict.fromkeys(now))
        if set(now) == {last}:
            break
        operator.clock.wait(POLL)
    return tuple(passed), together


def in_order(passed: Sequence[str], order: Sequence[str]) -> bool:
    """Whether states came in an order that may leave out some."""
    places = [order.index(state) if state in order else -1 for state in passed]
    return -1 not in places and places == sorted(places)


@rule("CM-49", "OIF-CMIS 6.3.3, 8.4", needs=Needs.WRITES)
def init_duration(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A data path is initialized within the time that the module advertises."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    yield timed(ask, module.durations["dp_init"], initialized(operator, path), at="time to DPInitialized")


def initialized(operator: Operator, path: DataPath) -> Value[Decimal]:
    """Seconds from DPDeactivated to DPInitialized, or past it."""
    deinit(operator, path.host_lanes)
    operator.set_lanes(Page10.dp_deinit, path.host_lanes, False)
    past = {INITIALIZED, "DPTxTurnOn", ACTIVATED}
    return operator.until(
        lambda: set(states_of(operator, path.host_lanes)) <= past, operator.bound("dp_init"), "until DPInitialized"
    )


@rule("CM-50", "OIF-CMIS 8.4, 10", needs=Needs.WRITES)
def turn_on_and_off(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Transmitters turn off and on within the advertised times, and within 100 and 400 ms."""
    if ended := without_pages(module) or without_tx_disable(module) or without_initialized(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    for off, state, name, ceiling in (
        (True, INITIALIZED, "dp_tx_turn_off", OFF_CEILING),
        (False, ACTIVATED, "dp_tx_turn_on", ON_CEILING),
    ):
        operator.set_lanes(Page10.tx_disable, path.media_lanes, off)
        took = reach(operator, path.host_lanes, state, operator.bound(name))
        yield timed(ask, module.durations[name], took, at=f"time to {state}")
        yield in_time(ask, ceiling).judge(took, at=f"time to {state}, ceiling")


@rule("CM-51", "OIF-CMIS 8.10, configuration status", needs=Needs.WRITES)
def apply_outcome(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A valid Apply succeeds, one with an unused AppSel or with part of a data path is rejected as such."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    lanes, number = path.host_lanes, path.application.number
    deinit(operator, lanes)
    operator.put(CONTROL, 145, staged(operator, path, number))
    yield from judged(ask.one_of("ConfigSuccess"), apply(operator, lanes), lanes, "valid configuration")
    held = module.applications
    if isinstance(held, Reading) and len(held.value) < UNUSED_APPLICATION:
        operator.put(CONTROL, 145, staged(operator, path, UNUSED_APPLICATION))
        rejected = ask.one_of("ConfigRejectedInvalidAppSel")
        yield from judged(rejected, apply(operator, lanes), lanes, "AppSel 15, which is unused")
    if len(lanes) > 1:
        operator.put(CONTROL, 145, staged(operator, path, number))
        rejected = ask.one_of("ConfigRejectedInvalidDataPath", "ConfigRejectedPartialDataPath")
        yield from judged(rejected, apply(operator, lanes[:1]), lanes[:1], "one lane of a data path")


def judged(limit: Limit, values: Sequence[Value[str]], lanes: Sequence[int], what: str) -> Iterator[Finding]:
    for lane, value in zip(lanes, values, strict=True):
        yield limit.judge(value, at=f"{what}, host lane {lane}")


@rule("CM-52", "OIF-CMIS 6.2", needs=Needs.WRITES)
def rejected_apply(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """An Apply that is rejected leaves the active set as it was."""
    if ended := without_pages(module):
        yield ended
        return
    held = module.applications
    if isinstance(held, Reading) and len(held.value) >= UNUSED_APPLICATION:
        yield not_applicable(Reading(len(held.value), held.source), because="every AppSel is in use")
        return
    operator = ask.board()
    path = live_path(operator)
    deinit(operator, path.host_lanes)
    before = active(operator)
    operator.put(CONTROL, 145, staged(operator, path, UNUSED_APPLICATION))
    apply(operator, path.host_lanes)
    yield ask.one_of(before.hex()).judge(
        seen(operator, active(operator).hex(), "page 11h bytes 206-213"), at="active set"
    )


@rule("CM-53", "OIF-CMIS 6.2", needs=Needs.WRITES)
def active_as_staged(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """After an Apply the active set is the staged one."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    deinit(operator, path.host_lanes)
    # deselecting the lanes first makes sure that it is this Apply that brings them back
    for number in (0, path.application.number):
        wanted = staged(operator, path, number)
        operator.put(CONTROL, 145, wanted)
        apply(operator, path.host_lanes)
        found = active(operator)
        for lane in path.host_lanes:
            limit = ask.one_of(number)
            value = seen(operator, found[lane - 1] >> 4, f"page 11h byte {205 + lane}")
            yield limit.judge(value, at=f"AppSel of host lane {lane} after an Apply of {number}")


@rule("CM-55", "OIF-CMIS 6.3.3, OutputDisableTx", needs=Needs.WRITES)
def tx_disable(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A disabled transmitter is dark, below the low alarm or -35 dBm, and its data path is DPInitialized."""
    if ended := without_pages(module) or without_tx_disable(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    operator.set_lanes(Page10.tx_disable, path.media_lanes, True)
    reach(operator, path.host_lanes, INITIALIZED, operator.bound("dp_tx_turn_off"))
    if not without_initialized(module):
        yield ask.one_of(INITIALIZED).judge(state_now(operator, path.host_lanes), at="state with transmitters disabled")
    powers, valid = operator.read(Page11.tx_power), operator.read(Page11.tx_output_valid)
    alarm = in_dbm(module.thresholds["tx_power_mw"].low_alarm)
    dark = max(DARK, alarm.value) if isinstance(alarm, Reading) else DARK
    for lane in path.media_lanes:
        yield ask.one_of(False).judge(valid[lane - 1], at=f"tx output of media lane {lane} is valid")
        limit = ask.within(max=str(dark), unit=Unit.DBM)
        yield ask.where_advertised(limit, in_dbm(powers[lane - 1]), at=f"tx power of media lane {lane}, disabled")


@rule("CM-56", "OIF-CMIS 10", Level.SHOULD, Needs.WRITES)
def tx_disable_time(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Outputs go off within 100 ms of being disabled, and are back within 400 ms."""
    if ended := without_pages(module) or without_tx_disable(module) or without_output_status(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    for off, ceiling, way in ((True, OFF_CEILING, "off"), (False, ON_CEILING, "on")):
        operator.set_lanes(Page10.tx_disable, path.media_lanes, off)
        took = operator.until(partial(outputs_are, operator, path, not off), ceiling, f"outputs {way}")
        yield in_time(ask, ceiling).judge(took, at=f"time to turn outputs {way}")


def outputs_are(operator: Operator, path: DataPath, on: bool) -> bool:
    return outputs(operator, path) == {on}


def outputs(operator: Operator, path: DataPath) -> set[bool | None]:
    """What the module says of the media outputs of a data path."""
    held = operator.read(Page11.tx_output_valid)
    return {one.value if isinstance(one, Reading) else None for one in (held[lane - 1] for lane in path.media_lanes)}


class SignalControl(NamedTuple):
    """A signal integrity control of four bits a lane."""

    name: str
    bitmap: bool  # whether codes are advertised bit by bit, else up to a largest one
    staged: int  # first byte on page 10h
    status: int  # first byte on page 11h
    limit: int  # byte of page 01h with the codes that there are
    shift: int

    def codes(self, limits: int) -> tuple[int, ...]:
        """The codes that a module takes."""
        held = limits >> self.shift & 0xF
        return tuple(bits(held)) if self.bitmap else tuple(range(held + 1))


SIGNAL: Final = (
    (Page01.rx_amplitude_supported, SignalControl("rx amplitude", True, 170, 231, 153, 4)),
    (Page01.rx_output_post_supported, SignalControl("rx post-cursor", False, 166, 227, 154, 4)),
    (Page01.rx_output_pre_supported, SignalControl("rx pre-cursor", False, 162, 223, 154, 0)),
    (Page01.tx_input_eq_supported, SignalControl("tx input equalizer", False, 156, 217, 153, 0)),
)


@rule("CM-69", "OIF-CMIS 6.2, explicit control", Level.SHOULD, Needs.WRITES)
def signal_integrity(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Signal integrity settings that are staged with explicit control are those in force after an Apply."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    first = path.host_lanes[0]
    chosen = [
        (one, code)
        for bit, one in SIGNAL
        if is_set(bit.read(module.page01)) and (code := another(module, operator, one, first)) is not None
    ]
    if not chosen:
        supported = module.page01.rx_amplitude_supported
        if isinstance(supported, Missing):
            yield ask.one_of(True).judge(supported, at="signal integrity controls")
        else:
            yield not_applicable(supported, because="no signal integrity control can be changed")
        return
    deinit(operator, path.host_lanes)
    wanted = bytearray(staged(operator, path, path.application.number))
    for lane in path.host_lanes:
        wanted[lane - 1] |= 1
    operator.put(CONTROL, 145, bytes(wanted))
    for one, code in chosen:
        operator.put(CONTROL, one.staged, bytes([code * 0x11] * 4))
    apply(operator, path.host_lanes)
    for one, code in chosen:
        for lane in path.host_lanes:
            value = seen(operator, setting(operator, one, lane), f"page 11h byte {one.status + (lane - 1) // 2}")
            yield ask.one_of(code).judge(value, at=f"{one.name} of host lane {lane}")


def another(module: CmisTransceiver, operator: Operator, control: SignalControl, lane: int) -> int | None:
    """A code that a control takes and does not have on a lane now; None where there is none."""
    limits = module.memory.take(module.page01.at, control.limit)
    now = setting(operator, control, lane)
    codes = control.codes(limits.value[0]) if isinstance(limits, Reading) else ()
    return next((code for code in codes if code != now), None)


def setting(operator: Operator, control: SignalControl, lane: int) -> int:
    """The code in force on a lane."""
    held = operator.raw(Page11.page, control.status + (lane - 1) // 2)[0]
    return held >> 4 * ((lane - 1) % 2) & 0xF


def is_set(bit: Value[bool]) -> bool:
    return isinstance(bit, Reading) and bit.value


@rule("CM-70", "OIF-CMIS 6.2, staged control set 1", Level.SHOULD, Needs.WRITES)
def second_set(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Staged control set 1 configures as set 0 does, where there is one."""
    if ended := without_pages(module):
        yield ended
        return
    supported = module.page01.staged_set_1_supported
    if isinstance(supported, Missing):
        yield ask.one_of(True).judge(supported, at="staged control set 1")
        return
    if not supported.value:
        yield not_applicable(supported, because="there is no second staged control set")
        return
    operator = ask.board()
    path = live_path(operator)
    deinit(operator, path.host_lanes)
    operator.put(CONTROL, 145, staged(operator, path, 0))
    apply(operator, path.host_lanes)
    operator.put(CONTROL, 180, staged(operator, path, path.application.number))
    operator.put(CONTROL, 178, bytes([mask(path.host_lanes)]))
    yield from judged(ask.one_of("ConfigSuccess"), outcome(operator, path.host_lanes), path.host_lanes, "set 1")
    found = active(operator)
    for lane in path.host_lanes:
        value = seen(operator, found[lane - 1] >> 4, f"page 11h byte {205 + lane}")
        yield ask.one_of(path.application.number).judge(value, at=f"AppSel of host lane {lane}")


@rule("CM-92", "OIF-CMIS 6.3.3", Level.SHOULD, Needs.WRITES)
def held_down(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """With every lane told to deinitialize and every transmitter disabled, no data path runs while it is configured."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    path = live_path(operator)
    lanes = tuple(range(1, cmis.LANES + 1))
    operator.put(CONTROL, 130, b"\xff")
    deinit(operator, lanes)
    operator.put(CONTROL, 145, staged(operator, path, path.application.number))
    apply(operator, path.host_lanes)
    operator.clock.wait(Decimal("0.2"))
    yield ask.one_of(DEACTIVATED).judge(state_now(operator, lanes), at="states after the Apply")
    dark = derive(seen(operator, outputs(operator, path), "page 11h byte 133"), lambda found: True not in found)
    yield ask.one_of(True).judge(dark, at="outputs are off")


@rule("CM-100", "OIF-CMIS 8.4, TxDisableIsModuleWide", needs=Needs.WRITES)
def granularity(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Where one transmitter cannot be disabled alone, disabling one disables all."""
    if ended := without_pages(module) or without_tx_disable(module):
        yield ended
        return
    wide = module.page01.tx_disable_is_module_wide
    if isinstance(wide, Reading) and not wide.value:
        yield not_applicable(wide, because="every transmitter can be disabled alone")
        return
    operator = ask.board()
    path = live_path(operator)
    operator.set_lanes(Page10.tx_disable, path.media_lanes[:1], True)
    operator.clock.wait(OFF_CEILING)
    now = operator.read(Page11.tx_output_valid)
    for lane, valid in enumerate(now, 1):
        yield ask.one_of(False).judge(valid, at=f"tx output of media lane {lane} is valid")
