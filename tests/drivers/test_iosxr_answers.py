"""What IOS-XR answers, as records: every recording whole and value by value, and the formats' other spellings."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.drivers.answers import parse, record_schema
from harness.errors import InputError
from tests.recordings import RECORDINGS

FOLDER = RECORDINGS / "cli" / "cisco_iosxr"


@cache
def index() -> list[dict[str, Any]]:
    path = RECORDINGS / "cli" / "index.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [entry for entry in entries if entry["nos"] == "cisco_iosxr"]


def records(command: str, text: str) -> list[dict[str, Any]]:
    """The records of an answer of which no line is unknown and which all fit their schema."""
    parsed = parse("iosxr", command, text)
    assert parsed.unparsed == ()
    valid = Draft202012Validator(record_schema("iosxr", command))
    for record in parsed.records:
        assert not [error.message for error in valid.iter_errors(record)]
    return [dict(record) for record in parsed.records]


def recorded(command: str, file: str) -> list[dict[str, Any]]:
    return records(command, (FOLDER / file).read_text("utf-8"))


def without(text: str, *lines: int) -> str:
    return "\n".join(line for n, line in enumerate(text.split("\n"), 1) if n not in lines)


def test_there_are_recordings_of_this_system(recordings: Path) -> None:
    assert len(index()) >= 19


@pytest.mark.parametrize("entry", index(), ids=lambda entry: str(entry["file"]))
def test_a_recording_parses_whole(entry: dict[str, Any]) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    for record in (found := records(entry["command"], text)):
        assert 1 <= record["line"] <= text.count("\n") + 1
    assert found


@pytest.mark.parametrize("entry", index(), ids=lambda entry: str(entry["file"]))
def test_a_terminal_adds_nothing_to_a_recording(entry: dict[str, Any]) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    plain = [{k: v for k, v in record.items() if k != "line"} for record in records(entry["command"], text)]
    dressed = text.replace("\n", "\r\n") + "\r\nRP/0/RP0/CPU0:xr1#"
    lines = dressed.split("\r\n")
    lines[len(lines) // 2] = f" --More-- \r          \r\x1b[0m{lines[len(lines) // 2]}"
    again = records(entry["command"], "\r\n".join(lines))
    assert [{k: v for k, v in record.items() if k != "line"} for record in again] == plain


@pytest.mark.parametrize("entry", index(), ids=lambda entry: str(entry["file"]))
@pytest.mark.parametrize("share", [3, 7, 11, 17])
def test_a_recording_that_was_cut_gives_no_value_that_the_whole_has_not(entry: dict[str, Any], share: int) -> None:
    text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
    whole = {record["line"]: record for record in records(entry["command"], text)}
    cut = text[: text.rfind("\n", 0, len(text) * share // 20) + 1]
    try:
        parsed = parse("iosxr", entry["command"], cut)
    except InputError as refused:
        assert "line" in str(refused)
        return
    for record in parsed.records:
        part_of(record, whole[record["line"]])  # type: ignore[index]


def part_of(part: Any, whole: Any) -> None:
    """Every value of a part is in the whole."""
    if isinstance(part, dict):
        for name, value in part.items():
            part_of(value, whole[name])
    elif isinstance(part, list):
        assert len(part) <= len(whole)
        for one, other in zip(part, whole, strict=False):
            part_of(one, other)
    elif isinstance(part, str) and isinstance(whole, str):
        assert whole.startswith(part)  # bytes of a module's memory
    else:
        assert part == whole


# --- the recordings, value by value -------------------------------------------------------------------------------


def test_version_tells_release_model_and_family(recordings: Path) -> None:
    (record,) = recorded("show version", "show-version/ntc-7.9.2.txt")
    assert record == {
        "line": 2,
        "software_version": "7.9.2",
        "variant": "LNT",
        "built_by": "deenayak",
        "built_on": "Thu Jun 29 03:07:05 UTC 2023",
        "build_host": "bdb7eb8f4e82",
        "workspace": "/auto/srcarchive16/prod/7.9.2/8000/ws",
        "version": "7.9.2",
        "label": "7.9.2",
        "family": "8000",
        "model": "8202-32FH-M",
        "processor": "Intel(R) Xeon(R) CPU D-1530 @ 2.41GHz",
        "memory": "64GB",
        "hostname": "gemini",
        "uptime": "1 week, 1 day, 17 hours, 47 minutes",
        "description": "Cisco 8200 2RU 32x400G QSFP56-DD w/IOS XR HBM MACsec",
    }


def test_platform_tells_nodes_with_and_without_configured_state(recordings: Path) -> None:
    found = {record["node"]: record for record in recorded("show platform", "show-platform/genie-1.txt")}
    assert len(found) == 63
    assert found["0/0/CPU0"] == {
        "line": 5, "node": "0/0/CPU0", "type": "NC6-10X100G-M-K", "role": None, "state": "IOS XR RUN",
        "config_state": "NSHUT",
    }  # fmt: skip
    assert (found["0/0/NPU0"]["state"], found["0/0/NPU0"]["config_state"]) == ("UP", None)
    assert (found["0/RP1/CPU0"]["type"], found["0/RP1/CPU0"]["role"]) == ("NC6-RP", "active")
    assert found["0/RP0/CPU0"]["role"] == "standby"
    assert (found["0/PT3"]["line"], found["0/PT3"]["type"]) == (67, "NCS-DC-PWRTRAY")


def test_inventory_tells_parts(recordings: Path) -> None:
    found = {record["name"]: record for record in recorded("show inventory", "show-inventory/ntc-8200.txt")}
    assert len(found) == 14
    assert found["Rack 0"]["serial_number"] == "FLM27ABCDEF"
    assert found["FourHundredGigE0/0/0/28"] == {
        "line": 12, "name": "FourHundredGigE0/0/0/28", "description": "Cisco QSFPDD 400G LR4 Pluggable Optics Module",
        "pid": "QDD-400G-LR4-S", "vid": "V01", "serial_number": "INL2ABCDEFG",
    }  # fmt: skip
    assert found["0/FB0"]["vid"] is None


def test_neighbours_are_told_with_their_ports(recordings: Path) -> None:
    assert recorded("show lldp neighbors", "show-lldp-neighbors/ntc.txt")[1] == {
        "line": 8, "remote_device": "ASR-LON-P1", "interface": "Gi0/0/0/3", "hold_time_s": 120, "capabilities": ["R"],
        "remote_port_id": "Gi0/0/0/2",
    }  # fmt: skip


def test_a_400g_port_tells_fec_pause_watchdog_and_operation(recordings: Path) -> None:
    (record,) = recorded("show controllers FourHundredGigE", "show-controllers-fourhundredgige/genie-400g.txt")
    told = {
        "line": 3, "interface": "FourHundredGigE0/0/0/2", "about": "operation", "admin_state": "disabled",
        "oper_state": "down", "oper_reason": "Link is shutdown", "led_state": "off",
        "media_type": "2x200G over 8 lane passive copper", "vendor_name": "CISCO-LUXSHARE",
        "vendor_pn": "L0FDD013-SD-R", "vendor_sn": "SNL2750F020", "wavelength_nm": "0",
        "temperature_c": "0.000", "voltage_v": "0.000",
        "fec_corrected_codewords": 0, "fec_uncorrected_codewords": 0, "mac": "fc58.9a14.a010",
        "auto_negotiation": False,
        "pfc_rx_frames": 0, "pfc_tx_frames": 0, "pfc_rx_dropped_frames": 0, "watchdog_state": "enabled",
        "speed_mbps": 400_000, "duplex": "full duplex", "flow_control": "none", "pfc_operation": "none",
        "loopback": "none (or external)", "mtu": 1514, "mru": 1518, "fec": "standard (reed-solomon)", "dom_alarms": [],
    }  # fmt: skip
    assert {name: record[name] for name in told} == told
    assert [lane["lane"] for lane in record["lanes"]] == list(range(8))
    assert record["lanes"][7] == {
        "lane": 7, "wavelength_nm": None, "tx_power_dbm": "-40.0", "tx_power_mw": "0.0001", "rx_power_dbm": "-40.0",
        "rx_power_mw": "0.0001", "bias_ma": "0.000",
    }  # fmt: skip
    assert record["thresholds"]["tx_power_dbm"] == dict.fromkeys(
        ("high_alarm", "high_warning", "low_warning", "low_alarm"), "-inf"
    )
    assert record["pfc_priorities"] == [{"priority": n, "status": "off", "rx_frames": 0} for n in range(8)]
    assert record["watchdog"]["auto_restore_multiplier"] == {
        "global": None, "interface": None, "effective": "10", "default": True,
    }  # fmt: skip
    assert record["watchdog"]["watchdog_state"]["effective"] == "enabled"
    assert record["watchdog_counters"].keys() == {
        "watchdog_events", "shutdown_events", "auto_restore_events", "sar_events", "sar_instantaneous_events",
        "total_dropped_packets", "dropped_packets",
    }  # fmt: skip
    assert record["watchdog_counters"]["watchdog_events"] == {str(n): 0 for n in range(8)}
    assert record["watchdog_states"] == {str(n): None for n in range(8)}


def test_two_100g_ports_tell_light_and_thresholds_without_the_line_of_units(recordings: Path) -> None:
    first, second = recorded(
        "show controllers HundredGigabitEthernet", "show-controllers-hundredgigabitethernet/ntc.txt"
    )
    assert (first["interface"], first["line"]) == ("HundredGigE0/0/0/0", 2)
    assert (first["oper_state"], first["oper_reason"], first["mtu"], first["fec"]) == ("up", None, 9114, "disabled")
    assert [lane["rx_power_dbm"] for lane in first["lanes"]] == ["-1.8", "-1.1", "-1.2", "-2.1"]
    assert first["lanes"][1] == {
        "lane": 0, "wavelength_nm": None, "tx_power_dbm": "-0.1", "tx_power_mw": "0.9775", "rx_power_dbm": "-1.1",
        "rx_power_mw": "0.7788", "bias_ma": "5.240",
    }  # fmt: skip
    assert first["thresholds"]["tx_bias_ma"]["high_alarm"] is None
    assert first["thresholds"]["rx_power_dbm"] == {
        "high_alarm": "4.400", "high_warning": "-inf", "low_warning": "-inf", "low_alarm": "-12.366",
    }  # fmt: skip
    assert (second["vendor_name"], second["vendor_sn"], second["temperature_c"]) == (
        "Ligent Photonics", "S516CBD0371", "18.000",
    )  # fmt: skip
    assert second["lanes"][3]["bias_ma"] == "5.940"


def test_every_optics_controller_is_told(recordings: Path) -> None:
    found = {r["interface"]: r for r in recorded("show controllers optics *", "show-controllers-optics/genie-all.txt")}
    assert [*found] == [f"Optics0/2/0/{n}" for n in range(36)]
    plugged = {name for name, record in found.items() if record.get("optics_present") is not False}
    assert plugged == {f"Optics0/2/0/{n}" for n in (4, 5, 10, 22)}
    assert found["Optics0/2/0/0"] == {
        "line": 3, "interface": "Optics0/2/0/0", "controller_state": "down", "transport_admin_state": "in service",
        "laser_state": "off", "host_squelch": "enable", "media_pre_fec_degrade": "disabled", "optics_present": False,
        "optics_type": None, "carrier_band": None, "itu_channel": None, "frequency_thz": None, "wavelength_nm": None,
        "tx_power_dbm": None, "rx_power_dbm": None,
    }  # fmt: skip
    lr8 = found["Optics0/2/0/10"]
    assert lr8["alarms"] == [f"LOW-RX{n}-PWR" for n in range(1, 9)]
    assert lr8["faults"] == ["RX-LOS", "TX-LOS"]
    assert [lane["lane"] for lane in lr8["lanes"]] == list(range(8))
    assert (lr8["firmware_active"], lr8["firmware_inactive"], lr8["hardware_version"]) == ("5.0.0", "0.0.0", "3.0")
    assert (lr8["temperature_c"], lr8["voltage_v"], lr8["date_code"]) == ("25.21", "3.28", "22/01/03")
    assert lr8["thresholds"]["rx_power_dbm"] == {
        "high_alarm": "8.0", "low_alarm": "-13.0", "high_warning": "5.2", "low_warning": "-9.1",
    }  # fmt: skip
    fr4 = found["Optics0/2/0/22"]
    assert (fr4["alarms"], fr4["faults"], fr4["form_factor"], fr4["vendor_pn"]) == (
        [], ["RX-LOS"], "QSFP-DD", "T-DQ4CNT-NC2",
    )  # fmt: skip


def test_optics_tell_a_module_without_monitors(recordings: Path) -> None:
    (record,) = recorded("show controllers optics", "show-controllers-optics/genie-1.txt")
    assert (record["optics_type"], record["vendor_optics_type"]) == ("1G 1000BASE-T", None)
    assert (record["tx_power_dbm"], record["vendor_name"], record["alarms"]) == (None, None, [])
    assert "faults" not in record
    assert (record["laser_state"], record["led_state"], record["fec_state"]) == (None, None, "fec disabled")
    assert record["polarization_monitored"] is False


def test_optics_tell_lanes_alarms_and_identity(recordings: Path) -> None:
    (record,) = recorded("show controllers optics", "show-controllers-optics/genie-3.txt")
    assert record["alarms"][:5] == ["LOW-RX1-PWR", "LOW-RX2-PWR", "LOW-RX3-PWR", "LOW-RX4-PWR", "LOW-TX1-PWR"]
    assert len(record["alarms"]) == 12
    assert record["lanes"][3] == {
        "lane": 3, "bias_ma": "0.0", "tx_power_dbm": "-40.00", "rx_power_dbm": "-40.00", "output_frequency_thz": None,
    }  # fmt: skip
    told = {
        "controller_state": "administratively down", "transport_admin_state": "out of service", "power_mode": "low",
        "dom_data_status": "ready", "last_link_flapped": "00:05:05", "wavelength_nm": "1307.00",
        "loopback_host": "none",
        "configured_dispersion_low_ps_nm": "-160000", "temperature_c": "14.39", "voltage_v": "3.36",
        "form_factor": "QSFP+", "vendor_name": "CISCO-INNOLIGHT", "vendor_oui": "44.7c.7f", "vendor_pn": "TR-IQ13L-NC2",
        "vendor_rev": "1B", "vendor_sn": "INL21370445", "pid": "QSFP-4X10G-LR-S", "vid": "V02",
        "hardware_version": "66.49", "date_code": "17/09/16",
    }  # fmt: skip
    assert {name: record[name] for name in told} == told


def test_states_of_every_controller(recordings: Path) -> None:
    found = recorded("show controllers optics * db", "show-controllers-optics-db/genie-all.txt")
    assert len(found) == 36
    assert [r["interface"] for r in found if r["controller_state"] == "up"] == [
        f"Optics0/2/0/{n}" for n in (4, 5, 10, 22)
    ]


def test_applications_of_a_module(recordings: Path) -> None:
    advertised = recorded(
        "show controllers optics 0/0/0/8 appsel advertised", "show-controllers-optics-appsel-advertised/genie-1.txt"
    )
    assert len(advertised) == 8
    assert advertised[2] == {
        "line": 9, "interface": "0/0/0/8", "application": 3, "host_id": 20, "host_name": "ETH 25GBASE-CR CA-25G-L",
        "media_id": 1, "media_name": "ETH 10GBASE-LW (Clause 5", "standard": "ETH", "host_supported": True,
        "power_consumption_w": None,
    }  # fmt: skip
    assert (advertised[4]["host_id"], advertised[4]["host_name"]) == (0, None)
    detailed = recorded(
        "show controllers optics appsel detailed", "show-controllers-optics-appsel-detailed/genie-1.txt"
    )
    assert [(one["host_id"], one["host_lane_count"], one["media_lane_count"]) for one in detailed[3:5]] == [
        (48, 8, 8), (0, 0, 0),
    ]  # fmt: skip
    (active,) = recorded("show controllers optics appsel active", "show-controllers-optics-appsel-active/genie-1.txt")
    assert active == {
        "line": 4, "interface": None, "instance": 1, "application": 1, "host_id": 28,
        "host_name": "ETH 200GBASE-CR4 (Clause 136)", "media_id": 1, "media_name": "ETH 10GBASE-LW (Clause 52)",
        "host_lane_count": 4, "media_lane_count": 4, "host_lane_assignment": 0x11, "media_lane_assignment": 0,
    }  # fmt: skip


def test_breakout_thresholds_of_fec_and_observables(recordings: Path) -> None:
    assert recorded(
        "show controllers optics breakout-details", "show-controllers-optics-breakout-details/genie-1.txt"
    ) == [
        {
            "line": 3, "interface": None, "optics_port": "Optics0_0_0_16", "breakouts": 4, "channels_per_interface": 1,
            "speed_mbps": 10_000,
        }
    ]  # fmt: skip
    degrades = recorded("show controllers optics fec-thresholds", "show-controllers-optics-fec-thresholds/genie-1.txt")
    assert [(one["side"], one["degrade"], one["raise"], one["clear"]) for one in degrades] == [
        ("media", "excess", "2.0500E-02", "2.0200E-02"),
        ("media", "detected", "1.9500E-02", "1.9000E-02"),
        ("host", "excess", "2.3900E-04", "2.4000E-05"),
        ("host", "detected", "9.0000E-05", "9.0000E-06"),
    ]
    observed = recorded(
        "show controllers optics observable-info", "show-controllers-optics-observable-info/genie-1.txt"
    )
    assert len(observed) == 10
    assert (observed[0]["observable"], observed[0]["place"], observed[0]["lane"]) == (
        "Fault Cause Register",
        "module",
        None,
    )
    assert (observed[2]["lane"], observed[2]["value"], observed[2]["low_alarm_crossed"]) == (1, "1", None)
    assert (observed[9]["observable"], observed[9]["unit"]) == ("Datapath Rx Latency Host", "ns")


def test_a_coherent_port_tells_alarms_and_ber(recordings: Path) -> None:
    (record,) = recorded("show controllers coherentDSP", "show-controllers-coherentdsp/genie.txt")
    assert (record["interface"], record["line"]) == ("CoherentDSP 0/0/1/2", 5)
    assert (record["alarm_statistics"]["los"], record["alarm_statistics"]["bdi"]) == (1, 2)
    assert len(record["alarm_statistics"]) == 14
    assert (record["signal_fail_ber"], record["signal_degrade_ber"]) == ("1.0E-5", "1.0E-7")
    assert (record["pre_fec_ber"], record["fec_mode"], record["alarms"]) == ("0.0E+00", "standard", [])


def test_classes_of_a_policy_are_counted(recordings: Path) -> None:
    found = recorded("show policy-map interface", "show-policy-map-interface/genie-bundle.txt")
    assert len(found) == 47
    assert found[0] == {
        "line": 6, "interface": "Bundle-Ether203", "direction": "input", "policy": "SERVICE-BPS",
        "class": "IPV4-PACKET-IS-00", "matched": {"packets": 3086575071, "bytes": 203713961618, "rate_kbps": 0},
        "transmitted": None, "dropped": None,
    }  # fmt: skip
    queued = next(record for record in found if record["direction"] == "output")
    assert (queued["policy"], queued["queue_id"], queued["queue_length"]) == ("TX-QOS-RAN", 524738, {"packets": 0})
    assert queued["tail_dropped"] == {"packets": 0, "bytes": 0}
    assert [curve["curve"] for curve in queued["wred"]] == ["WRED Curve 1", "WRED Curve 2"]
    assert queued["wred"][0]["red_ecn_marked"] is None
    policed = next(record for record in found if record["class"] == "IPV4-PACKET-IS-CS6")
    assert policed["policed_conform"] == {"packets": 318505, "bytes": 285021873, "rate_kbps": 0}
    assert policed["policed_dropped"] == {"packets": 0, "bytes": 0}


def test_memory_of_modules_is_whole(recordings: Path) -> None:
    found = recorded("show controllers all phy", "show-controllers-all-phy/ntc-3.txt")
    assert len(found) == 12
    assert [record["interface"] for record in found if not record["optics_present"]] == [
        "FortyGigE0/4/1/0", "FortyGigE0/4/1/1",
    ]  # fmt: skip
    first = found[0]
    pieces = [(piece["address"], piece["page"], piece["half"], piece["line"]) for piece in first["memory"]]
    assert pieces == [(None, 0, "lower", 27), (None, 0, "upper", 38), (None, 2, "upper", 51), (None, 3, "upper", 80)]
    assert all(len(piece["data"]) == 256 for record in found for piece in record.get("memory", ()))
    assert bytes.fromhex(first["memory"][1]["data"])[20:25] == b"CISCO"
    told = {
        "about": "memory", "eeprom": "QSFP", "xcvr_type": "QSFP+",
        "extended_type": ["1.5W", "CLEI"], "connector": "MPO",
        "bit_rate_mbps": "10300", "vendor_oui": "00.90.65", "vendor_pn": "FTL410QE2C-C1", "vendor_rev": "B",
        "wavelength_nm": "850.030", "vendor_sn": "FIS182100SW", "date_code": "14/05/22", "lot_code": None,
        "temperature_c": "26.941", "voltage_v": "3.295", "cisco_pn": "10-2672-02", "cisco_version": "V02",
        "lengths_m": {"smf": 0, "om3": 100, "om2": 30, "om1": 0, "copper": 0},
    }  # fmt: skip
    assert {name: first[name] for name in told} == told
    assert first["thresholds"]["voltage_v"] == {
        "high_alarm": "3.630", "high_warning": "3.465", "low_warning": "3.100", "low_alarm": "2.970",
    }  # fmt: skip
    assert first["lanes"][3]["rx_power_dbm"] == "-inf"


# --- other spellings of the formats -------------------------------------------------------------------------------

SFP = """\
PHY data for interface: TenGigE0/0/0/5

