"""Proofs of what is counted over time: FEC, flaps, soak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from checks import fec, link, soak
from harness.history import Baseline
from harness.model import Changes, MonitorSample, Port
from harness.reading import Absence, Reading, Source
from harness.testing import (
    NOON,
    WINDOW,
    cable_link,
    copper,
    decimal,
    device_plan,
    fabric,
    fec_sample,
    gone,
    module,
    nic_port,
    observation,
    observed,
    path,
    port,
    port_facts,
    proofs,
    reading,
    switch,
    switch_cage,
)
from harness.testing import link as link_of
from harness.units import Unit

LATER = NOON + WINDOW
SHUT = port(plan={"up": False}, seen={"admin": reading("down")})
BARE = port(plan={"speed_gbps": Decimal(10), "lanes": (1,)}, host_lanes=(1,), fec_code=reading("none"))


# --- two samples --------------------------------------------------------------------------------------------------


def two(**later: Any) -> dict[str, Any]:
    """Two samples a quarter of an hour apart, 1000 codewords corrected between."""
    said = {"at": LATER, "corrected": decimal("2000"), "symbol_errors": decimal("2150"), **later}
    return {"fec_samples": (fec_sample(), fec_sample(**said))}


def bins(*counts: int) -> Reading[Any]:
    return reading((15 * 10**6, *counts, *(0,) * (15 - len(counts))))


def ratios(*values: str | None) -> Reading[Any]:
    """What a module observes: the ratio before FEC on its lanes from 1, the usual one on the others."""
    shown = (*values, *("2E-8",) * (8 - len(values)))
    return reading((*observed().value, *(observation(15, lane, value) for lane, value in enumerate(shown, 1))))


def lanes_of(*counts: str) -> Reading[Any]:
    return reading({lane: Decimal(count) for lane, count in enumerate(counts, 1)})


def seeing(told: Any) -> dict[str, Any]:
    return {"module": module(seen={"vdm": told})}


def changes(*counts: str | None) -> tuple[Changes, ...]:
    """How often a link had changed its state, sample by sample a quarter of an hour apart."""
    return tuple(
        Changes(NOON + place * WINDOW, gone(Absence.NOT_ANSWERED) if count is None else reading(count, Unit.COUNT))
        for place, count in enumerate(counts)
    )


def changed(*counts: str | None) -> Any:
    """A link whose far end counts so, and whose near end counts nothing."""
    return link_of(
        near={"seen": port_facts(changes=changes("4", "4"))},
        far={"seen": replace(nic_port().seen, changes=changes(*counts))},
    )


EARLIER = Baseline(
    ("AO0001", "AO0001"), (Decimal("2E-8"), Decimal("1E-8")), NOON - timedelta(days=90), Source("2026-08")
)


def since(earlier: Any, **far: Any) -> Any:
    """A link with an earlier run; ``far`` of the last sample of its far end."""
    return link_of(baseline=earlier, far={"seen": replace(nic_port().seen, **two(**far))})


TWO_SAMPLES = [
    *proofs(
        fec.along_path,
        passes={"RS(544,514) on every hop": path()},
        fails={"one hop without": path(nic_port(), port(fec_code=reading("none")), nic_port())},
        undecided={"one hop unread": path(nic_port(), port(fec_code=gone()), nic_port())},
    ),
    *proofs(
        fec.margin,
        passes={
            "three symbols at worst": port(),
            "one bin is filled: no tail": port(seen={"histogram": bins(40)}),
            "RS(528,514) at its sixth bin": port(
                plan={"speed_gbps": Decimal(100)},
                fec_code=reading("RS(528,514)"),
                seen={"histogram": reading((15 * 10**6, 1400, 90, 0, 0, 0, 1, 0))},
            ),
        },
        fails={
            "a codeword at the last symbol": port(seen={"histogram": bins(1400, 90, *(0,) * 12, 1)}),
            "RS(528,514) at its seventh": port(
                plan={"speed_gbps": Decimal(100)},
                fec_code=reading("RS(528,514)"),
                seen={"histogram": reading((15 * 10**6, 1400, 90, 0, 0, 0, 0, 1))},
            ),
            "bin 12 in a soak": port(
                seen={
                    "histogram": bins(1400, 90, *(0,) * 9, 1),
                    "fec_samples": (*two()["fec_samples"], fec_sample(at=LATER + WINDOW, corrected=decimal("3000"))),
                }
            ),
        },
        undecided={
            "no histogram": port(seen={"histogram": gone()}),
            "all zero": port(seen={"histogram": reading((0,) * 16)}),
            "it ends at bin 7": port(seen={"histogram": reading((15 * 10**6, 1400, 90, 10, 0, 0, 0, 0))}),
            "bin 0 is omitted, so that a share is of nothing": port(
                seen={"histogram": reading((1400, 90, 10, *(0,) * 12)), "histogram_from": 1}
            ),
        },
        warns={"a flat tail": port(seen={"histogram": bins(1400, 900, 700, 500, 400, 300, 200)})},
        does_not_apply={"no FEC": port(fec_code=reading("none")), "shut": SHUT},
    ),
    *proofs(
        fec.confidence,
        passes={"a quarter of an hour at 400 Gb/s": port()},
        fails={"five million codewords lost": port(seen=two(uncorrected=decimal("5000000")))},
        undecided={
            "4 s": port(seen=two(at=NOON + timedelta(seconds=4))),
            "one sample": port(seen={"fec_samples": (fec_sample(),)}),
            "both at one instant": port(seen=two(at=NOON)),
            "the counters stand still": port(seen=two(corrected=decimal("1000"))),
            "cleared between": port(seen=two(corrected=decimal("7"))),
            "not told": port(seen=two(uncorrected=gone())),
        },
        does_not_apply={"no code, as its rate allows": BARE, "shut": SHUT},
    ),
    *proofs(
        fec.counters_agree,
        passes={"1050 symbols in 1000 codewords": port(seen=two())},
        fails={
            "fewer symbols than codewords": port(seen=two(symbol_errors=decimal("1300"))),
            "more symbols than can be corrected": port(seen=two(symbol_errors=decimal("90000"))),
            "more codewords than the line carries": port(
                seen=two(corrected=decimal("9E+13"), symbol_errors=decimal("9E+13"))
            ),
            "lost codewords that the ratio does not show": port(seen=two(uncorrected=decimal("5000000"))),
        },
        undecided={
            "symbols are not counted": port(seen=two(symbol_errors=gone())),
            "codewords are not counted": port(seen=two(corrected=gone())),
            "nothing moved": port(seen=two(corrected=decimal("1000"))),
            "symbols were cleared": port(seen=two(symbol_errors=decimal("5"))),
            "one sample": port(seen={"fec_samples": (fec_sample(),)}),
        },
        does_not_apply={"no FEC": port(fec_code=reading("none")), "shut": SHUT},
    ),
    *proofs(
        fec.lanes_alike,
        passes={
            "alike, as the system counts": port(seen={"lane_errors": lanes_of("400", "380", "410", "1200")}),
            "alike, as the module observes": port(**seeing(ratios())),
            "nearly none, as the module observes": port(**seeing(ratios("0", "0", "5E-12", "0"))),
            "no error on lanes of NRZ": port(
                plan={"speed_gbps": Decimal(100)}, seen={"lane_errors": lanes_of("0", "0", "0", "0")}
            ),
        },
        fails={"lane 3 is beyond what the PMD allows": port(**seeing(ratios("2E-8", "2E-8", "3E-4", "2E-8")))},
        undecided={
            "neither the system nor the module tells": port(),
            "the system counts, and the module was not read": port(
                **seeing(gone(Absence.READ_FAILED)), seen={"lane_errors": lanes_of("400", "380", "410", "1200")}
            ),
            "the system tells of three lanes": port(seen={"lane_errors": lanes_of("400", "380", "410")}),
            "no error on lanes of PAM4": port(seen={"lane_errors": lanes_of("0", "0", "0", "0")}),
            "lane 2 of the module was not read": port(**seeing(ratios("2E-8", None))),
            "the module observes seven lanes of others": port(
                **seeing(reading(tuple(one for one in ratios().value if one.lane != 4)))
            ),
        },
        warns={
            "lane 4, as the system counts": port(seen={"lane_errors": lanes_of("400", "380", "410", "20000")}),
            "lane 3, as the module observes": port(**seeing(ratios("2E-8", "2E-8", "2E-6", "2E-8"))),
            "lane 1 alone has errors": port(seen={"lane_errors": lanes_of("50", "0", "0", "0")}),
        },
        does_not_apply={"one lane": port(host_lanes=(1,), seen={"lane_errors": lanes_of("7")}), "shut": SHUT},
    ),
    *proofs(
        fec.against_baseline,
        passes={
            "as it was": since(reading(EARLIER)),
            "three times as much": since(reading(EARLIER), pre_fec_ber=decimal("3E-8")),
        },
        fails={"beyond what the PMD allows": since(reading(EARLIER), pre_fec_ber=decimal("3E-4"))},
        undecided={
            "the ratio of the far end is not told": since(reading(EARLIER), pre_fec_ber=gone()),
            "the earlier run has no ratio of the far end": since(
                reading(replace(EARLIER, pre_fec_ber=(Decimal("2E-8"), None)))
            ),
            "nobody knows which modules these are": link_of(
                baseline=gone(), far={"module": module(seen={"vendor_sn": gone()})}
            ),
        },
        warns={"twenty times as much": since(reading(EARLIER), pre_fec_ber=decimal("2E-7"))},
        does_not_apply={
            "no history was given": link_of(),
            "the first run of this pair": since(gone(detail="no earlier run of AO0001 with AO0001")),
        },
    ),
    *proofs(
        link.no_flaps,
        passes={
            "four before the window, none in it": changed("4", "4"),
            "none since the counters were cleared": changed("0"),
            "of seven samples one was not answered": changed("4", "4", "4", None, "4", "4", "4"),
            "a driver of one count": link_of(
                near={"seen": port_facts(flaps=reading("0", Unit.COUNT))},
                far={"seen": replace(nic_port().seen, flaps=reading("0", Unit.COUNT))},
            ),
        },
        fails={
            "down and up again": changed("4", "6"),
            "once, and cleared later": changed("4", "4", "6", "0", "0"),
        },
        undecided={
            "not counted": link_of(),
            "cleared or wrapped": changed("4", "0"),
            "the second sample was not answered": changed("4", None),
            "four since an unknown time": changed("4"),
            "not a number": changed("4", "NaN"),
        },
        does_not_apply={
            "shut": link_of(near={"plan": SHUT.plan, "seen": SHUT.seen}, far={"plan": SHUT.plan, "seen": SHUT.seen})
        },
    ),
]


# --- many samples -------------------------------------------------------------------------------------------------

DAY = 1440
"""Minutes, of which every second has a sample, the first and the last included."""
Course = Callable[[int], str | None]


def minute(place: int) -> datetime:
    return NOON + timedelta(minutes=place)


def soaked(
    *,
    ratio: Course = lambda _: "2E-8",
    lost: Course = lambda _: "0",
    flips: Course = lambda _: "4",
    until: int = DAY,
    step: int = 2,
) -> dict[str, Any]:
    """What is counted of a port in a soak; by place of a sample, where None was not answered."""
    fec_samples = tuple(
        fec_sample(
            at=minute(place),
            corrected=gone(Absence.NOT_ANSWERED) if lost(place) is None else decimal(str(1000 + 70 * place)),
            uncorrected=gone(Absence.NOT_ANSWERED) if lost(place) is None else decimal(str(lost(place))),
            pre_fec_ber=gone(Absence.NOT_ANSWERED) if ratio(place) is None else decimal(str(ratio(place))),
        )
        for place in range(0, until + 1, step)
    )
    counts = tuple(
        Changes(minute(place), gone() if flips(place) is None else reading(flips(place), Unit.COUNT))
        for place in range(0, until + 1, step)
    )
    return {"fec_samples": fec_samples, "changes": counts}


CLEAN = soaked()


def soak_of(**far: Any) -> Any:
    """A link whose far end counted so in a soak, and whose near end counted nothing bad."""
    here, there = port_facts(**CLEAN), replace(nic_port().seen, **(soaked(**far) if far else CLEAN))
    return link_of(near={"seen": here}, far={"seen": there})


def rising(decades: float) -> Course:
    return lambda place: f"{2e-8 * 10 ** (decades * place / DAY):.2E}"


def monitor(place: int, lanes: int = 8, **said: Any) -> MonitorSample:
    """What the monitors of a module showed; ``said`` of temperature, and of the three of lane 3."""
    values = {"temperature": "52", "tx_power": "0.8", "rx_power": "-0.2", "tx_bias": "85", **said}

    def lane(name: str, unit: Unit, usual: str) -> tuple[Any, ...]:
        mine = gone() if values[name] is None else reading(values[name], unit)
        return tuple(mine if number == 3 else reading(usual, unit) for number in range(1, lanes + 1))

    temperature = gone() if values["temperature"] is None else reading(values["temperature"], Unit.CELSIUS)
    return MonitorSample(
        minute(place),
        temperature,
        lane("tx_power", Unit.DBM, "0.8"),
        lane("rx_power", Unit.DBM, "-0.2"),
        lane("tx_bias", Unit.MA, "85"),
    )


def watched(step: int = 2, until: int = DAY, **courses: Course) -> tuple[MonitorSample, ...]:
    return tuple(
        monitor(place, 8, **{name: course(place) for name, course in courses.items()})
        for place in range(0, until + 1, step)
    )


CALM = watched()


def warmed(by: float, first: float = 0, last: float = 24) -> Course:
    """A temperature that climbs evenly between two hours."""

    def course(place: int) -> str:
        share = min(1.0, max(0.0, (place / 60 - first) / (last - first)))
        return f"{52 + by * share:.3f}"

    return course


def hot_for_an_hour(place: int) -> str:
    return "61" if 600 <= place < 660 else "52"


def caged(temperature: Course, flips: Course = lambda _: "4") -> Any:
    behind = module(series=watched(temperature=temperature))
    return switch_cage(module=behind, ports=(port(module=behind, seen=soaked(flips=flips)),))


def lab_of(until: int = DAY, ports: tuple[Port, ...] = (port(seen=CLEAN),), step: int = 2) -> Any:
    times = tuple(minute(place) for place in range(0, until + 1, step))
    return fabric(switch(cages=(switch_cage(ports=ports),)), samples=times)


MANY_SAMPLES = [
    *proofs(
        soak.links_clean,
        passes={
            "a day without a fault": soak_of(),
            "one sample was not answered": soak_of(step=1, ratio=lambda place: None if place == 77 else "2E-8"),
        },
        fails={
            "a flap at night": soak_of(flips=lambda place: "4" if place < 560 else "6"),
            "a codeword lost": soak_of(lost=lambda place: "0" if place < 800 else "1"),
            "a codeword lost before the counters were cleared": soak_of(
                lost=lambda place: "7" if 300 < place < 360 else "0"
            ),
            "an hour of errors": soak_of(ratio=lambda place: "2E-5" if 600 < place < 660 else "2E-8"),
            "above the ratio of a soak all day": soak_of(ratio=lambda _: "4E-6"),
        },
        undecided={
            "the ratio was never told": soak_of(ratio=lambda _: None),
            "an hour was not watched": soak_of(ratio=lambda place: None if 600 < place < 660 else "2E-8"),
            "twenty hours": soak_of(until=1200),
            "changes of state are not counted": link_of(
                near={"seen": port_facts(**CLEAN)},
                far={"seen": replace(nic_port().seen, fec_samples=CLEAN["fec_samples"])},
            ),
        },
        does_not_apply={"two samples, and no soak is asked for": link_of(), "of a cable too": cable_link()},
    ),
    *proofs(
        soak.ber_trend,
        passes={
            "level": soak_of(),
            "it falls": soak_of(ratio=rising(-1)),
            "it swings": soak_of(ratio=lambda place: ("2E-8", "2.4E-8", "1.8E-8")[place % 3]),
        },
        fails={"three decades in a day, at the limit soon": soak_of(ratio=rising(3))},
        undecided={
            "four samples": soak_of(until=6),
            "never told": soak_of(ratio=lambda _: None),
        },
        warns={"one decade in a day": soak_of(ratio=rising(1))},
        does_not_apply={"no soak": link_of()},
    ),
    *proofs(
        soak.monitors_hold,
        passes={"a calm day": module(series=CALM)},
        fails={
            "11 K warmer": module(series=watched(temperature=warmed(11))),
            "lane 3 loses 1.5 dB": module(series=watched(tx_power=lambda place: f"{0.8 - 1.5 * place / DAY:.3f}")),
            "lane 3 receives nothing for an hour": module(
                series=watched(rx_power=lambda place: "-Infinity" if 600 < place < 660 else "-0.2")
            ),
            "lane 3 takes 15 % more current": module(
                series=watched(tx_bias=lambda place: "85" if place < 900 else "98")
            ),
        },
        undecided={
            "the temperature was never read": module(series=watched(temperature=lambda _: None)),
            "lane 3 was never read": module(series=watched(tx_bias=lambda _: None)),
            "four lanes of eight": module(series=tuple(monitor(place, lanes=4) for place in range(0, DAY + 1, 2))),
            "a laser that began at 0 mA": module(series=watched(tx_bias=lambda place: "0" if place < 5 else "85")),
            "every tenth minute": module(series=CALM[::5]),
            "registers that were never set": module(series=watched(temperature=lambda _: "0")),
        },
        does_not_apply={
            "no soak": module(),
            "a passive cable": copper(series=CALM),
            "a module on a board": module(device=device_plan(kind="board")),
        },
    ),
    *proofs(
        soak.plateau,
        passes={
            "a calm day": caged(lambda _: "52"),
            "warm after two hours, and level from there": caged(warmed(8, 0, 2)),
            "a flap that no heat explains": caged(lambda _: "52", lambda place: "4" if place < 100 else "6"),
        },
        fails={
            "12 K in a day": caged(warmed(12)),
            "2 K an hour at the end": caged(warmed(8, 20)),
            "a flap in its hottest hour": caged(hot_for_an_hour, lambda place: "4" if place < 630 else "6"),
            "above its own high warning for an hour": caged(lambda place: "76" if 600 < place < 660 else "70"),
        },
        undecided={
            "never read": caged(lambda _: None),
            "changes of state are not counted": switch_cage(module=module(series=CALM)),
            "it has no thresholds": switch_cage(
                module=module(series=CALM, seen={"thresholds": {}}), ports=(port(seen=CLEAN),)
            ),
        },
        does_not_apply={"no soak": switch_cage(), "a passive cable": switch_cage(module=copper(series=CALM))},
    ),
    *proofs(
        soak.coverage,
        passes={"a sample every two minutes for a day": lab_of()},
        fails={
            "twenty hours": lab_of(1200),
            "every tenth minute": lab_of(step=10),
            "a device that was not watched for its last hours": lab_of(ports=(port(seen=soaked(until=900)),)),
            "a device with a gap": lab_of(
                ports=(port(seen={"changes": CLEAN["changes"][:50] + CLEAN["changes"][100:]}),)
            ),
        },
        undecided={"a device that was never sampled": lab_of(ports=(port(seen={"fec_samples": ()}),))},
        does_not_apply={"no soak": fabric()},
    ),
]

FIRST = {(proof.check, proof.outcome): proof for proof in reversed(MANY_SAMPLES)}
"""One soak for each outcome of a check: hundreds of samples are many to be changed in every way."""
PROOFS = [*TWO_SAMPLES, *FIRST.values()]
