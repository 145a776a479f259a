"""Recorded modules decode without exception and agree with what others read out of the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode import sff8472
from harness.decode.document import document, rows, text
from harness.decode.dump import read_dump
from harness.decode.transceiver import (
    CmisTransceiver,
    Sff8472Transceiver,
    Sff8636Transceiver,
    Transceiver,
    transceiver,
)
from harness.reading import Absence, Missing, Reading, Value
from tests.recordings import recorded

MODULES = [path for path in recorded("eeprom/*.json") if path.name != "index.json"]

STATE_WORDS = {
    1: "DPDeactivated",
    2: "DPInit",
    3: "DPDeinit",
    4: "DPActivated",
    5: "DPTxTurnOn",
    6: "DPTxTurnOff",
    7: "DPInitialized",
}
RESERVED_WORDS = (None, "reserved", "Unknown")
UNUSED = (Absence.NOT_ADVERTISED, Absence.NOT_AVAILABLE)

TX_POWER_NOT_ADVERTISED = {"tx_power": "00h:220.2 does not advertise transmit power; the register holds a number"}

KNOWN: Mapping[str, Mapping[str, str]] = {
    "cmis-400g-dr4-innolight-tdp4cnh": {
        "sonic temperature": "page 01h is not in the dump: a flag that is not raised may not be implemented",
        "sonic vcc": "page 01h is not in the dump: a flag that is not raised may not be implemented",
    },
    "sff8472-10g-sfp-fboss": {
        "sonic tx_disable": "SONiC joins the TX_DISABLE pin (110.7) with the soft control (110.6); ours is the control",
    },
    "sff8636-100g-cwdm4-bad-lower-fboss": {
        "threshold": "the damaged byte 2 says flat memory, so that page 03h, which the dump has, must not be read",
    },
    "sff8636-100g-cwdm4-fboss": {
        "tx_power": "00h:220.2 does not advertise transmit power; the register holds a number",
        "threshold tx_power_mw": "00h:220.2 does not advertise transmit power",
        "tx_los": "00h:195.1 does not advertise the flag",
        "tx_fault": "00h:195.3 does not advertise the flag",
    },
    "sff8636-40g-cr4-oem-h40g": {
        "tx_power": "a passive copper cable whose monitor registers hold arbitrary numbers",
        "rx_power": "a passive copper cable whose monitor registers hold arbitrary numbers",
        "tx_bias": "a passive copper cable whose monitor registers hold arbitrary numbers",
    },
    "sff8636-40g-lm4-finisar": TX_POWER_NOT_ADVERTISED,
    "sff8636-40g-lr4-finisar": TX_POWER_NOT_ADVERTISED,
    "sff8636-40g-sr4-avago": TX_POWER_NOT_ADVERTISED,
}
"""Where ours differs from the expected facts, and why that is meant; by name of the module and of the fact."""


def ours(value: Value[Any]) -> Any:
    """A reading's value; the Missing itself where there is none."""
    return value if isinstance(value, Missing) else value.value