SFP EEPROM  port: 5
        Xcvr Type: SFP
        Link Reach 9u fiber (Km): 10000 meter
        Vendor Part Number: ACME-10G-LR (rev.: A   )
        Laser wavelength: 1310 nm (fraction: 0.25 nm)
MSA Data
{rows}

        Thresholds:                    Alarm High         Warning High          Warning Low            Alarm Low
                     Bias:         90.000 mAmps          84.000 mAmps          24.000 mAmps          20.000 mAmps
           Transmit Power:  1.58 mW (1.99974 dBm)   0.79 mW (-1.00015 dBm)   0.17 mW (-7.60 dBm)   0.0 mW (<-40.00 dBm)
        Temperature: 25.629
        Tx Power:  0.02730 mW (-15.63837 dBm)
        Rx Power:  0.000 mW (<-40.00 dBm)
        Oper. Status/Control: Tx Disabled, LOS,
EEPROM Memory (A2 upper)
0x0180: 43 4f 55 49 41 37 35 43 : 41 41 31 30 2d 32 34 35
"""


def rows(begin: int) -> str:
    return "\n".join(f"0x{begin + 16 * n:04x}: {' '.join([f'{n:02x}'] * 8)} : {' '.join(['aa'] * 8)}" for n in range(8))


def test_an_sfp_has_two_addresses_and_lanes_of_its_own(recordings: Path) -> None:
    (record,) = records("show controllers TenGigE0/0/0/5 phy", SFP.format(rows=rows(0)))
    assert [(piece["address"], piece["half"], len(piece["data"])) for piece in record["memory"]] == [
        ("a0", "lower", 256), ("a2", "upper", 32),
    ]  # fmt: skip
    assert record["lengths_m"] == {"9u_fiber_km": 10000}
    assert (record["wavelength_nm"], record["wavelength_fraction_nm"]) == ("1310", "0.25")
    assert record["thresholds"]["tx_power_dbm"]["low_alarm"] == "-inf"
    assert (record["tx_power_dbm"], record["rx_power_mw"], record["rx_power_dbm"]) == ("-15.63837", "0.000", "-inf")
    assert record["operation_flags"] == ["Tx Disabled", "LOS"]


def test_bytes_behind_a_missing_row_are_placed_nowhere() -> None:
    text = SFP.format(rows="\n".join(line for line in rows(0).split("\n") if not line.startswith("0x0030")))
    parsed = parse("iosxr", "show controllers all phy", text)
    (piece, _) = parsed.records[0]["memory"]  # type: ignore[misc]
    assert len(piece["data"]) == 96  # type: ignore[index, call-overload, arg-type]
    assert [line.text[:6] for line in parsed.unparsed] == ["0x0040", "0x0050", "0x0060", "0x0070"]


OPERATION = """\
Operational data for interface HundredGigE0/8/0/6:

