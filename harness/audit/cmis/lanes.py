"""What lanes and data paths say of themselves (OIF-CMIS 8.9, 8.10): outputs, flags, controls in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

from ...decode import cmis
from ...decode.cmis import LANES, Page10, Page11, Page12
from ...decode.memory import Page
from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading, Value, derive
from ...verdict import Finding
from ..rule import ABSENT_BY_RIGHT, Ask, Level, Limit, Needs
from .identity import not_tunable
from .monitors import LIVE
from .table import (
    bank_gaps,
    byte_of,
    data_paths,
    of_lane,
    path_gaps,
    rule,
    running_gaps,
    without_output_status,
    without_pages,
)

STEADY: Final = frozenset({"DPInitialized", "DPTxTurnOn", "DPTxTurnOff", "DPActivated"})

ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "dp_state_changed": frozenset({"DPDeactivated", "DPInitialized", "DPActivated"}),
    "tx_los": STEADY,
    "tx_cdr_lol": STEADY,
    "rx_cdr_lol": STEADY,
    "tx_power_low_alarm": STEADY,
    "tx_power_low_warning": STEADY,
    "tx_bias_low_alarm": STEADY,
    "tx_bias_low_warning": STEADY,
    "rx_power_low_alarm": STEADY,
    "rx_power_low_warning": STEADY,
    "tx_adaptive_eq_fail": STEADY | {"DPInit"},
}
"""Data path states in which a lane may raise a flag (OIF-CMIS 6.3.3); flags that are left out may be raised in any."""


@rule("CM-54", "OIF-CMIS 8.10, output status")
def output_status(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The outputs of activated data paths are valid, those of lanes that are disabled or deactivated are not.

    An output that is squelched because its input has no signal is not judged.
    """
    if ended := without_pages(module) or without_output_status(module):
        yield ended
        return
    gaps = tuple(running_gaps(module, ask))
    yield from gaps
    tx_valid, rx_valid = module.across(Page11.tx_output_valid), module.across(Page11.rx_output_valid)
    disabled = module.across(Page10.tx_disable)
    judged = False
    for path in data_paths(module):
        states = [of_lane(module.dp_state, number) for number in path.host_lanes]
        activated = all(isinstance(state, Reading) and state.value == LIVE for state in states)
        if activated and not any(raised(module.flags["tx_los"], number) for number in path.host_lanes):
            for number in path.media_lanes:
                judged = True
                off, at = of_lane(disabled, number), f"tx output of media lane {number} is valid"
                if isinstance(off, Missing) and off.why not in ABSENT_BY_RIGHT:
                    yield ask.one_of(True).judge(off, at=at)
                    continue
                lit = not (isinstance(off, Reading) and off.value)
                yield ask.one_of(lit).judge(of_lane(tx_valid, number), at=at)
        if activated and all(known_quiet(module.flags["rx_los"], number) for number in path.media_lanes):
            for number in path.host_lanes:
                judged = True
                yield ask.one_of(True).judge(of_lane(rx_valid, number), at=f"rx output of host lane {number} is valid")
    for number, state in enumerate(module.dp_state, 1):
        if isinstance(state, Reading) and state.value == "DPDeactivated":
            judged = True
            at = f"rx output of host lane {number} is valid while deactivated"
            yield ask.one_of(False).judge(of_lane(rx_valid, number), at=at)
    first = module.dp_state[0]
    if not judged and not gaps:
        if isinstance(first, Missing):
            yield ask.where_advertised(ask.one_of(True), first, at="data paths")
        else:
            yield not_applicable(first, because="no data path is activated with signal, and none deactivated")


def raised(flags: Sequence[Value[bool]], lane: int) -> bool:
    flag = of_lane(flags, lane)
    return isinstance(flag, Reading) and flag.value


def known_quiet(flags: Sequence[Value[bool]], lane: int) -> bool:
    flag = of_lane(flags, lane)
    return isinstance(flag, Reading) and not flag.value