def expected_of(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((path.parent / "expected" / path.name).read_text())
    return held


def same(found: Any, expected: Any) -> bool:
    """Equal to the digits that the expectation keeps.

    The expectation reads every register; where the module does not advertise one, or the register holds what means
    that nothing was measured, ours is Missing beside its zero, and where a code is reserved beside its word for that.
    """
    if isinstance(found, Missing):
        unused = found.why in UNUSED and not expected
        return unused or (found.why is Absence.RESERVED and expected in RESERVED_WORDS)
    if isinstance(found, Decimal) and expected is not None:
        wanted = Decimal(str(expected))
        return abs(found - wanted) <= Decimal("0.0005")
    return bool(found == expected)


def common_facts(module: Transceiver, spec: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "identifier", ours(module.identifier), int(spec["identifier_hex"], 16)
    for name in ("vendor_name", "vendor_oui", "vendor_pn", "vendor_rev", "vendor_sn", "date_code"):
        yield name, ours(getattr(module, name)), spec[name]
    yield "connector", ours(module.connector), spec["connector_code"]


def cmis_facts(module: CmisTransceiver, spec: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "identifier_copy", ours(module.identifier_copy), int(spec["identifier_page00_hex"], 16)
    yield "revision", ours(module.revision), spec["cmis_rev"]
    yield "flat_memory", ours(module.flat_memory), spec["flat_memory"]
    yield "module_state", ours(module.module_state), spec["module_state"]
    yield "firmware_active", ours(module.firmware_active), spec["active_firmware"]
    yield "media_type", ours(module.media_type), spec["media_type_code"]
    yield "power_class", ours(module.power_class), spec["power_class"]
    yield "max_power", ours(module.max_power), spec["max_power_w"]
    yield "cable_length", ours(module.cable_length), spec["cable_length_m"]
    yield "temperature", ours(module.temperature), spec["temperature_c_raw"]
    yield "vcc", ours(module.vcc), spec["vcc_v_raw"]
    applications = module.applications
    found = applications.value if isinstance(applications, Reading) else ()
    yield "number of applications", len(found), len(spec["applications"])
    for application, wanted in zip(found, spec["applications"], strict=False):
        name = f"application {application.number}"
        yield f"{name} host", application.host_id, wanted["host_id"]
        yield f"{name} media", application.media_id, wanted["media_id"]
        yield f"{name} host lanes", application.host_lanes, wanted["host_lanes"]
        yield f"{name} media lanes", application.media_lanes, wanted["media_lanes"]
        yield f"{name} host starts", application.host_lane_assignment, wanted["host_assign"]
        if wanted.get("media_assign") is not None:
            yield f"{name} media starts", ours(application.media_lane_assignment), wanted["media_assign"]
    if "inactive_firmware" in spec:
        yield "firmware_inactive", ours(module.firmware_inactive), spec["inactive_firmware"]
    for lane, code in enumerate(spec.get("datapath_state_codes", ())):
        yield f"dp_state {lane + 1}", ours(module.dp_state[lane]), STATE_WORDS.get(code)
    for lane, app in enumerate(spec.get("active_app_per_host_lane", ())):
        yield f"active_application {lane + 1}", ours(module.active_application[lane]), app
    for lane, first in enumerate(spec.get("active_datapath_id_per_host_lane", ())):
        yield f"active_data_path {lane + 1}", ours(module.active_data_path[lane]), first


def sff8636_facts(module: Sff8636Transceiver, spec: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "identifier_copy", ours(module.identifier_copy), int(spec["identifier_page00_hex"], 16)
    yield "revision", ours(module.lower.revision_code), spec["revision_compliance_code"]
    yield "flat_memory", ours(module.flat_memory), spec["flat_memory"]
    yield "power_class", ours(module.power_class), spec["power_class"]
    yield "temperature", ours(module.temperature), spec["temperature_c_raw"]
    yield "vcc", ours(module.vcc), spec["vcc_v_raw"]
    for lane in range(module.lanes):
        for flag, mask in (("rx_los", "rx_los_mask"), ("tx_los", "tx_los_mask"), ("tx_fault", "tx_fault_mask")):
            yield f"{flag} {lane + 1}", ours(module.flags[flag][lane]), bool(spec[mask] >> lane & 1)
        yield (
            f"tx_disable {lane + 1}",
            ours(module.controls["tx_disable"][lane]),
            bool(spec["tx_disable_mask"] >> lane & 1),
        )


def sff8472_facts(module: Sff8472Transceiver, spec: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    yield "revision", ours(module.revision), sff8472.REVISIONS[spec["sff8472_compliance_code"]]
    if "a2" in spec:
        yield "temperature", ours(module.temperature), spec["a2"]["temperature_c"]
        yield "vcc", ours(module.vcc), spec["a2"]["vcc_v"]


def lane_facts(module: Transceiver, lanes: list[Mapping[str, Any]]) -> Iterator[tuple[str, Any, Any]]:
    for wanted in lanes:
        lane = wanted.get("lane", 1) - 1
        yield f"tx_power {lane + 1}", ours(module.tx_power[lane]), wanted["tx_power_mw"]
        yield f"rx_power {lane + 1}", ours(module.rx_power[lane]), wanted["rx_power_mw"]
        yield f"tx_bias {lane + 1}", ours(module.tx_bias[lane]), wanted["tx_bias_ma"]


def threshold_facts(module: Transceiver, wanted: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for quantity, quad in wanted.items():
        for name, value in module.thresholds[quantity].items():
            yield f"threshold {quantity} {name}", ours(value), quad[name.replace("warning", "warn")]


def checksum_facts(module: Transceiver, wanted: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    held = [checksum for checksum in module.checksums if isinstance(checksum.ok, Reading)]
    yield "number of checksums", len(held), len(wanted)
    for checksum, stated in zip(held, wanted.values(), strict=False):
        name = f"checksum {checksum.page} {checksum.covers}"
        yield f"{name} range", checksum.covers, stated["range"]
        yield f"{name} stored", ours(checksum.stored), stated["stored"]
        yield f"{name} computed", ours(checksum.computed), stated["computed"]


def sonic_facts(module: Transceiver, sonic: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Flags and controls as SONiC's own decoder read them; what it did not read it calls N/A."""
    lane_flags = {**module.flags, "tx_disable": module.controls.get("tx_disable", ())}
    for name in ("rx_los", "tx_los", "rx_cdr_lol", "tx_cdr_lol", "tx_fault", "tx_disable"):
        for lane, wanted in enumerate(sonic.get(f"get_{name}") or ()):
            if isinstance(wanted, bool) and lane < len(lane_flags.get(name, ())):
                yield f"sonic {name} {lane + 1}", ours(lane_flags[name][lane]), wanted
    for quantity in ("tx_power", "tx_bias", "rx_power"):
        for name, lanes in (sonic.get(f"get_{quantity}_flag") or {}).items():
            flag = module.flags[name.replace("warn", "warning")]
            for lane, wanted in enumerate(lanes.values()):
                if isinstance(wanted, bool):
                    yield f"sonic {name} {lane + 1}", ours(flag[lane]), wanted
    level = sonic.get("get_module_level_flag") or {}
    for group, quantity in (("case_temp_flags", "temperature"), ("voltage_flags", "vcc")):
        for name, wanted in level.get(group, {}).items():
            if isinstance(wanted, bool):
                limit = name.removeprefix("case_temp_").removeprefix("voltage_").removesuffix("_flag")
                flag_name = f"{quantity}_{limit.replace('warn', 'warning')}"
                yield f"sonic {flag_name}", ours(module.module_flags[flag_name]), wanted
    laser = sonic.get("get_laser_temperature") or {}
    if isinstance(laser.get("monitor value"), float) and "laser_temperature_c" in module.aux_monitors:
        yield "sonic laser temperature", ours(module.aux_monitors["laser_temperature_c"]), laser["monitor value"]


def facts(module: Transceiver, expected: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    spec = expected["spec_decode"]
    yield "management", module.management, expected["management"]
    yield from common_facts(module, spec)
    yield from sonic_facts(module, expected["facts"]["sonic"])
    yield from checksum_facts(module, expected["checksums"])
    if isinstance(module, CmisTransceiver):
        yield from cmis_facts(module, spec)
    elif isinstance(module, Sff8636Transceiver):
        yield from sff8636_facts(module, spec)
    elif isinstance(module, Sff8472Transceiver):
        yield from sff8472_facts(module, spec)
    source = spec.get("a2", spec)
    yield from lane_facts(module, source.get("lanes", [source] if "tx_power_mw" in source else []))
    yield from threshold_facts(module, source.get("thresholds", {}))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_recorded_module_agrees_with_the_expected_facts(path: Path) -> None:
    expected = expected_of(path)
    module = transceiver(read_dump(path))
    differing = {name: (found, wanted) for name, found, wanted in facts(module, expected) if not same(found, wanted)}
    known = KNOWN.get(path.stem, {})
    assert {name: pair for name, pair in differing.items() if not name.startswith(tuple(known))} == {}
    assert [prefix for prefix in known if not any(name.startswith(prefix) for name in differing)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_recorded_module_can_be_written_out_whole(path: Path) -> None:
    module = transceiver(read_dump(path))
    assert json.loads(json.dumps(document(module)))["management"] == expected_of(path)["management"]
    assert text(module).count("\n") == len(list(rows(module)))
    assert set(module.text_faults) == {"vendor_name", "vendor_pn", "vendor_rev", "vendor_sn", "date_code"}


def test_recordings_are_all_there(recordings: Path) -> None:
    assert len(MODULES) == 53


def test_captured_sfputil_hexdump_reads_as_the_module_it_was_taken_from(recordings: Path) -> None:
    captured = read_dump(recordings / "cli/sonic/sfputil-show-eeprom-hexdump/sff8472-finisar.txt")
    kept = read_dump(recordings / "eeprom/sff8472-10g-sr-finisar-sonic-test.json")
    assert captured.pages == kept.pages