State:
    Administrative state: enabled
    Operational state: Up

Phy:
    Media type: Not known
    No optics present
    Statistics:
        FEC:
            Corrected Codeword Count: 7           Valid: True      Start time: 14:48:16 Mon May 31 2021
            Uncorrected Codeword Count: 0         Valid: False     Start time: 00:00:00 Thu Jan 01 1970

MAC address information:
    Operational address: 54a2.741c.3b29
    No unicast addresses in filter
    Operating in multicast promiscuous mode

Autonegotiation enabled:
Priority Flow Control:
    CoS  Status  Tx PFC Frames   Rx PFC Frames
    ---  ------  --------------  -------------
      3  on                   5               9

Operational values:
    Speed: 100Gbps
    Inter-packet gap: standard (12)
    BER monitoring:
        Signal Degrade: 10e-6 (no-alarm)
"""


def test_counters_tell_whether_they_are_valid_and_columns_may_move(recordings: Path) -> None:
    (record,) = records("show controllers HundredGigE *", OPERATION)
    assert (record["fec_corrected_codewords"], record["fec_corrected_since"]) == (7, "14:48:16 Mon May 31 2021")
    assert record["fec_uncorrected_codewords"] is None
    assert record["pfc_priorities"] == [{"priority": 3, "status": "on", "tx_frames": 5, "rx_frames": 9}]
    assert (record["optics_present"], record["auto_negotiation"], record["multicast_promiscuous"]) == (
        False,
        True,
        True,
    )
    assert record["signal_degrade"] == "10e-6 (no-alarm)"


COHERENT = """\
 Controller State: Up
         Optics Type:  QDD 400G ACME ZR
         DWDM carrier Info: C BAND, MSA ITU Channel=67, Frequency=192.80THz,
         Wavelength=1554.940nm
         Detected Alarms:
                 LOW-RX1-PWR
                 LOW-TX1_LBC

         LOS/LOL/Fault Status:

         Alarm Statistics:

         -------------
         OOR-CD = 0                 OSNR = 1
         WVL-OOL = 0                MEA  = 2
         IMPROPER-REM = 0
         Laser Bias Current = 12.5 %
         Actual TX Power = 0.00 dBm
         RX Power(mW) = 0.51 mW
         Frequency Offset = -39 MHz
         Chromatic Dispersion -6 ps/nm
         Configured CD-MIN -13000 ps/nm  CD-MAX 13000 ps/nm
         Second Order Polarization Mode Dispersion = 42.00 ps^2
         Polarization Change Rate = 0.00 rad/s
         Firmware Version       : Major.Minor.Build
                 Active         : 70.120.14
         Otn Application Code: Undefined
