"""Proofs of what is asked about a port: dom, fec, roce."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from checks import dom, fec, roce
from harness.model import Flag
from harness.reading import Absence, Reading, Source
from harness.testing import (
    HEALTHY,
    NO,
    NOON,
    cage_plan,
    copper,
    decimal,
    fec_sample,
    gone,
    link,
    maps,
    media_lane,
    module,
    nic_port,
    observation,
    observed,
    optical_port,
    path,
    port,
    port_plan,
    proofs,
    quad,
    queue,
    reading,
)
from harness.units import Unit

READ_FAILED = gone(Absence.READ_FAILED)
ALL_ZERO = quad("0", "0", "0", "0", Unit.CELSIUS)
SHUT = port(plan={"up": False}, seen={"admin": reading("down")})
NOT_ROCE = {"plan": port_plan(lossless=False)}
COMPUTED = Reading(Decimal(1_500_000), Source("device", "line 1 (computed: alpha 1 of pool 3000000 B)"), Unit.BYTES)
LATER = NOON + timedelta(minutes=15)
TWO_MORE = reading((10**9, 1902, 90, 10, *(0,) * 12))
QUIET = tuple(Flag(name, lane, reading(False)) for name in ("rx_los", "tx_fault") for lane in range(1, 9))


def raised(name: str, lane: int | None, history: str = "") -> dict[str, object]:
    rest = tuple(flag for flag in QUIET if (flag.name, flag.lane) != (name, lane))
    return {"flags": reading((*rest, Flag(name, lane, reading(True), history)))}


def other_port() -> object:
    """SNR under the gate on lane 7, which is of another port."""
    return reading((*observed().value, observation(5, 7, "12")))


def samples(**later: object) -> dict[str, object]:
    return {"fec_samples": (fec_sample(), fec_sample(**{"at": LATER, "corrected": decimal("2000"), **later}))}


def dbm(value: str) -> dict[str, object]:
    return {"tx_power": reading(value, Unit.DBM), "rx_power": reading(value, Unit.DBM)}


POWER_FAILS = {
    "a dark lane at exactly -30 dBm": optical_port(lane=dbm("-30")),
    "minus infinity is dark": optical_port(lane=dbm("-Infinity")),
    "far below the PMD's least": optical_port(lane=dbm("-12")),
    "above what the PMD allows, accuracy and all": optical_port(lane=dbm("8")),
}
POWER_UNDECIDED = {
    "lane 3 was not read": optical_port(lane={"tx_power": READ_FAILED, "rx_power": READ_FAILED}),
    "not a number": optical_port(lane=dbm("NaN")),
    "all thresholds are 0": optical_port(
        of=port(
            module=module(
                seen={
                    "thresholds": {
                        **HEALTHY["thresholds"],
                        "tx_power_mw": quad("0", "0", "0", "0", Unit.MW),
                        "rx_power_mw": quad("0", "0", "0", "0", Unit.MW),
                    }
                }
            )
        )
    ),
}
DARK_BY_WISH = {"a port that is to be shut and is": optical_port(of=SHUT, lane=dbm("-40"))}

PROOFS = [
    *proofs(
        dom.temperature,
        passes={"52 °C": module()},
        fails={
            "above its own high warning": module(seen={"temperature": reading("75.5", Unit.CELSIUS)}),
            "colder than its own low alarm": module(seen={"temperature": reading("-70", Unit.CELSIUS)}),
            "within its warning, beyond its class less the margin": module(
                seen={"temperature": reading("68", Unit.CELSIUS)}
            ),
        },
        undecided={
            "not read": module(seen={"temperature": READ_FAILED}),
            "not a number": module(seen={"temperature": reading("NaN", Unit.CELSIUS)}),
            "0000h": module(seen={"temperature": reading("0", Unit.CELSIUS)}),
            "FFFFh": module(seen={"temperature": reading("-0.00390625", Unit.CELSIUS)}),
            "its thresholds are all 0": module(seen={"thresholds": {"temperature_c": ALL_ZERO}}),
            "it has no thresholds": module(seen={"thresholds": {}}),
            "an optic whose flat bit is set is not let off": module(
                seen={"flat_memory": reading(True), "temperature": gone(Absence.NOT_ADVERTISED)}
            ),
        },
        does_not_apply={"a passive cable": copper()},
    ),
    *proofs(
        dom.supply,
        passes={"3.3 V": module()},
        fails={"2.9 V": module(seen={"vcc": reading("2.9", Unit.VOLT)})},
        undecided={"not read": module(seen={"vcc": READ_FAILED})},
        warns={"between warning and alarm": module(seen={"vcc": reading("3.5", Unit.VOLT)})},
        does_not_apply={"a passive cable": copper()},
    ),
    *proofs(
        dom.tx_power,
        passes={"all lanes bright": optical_port()},
        fails=POWER_FAILS,
        undecided=POWER_UNDECIDED,
        warns={"below the PMD by less than the monitor's accuracy": optical_port(lane=dbm("-4"))},
        does_not_apply=DARK_BY_WISH,
    ),
    *proofs(
        dom.rx_power,
        passes={"all lanes lit": optical_port()},
        fails=POWER_FAILS,
        undecided=POWER_UNDECIDED,
        warns={"below the module's low warning": optical_port(lane=dbm("-8"))},
        does_not_apply=DARK_BY_WISH,
    ),
    *proofs(
        dom.bias,
        passes={"85 mA": optical_port()},
        fails={"no current": optical_port(lane={"tx_bias": reading("0", Unit.MA)})},
        undecided={"not read": optical_port(lane={"tx_bias": READ_FAILED})},
        warns={"between warning and alarm": optical_port(lane={"tx_bias": reading("140", Unit.MA)})},
        does_not_apply=DARK_BY_WISH,
    ),
    *proofs(
        dom.lane_spread,
        passes={
            "lanes alike": optical_port(),
            "3 dB apart": optical_port(lane={"tx_power": reading("-2.2", Unit.DBM)}),
        },
        fails={"3.1 dB apart": optical_port(lane={"tx_power": reading("-2.3", Unit.DBM)})},
        undecided={
            "a lane was not read": optical_port(lane={"rx_power": READ_FAILED}),
            "no lanes": optical_port(media_lanes=()),
            "every lane is dark, and so they are alike": optical_port(
                media_lanes=tuple(media_lane(number, **dbm("-40")) for number in range(1, 5))
            ),
        },
        does_not_apply={**DARK_BY_WISH, "one lane has no spread": optical_port(media_lanes=(media_lane(1),))},
    ),
    *proofs(
        dom.versatile,
        passes={
            "every lane within the gates": port(),
            "another port's lane is not this port's": port(module=module(seen={"vdm": other_port()})),
        },
        fails={
            "media SNR of a lane under the gate": port(module=module(seen={"vdm": observed(snr_media="18.5")})),
            "host SNR of a lane under the gate": port(module=module(seen={"vdm": observed(snr_host="18.9")})),
            "a level transition parameter under the gate": port(module=module(seen={"vdm": observed(ltp="30")})),
            "an optic that says it has no pages": port(module=module(seen={"flat_memory": reading(True)})),
            "a laser near its end": port(module=module(seen={"vdm": observed(laser_age="90")})),
        },
        undecided={
            "the pages of VDM were not read": port(module=module(seen={"vdm": gone()})),
            "one descriptor page was not read": port(module=module(seen={"vdm_gaps": (READ_FAILED,)})),
            "the samples were not read": port(module=module(seen={"vdm": reading((observation(5, 2, None),))})),
            "an 800G optic that does not advertise VDM": port(
                module=module(seen={"vdm": gone(Absence.NOT_ADVERTISED)})
            ),
            "VDM without any instance": port(module=module(seen={"vdm": reading(())})),
            "SNR of lane 3 alone is not observed": port(
                module=module(
                    seen={"vdm": reading(tuple(observation(5, lane, "22") for lane in range(1, 9) if lane != 3))}
                )
            ),
            "an SNR of all ones": port(module=module(seen={"vdm": observed(snr_media="255.99609375")})),
        },
        does_not_apply={
            "a 400G module without VDM": port(
                module=module(seen={"vdm": gone(Absence.NOT_ADVERTISED)}, cage=cage_plan(ports=(port_plan(),)))
            ),
            "a module that observes errors alone": port(
                module=module(seen={"vdm": reading((observation(15, 1, "1E-9"),))})
            ),
            "a passive cable": port(module=copper()),
        },
    ),
    *proofs(
        dom.flags,
        passes={
            "no flag": port(),
            "a loss of signal on a lane of the neighbouring port": port(seen=raised("rx_los", 7)),
            "an event is no fault": port(seen=raised("module_state_changed", None)),
            "no flag in the pages, where the NIC's tool tells none": nic_port(seen={"flags": gone()}),
            "no flag in the pages, where the switch keeps none of such modules": port(
                seen={"flags": gone(Absence.NOT_ADVERTISED)}
            ),
        },
        fails={
            "loss of signal on lane 3": port(seen=raised("rx_los", 3, "2 changes")),
            "a high alarm of the module": port(seen=raised("temperature_high_alarm", None)),
        },
        undecided={
            "no table on a switch, whose daemon clears the pages": port(seen={"flags": gone()}),
            "the table has no flags": port(seen={"flags": reading(())}),
            "the table lacks loss of signal": port(seen={"flags": reading(QUIET[8:])}),
            "the table has loss of signal for lane 1 alone": port(seen={"flags": reading((*QUIET[:1], *QUIET[8:]))}),
            "a flag was not available": port(seen={"flags": reading((*QUIET, Flag("rx_cdr_lol", 1, gone())))}),
            "neither table nor pages": port(
                seen={"flags": gone()}, module=module(seen={"flags": {}, "module_flags": {}})
            ),
            "the page was not read": port(
                seen={"flags": gone()}, module=module(seen={"flags": {"rx_los": (READ_FAILED,) * 8}})
            ),
        },
        warns={
            "a warning": port(seen=raised("rx_power_low_warning", 2)),
            "latched in the pages: history": nic_port(
                seen={"flags": gone()}, module=module(seen={"flags": {"rx_los": (reading(True), *NO[1:])}})
            ),
        },
        does_not_apply={"a passive cable": port(module=copper()), "a port that is to be shut and is": SHUT},
    ),
    *proofs(
        fec.required_code,
        passes={
            "rs at 400G": port(),
            "auto, and RS(544,514) runs": port(seen={"fec_configured": reading("auto")}),
        },
        fails={
            "none runs": port(seen={"fec_configured": reading("none")}, fec_code=reading("none")),
            "Fire code is configured": port(seen={"fec_configured": reading("fc")}),
            "RS(528,514) runs": port(fec_code=reading("RS(528,514)")),
        },
        undecided={
            "the configuration was not seen": port(seen={"fec_configured": gone()}),
            "auto, and what runs was not seen": port(seen={"fec_configured": reading("auto")}, fec_code=gone()),
        },
    ),
    *proofs(
        fec.operational_as_configured,
        passes={"rs and rs": port(), "auto and whatever runs": port(seen={"fec_configured": reading("auto")})},
        fails={"configured rs, runs none": port(fec_code=reading("none"))},
        undecided={
            "what runs was not seen": port(fec_code=gone()),
            "the configuration was not seen": port(seen={"fec_configured": gone()}),
        },
        does_not_apply={"a port that is to be shut and is": SHUT},
    ),
    *proofs(
        fec.both_ends,
        passes={"one code": link()},
        fails={"another at the far end": link(far={"fec_code": reading("RS(528,514)")})},
        undecided={
            "near end unread": link(near={"fec_code": gone()}),
            "far end unread": link(far={"fec_code": gone()}),
            "the ends were asked an hour apart": link(skew=reading("3600", Unit.SECONDS)),
        },
        does_not_apply={"a link that is to be shut and is": link(near={"plan": SHUT.plan, "seen": SHUT.seen})},
    ),
    *proofs(
        fec.no_uncorrectable,
        passes={
            "none in 15 minutes": port(),
            "none since earlier ones": port(
                seen={
                    "fec_samples": (
                        fec_sample(uncorrected=decimal("7")),
                        fec_sample(at=LATER, uncorrected=decimal("7"), corrected=decimal("1001")),
                    )
                }
            ),
        },
        fails={"one": port(seen=samples(uncorrected=decimal("1"))), "a window too short": port(seen=samples(at=NOON))},
        undecided={
            "one sample": port(seen={"fec_samples": (fec_sample(),)}),
            "no sample": port(seen={"fec_samples": ()}),
            "a counter went back: cleared or wrapped": port(seen=samples(corrected=decimal("3"))),
            "no counter moved, so nothing shows that they run": port(seen=samples(corrected=decimal("1000"))),
            "time went back between the samples": port(seen=samples(at=NOON - timedelta(minutes=15))),
            "the counter was not there": port(seen=samples(uncorrected=gone())),
            "a sample without a time": port(seen=samples(at=None)),
        },
        does_not_apply={"a port that is to be shut and is": SHUT},
    ),
    *proofs(
        fec.pre_fec_ber,
        passes={
            "2E-8": port(),
            "no error in 15 minutes of NRZ": port(
                plan={"speed_gbps": Decimal(100)},
                seen=samples(pre_fec_ber=decimal("0"), corrected=decimal("1000")),
            ),
        },
        fails={"above the operator's gate": port(seen=samples(pre_fec_ber=decimal("3E-5")))},
        undecided={
            "not shown": port(seen=samples(pre_fec_ber=gone())),
            "no sample": port(seen={"fec_samples": ()}),
            "no counter moved, so nothing shows that they run": port(seen=samples(corrected=decimal("1000"))),
            "zero, but codewords were corrected": port(seen=samples(pre_fec_ber=decimal("0"))),
            "zero over an unknown window": port(seen={"fec_samples": (fec_sample(pre_fec_ber=decimal("0")),)}),
        },
        warns={"above what is proposed": port(seen=samples(pre_fec_ber=decimal("5E-6")))},
        does_not_apply={"a port that is to be shut and is": SHUT},
    ),
    *proofs(
        fec.histogram,
        passes={
            "16 bins, 1500 corrected": port(),
            "a device that omits bin 0": port(
                seen={"histogram": reading((1400, 90, 10, *(0,) * 12)), "histogram_from": 1}
            ),
            "taken a minute after the last sample, two in the bins since": port(
                seen={"histogram": TWO_MORE, "histogram_at": LATER + timedelta(minutes=1), **samples()}
            ),
        },
        fails={
            "8 bins for RS(544,514)": port(seen={"histogram": reading((10**9, 1500, *(0,) * 6))}),
            "more in the bins than was corrected": port(seen={"histogram": reading((10**9, 5000, *(0,) * 14))}),
            "fewer in the bins than the last counter before it": port(
                seen={"histogram": reading((10**9, 1500, *(0,) * 14)), "histogram_at": LATER, **samples()}
            ),
        },
        undecided={
            "all zero": port(seen={"histogram": reading((0,) * 16)}),
            "bin 0 is zero and others are not": port(seen={"histogram": reading((0, 1500, *(0,) * 14))}),
            "no histogram": port(seen={"histogram": gone()}),
            "the corrected counter is missing": port(seen=samples(corrected=gone())),
            "the counter was cleared between": port(seen=samples(corrected=decimal("5"))),
            "it is not known when it was taken": port(seen={"histogram_at": None}),
            "both samples are of one instant": port(seen=samples(at=NOON)),
        },
        does_not_apply={
            "no FEC, no histogram": port(fec_code=reading("none")),
            "a port that is to be shut and is": SHUT,
        },
    ),
    *proofs(
        roce.pfc_priorities,
        passes={"priority 3": port(), "on a NIC": nic_port()},
        fails={
            "3 and 4": port(seen={"pfc_priorities": reading(frozenset({3, 4}))}),
            "none": port(seen={"pfc_priorities": reading(frozenset())}),
            "link-level pause is on": port(seen={"link_pause": reading(True)}),
            "3 and 4, and no setting for link-level pause": port(
                seen={"pfc_priorities": reading(frozenset({3, 4})), "link_pause": gone(Absence.NOT_ADVERTISED)}
            ),
        },
        undecided={
            "PFC not seen": port(seen={"pfc_priorities": gone()}),
            "pause not seen": port(seen={"link_pause": gone()}),
        },
        does_not_apply={"the lab asks for no lossless traffic": port(plan={"lossless": False})},
    ),
    *proofs(
        roce.pfc_both_ends,
        passes={"the same": link()},
        fails={
            "another at the far end": link(
                far={"seen": replace(nic_port().seen, pfc_priorities=reading(frozenset({4})))}
            )
        },
        undecided={
            "far end unread": link(far={"seen": replace(nic_port().seen, pfc_priorities=gone())}),
            "near end unread": link(near={"seen": replace(port().seen, pfc_priorities=gone())}),
            "the ends were asked an hour apart": link(skew=reading("3600", Unit.SECONDS)),
        },
        does_not_apply={"no lossless traffic": link(near=NOT_ROCE)},
    ),
    *proofs(
        roce.maps_along_path,
        passes={"the same on every hop": path()},
        fails={
            "DSCP 26 is lossy on one hop": path(
                nic_port(), port(seen={"maps": maps(dscp_to_tc=reading({26: 1, 48: 6}))}), nic_port()
            ),
            "DSCP 26 is not mapped": path(nic_port(seen={"maps": maps(dscp_to_tc=reading({48: 6}))}), port()),
            "ports trust PCP": path(port(seen={"maps": maps(trust=reading("pcp"))})),
            "another code point differs between switches": path(
                port(), port(seen={"maps": maps(dscp_to_tc=reading({0: 1, 26: 3, 48: 6}))})
            ),
        },
        undecided={"a hop was not read": path(port(seen={"maps": maps(tc_to_pg=gone())}), port())},
    ),
    *proofs(
        roce.ecn_before_pfc,
        passes={"1 MB to 2 MB under 4 MB": port()},
        fails={
            "ECN is off": port(seen={"queues": {3: queue(ecn=reading(False))}}),
            "Kmin at Kmax": port(seen={"queues": {3: queue(ecn_min=reading("2000000", Unit.BYTES))}}),
            "pauses at a set level before all are marked": port(
                seen={"queues": {3: queue(pause_threshold=reading("1500000", Unit.BYTES))}}
            ),
            "never marks": port(seen={"queues": {3: queue(mark_probability=reading("0", Unit.PERCENT))}}),
        },
        undecided={
            "the queue is on no record": port(seen={"queues": {}}),
            "Kmax unread": port(seen={"queues": {3: queue(ecn_max=gone())}}),
            "the pause threshold is unknown": port(seen={"queues": {3: queue(pause_threshold=gone())}}),
            "not a number": port(seen={"queues": {3: queue(ecn_max=reading("NaN", Unit.BYTES))}}),
        },
        warns={
            "pauses before all are marked, by a threshold that is computed": port(
                seen={"queues": {3: queue(pause_threshold=COMPUTED)}}
            )
        },
        does_not_apply={"the lab asks for no lossless traffic": port(plan={"lossless": False})},
    ),
    *proofs(
        roce.mtu_along_path,
        passes={"9216 on switches, 9000 on hosts": path()},
        fails={
            "1500 on one hop": path(nic_port(), port(seen={"mtu": reading("1500", Unit.BYTES)})),
            "a host sends larger than the switch takes": path(
                nic_port(seen={"mtu": reading("9500", Unit.BYTES)}), port()
            ),
            "two switches differ": path(port(), port(seen={"mtu": reading("9100", Unit.BYTES)})),
        },
        undecided={"a hop was not read": path(nic_port(), port(seen={"mtu": gone()}))},
    ),
]
