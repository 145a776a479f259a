"""What the module measures of itself (OIF-CMIS 8.2, 8.4, 8.10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from ...decode.transceiver import CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading, Value, derive, in_dbm
from ...units import Unit
from ...verdict import Finding
from .. import common
from ..rule import ABSENT_BY_RIGHT, Ask, Level, Needs
from .table import bank_gaps, data_paths, not_optical, of_lane, rule, running_gaps, without_pages

LIVE: Final = "DPActivated"


def monitors(module: CmisTransceiver) -> Mapping[str, Sequence[Value[Decimal]]]:
    """Every monitor of the module and, where it is known which media lanes there are, of its lanes, by name."""
    found: dict[str, Sequence[Value[Decimal]]] = {"temperature": (module.temperature,), "supply voltage": (module.vcc,)}
    if isinstance(module.page00.media_lanes_unsupported_map, Missing):
        return found
    return {**found, "tx power": module.tx_power, "tx bias": module.tx_bias, "rx power": module.rx_power}


def lane_gaps(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A finding where it was not read which media lanes there are (00h:210, 01h:142)."""
    told = module.page00.media_lanes_unsupported_map
    if isinstance(told, Missing):
        yield ask.where_advertised(ask.one_of(True), told, at="media lanes")
    yield from bank_gaps(module, ask)


def lane(name: str, values: Sequence[Value[Decimal]], number: int) -> str:
    return f"{name} of lane {number}" if len(values) > 1 else name


@rule("CM-40", "OIF-CMIS 8.4, supported monitors", needs=Needs.TIME)
def advertised_monitors(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Every monitor that is advertised has a value, and moves between two reads.

    Of a quantity one lane at least has to move; a dark lane stays at zero.
    """
    if ended := without_pages(module):
        yield ended
        return
    yield from lane_gaps(module, ask)
    for name, values in monitors(module).items():
        for number, value in enumerate(values, 1):
            there = derive(value, lambda _: "a value")
            if isinstance(value, Missing) and value.why not in ABSENT_BY_RIGHT and value.source.raw:
                there = Reading(str(value.why), value.source)
            yield ask.where_advertised(ask.one_of("a value"), there, at=lane(name, values, number))
    again = ask.again()
    assert isinstance(again, CmisTransceiver)
    later = monitors(again)
    for name, values in monitors(module).items():
        pairs = [
            (one, two)
            for one, two in zip(values, later.get(name, ()), strict=False)
            if isinstance(one, Reading) and one.value and isinstance(two, Reading)
        ]
        if pairs:
            moved = any(one.value != two.value for one, two in pairs if isinstance(two, Reading))
            still = ask.advisory.one_of(True, advice="the same number in both reads")
            yield still.judge(Reading(moved, pairs[0][1].source), at=f"{name} moves")


@rule("CM-41", "OIF-CMIS 8.2, temperature", needs=Needs.TIME)
def temperature(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The temperature is between -5 °C and the highest case temperature, and not the same in every read."""
    yield common.warm(module, ask, module.case_temperatures[1])
    if isinstance(module.temperature, Reading):
        again = ask.again().temperature
        first = module.temperature.value
        moved = derive(again, lambda celsius: celsius != first)
        yield ask.advisory.one_of(True, advice="the same number in both reads").judge(moved, at="temperature moves")


@rule("CM-42", "the form factor's supply voltage")
def supply(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The supply voltage is between 3.135 and 3.465 V."""
    yield common.fed(module, ask)


@rule("CM-43", "OIF-CMIS 8.4, bias current scaling", Level.SHOULD)
def bias(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Bias currents are at most 600 mA, and above zero on lanes that send."""
    if ended := without_pages(module) or not_optical(module, ask):
        yield ended
        return
    if gaps := tuple(lane_gaps(module, ask)):
        yield from gaps
        return
    yield from running_gaps(module, ask)
    sending = set(lit_lanes(module))
    for number, value in enumerate(module.tx_bias, 1):
        at = f"tx bias of media lane {number}"
        yield ask.where_advertised(ask.within(max="600", unit=Unit.MA), value, at=at)
        if number in sending:
            yield ask.where_advertised(ask.within("0", unit=Unit.MA, strict=True), value, at=f"{at}, sending")


def lit_lanes(module: CmisTransceiver) -> Iterator[int]:
    """Media lanes of data paths that are DPActivated on all their host lanes."""
    for path in data_paths(module):
        states = [of_lane(module.dp_state, number) for number in path.host_lanes]
        if all(isinstance(state, Reading) and state.value == LIVE for state in states):
            yield from path.media_lanes


@rule("CM-44", "balance of transmitted power", Level.SHOULD)
def balance(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The lanes that send differ by at most 4 dB in power."""
    if ended := without_pages(module) or not_optical(module, ask):
        yield ended
        return
    if gaps := tuple(running_gaps(module, ask)):
        yield from gaps
        return
    powers = [of_lane(module.tx_power, number) for number in sorted(set(lit_lanes(module)))]
    if not powers:
        none_lit = Reading("none", module.dp_state[0].source)
        yield not_applicable(none_lit, because="no data path is activated")
        return
    gone = next((power for power in powers if isinstance(power, Missing)), None)
    limit = ask.within(max="4", unit=Unit.DB)
    if gone is not None:
        yield ask.where_advertised(limit, gone, at="tx power")
        return
    values = [power.value for power in map(in_dbm, powers) if isinstance(power, Reading)]
    first = powers[0]
    yield limit.judge(Reading(max(values) - min(values), first.source, Unit.DB), at="between the lanes that send")


@rule("CM-93", "OIF-CMIS 8.14", Level.INFO)
def latency(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Latencies, where they are told, are above zero and below 1 µs."""
    if ended := without_pages(module):
        yield ended
        return
    yield from bank_gaps(module, ask)
    for name, values in (("rx", module.rx_latency), ("tx", module.tx_latency)):
        for number, value in enumerate(values, 1):
            sane = ask.within("0", "1000", Unit.NS, strict=True)
            yield ask.where_advertised(sane, value, at=f"{name} latency of lane {number}")