"""


def test_a_coherent_module_is_told(recordings: Path) -> None:
    (record,) = records("show controllers Optics0/0/0/1", COHERENT)
    told = {
        "interface": "0/0/0/1", "carrier_band": "C BAND", "itu_channel": 67, "frequency_thz": "192.80",
        "wavelength_nm": "1554.940", "alarms": ["LOW-RX1-PWR", "LOW-TX1_LBC"], "bias_percent": "12.5",
        "tx_power_dbm": "0.00", "rx_power_mw": "0.51", "frequency_offset_mhz": "-39", "dispersion_ps_nm": "-6",
        "configured_dispersion_max_ps_nm": "13000", "second_order_pmd_ps2": "42.00", "firmware_active": "70.120.14",
        "alarm_statistics": {"oor_cd": 0, "osnr": 1, "wvl_ool": 0, "mea": 2, "improper_rem": 0},
    }  # fmt: skip
    assert {name: record[name] for name in told} == told


OTHERS: dict[str, tuple[str, str, dict[str, object]]] = {
    "a release before 7 tells cards and packages": (
        "show version",
        "Cisco IOS XR Software, Version 6.4.2[Default]\nCopyright (c) 2019 by Cisco Systems, Inc.\n\n"
        "ROM: Bootstrap, Version 2.12\n\nxr9 uptime is 4 days\n"
        'System image file is "disk0:mbi/0x1/rp.vm"\n\n'
        "cisco NCS-5501 (Acme 686) processor with 12582912K bytes of memory.\n"
        "Acme 686 processor at 2127Mhz, Revision 2.174\nNCS 5501 Chassis\n\n"
        "2 Management Ethernet\n5 HundredGigE\n4 SONET/SDH\n"
        "1019k bytes of non-volatile configuration memory.\n11881456k bytes of disk0: (Sector size 512 bytes).\n\n"
        "Boot device on node 0/0/CPU0 is lcdisk0:\nPackage active on node 0/0/CPU0:\n"
        "iosxr-mpls-6.4.2, V 1.0.0[SMU], Acme, at disk0:iosxr-mpls\n    Built on Fri Oct  4\n    By acme in /x\n",
        {
            "software_version": "6.4.2", "variant": "Default", "model": "NCS-5501", "memory": "12582912K",
            "image": "disk0:mbi/0x1/rp.vm", "packages": ["iosxr-mpls-6.4.2"],
            "hardware": {"management_ethernet": 2, "hundredgige": 5, "sonet_sdh": 4}, "description": "NCS 5501 Chassis",
        },
    ),
    "a platform of the ASR 9000 has its columns elsewhere": (
        "admin show platform",
        "Tue Mar  7 14:29:29.338 EST\nNode            Type                      State            Config State\n"
        + "-" * 77
        + "\n0/FT0/SP        ASR-9010-FAN-V2           READY            \n",
        {"node": "0/FT0/SP", "type": "ASR-9010-FAN-V2", "state": "READY", "config_state": None},
    ),
    "a card that boots has no type": (
        "show platform",
        "Node              Type                     State                      Config state\n"
        + "-" * 82
        + "\n0/6/CPU0          UNKNOWN                  IMAGE INSTALLING           NSHUT\n",
        {"node": "0/6/CPU0", "type": None, "state": "IMAGE INSTALLING", "config_state": "NSHUT"},
    ),
    "an inventory may know no product": (
        "show inventory all",
        'NAME: "fan11 0/FT0/SP", DESCR: "Acme Fan"\nPID:    , VID: N/A, SN:\n',
        {"name": "fan11 0/FT0/SP", "pid": None, "vid": None, "serial_number": None},
    ),
    "a neighbour with a long name and several capabilities": (
        "show lldp neighbors",
        "Device ID       Local Intf          Hold-time  Capability     Port ID\n"
        "a-very-long-name.example.net FH0/0/0/10          120        B,R             Ethernet1/1\n\n"
        "Total entries displayed: 1\n",
        {"remote_device": "a-very-long-name.example.net", "interface": "FH0/0/0/10", "capabilities": ["B", "R"]},
    ),
    "a neighbour without capabilities": (
        "show lldp neighbors",
        "Device ID       Local Intf          Hold-time  Capability     Port ID\n"
        "gpu1            FH0/0/0/10          120                       0200.0000.0001\n\nTotal entries displayed: 1\n",
        {"remote_device": "gpu1", "capabilities": [], "remote_port_id": "0200.0000.0001"},
    ),
    "neighbours whose columns moved": (
        "show lldp neighbors",
        "Local Intf     Device ID   Hold-time  Port ID    Capability\n"
        "FH0/0/0/1      xr2         120        FH0/0/0/9  R\n\nTotal entries displayed: 1\n",
        {"remote_device": "xr2", "interface": "FH0/0/0/1", "remote_port_id": "FH0/0/0/9"},
    ),
    "a neighbour in detail that does not describe its port": (
        "show lldp neighbors detail",
        "Capability codes:\n        (R) Router, (O) Other\n\n" + "-" * 48 + "\n"
        "Local Interface: FourHundredGigE0/0/0/1\nChassis id: 0200.0000.0001\nPort id: Ethernet1/2\n"
        "Port Description - not advertised\nSystem Name: nx1\n\nSystem Description:\nAcme (NX-OS)\nTAC: http://x\n\n"
        "Time remaining: 106 seconds\nHold Time: 120 seconds\nAge: 733 seconds\nSystem Capabilities: B,R\n"
        "Management Addresses:\n  IPv4 address: 192.0.2.1\n  IPv6 address: 2001:db8::1\n\n"
        "Peer MAC Address: 02:00:00:00:00:01\n\nTotal entries displayed: 1\n",
        {
            "interface": "FourHundredGigE0/0/0/1", "remote_port_id": "Ethernet1/2", "remote_port_description": None,
            "system_description": "Acme (NX-OS)\nTAC: http://x", "management_addresses": ["192.0.2.1", "2001:db8::1"],
            "time_remaining_s": 106, "peer_mac": "02:00:00:00:00:01",
        },
    ),
    "an interface tells flaps, pauses and counters": (
        "show interfaces FourHundredGigE 0/0/0/1",
        "FourHundredGigE0/0/0/1 is up, line protocol is up \n  Interface state transitions: 3\n"
        "  Dampening enabled: penalty 0, not suppressed\n    half-life:        1        reuse:             750\n"
        "  Hardware is FourHundredGigE, address is 0200.0000.0001 (bia 0200.0000.0002)\n"
        "  Layer 1 Transport Mode is LAN\n  Description: to xr2 is up, line protocol is up\n"
        "  MTU 9114 bytes, BW 400000000 Kbit (Max: 400000000 Kbit)\n"
        "     reliability 255/255, txload 0/255, rxload Unknown\n  Encapsulation ARPA,\n"
        "  Full-duplex, 400000Mb/s, link type is force-up\n  output flow control is off, input flow control is on\n"
        "  Carrier delay (up) is 9000 msec, Carrier delay (down) is 50 msec\n  loopback not set,\n"
        '  Last link flapped 6w1d\n  Last clearing of "show interface" counters 1d02h\n'
        "     12 packets input, 1024 bytes, 3 total input drops\n     5 carrier transitions\n",
        {
            "state_transitions": 3, "burnt_in_mac": "0200.0000.0002", "mtu": 9114, "speed_mbps": 400_000,
            "description": "to xr2 is up, line protocol is up", "output_flow_control": False,
            "input_flow_control": True,
            "carrier_delay_down_ms": 50, "last_link_flapped": "6w1d", "counters_cleared": "1d02h", "rxload": None,
            "counters": {"input_packets": 12, "input_bytes": 1024, "input_drops": 3}, "carrier_transitions": 5,
        },
    ),
    "a policy that counts queues in bytes and time": (
        "show policy-map interface TenGigE0/2/0/3",
        "TenGigE0/2/0/3 output: parent\n\nPolicy child Class gold\n"
        "  Classification statistics          (packets/bytes)     (rate - kbps)\n"
        "    Matched             :                 638/42108                10\n    Total Dropped       : N/A\n"
        "  Queueing statistics\n    Queue ID                             : 44\n"
        "    High watermark  (bytes)/(ms)         : 12/3\n    Inst-queue-len                       : N/A\n",
        {
            "class": "gold", "child_policy": "child", "queue_id": 44, "high_watermark": {"bytes": 12, "ms": 3},
            "queue_length": None, "dropped": None, "matched": {"packets": 638, "bytes": 42108, "rate_kbps": 10},
        },
    ),
    "a direction without a policy": (
        "show policy-map interface TenGigE0/2/0/3",
        "TenGigE0/2/0/3 direction input: Service Policy not installed\n",
        {"interface": "TenGigE0/2/0/3", "direction": "input", "policy": None, "class": None},
    ),
    "observables of a port among all": (
        "show controllers optics * observable-info",
        " Port:    Optics0/0/0/28\n\nObservable Information\n\n[eSNR Media Input]\n Unit: dB\n"
        " Id   Value  LowThreshWarn  HighThresWarn  LowThreshAlarm  HighThreshAlarm  TCAWarn  TCAAlarm\n"
        "                                                                    Low High  Low High\n"
        " Lane3    19.50   0.00   256.00   0.00    256.00   n   y     n   n\n",
        {
            "interface": "Optics0/0/0/28", "lane": 3, "value": "19.50", "high_warning": "256.00",
            "high_warning_crossed": True, "low_alarm_crossed": False,
        },
    ),
    "a coherent port with FlexO and a Q factor": (
        "show controllers CoherentDSP0/0/0/20",
        "Port                          : CoherentDSP 0/0/0/20\nBandwidth                     : 400.0Gb/s\n\n"
        "Alarm Information:\nLOS = 10        LOF = 0\nFLEXO-MM = 0    FLEXO-LOM = 3\n"
        "Detected Alarms               : LOS\n\nBit Error Rate Information\n"
        "PREFEC  BER                   : 1.7E-03\nQ-Margin                      : 2.10dB\n",
        {
            "bandwidth_gbps": "400.0", "alarms": ["LOS"], "pre_fec_ber": "1.7E-03", "q_margin_db": "2.10",
            "alarm_statistics": {"los": 10, "lof": 0, "flexo_mm": 0, "flexo_lom": 3},
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_answers_in_known_formats(name: str) -> None:
    command, text, told = OTHERS[name]
    (record,) = records(command, text)
    assert {field: record[field] for field in told} == told


def test_observables_that_a_module_has_not_are_no_records() -> None:
    text = "show controller optics 0/0/0/2 observable-info\nObservable information is not available on the port\n"
    assert records("show controllers optics 0/0/0/2 observable-info", text) == []


@pytest.mark.parametrize("command", ["show controllers optics appsel detailed", "show controllers optics 0/0/0/1"])
def test_a_rule_with_a_letter_in_it_costs_no_time(command: str) -> None:
    with pytest.raises(InputError):
        parse("iosxr", command, f"{'-' * 5000}x{'=-' * 5000}\n")


@pytest.mark.parametrize(
    "command",
    [
        "show controllers optics 0/0/0/1",
        "show controller Optics 0/0/0/1",
        "SHOW controllers Optics0/0/0/1",
        "show controllers optics *",
    ],
)
def test_a_controller_is_asked_for_in_any_spelling(command: str) -> None:
    assert parse("iosxr", command, COHERENT).records[0]["controller_state"] == "up"


@pytest.mark.parametrize(
    "port", ["FourHundredGigE0/0/0/1", "fourHundredGigE 0/0/0/1", "FH0/0/0/1", "HundredGigE *", "Hu 0/0/0/1/2"]
)
def test_a_port_is_asked_for_in_any_spelling(port: str) -> None:
    assert parse("iosxr", f"show controllers {port}", OPERATION).records[0]["interface"] == "HundredGigE0/8/0/6"


# --- bad input ----------------------------------------------------------------------------------------------------

REFUSALS = (
    "",
    "\n\n",
    "           ^\n% Invalid input detected at '^' marker.\n",
    "% This command is not authorized\n",
    "Command authorization failed\n",
    "Command not supported on this interface\n",
    "Ethernet1 is up, line protocol is up (connected)\n",
    '{"a": NaN}\n',
)


@pytest.mark.parametrize("command", sorted({entry["command"] for entry in index()} or {"show version"}))
def test_what_is_no_answer_is_refused_with_its_line(command: str) -> None:
    for text in REFUSALS:
        with pytest.raises(InputError, match="not an answer of"):
            parse("iosxr", command, text)


STRANGE: dict[str, tuple[str, str, list[int]]] = {
    "a label that nobody knows": (
        "show controllers HundredGigE *",
        OPERATION.replace("    Speed: 100Gbps", "    Spin: 100Gbps"),
        [27],
    ),
    "a count that is no number": (
        "show controllers HundredGigE *",
        OPERATION.replace("Corrected Codeword Count: 7 ", "Corrected Codeword Count: 7x", 1),
        [12],
    ),
    "a speed in another unit": (
        "show controllers HundredGigE *",
        OPERATION.replace("100Gbps", "100 parsecs"),
        [27],
    ),
    "a column of pause frames that was renamed": (
        "show controllers HundredGigE *",
        OPERATION.replace("Tx PFC Frames", "Tx Oddities"),
        [22, 24],
    ),
    "a state of a module in words that do not fit": (
        "show controllers optics 0/0/0/1",
        COHERENT.replace("0.51 mW", "0.51 furlongs"),
        [19],
    ),
    "neighbours of which one row is missing": (
        "show lldp neighbors",
        "Device ID  Local Intf  Hold-time  Capability  Port ID\nTotal entries displayed: 1\n",
        [2],
    ),
    "a node whose state is missing": (
        "show platform",
        "Node       Type       State       Config state\n-------\n0/FT0      FAN\n",
        [3],
    ),
    "a part without a name": (
        "show inventory",
        'NAME: "a", DESCR: "b"\nPID: x, VID: y, SN: z\nPID: x, VID: y, SN: z\n',
        [3],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_line_that_is_not_known_is_reported(name: str) -> None:
    command, text, lines = STRANGE[name]
    assert [line.line for line in parse("iosxr", command, text).unparsed] == lines


def test_a_port_whose_head_was_lost_lends_nothing_to_the_one_before() -> None:
    second = OPERATION.replace("HundredGigE0/8/0/6", "HundredGigE0/8/0/7").replace("100Gbps", "40Gbps")
    lost = "\n".join(second.split("\n")[1:])
    (record,) = parse("iosxr", "show controllers HundredGigE *", OPERATION + lost).records
    assert (record["speed_mbps"], record["fec_corrected_codewords"]) == (100_000, 7)
    (first,) = parse("iosxr", "show controllers optics *", COHERENT + COHERENT.replace("192.80", "193.00")).records
    assert first["frequency_thz"] == "192.80"


def test_commands_that_were_typed_around_an_answer_are_no_lines_of_it() -> None:
    text = (
        "RP/0/RP0/CPU0:xr1#terminal length 0\nFri Jan  2 03:04:05.006 UTC\nRP/0/RP0/CPU0:xr1#show platform\n"
        "Fri Jan  2 03:04:06.007 UTC\n"
        "Node              Type                     State             Config state\n"
        "0/RP0/CPU0        8201-32FH(Active)        IOS XR RUN        NSHUT\n"
        "RP/0/RP0/CPU0:xr1#exit\n"
    )
    assert [(row["node"], row["state"]) for row in records("show platform", text)] == [("0/RP0/CPU0", "IOS XR RUN")]


def test_the_system_administration_has_words_of_its_own() -> None:
    nodes = (
        "Location  Card Type               HW State      SW State      Config State\n" + "-" * 76 + "\n"
        "0/0       NC55-36X100G-S          OPERATIONAL   SW_INACTIVE   NSHUT\n"
        "0/FT0     NC55-5516-FAN           OPERATIONAL   N/A           NSHUT\n"
    )
    card, tray = records("admin show platform", nodes)
    assert (card["type"], card["state"], card["software_state"]) == ("NC55-36X100G-S", "OPERATIONAL", "SW_INACTIVE")
    assert (tray["node"], tray["software_state"]) == ("0/FT0", None)
    (part,) = records("admin show inventory", "Name: Rack 0    Descr: 18-slot chassis\nPID: NCS-1 VID: V01 SN: FOX1\n")
    told = [part[name] for name in ("name", "description", "pid", "vid", "serial_number")]
    assert told == ["Rack 0", "18-slot chassis", "NCS-1", "V01", "FOX1"]


def test_what_a_test_framework_notes_is_no_line_of_an_answer() -> None:
    text = (
        '>>> dev.parse("show inventory")\n2026-01-02 03:04:05,006: %UNICON-INFO: +++ xr1: show inventory +++\n'
        "show inventory\nFri Jan  2 03:04:06.007 UTC\n"
        'NAME: "Rack 0", DESCR: "chassis"\nPID: 8201-32FH , VID: V01, SN: FOX1\n'
    )
    assert [row["pid"] for row in records("show inventory", text)] == ["8201-32FH"]


def test_an_unknown_duplex_is_none() -> None:
    text = (
        "MgmtEth0/RP0/CPU0/0 is administratively down, line protocol is administratively down\n"
        "  Duplex unknown, 0Kb/s, THD, link type is autonegotiation\n"
    )
    (port,) = records("show interfaces", text)
    assert (port["duplex"], port["speed_mbps"], port["media"]) == (None, None, "THD")


def test_the_management_of_a_port_lends_nothing_to_the_port_before() -> None:
    text = (
        "Operational data for interface HundredGigE0/0/0/1:\nState:\n    Administrative state: enabled\n"
        "Management information for interface HundredGigE0/0/0/0:\nConfig:\n    Carrier delay (up): 9000 ms\n"
    )
    parsed = parse("iosxr", "show controllers HundredGigE0/0/0/1", text)
    assert parsed.records[0] == {
        "line": 1, "interface": "HundredGigE0/0/0/1", "about": "operation", "admin_state": "enabled",
    }  # fmt: skip
    assert [one.line for one in parsed.unparsed] == [4, 5, 6]


def test_a_table_of_applications_without_a_column_that_must_be_is_refused() -> None:
    text = "-" * 30 + "\n App-ID | Host-ID | Standard |\n" + "-" * 30 + "\n 1 | 29 | ETH |\n" + "-" * 30 + "\n"
    with pytest.raises(InputError, match="no table of Applications"):
        parse("iosxr", "show controllers optics appsel advertised", text)
