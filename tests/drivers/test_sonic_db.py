"""SONiC's databases as evidence: every form of a dump, every fact, and what happens where a command disagrees."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode.told import ToldTransceiver
from harness.drivers.answers import parse
from harness.drivers.sonic import EEPROM, FEC, FEC_STATS, MODULE_STATUS, PFC_COUNTERS, STATUS, Sonic
from harness.drivers.sonic import modules as sonic_modules
from harness.drivers.sonic.db import APPL, COUNTERS, STATE, agreed, flag_of, measured
from harness.drivers.sonic.platform import FANS, SUPPLIES
from harness.drivers.sonic.qos import CONFIG
from harness.errors import InputError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.imported import gather, questions_of, settle
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Absence, Missing, Reading, Source, Value
from harness.units import Unit
from tests.drivers.test_sonic import LAB, value_of

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 1, 2, 12, 10, tzinfo=UTC)
Tables = Mapping[str, Mapping[str, Mapping[str, str]]]

PORTS: Tables = {
    "PORT_TABLE": {
        "Ethernet0": {
            "admin_status": "up", "oper_status": "up", "speed": "400000", "lanes": "1,2,3,4", "mtu": "9100",
            "fec": "rs", "alias": "etp1a", "autoneg": "off", "flap_count": "5",
            "last_up_time": "Fri Jan 02 09:00:00 2026", "last_down_time": "Fri Jan 02 08:59:00 2026",
        },
        "Ethernet4": {"admin_status": "up", "oper_status": "down", "speed": "400000", "fec": "none"},
        "PortInitDone": {"lanes": "0"},
    },
    "LLDP_ENTRY_TABLE": {
        "Ethernet0": {"lldp_rem_sys_name": "spine1", "lldp_rem_port_id": "etp7b", "lldp_rem_port_desc": "Ethernet52"}
    },
}  # fmt: skip
STATES: Tables = {
    "PORT_TABLE": {"Ethernet0": {"speed": "200000", "fec": "rs"}, "Ethernet4": {"speed": "N/A", "fec": "rs"}},
    "TRANSCEIVER_INFO": {
        "Ethernet0": {
            "type": "OSFP 8X Pluggable Transceiver", "manufacturer": "ACME   ", "model": "A-800", "serial": "SN7 ",
            "vendor_rev": "1A", "vendor_oui": "02-00-01", "vendor_date": "2025-06-12 07", "cmis_rev": "5.2",
            "ext_identifier": "Power Class 8 (16.5W Max)", "connector": "MPO 1x12", "media_lane_count": "2",
            "cable_type": "Length Cable Assembly(m)", "cable_length": "0.0",
            "media_interface_technology": "1310 nm EML",
        }
    },
    "TRANSCEIVER_FIRMWARE_INFO": {"Ethernet0": {"active_firmware": "1.4", "inactive_firmware": "1.3"}},
    "TRANSCEIVER_DOM_SENSOR": {
        "Ethernet0": {
            "temperature": "41.5", "voltage": "3.3012", "tx1power": "1.25", "tx2power": "-inf", "rx1power": "-2.5",
            "rx2power": "N/A", "tx1bias": "80.125", "tx2bias": "0.0",
        }
    },
    "TRANSCEIVER_DOM_THRESHOLD": {"Ethernet0": {"temphighalarm": "75.0", "rxpowerlowalarm": "-9.1"}},
    "TRANSCEIVER_STATUS": {
        "Ethernet0": {
            "module_state": "ModuleReady", "module_fault_cause": "No Fault detected", "DP1State": "DataPathActivated",
        }
    },
    "TRANSCEIVER_STATUS_SW": {"Ethernet0": {"status": "1", "error": "N/A", "cmis_state": "READY"}},
    "TRANSCEIVER_DOM_FLAG": {"Ethernet0": {"tempHAlarm": "False", "rx2powerLWarn": "True", "last_update_time": "x"}},
    "TRANSCEIVER_DOM_FLAG_CHANGE_COUNT": {"Ethernet0": {"rx2powerLWarn": "3"}},
    "TRANSCEIVER_DOM_FLAG_SET_TIME": {"Ethernet0": {"rx2powerLWarn": "Fri Jan 02 10:00:00 2026"}},
    "TRANSCEIVER_DOM_FLAG_CLEAR_TIME": {"Ethernet0": {"rx2powerLWarn": "never"}},
    "TRANSCEIVER_STATUS_FLAG": {"Ethernet0": {"rx1los": "True", "tx1fault": "N/A", "tx2los_hostlane": "False"}},
    "PSU_INFO": {
        "PSU 1": {"presence": "true", "status": "true", "power_overload": "False", "power": "512.5", "model": "P"},
        "PSU 2": {"presence": "false", "status": "false", "power": "N/A", "model": "N/A"},
    },
    "FAN_INFO": {
        "fan1": {"presence": "True", "status": "True", "speed": "60", "direction": "intake"},
        "fan2": {"presence": "True", "status": "False", "speed": "9000", "direction": "N/A"},
    },
    "TEMPERATURE_INFO": {
        "ASIC": {
            "temperature": "61.0", "high_threshold": "95.0", "critical_high_threshold": "105.0",
            "warning_status": "False",
        }
    },
    "EEPROM_INFO": {"0x23": {"Name": "Serial Number", "Len": "4", "Value": "BOX1"}},
}  # fmt: skip
BINS = {f"SAI_PORT_STAT_IF_IN_FEC_CODEWORD_ERRORS_S{n}": str(1000 >> n) for n in range(16)}
COUNTS: Tables = {
    "COUNTERS_PORT_NAME_MAP": {"": {"Ethernet0": "oid:0x1", "Ethernet4": "oid:0x2"}},
    "COUNTERS_QUEUE_NAME_MAP": {"": {"Ethernet0:3": "oid:0x33", "Ethernet0:0": "oid:0x30"}},
    "COUNTERS": {
        "oid:0x1": {
            "SAI_PORT_STAT_IF_IN_FEC_CORRECTABLE_FRAMES": "99", "SAI_PORT_STAT_IF_IN_FEC_NOT_CORRECTABLE_FRAMES": "2",
            "SAI_PORT_STAT_IF_IN_FEC_SYMBOL_ERRORS": "140", "SAI_PORT_STAT_PFC_3_RX_PKTS": "7",
            "SAI_PORT_STAT_PFC_3_TX_PKTS": "8", "SAI_PORT_STAT_PFC_4_RX_PKTS": "0", **BINS,
        },
        "oid:0x2": {"SAI_PORT_STAT_IF_IN_OCTETS": "1"},
        "oid:0x33": {
            "SAI_QUEUE_STAT_DROPPED_PACKETS": "11", "SAI_QUEUE_STAT_WRED_ECN_MARKED_PACKETS": "12",
            "PFC_WD_STATUS": "operational", "PFC_WD_QUEUE_STATS_DEADLOCK_DETECTED": "4",
        },
        "oid:0x30": {"PFC_WD_QUEUE_STATS_DEADLOCK_DETECTED": "0", "SAI_QUEUE_STAT_DROPPED_PACKETS": "0"},
    },
    "RATES": {"oid:0x1": {"FEC_PRE_BER": "1.5e-09"}},
}  # fmt: skip
CONFIGURED: Tables = {
    "PORT_QOS_MAP": {"Ethernet0": {"pfc_enable": "3,4"}, "Ethernet4": {"dscp_to_tc_map": "AZURE"}},
    "BREAKOUT_CFG": {"Ethernet0": {"brkout_mode": "2x400G[200G]"}},
    "DEVICE_METADATA": {"localhost": {"platform": "x86_64-arista_7060x6_64pe", "hwsku": "Lab-1"}},
    "PFC_WD": {
        "GLOBAL": {"POLL_INTERVAL": "200"},
        "Ethernet0": {"action": "drop", "detection_time": "200", "restoration_time": "400"},
    },
    "QUEUE": {"Ethernet0|3": {"scheduler": "[SCHEDULER|fast]"}, "Ethernet0|6": {"scheduler": "first"}},
    "SCHEDULER": {"fast": {"type": "DWRR", "weight": "60"}, "first": {"type": "STRICT"}},
}


def key_of(table: str, key: str, separator: str) -> str:
    return f"{table}{separator}{key}" if key else table


def plain(tables: Tables, separator: str) -> str:
    return json.dumps({key_of(t, k, separator): row for t, rows in tables.items() for k, row in rows.items()}, indent=1)


def hashes(tables: Tables, separator: str) -> str:
    return json.dumps(
        {
            key_of(t, k, separator): {"expireat": 1767355200.1, "ttl": -0.001, "type": "hash", "value": row}
            for t, rows in tables.items()
            for k, row in rows.items()
        }
        | {"PORT_TABLE_KEY_SET": {"type": "set", "value": ["Ethernet0"]}},
        indent=2,
    )


def on_one_line(tables: Tables, separator: str) -> str:
    return json.dumps(json.loads(hashes(tables, separator)))


def nested(tables: Tables, separator: str) -> str:
    return json.dumps({t: rows.get("", rows) if "" in rows else rows for t, rows in tables.items()}, indent=4)


FORMS: Mapping[str, Callable[[Tables, str], str]] = {
    "rows by whole key": plain,
    "rows as redis-dump has them": hashes,
    "rows as sonic-db-dump has them without -y": on_one_line,
    "tables of rows": nested,
}
SEPARATORS = {APPL: ":", STATE: "|", COUNTERS: ":", CONFIG: "|"}
ALL = {APPL: PORTS, STATE: STATES, COUNTERS: COUNTS, CONFIG: CONFIGURED}


def dumps(form: Callable[[Tables, str], str] = hashes) -> dict[str | tuple[str, int], str]:
    return {command: form(tables, SEPARATORS[command]) for command, tables in ALL.items()}


def changed(tables: Tables, table: str, key: str, **fields: str) -> Tables:
    """Tables with other fields in one row."""
    rows = dict(tables.get(table, {}))
    return {**tables, table: {**rows, key: {**rows.get(key, {}), **fields}}}


@pytest.fixture
def leaf(tmp_path: Path) -> DevicePlan:
    file = tmp_path / "lab.yaml"
    file.write_text(LAB)
    return load(file).devices["leaf1"]


@pytest.fixture
def decode(leaf: DevicePlan, tmp_path: Path) -> Callable[..., DeviceFacts]:
    def decoded(answers: Mapping[str | tuple[str, int], str], status: int = 0) -> DeviceFacts:
        store = tmp_path / f"evidence{len(list(tmp_path.iterdir()))}"
        with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
            for key, text in answers.items():
                command, sample = key if isinstance(key, tuple) else (key, 1)
                at = NOON if sample == 1 else LATER
                recorder.append(Answer(Ask(leaf.name, Kind.CLI, command, sample), text.encode(), status, at))
        return Sonic().decode(leaf, Evidence(store))

    return decoded


def missing(value: Value[Any]) -> tuple[Absence, str]:
    assert isinstance(value, Missing), value
    return value.why, value.detail


@pytest.mark.parametrize("form", FORMS, ids=list(FORMS))
def test_every_form_of_a_dump_gives_the_same_facts(decode: Callable[..., DeviceFacts], form: str) -> None:
    facts = decode(dumps(FORMS[form]))
    port = facts.ports["Ethernet0"]
    assert facts.unknown == ()
    assert [value_of(v) for v in (port.speed, port.lanes, port.mtu)] == [200, 4, 9100]
    assert [value_of(v) for v in (port.oper, port.admin, port.fec_configured, port.fec_operational)] == [
        "up", "up", "rs", "rs",
    ]  # fmt: skip
    assert (value_of(port.flaps), value_of(port.last_change)) == (5, "Fri Jan 02 09:00:00 2026")
    assert value_of(port.auto_negotiation) is False
    assert str(value_of(port.lldp)) == "Neighbour(device='spine1', port_names=('etp7b', 'Ethernet52'))"
    assert (value_of(port.breakout_mode), value_of(port.pfc_priorities)) == ("2x400G", {3, 4})
    assert (value_of(facts.platform), value_of(facts.hwsku)) == ("x86_64-arista_7060x6_64pe", "Lab-1")
    assert facts.aliases == {"etp1a": "Ethernet0"}
    assert facts.sampled["Ethernet0"] == (NOON, NOON)


def test_a_port_that_is_down_runs_no_code_and_has_the_speed_that_is_asked(decode: Callable[..., DeviceFacts]) -> None:
    port = decode(dumps()).ports["Ethernet4"]
    assert (value_of(port.speed), value_of(port.fec_configured)) == (400, "none")
    assert missing(port.fec_operational) == (Absence.NOT_AVAILABLE, "the port is down")
    assert missing(port.flaps)[0] is Absence.NOT_RECORDED


def test_a_reading_names_database_table_line_and_field(decode: Callable[..., DeviceFacts]) -> None:
    oper = decode(dumps(plain)).ports["Ethernet0"].oper
    assert isinstance(oper, Reading)
    assert str(oper.source) == f"leaf1: {APPL} PORT_TABLE|Ethernet0 line 2 oper_status = up"


def test_counters_of_both_dumps_are_two_samples(decode: Callable[..., DeviceFacts]) -> None:
    second = changed(COUNTS, "COUNTERS", "oid:0x1", SAI_PORT_STAT_IF_IN_FEC_CORRECTABLE_FRAMES="150")
    port = decode({**dumps(), (COUNTERS, 2): hashes(second, ":")}).ports["Ethernet0"]
    first, last = port.fec_samples
    assert (first.at, last.at, port.histogram_at) == (NOON, LATER, LATER)
    assert [value_of(v) for v in (first.corrected, last.corrected, first.uncorrected, first.symbol_errors)] == [
        99, 150, 2, 140,
    ]  # fmt: skip
    assert value_of(first.pre_fec_ber) == Decimal("1.5e-09")
    assert value_of(port.histogram) == tuple(1000 >> n for n in range(16))
    assert [pause.at for pause in port.pauses] == [NOON, LATER]
    assert value_of(port.pauses[0].received) == {3: 7, 4: 0}
    assert value_of(port.pauses[0].sent) == {3: 8}
    queue = port.queues[3]
    assert (value_of(queue.dropped), value_of(queue.marked), queue.counted_at) == (11, 12, LATER)


def test_a_counter_that_the_platform_does_not_have_is_no_zero(decode: Callable[..., DeviceFacts]) -> None:
    port = decode(dumps()).ports["Ethernet4"]
    for value in (port.fec_samples[0].uncorrected, port.histogram, port.pauses[0].received, port.queues[3].dropped):
        assert isinstance(value, Missing)
    assert missing(port.fec_samples[0].uncorrected) == (
        Absence.NOT_RECORDED, "the answer has no SAI_PORT_STAT_IF_IN_FEC_NOT_CORRECTABLE_FRAMES",
    )  # fmt: skip


def test_storms_are_of_queues_that_the_watchdog_watches(decode: Callable[..., DeviceFacts]) -> None:
    facts = decode(dumps())
    watchdog = facts.ports["Ethernet0"].watchdog
    assert value_of(watchdog.storms) == {3: 4}
    assert [value_of(v) for v in (watchdog.on, watchdog.action, watchdog.detection_ms, watchdog.restoration_ms)] == [
        True, "drop", 200, 400,
    ]  # fmt: skip
    assert value_of(facts.ports["Ethernet4"].watchdog.on) is False


def test_how_queues_are_served(decode: Callable[..., DeviceFacts]) -> None:
    queues = decode(dumps()).ports["Ethernet0"].queues
    assert (value_of(queues[3].scheduler), value_of(queues[3].weight)) == ("dwrr", 60)
    assert value_of(queues[6].scheduler) == "strict"
    assert missing(queues[6].weight) == (Absence.NOT_ADVERTISED, "strict priority has no weight")
    assert isinstance(queues[1].scheduler, Missing)


def test_a_port_without_pfc_has_it_off_by_a_whole_configuration(decode: Callable[..., DeviceFacts]) -> None:
    assert value_of(decode(dumps()).ports["Ethernet4"].pfc_priorities) == frozenset()


def test_flags_keep_their_lanes_and_when_they_changed(decode: Callable[..., DeviceFacts]) -> None:
    flags = value_of(decode(dumps()).ports["Ethernet0"].flags)
    assert isinstance(flags, tuple)
    told = {(flag.name, flag.lane): flag for flag in flags}
    assert set(told) == {
        ("temperature_high_alarm", None), ("rx_power_low_warning", 2), ("rx_los", 1), ("tx_fault", 1), ("tx_los", 2),
    }  # fmt: skip
    assert value_of(told["rx_power_low_warning", 2].raised) is True
    assert told["rx_power_low_warning", 2].history == "3 changes, set Fri Jan 02 10:00:00 2026, cleared never"
    assert missing(told["tx_fault", 1].raised)[0] is Absence.NOT_AVAILABLE


def test_an_object_that_counts_for_two_ports_counts_for_none(decode: Callable[..., DeviceFacts]) -> None:
    tables = changed(COUNTS, "COUNTERS_PORT_NAME_MAP", "", Ethernet4="oid:0x1")
    port = decode({**dumps(), COUNTERS: hashes(tables, ":")}).ports["Ethernet0"]
    for value in (port.fec_samples[0].corrected, port.histogram, port.pauses[0].received):
        assert missing(value) == (
            Absence.UNREADABLE, "oid:0x1 counts for others too by COUNTERS_PORT_NAME_MAP",
        )  # fmt: skip


def test_a_flag_on_which_two_tables_differ_is_not_known(decode: Callable[..., DeviceFacts]) -> None:
    tables = changed(STATES, "TRANSCEIVER_STATUS", "Ethernet0", rxlos1="False", txlos_hostlane2="False")
    flags = value_of(decode({**dumps(), STATE: hashes(tables, "|")}).ports["Ethernet0"].flags)
    assert isinstance(flags, tuple)
    told = {(flag.name, flag.lane): flag.raised for flag in flags}
    assert missing(told["rx_los", 1])[0] is Absence.UNREADABLE
    assert value_of(told["tx_los", 2]) is False


def test_a_threshold_on_which_two_tables_differ_is_not_known(decode: Callable[..., DeviceFacts]) -> None:
    tables = changed(STATES, "TRANSCEIVER_DOM_SENSOR", "Ethernet0", temphighalarm="70.0", rxpowerlowalarm="-9.10")
    module = decode({**dumps(), STATE: hashes(tables, "|")}).modules["Ethernet0"]
    assert isinstance(module, ToldTransceiver)
    assert missing(module.thresholds["temperature_c"].high_alarm)[0] is Absence.UNREADABLE
    assert value_of(module.thresholds["rx_power_mw"].low_alarm) == Decimal("-9.1")


@pytest.mark.parametrize(
    ("field", "flag"),
    [
        ("rxpowerlowalarm_flag3", ("rx_power_low_alarm", 3)),
        ("txbiashighwarning_flag12", ("tx_bias_high_warning", 12)),
        ("vcchighalarm_flag", ("vcc_high_alarm", None)),
        ("lasertempLWarn", ("laser_temperature_low_warning", None)),
        ("txcdrlol_hostlane4", ("tx_cdr_lol", 4)),
        ("rx8cdrlol", ("rx_cdr_lol", 8)),
        ("datapath_firmware_fault", ("data_path_firmware_error", None)),
        ("module_state_changed", None),
        ("last_update_time", None),
        ("tx1disable", None),
    ],
)
def test_the_names_of_flags_in_every_release(field: str, flag: tuple[str, int | None] | None) -> None:
    assert flag_of(field) == flag


def test_a_row_without_a_flag_is_not_a_module_without_a_raised_one(decode: Callable[..., DeviceFacts]) -> None:
    tables = {"TRANSCEIVER_STATUS": {"Ethernet0": {"module_state": "ModuleReady"}}}
    assert isinstance(decode({STATE: hashes(tables, "|")}).ports["Ethernet0"].flags, Missing)


# --- modules and parts ----------------------------------------------------------------------------------------------


def test_a_module_is_told_where_its_registers_were_not_dumped(decode: Callable[..., DeviceFacts]) -> None:
    module = decode(dumps()).modules["Ethernet0"]
    assert isinstance(module, ToldTransceiver)
    assert (module.management, module.lanes) == ("cmis", 2)
    told = (
        module.identifier, module.form_factor, module.revision, module.vendor_name, module.vendor_pn, module.vendor_sn,
        module.date_code, module.max_power, module.power_class, module.connector, module.firmware_active,
        module.module_state, module.fault_cause, module.temperature, module.vcc, module.media_technology,
    )  # fmt: skip
    assert [value_of(v) for v in told] == [
        0x19, "OSFP", "5.2", "ACME", "A-800", "SN7", "25061207", Decimal("16.5"), 8, 12, "1.4", "ModuleReady",
        "no fault", Decimal("41.5"), Decimal("3.3012"), "1310 nm EML",
    ]  # fmt: skip
    assert [value_of(v) for v in module.tx_power] == [Decimal("1.25"), Decimal("-Infinity")]
    assert isinstance(module.rx_power[0], Reading)
    assert module.rx_power[0].unit is Unit.DBM
    assert missing(module.rx_power[1])[0] is Absence.NOT_AVAILABLE
    assert value_of(module.dp_state[0]) == "DPActivated"
    assert value_of(module.thresholds["temperature_c"].high_alarm) == 75
    assert value_of(module.thresholds["rx_power_mw"].low_alarm) == Decimal("-9.1")
    assert isinstance(module.thresholds["tx_bias_ma"].low_alarm, Missing)
    assert value_of(decode(dumps()).ports["Ethernet0"].error_status) == "OK"


def test_an_older_release_has_other_names_and_units(decode: Callable[..., DeviceFacts]) -> None:
    tables = {
        "TRANSCEIVER_INFO": {"Ethernet0": {"type": "QSFP28 or later", "serialnum": "S1", "manufacturename": "M",
                                           "modelname": "P", "hardwarerev": "A"}},
        "TRANSCEIVER_DOM_SENSOR": {"Ethernet0": {"temperature": "30.5C", "voltage": "3.2Volts", "rx4power": "-1.5dBm",
                                                 "tx1bias": "6.75mA", "temphighalarm": "75.0C"}},
        "TRANSCEIVER_STATUS": {"Ethernet0": {"status": "1", "error": "N/A", "rxlos1": "True"}},
    }  # fmt: skip
    facts = decode({STATE: plain(tables, "|")})
    module = facts.modules["Ethernet0"]
    told = (module.vendor_sn, module.vendor_name, module.vendor_pn, module.vendor_rev, module.temperature, module.vcc)
    assert [value_of(v) for v in told] == ["S1", "M", "P", "A", Decimal("30.5"), Decimal("3.2")]
    assert (module.management, module.lanes) == ("sff8636", 4)
    assert value_of(module.rx_power[3]) == Decimal("-1.5")
    assert value_of(module.thresholds["temperature_c"].high_alarm) == 75
    flags = value_of(facts.ports["Ethernet0"].flags)
    assert isinstance(flags, tuple)
    assert [(flag.name, flag.lane) for flag in flags] == [("rx_los", 1)]
    assert value_of(facts.ports["Ethernet0"].error_status) == "OK"


@pytest.mark.parametrize(
    ("into", "raw"),
    [
        (sonic_modules.identified, "A new kind of transceiver"),
        (sonic_modules.date_code, "sometime in May"),
        (sonic_modules.power_class, "GBIC/SFP defined by two-wire interface ID"),
        (sonic_modules.connector, "A new connector"),
        (measured, "nan"),
        (measured, "3.3 apples"),
        (measured, "1e9999"),
    ],
)
def test_words_that_nobody_knows_are_no_value(into: Callable[[object], object], raw: str) -> None:
    with pytest.raises(ValueError, match=r"'"):
        into(raw)


def test_a_cage_that_the_database_does_not_list_has_no_module(decode: Callable[..., DeviceFacts]) -> None:
    tables = {table: {} if table == "TRANSCEIVER_INFO" else rows for table, rows in STATES.items()}
    module = decode({STATE: plain(tables, "|")}).modules["Ethernet0"]
    assert isinstance(module.vendor_sn, Missing)
    assert "no row TRANSCEIVER_INFO|Ethernet0" in module.memory.evidence


TITLE = "EEPROM hexdump for port Ethernet0\n"


def page(half: str, number: str, data: bytes) -> str:
    base = 128 if half == "Upper" else 0
    rows = "\n".join(
        f"        {base + at:08x} {data[at : at + 8].hex(' ')}  {data[at + 8 : at + 16].hex(' ')} |{'.' * 16}|"
        for at in range(0, 128, 16)
    )
    return f"        {half} page {number}h\n{rows}\n\n"


@pytest.mark.parametrize(("serial", "same"), [(b"SN7", True), (b"SN8", False)])
def test_registers_stand_unless_the_database_knows_another_module(
    decode: Callable[..., DeviceFacts], serial: bytes, same: bool
) -> None:
    upper = bytearray(128)
    upper[0] = 0x19
    upper[166 - 128 : 182 - 128] = serial.ljust(16)
    text = TITLE + page("Lower", "0", b"\x19\x52".ljust(128, b"\0")) + page("Upper", "0", bytes(upper))
    module = decode({EEPROM: text, STATE: hashes(STATES, "|")}).modules["Ethernet0"]
    assert not isinstance(module, ToldTransceiver)
    assert isinstance(module.vendor_sn, Reading) is same
    if not same:
        assert "SN8 by leaf1:Ethernet0 module, but SN7 by" in module.memory.evidence


def test_parts_of_the_switch(decode: Callable[..., DeviceFacts]) -> None:
    facts = decode(dumps())
    supplies, fans, sensors = (value_of(v) for v in (facts.supplies, facts.fans, facts.sensors))
    assert isinstance(supplies, tuple) and isinstance(fans, tuple) and isinstance(sensors, tuple)
    assert [(s.name, value_of(s.status)) for s in supplies] == [("PSU 1", "ok"), ("PSU 2", "not present")]
    assert value_of(supplies[0].watts) == Decimal("512.5")
    assert isinstance(supplies[1].watts, Missing)
    assert [(value_of(f.status), isinstance(f.rpm, Reading), isinstance(f.percent, Reading)) for f in fans] == [
        ("ok", False, True), ("not ok", True, False),
    ]  # fmt: skip
    assert [value_of(v) for v in (sensors[0].celsius, sensors[0].high, sensors[0].critical, sensors[0].status)] == [
        61, 95, 105, "ok",
    ]  # fmt: skip
    assert value_of(facts.serial) == "BOX1"


# --- a command and a database ----------------------------------------------------------------------------------------

STATUS_TABLE = """\
  Interface    Lanes    Speed    MTU    FEC    Alias    Vlan    Oper    Admin    Type    Asym PFC