@rule("CM-59", "OIF-CMIS 6.3.3, flags by state", Level.SHOULD, Needs.TIME)
def flags_by_state(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """After a first read has cleared them, no lane raises a flag that its data path state does not allow."""
    if ended := without_pages(module):
        yield ended
        return
    later = ask.again()
    assert isinstance(later, CmisTransceiver)
    of_media = media_states(later)
    for name, states in ALLOWED.items():
        for number, flag in enumerate(later.flags.get(name, ()), 1):
            host = name in cmis.HOST_LANE_FLAGS
            state = of_lane(later.dp_state, number) if host else of_media.get(number)
            if state is None or isinstance(flag, Missing):
                continue
            within = derive(state, states.__contains__)
            if isinstance(within, Reading) and not within.value:
                yield ask.one_of(False).judge(flag, at=f"{name} of lane {number} in {state}")
            else:
                yield ask.one_of(True).judge(within, at=f"{name} of lane {number} may be raised")


def media_states(module: CmisTransceiver) -> Mapping[int, Value[str]]:
    """State of the data path that a media lane belongs to."""
    states: dict[int, Value[str]] = {}
    for path in data_paths(module):
        state = of_lane(module.dp_state, path.host_lanes[0])
        states.update(dict.fromkeys(path.media_lanes, state))
    return states


@rule("CM-61", "OIF-CMIS 8.2, flags summary", Level.SHOULD)
def summary(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The summary of lane flags is set where a flag of page 11h is that is not masked, and only there."""
    if ended := without_pages(module):
        yield ended
        return
    yield from bank_gaps(module, ask)
    for bank in range(min(module.banks, 4)):
        flags = module.memory.take(Page(0x11, bank), 134, 20)
        masks = module.memory.take(Page(0x10, bank), 213, 20)
        told = module.lower.page_11_flags_of_bank[bank]
        if isinstance(flags, Missing) or isinstance(masks, Missing):
            yield ask.one_of(True).judge(flags if isinstance(flags, Missing) else masks, at=f"bank {bank}")
            continue
        unmasked = any(flag & ~mask for flag, mask in zip(flags.value, masks.value, strict=True))
        yield ask.one_of(unmasked).judge(told, at=f"summary of page 11h in bank {bank}")


@rule("CM-71", "OIF-CMIS 6.2, adaptive input equalizer", Level.SHOULD)
def adaptive_equalizer(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Where the module adapts its input equalizer, it does on lanes in use, and does not fail."""
    if ended := without_pages(module):
        yield ended
        return
    enabled, failed = module.across(Page11.active_tx_adaptive_eq), module.flags["tx_adaptive_eq_fail"]
    yield from in_use(
        module,
        ask,
        (enabled, ask.one_of(True), "adaptive equalizer of host lane {} is on"),
        (failed, ask.one_of(False), "adaptive equalizer of host lane {} fails"),
    )


@rule("CM-96", "OIF-CMIS 8.4, CDR bypass", Level.SHOULD)
def cdr_bypass(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A CDR that the module lets no host bypass is in use on every lane of a data path."""
    if ended := without_pages(module):
        yield ended
        return
    sides = (
        ("tx", module.page01.tx_cdr_bypass_supported, Page11.active_tx_cdr),
        ("rx", module.page01.rx_cdr_bypass_supported, Page11.active_rx_cdr),
    )
    for side, bypass, register in sides:
        if isinstance(bypass, Reading) and bypass.value:
            yield not_applicable(bypass, because="a host may bypass it", at=f"{side} CDR")
        elif isinstance(bypass, Missing):
            yield ask.where_advertised(ask.one_of(False), bypass, at=f"{side} CDR")
        else:
            lanes = module.across(register)
            yield from in_use(module, ask, (lanes, ask.one_of(True), f"{side} CDR of lane {{}} is on"))


Judged: TypeAlias = tuple[Sequence[Value[bool]], Limit, str]


def in_use(module: CmisTransceiver, ask: Ask, *judged: Judged) -> Iterator[Finding]:
    """Lane values judged on the host lanes of data paths."""
    gaps = tuple(path_gaps(module, ask))
    yield from gaps
    lanes = sorted(number for path in data_paths(module) for number in path.host_lanes)
    first = module.active_application[0]
    if not lanes and not gaps:
        if isinstance(first, Missing):
            yield ask.where_advertised(ask.one_of(True), first, at="data paths")
        else:
            yield not_applicable(first, because="no lane has an Application")
    for number in lanes:
        for values, limit, at in judged:
            yield ask.where_advertised(limit, of_lane(values, number), at=at.format(number))


@rule("CM-97", "OIF-CMIS 6.2, equalizer recall", Level.SHOULD)
def recall_index(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """No lane recalls an equalizer setting from a buffer that the module does not have."""
    if ended := without_pages(module):
        yield ended
        return
    yield from bank_gaps(module, ask)
    buffers = module.page01.tx_eq_recall_buffers
    for bank in range(module.banks):
        for name, page, byte in (("staged", Page(0x10, bank), 154), ("active", Page(0x11, bank), 215)):
            held = module.memory.take(page, byte, 2)
            at = f"{name} recall codes of bank {bank}"
            if isinstance(buffers, Missing):
                yield ask.one_of(True).judge(buffers, at=at)
                continue
            most = min(buffers.value, 2)
            beyond = derive(held, partial(beyond_buffers, most))
            yield ask.one_of((), advice=f"the module has {most} buffers").judge(beyond, at=f"{at} beyond the buffers")


def beyond_buffers(most: int, raw: bytes) -> tuple[int, ...]:
    return tuple(code for code in codes_of(raw) if code > most)


def codes_of(raw: bytes) -> tuple[int, ...]:
    """Two bits a lane, lane 1 lowest."""
    whole = int.from_bytes(raw, "little")
    return tuple(whole >> 2 * lane & 3 for lane in range(LANES))


@rule("CM-98", "OIF-CMIS 8.11, tuning flags summary", Level.SHOULD)
def tuning_summary(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A lane's bit in the summary of tuning flags is set where one of its flags is, and only there."""
    if ended := without_pages(module) or not_tunable(module):
        yield ended
        return
    yield from bank_gaps(module, ask)
    told = module.across(Page12.flag_summary)
    for number in range(1, module.lanes + 1):
        bank, lane = divmod(number - 1, LANES)
        flags = byte_of(module, Page(0x12, bank), 231 + lane)
        at = f"summary of tuning flags of media lane {number}"
        yield ask.same_as(derive(flags, bool)).judge(of_lane(told, number), at=at)