-----------  -------  -------  -----  -----  -------  ------  ------  -------  ------  ----------
  Ethernet0  1,2,3,4     200G   9100     rs    etp1a  routed      {}       up     N/A         off
"""
FEC_TABLE = "Interface    FEC Oper    FEC Admin\n-----------  ----------  -----------\n  Ethernet0  {}          rs\n"


def test_what_both_tell_alike_names_both(decode: Callable[..., DeviceFacts]) -> None:
    oper = decode({**dumps(plain), STATUS: STATUS_TABLE.format("  up")}).ports["Ethernet0"].oper
    assert isinstance(oper, Reading)
    assert oper.source.evidence == f"leaf1: {STATUS}"
    assert oper.source.where == f"line 3 oper (so leaf1: {APPL} PORT_TABLE|Ethernet0 line 2 oper_status)"


def test_what_they_tell_otherwise_is_not_known_and_names_both(decode: Callable[..., DeviceFacts]) -> None:
    port = decode({**dumps(), STATUS: STATUS_TABLE.format("down"), FEC: FEC_TABLE.format("fc")}).ports["Ethernet0"]
    assert missing(port.oper) == (
        Absence.UNREADABLE, f"down by leaf1: {STATUS}, but up by leaf1: {APPL} PORT_TABLE|Ethernet0",
    )  # fmt: skip
    assert missing(port.fec_operational)[0] is Absence.UNREADABLE
    assert value_of(port.fec_configured) == "rs"


def test_what_a_command_says_it_has_not_is_not_taken_from_elsewhere(decode: Callable[..., DeviceFacts]) -> None:
    port = decode({**dumps(), FEC: FEC_TABLE.format("N/A")}).ports["Ethernet0"]
    assert missing(port.fec_operational)[0] is Absence.NOT_AVAILABLE


def test_counters_of_a_command_stand_although_the_database_counts_longer(decode: Callable[..., DeviceFacts]) -> None:
    table = (
        "Last cached time was 2026-01-02T08:00:00.5\n"
        "      IFACE    STATE    FEC_CORR    FEC_UNCORR    FEC_SYMBOL_ERR\n"
        "-----------  -------  ----------  ------------  ----------------\n"
        "  Ethernet0        U           5             0                 6\n"
    )
    frames = (
        "    Port Rx    PFC0    PFC1    PFC2    PFC3    PFC4    PFC5    PFC6    PFC7\n"
        "-----------  ------  ------  ------  ------  ------  ------  ------  ------\n"
        "  Ethernet0       0       0       0       1     N/A       0       0       0\n"
    )
    port = decode({**dumps(), FEC_STATS: table, PFC_COUNTERS: frames}).ports["Ethernet0"]
    assert value_of(port.fec_samples[0].corrected) == 5
    assert isinstance(port.fec_samples[1].corrected, Missing)
    assert value_of(port.cleared) == "2026-01-02T08:00:00.5"
    assert [value_of(pause.received) for pause in port.pauses] == [{0: 0, 1: 0, 2: 0, 3: 1, 5: 0, 6: 0, 7: 0}]
    assert missing(port.pauses[0].sent) == (Absence.NOT_RECORDED, "no tx rows for Ethernet0")


def test_flags_of_the_command_take_their_history_from_the_database(decode: Callable[..., DeviceFacts]) -> None:
    text = "Ethernet0:\n        Rx power low warning flag on lane 2: True\n        Temperature high alarm flag: True\n"
    flags = value_of(decode({**dumps(), MODULE_STATUS: text}).ports["Ethernet0"].flags)
    assert isinstance(flags, tuple)
    told = {(flag.name, flag.lane): flag for flag in flags}
    assert told["rx_power_low_warning", 2].history.startswith("3 changes")
    assert missing(told["temperature_high_alarm", None].raised)[0] is Absence.UNREADABLE
    assert ("rx_los", 1) in told


def test_states_of_parts_have_to_agree(decode: Callable[..., DeviceFacts]) -> None:
    psu = "PSU    Power (W)    Status    LED\n-----  -----------  --------  -----\nPSU 1  500.00       NOT OK    red\n"
    fan = (
        "  FAN    Speed    Direction    Presence    Status\n"
        "-----  -------  -----------  ----------  --------\n"
        " fan1      61%       intake     Present        OK\n"
    )
    facts = decode({**dumps(), SUPPLIES: psu, FANS: fan})
    supplies, fans = value_of(facts.supplies), value_of(facts.fans)
    assert isinstance(supplies, tuple) and isinstance(fans, tuple)
    assert missing(supplies[0].status)[0] is Absence.UNREADABLE
    assert value_of(supplies[0].watts) == 500
    assert (value_of(fans[0].status), value_of(fans[0].percent)) == ("ok", 61)


def test_a_command_that_this_release_lacks_is_made_up_for() -> None:
    place = Source("leaf1: show x")
    told = Reading("rs", Source("leaf1: a database"))
    refused = Missing(Absence.NOT_ANSWERED, place, "status 2: no such command")
    assert agreed(refused, told) is told
    broken = Missing(Absence.UNREADABLE, place, "not an answer")
    assert agreed(broken, told) is broken


# --- dumps that are wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        pytest.param(STATE, plain(PORTS, ":"), "not STATE_DB but APPL_DB", id="another database"),
        pytest.param(COUNTERS, plain(CONFIGURED, "|"), "not COUNTERS_DB but CONFIG_DB", id="the configuration"),
        pytest.param(STATE, hashes(STATES, "|")[:900], "line ", id="cut in the middle"),
        pytest.param(APPL, "Invalid database name input : 'APPL_DB'\n", "not JSON", id="an error with status 0"),
        pytest.param(APPL, "", "", id="nothing"),
        pytest.param(APPL, "{}", "no table", id="an empty database"),
        pytest.param(COUNTERS, '[{"a": 1}]', "not a JSON object", id="a list"),
    ],
)
def test_a_dump_that_is_none_is_refused_and_nothing_is_known(
    decode: Callable[..., DeviceFacts], command: str, text: str, said: str
) -> None:
    with pytest.raises(InputError) as refused:
        parse("sonic", command, text)
    assert said in str(refused.value)
    facts = decode({command: text})
    port = facts.ports["Ethernet0"]
    for value in (port.oper, port.speed, port.flags, port.histogram, facts.supplies, facts.modules["Ethernet0"].vcc):
        assert isinstance(value, Missing)


def test_values_that_no_fact_can_have_are_missing(decode: Callable[..., DeviceFacts]) -> None:
    tables = changed(PORTS, "PORT_TABLE", "Ethernet0", speed="fast", lanes="a,b", mtu="-1", fec="rs9", flap_count="1.5")
    port = decode({APPL: plain(tables, ":").replace('"5"', "NaN")}).ports["Ethernet0"]
    for value in (port.speed, port.lanes, port.mtu, port.fec_configured, port.flaps):
        assert missing(value)[0] is Absence.UNREADABLE


def test_kinds_of_rows_that_redis_has_besides_hashes() -> None:
    text = '{"A_KEY_SET": {"type": "set", "value": ["b"]}, "CONFIG_DB_INITIALIZED": {"type": "string", "value": "1"}}'
    rows = parse("sonic", STATE, text).records
    assert [(row["table"], row["fields"], row.get("members"), row.get("value")) for row in rows] == [
        ("A_KEY_SET", {}, ["b"], None), ("CONFIG_DB_INITIALIZED", {}, None, "1"),
    ]  # fmt: skip
    (row,) = parse("sonic", STATE, '{"AB|c": {"expireat": 17.5, "ttl": 3, "type": "hash", "value": {}}}').records
    assert (row["expires_at"], row["expires_in_s"]) == ("17.5", 3)


# --- a support bundle ------------------------------------------------------------------------------------------------


def test_a_support_bundle_gives_the_databases(leaf: DevicePlan, tmp_path: Path) -> None:
    root = tmp_path / "sonic_dump_leaf1_20260102_120000" / "dump"
    root.mkdir(parents=True)
    for name, command in (("APPL_DB", APPL), ("STATE_DB", STATE), ("COUNTERS_DB_1", COUNTERS), ("CONFIG_DB", CONFIG)):
        (root / f"{name}.json").write_text(hashes(ALL[command], SEPARATORS[command]))
    (root / "COUNTERS_DB_2.json").write_text(hashes(COUNTS, ":"))
    lab = load(tmp_path / "lab.yaml")
    questions = questions_of(lab, "leaf1")
    gathered = gather(root.parent, lab, "leaf1", questions)
    chosen = {(answer.ask.text, answer.ask.sample) for _, answer in settle(gathered, questions, "leaf1", ())}
    assert {(APPL, 1), (STATE, 1), (COUNTERS, 1), (CONFIG, 1)} <= chosen
    asked = {ask.text for ask in questions.asks}
    assert not asked & {APPL, STATE, COUNTERS}


# --- on recorded tables ----------------------------------------------------------------------------------------------


@pytest.fixture
def recorded(recordings: Path, leaf: DevicePlan, tmp_path: Path) -> DeviceFacts:
    files = {
        APPL: "redis/utilities-mock_appl_db.json",
        STATE: "redis/utilities-mock_state_db.json",
        COUNTERS: "redis/utilities-mock_counters_db.json",
        CONFIG: "config_db/utilities-mock_config_db.json",
    }
    cage = leaf.cages[0]
    names = ("Ethernet0", "Ethernet8", "Ethernet32", "Ethernet44", "Ethernet72")
    ports = tuple(replace(cage.ports[0], name=name) for name in names)
    device = replace(leaf, cages=tuple(replace(cage, ports=(port,)) for port in ports))
    store = tmp_path / "recorded"
    with Recorder(store, origin=Origin.SIMULATED, made_by="test") as recorder:
        for command, file in files.items():
            raw = (recordings / "sonic_config" / file).read_bytes()
            recorder.append(Answer(Ask("leaf1", Kind.CLI, command), raw, 0, NOON))
    return Sonic().decode(device, Evidence(store))


def test_recorded_ports(recorded: DeviceFacts) -> None:
    port = recorded.ports["Ethernet0"]
    assert [value_of(v) for v in (port.speed, port.lanes, port.mtu, port.flaps)] == [25, 1, 9100, 3]
    assert (value_of(port.oper), value_of(port.last_change)) == ("down", "Sat Jan 17 00:04:42 2025")
    assert (value_of(port.auto_negotiation), value_of(port.breakout_mode)) == (True, "4x25G")
    assert value_of(port.error_status) == "Blocking Error|High temperature"
    assert value_of(recorded.ports["Ethernet32"].speed) == 40


def test_recorded_counters(recorded: DeviceFacts) -> None:
    port = recorded.ports["Ethernet0"]
    sample = port.fec_samples[0]
    assert [value_of(v) for v in (sample.corrected, sample.uncorrected, sample.symbol_errors)] == [130402, 3, 4]
    assert isinstance(sample.pre_fec_ber, Missing)
    bins = value_of(port.histogram)
    assert isinstance(bins, tuple)
    assert (len(bins), bins[:3]) == (16, (1000000, 900000, 800000))
    assert value_of(port.pauses[0].sent) == {0: 1210, **{n: 210 + n for n in range(1, 8)}}
    assert value_of(port.watchdog.storms) == {3: 1}
    assert (value_of(port.queues[1].dropped), value_of(port.queues[1].marked)) == (39, 39)


def test_recorded_modules(recorded: DeviceFacts) -> None:
    module = recorded.modules["Ethernet0"]
    told = (module.form_factor, module.vendor_name, module.vendor_pn, module.vendor_sn, module.date_code)
    assert [value_of(v) for v in told] == ["QSFP28", "Mellanox", "MFA1A00-C003", "MT1706FT02064", "170113"]
    assert [value_of(v) for v in (module.cable_length, module.max_power, module.connector)] == [3, Decimal("2.5"), 35]
    assert [value_of(v) for v in module.rx_power] == [Decimal(n) for n in ("0.3802", "-0.4871", "-0.0860", "0.3830")]
    assert all(isinstance(value, Missing) for value in module.tx_power)
    assert recorded.modules["Ethernet8"].management == "cmis"
    assert len(recorded.modules["Ethernet72"].rx_power) == 8
    assert isinstance(recorded.modules["Ethernet44"].vendor_sn, Missing)


def test_recorded_flags_and_parts(recorded: DeviceFacts) -> None:
    flags = value_of(recorded.ports["Ethernet44"].flags)
    assert isinstance(flags, tuple)
    assert {value_of(flag.raised) for flag in flags} == {False}
    assert ("tx_bias_low_alarm", 8) in {(flag.name, flag.lane) for flag in flags}
    supplies, fans = value_of(recorded.supplies), value_of(recorded.fans)
    assert isinstance(supplies, tuple) and isinstance(fans, tuple)
    assert [(s.name, value_of(s.status), value_of(s.watts)) for s in supplies] == [
        ("PSU 1", "warning", Decimal("102.7")), ("PSU 2", "ok", Decimal("122.0")),
    ]  # fmt: skip
    assert [value_of(fan.status) for fan in fans] == ["ok", "not ok", "updating"]
    assert value_of(recorded.serial) == "TH0F6N2RCET0007600NG"
