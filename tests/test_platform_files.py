"""SONiC's device files: every recorded one loads, what contradicts is found, and what is no device file is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from harness.devicefiles import DeviceFiles, Hwsku, Kind, Platform, Remark, Serdes, cages, find, modes, read
from harness.devicefiles.buffers import BuffersFile
from harness.devicefiles.database import DatabaseFile, SamplesFile
from harness.devicefiles.fboss import MappingFile, VendorFile
from harness.devicefiles.headroom import Row as HeadroomRow
from harness.devicefiles.hwsku import HwskuFile
from harness.devicefiles.inventory import AttributesFile, NamesFile, PluggedFile, TemplatesFile
from harness.devicefiles.media import MediaFile
from harness.devicefiles.platform import PlatformFile
from harness.devicefiles.ports import PortsFile
from harness.devicefiles.ports import Row as PortRow
from harness.devicefiles.remarks import Notes, Unreadable
from harness.devicefiles.testbed import TestbedFile
from harness.devicefiles.tree import parse
from harness.errors import InputError

D = Decimal
Files = Mapping[str, Any]


@pytest.fixture(scope="session")
def platforms(recordings: Path) -> DeviceFiles:
    return read(recordings / "sonic_platform")


@pytest.fixture(scope="session")
def configurations(recordings: Path) -> DeviceFiles:
    return read(recordings / "sonic_config")


@pytest.fixture(scope="session")
def contents(configurations: DeviceFiles) -> Files:
    return {str(loaded.path): loaded.content for loaded in configurations.files}


def by_rule(remarks: tuple[Remark, ...]) -> Counter[tuple[str, str]]:
    return Counter((remark.file, remark.rule) for remark in remarks)


def row_of(platform: Platform, port: str) -> Any:
    assert platform.file is not None
    return next(row for row in platform.file.cages if row.port == port)


# --- every recorded platform --------------------------------------------------------------------------------------


def test_every_recorded_file_of_a_platform_loads(platforms: DeviceFiles, recordings: Path) -> None:
    index = json.loads((recordings / "sonic_platform" / "index.json").read_text("utf-8"))
    listed = {entry["file"] for entry in index["files"]}
    assert {str(loaded.path) for loaded in platforms.files} == listed
    assert len(listed) == 202
    assert (platforms.refused, platforms.unread) == ((), ("index.json",))
    assert len(platforms.platforms) == 19
    assert sum(len(platform.hwskus) for platform in platforms.platforms.values()) == 33


def test_every_file_is_of_the_kind_that_its_name_says(platforms: DeviceFiles) -> None:
    kinds = {
        "platform.json": PlatformFile, "hwsku.json": HwskuFile, "port_config.ini": PortsFile,
        "media_settings.json": MediaFile, "optics_si_settings.json": MediaFile,
    }  # fmt: skip
    for loaded in platforms.files:
        if loaded.path.name in kinds:
            assert isinstance(loaded.content, kinds[loaded.path.name]), loaded.path
        if loaded.path.name.startswith("buffers_defaults"):
            assert isinstance(loaded.content, BuffersFile), loaded.path


def test_no_key_of_a_recorded_platform_is_unknown(platforms: DeviceFiles) -> None:
    assert [str(remark) for remark in platforms.remarks if remark.kind is Kind.UNKNOWN] == []


REAL = {
    ("x86_64-accton_as9726_32d-r0/Accton-AS9726-32D/port_config.ini", "lane-twice"): 2,
    ("x86_64-cel_silverstone-r0/Silverstone-128x100/port_config.ini", "lanes-differ"): 127,
    ("x86_64-dell_z9664f-r0/DellEMC-Z9664f-O64/hwsku.json", "no-such-port"): 1,
    ("x86_64-micas_m2-w6950-128oc-r0/M2-W6950-O128-LPO-N/hwsku.json", "no-such-port"): 1,
    ("x86_64-micas_m2-w6950-128oc-r0/M2-W6950-O128-LPO-N/port_config.ini", "lanes-differ"): 1,
    ("x86_64-micas_m2-w6950-128oc-r0/M2-W6950-O128/hwsku.json", "no-such-port"): 1,
    ("x86_64-micas_m2-w6950-128oc-r0/M2-W6950-O128/port_config.ini", "lanes-differ"): 1,
    ("x86_64-mlnx_msn4700-r0/Mellanox-SN4700-O8C48/hwsku.json", "mode-not-offered"): 24,
    ("x86_64-nexthop_5010-r0/NH-5010-F-O64/hwsku.json", "no-such-port"): 1,
    ("x86_64-nokia_ixr7220_h6_128-r0/platform.json", "index-lanes"): 1,
    ("x86_64-nvidia_sn5600-r0/Mellanox-SN5600-C256S1/port_config.ini", "speed-not-offered"): 256,
    ("x86_64-nvidia_sn5640-r0/Mellanox-SN5640-C512S2/hwsku.json", "mode-not-offered"): 2,
}
"""What really contradicts in the recordings: file and rule, and how often."""


def test_the_contradictions_of_the_recordings_are_these(platforms: DeviceFiles) -> None:
    assert by_rule(platforms.remarks) == REAL


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        (
            "x86_64-accton_as9726_32d-r0/Accton-AS9726-32D/port_config.ini", 34,
            "Ethernet33: lane 249 is of Ethernet31 too",
        ),
        (
            "x86_64-nokia_ixr7220_h6_128-r0/platform.json", 5009,
            "Ethernet1024: index is of 1 lane, lanes has 4",
        ),
        (
            "x86_64-nvidia_sn5640-r0/Mellanox-SN5640-C512S2/hwsku.json", 2051,
            "Ethernet512: mode 1x10G[25G], and x86_64-nvidia_sn5640-r0/platform.json offers 1x25G[10G]",
        ),
        (
            "x86_64-dell_z9664f-r0/DellEMC-Z9664f-O64/hwsku.json", 3,
            "Ethernet0: 66 ports, and x86_64-dell_z9664f-r0/platform.json has no interface",
        ),
        (
            "x86_64-micas_m2-w6950-128oc-r0/M2-W6950-O128/port_config.ini", 131,
            "Ethernet1025: lane 0: no cage of x86_64-micas_m2-w6950-128oc-r0/platform.json has it",
        ),
    ],
)  # fmt: skip
def test_a_contradiction_names_file_and_line(file: str, line: int, said: str, platforms: DeviceFiles) -> None:
    assert f"{file}:{line}: {said}" in {str(remark) for remark in platforms.remarks}


def test_cages_and_modes_of_sn5600(platforms: DeviceFiles) -> None:
    sn5600 = platforms.platforms["x86_64-nvidia_sn5600-r0"]
    assert sn5600.file is not None
    assert (sn5600.asic, sn5600.file.name, len(sn5600.file.cages)) == ("mellanox", "SN5600", 65)
    last = row_of(sn5600, "Ethernet504")
    assert (last.number, last.lanes, last.index) == ("64", tuple(range(504, 512)), (64,) * 8)
    assert [mode.text for mode in last.modes] == [
        "1x800G[400G,200G,100G,50G,40G,25G,10G]", "2x400G[200G,100G,50G,40G,25G,10G]", "4x200G[100G,50G,25G,10G]",
    ]  # fmt: skip
    assert [mode.aliases for mode in last.modes] == [
        ("etp64",), ("etp64a", "etp64b"), ("etp64a", "etp64b", "etp64c", "etp64d"),
    ]  # fmt: skip
    assert (last.lane_gbps, row_of(sn5600, "Ethernet512").lane_gbps) == (100, 25)


def test_parts_of_a_chassis(platforms: DeviceFiles) -> None:
    sn5600 = platforms.platforms["x86_64-nvidia_sn5600-r0"].file
    assert sn5600 is not None
    counts = Counter(part.kind for part in sn5600.chassis.parts)
    assert (counts["power supply"], counts["fan drawer"], counts["cage"]) == (2, 4, 65)
    drawers = list(sn5600.chassis.each("fan drawer"))
    assert [fan.name for fan in drawers[0].parts] == ["fan1", "fan2"]


def test_a_mix_of_two_widths(platforms: DeviceFiles) -> None:
    cage = row_of(platforms.platforms["x86_64-nvidia_sn5640-r0"], "Ethernet0")
    mixed = next(mode for mode in cage.modes if mode.text == "1x400G(4)+4x100G(4)")
    assert [(share.speeds, share.lanes) for share in mixed.shares(8)] == [
        ((D(400),), (1, 2, 3, 4)), ((D(100),), (5,)), ((D(100),), (6,)), ((D(100),), (7,)), ((D(100),), (8,)),
    ]  # fmt: skip


def hwsku(platforms: DeviceFiles, platform: str, name: str) -> Hwsku:
    return platforms.platforms[platform].hwskus[name]


def test_ports_of_a_hwsku(platforms: DeviceFiles) -> None:
    p32 = hwsku(platforms, "x86_64-arista_7060x6_64pe_b", "Arista-7060X6-64PE-B-P32O64")
    assert p32.ports is not None
    assert Counter((row.speed_gbps, len(row.lanes), row.fec) for row in p32.ports.rows) == {
        (D(800), 8, "rs"): 32, (D(400), 4, "rs"): 64,
    }  # fmt: skip
    assert p32.ports.rows[0] == PortRow(
        "Ethernet0", 2, tuple(range(17, 25)), "etp1", 1, D(800), "rs", None, {}
    )  # fmt: skip


def test_columns_are_those_of_the_header(platforms: DeviceFiles) -> None:
    nexthop = hwsku(platforms, "x86_64-nexthop_5010-r0", "NH-5010-F-O64")
    assert nexthop.ports is not None
    first = nexthop.ports.rows[0]
    assert (first.role, first.fec, first.others["core_id"], first.others["num_voq"]) == ("Ext", "rs", "3", "8")
    sn4700 = hwsku(platforms, "x86_64-mlnx_msn4700-r0", "ACS-MSN4700")
    assert sn4700.ports is not None
    assert {row.speed_gbps for row in sn4700.ports.rows} == {None}, "a file without the column tells no speed"
    c256 = hwsku(platforms, "x86_64-nvidia_sn5600-r0", "Mellanox-SN5600-C256S1")
    assert c256.ports is not None
    assert [row.others.get("autoneg") for row in (c256.ports.rows[0], c256.ports.rows[-1])] == ["off", None]


def test_headroom_rows(platforms: DeviceFiles) -> None:
    arista = hwsku(platforms, "x86_64-arista_7060x6_64pe_b", "Arista-7060X6-64PE-B-P32O64").headroom
    assert arista is not None
    assert arista.rows[3] == HeadroomRow(6, D(400), D(500), 8636, 0, 1136396, 0, 3556)
    sn5600 = hwsku(platforms, "x86_64-nvidia_sn5600-r0", "ACS-SN5600").headroom
    assert sn5600 is not None
    longest = {row.speed_gbps: row.xoff for row in sn5600.rows if row.cable_m == 300}
    assert longest[D(800)] == 1150976
    empty = hwsku(platforms, "x86_64-arista_7060x6_64pe", "Arista-7060X6-64PE-P64").headroom
    assert empty is not None
    assert empty.rows == ()


def test_buffer_constants(platforms: DeviceFiles) -> None:
    arista = hwsku(platforms, "x86_64-arista_7060x6_64pe", "Arista-7060X6-64PE")
    assert set(arista.buffers) == {"buffers_defaults_t0.json", "buffers_defaults_t1.json"}
    assert arista.buffers["buffers_defaults_t0.json"].default_cable_m == 5
    held = [file for loaded in platforms.files if isinstance(file := loaded.content, BuffersFile)]
    assert sum(bool(file.pools) for file in held) == 26
    assert {profile.pool for file in held for profile in file.profiles} <= {
        "ingress_lossless_pool", "egress_lossless_pool", "ingress_lossy_pool", "egress_lossy_pool",
    }  # fmt: skip


def test_media_settings_by_lane(platforms: DeviceFiles) -> None:
    file = platforms.platforms["x86_64-micas_m2-w6940-64oc-r0"].media
    assert file is not None
    assert file.settings
    for setting in file.settings:
        assert sorted(setting.values) == list(range(1, len(setting.values) + 1))
    optics = platforms.platforms["x86_64-nokia_ixr7220_h6_128-r0"].optics
    assert optics is not None
    assert {setting.parameter for setting in optics.settings} <= {
        "OutputAmplitudeTargetRx", "OutputEqPreCursorTargetRx", "OutputEqPostCursorTargetRx", "FixedInputEqTargetTx",
    }  # fmt: skip


# --- every recorded configuration ---------------------------------------------------------------------------------


def test_every_recorded_configuration_loads(configurations: DeviceFiles, recordings: Path) -> None:
    index = json.loads((recordings / "sonic_config" / "index.json").read_text("utf-8"))
    listed = {entry["file"] for entry in index["files"]}
    assert {str(loaded.path) for loaded in configurations.files} == listed
    assert len(listed) == 75
    assert (configurations.refused, configurations.unread) == ((), ("index.json",))
    assert [str(remark) for remark in configurations.remarks if remark.kind is Kind.UNKNOWN] == []


def test_the_contradictions_of_the_configurations_are_these(configurations: DeviceFiles) -> None:
    assert by_rule(configurations.remarks) == {
        ("config_db/utilities-mock_config_db.json", "breakout-ports"): 2,
        ("config_db/utilities-mock_config_db.json", "lane-twice"): 1,
        ("config_db/utilities-t1_config_db.json", "lane-twice"): 1,
        ("config_db/yang-sample_config_db.json", "key-twice"): 4,
        ("config_db/yang-sample_config_db.json", "no-such-port"): 3,
        ("config_db/yang-sample_config_db.json", "speed-lanes"): 39,
        ("config_db/yang-sample_config_db.json", "breakout-ports"): 3,
        ("port_config/sample_hwsku.json", "mode-not-offered"): 5,
        ("redis/utilities-mock_appl_db.json", "lane-twice"): 3,
        ("redis/utilities-mock_state_db.json", "key-twice"): 2,
    }


def test_a_database_of_nested_tables(contents: Files) -> None:
    file = contents["config_db/mgmt-vlab-t2-01_config_db.json"]
    assert isinstance(file, DatabaseFile)
    assert (len(file.tables["SYSTEM_PORT"]), len(file.ports)) == (99, 32)
    port = next(port for port in file.ports if port.name == "Ethernet96")
    assert (port.lanes, port.alias, port.index, port.speed_gbps) == ((125, 126, 127, 128), "fortyGigE0/96", 24, D(40))


def test_a_database_of_flat_keys(contents: Files) -> None:
    file = contents["config_db/utilities-mock_config_db.json"]
    assert isinstance(file, DatabaseFile)
    assert {port: mode.text for port, mode in file.breakouts.items()} == {
        "Ethernet0": "4x25G[10G]", "Ethernet4": "2x50G", "Ethernet8": "1x100G[40G]",
    }  # fmt: skip
    assert file.tables["SFLOW"]["global"].text("sample_direction") == "both"
    assert file.tables["SFLOW"]["global"].line == 2


def test_a_dump_of_redis_is_unwrapped(contents: Files) -> None:
    file = contents["config_db/utilities-t1_config_db.json"]
    assert isinstance(file, DatabaseFile)
    assert file.tables["PORT"]["Ethernet0"].text("speed") == "100000"
    assert len(file.ports) == 34


def test_samples_are_databases_of_their_own(contents: Files) -> None:
    file = contents["config_db/yang-sample_config_db.json"]
    assert isinstance(file, SamplesFile)
    assert set(file.samples) == {
        "SAMPLE_CONFIG_DB_JSON", "SAMPLE_CONFIG_DB_UNKNOWN", "SAMPLE_CONFIG_DB_SPECIAL_CASE",
    }  # fmt: skip
    sample = file.samples["SAMPLE_CONFIG_DB_JSON"]
    assert sample.tables["BUFFER_POOL"]["ingress_lossless_pool"].text("xoff") == "196608"


@pytest.mark.parametrize(
    ("file", "table", "rows"),
    [
        ("redis/utilities-mock_state_db.json", "TRANSCEIVER_INFO", 10),
        ("redis/utilities-mock_counters_db.json", "COUNTERS", 169),
        ("redis/utilities-mock_appl_db.json", "PORT_TABLE", 12),
        ("rendered/qos-arista7060x6.json", "QUEUE", 1040),
        ("rendered/buffer-lrh-nh5010.json", "BUFFER_QUEUE", 189),
        ("rendered/buffers-mellanox4600c-t1-dynamic.json", "BUFFER_PG", 148),
    ],
)
def test_tables_of_databases(file: str, table: str, rows: int, contents: Files) -> None:
    assert len(contents[file].tables[table]) == rows


def test_rendered_thresholds(contents: Files) -> None:
    wred = contents["rendered/qos-arista7060x6.json"].tables["WRED_PROFILE"]["WRED_LOSSLESS_Q3"]
    assert (wred.text("ecn"), wred.text("green_max_threshold")) == ("ecn_all", "262144")
    lengths = contents["rendered/buffer-lrh-nh5010.json"].tables["CABLE_LENGTH"]["AZURE"]
    assert (lengths.text("Ethernet0"), lengths.text("Ethernet252")) == ("50m", "300m")


@pytest.mark.parametrize(
    ("board", "lanes", "ports", "profiles", "signals"),
    [
        ("montblanc", 516, 321, 12, 1900), ("minipack3n", 514, 130, 10, 1028),
        ("wedge800bact", 260, 162, 23, 1552), ("janga800bic", 0, 0, 11, 616),
    ],
)  # fmt: skip
def test_platform_mappings(board: str, lanes: int, ports: int, profiles: int, signals: int, contents: Files) -> None:
    def table(name: str) -> MappingFile:
        found = contents.get(f"fboss_platform_mapping/{board}/{board}_{name}.csv")
        return found if isinstance(found, MappingFile) else MappingFile("", "")

    counts = (
        len(table("static_mapping").lanes), len(table("port_profile_mapping").ports),
        len(table("profile_settings").profiles), len(table("si_settings").signals),
    )  # fmt: skip
    assert counts == (lanes, ports, profiles, signals)
    assert isinstance(contents[f"fboss_platform_mapping/{board}/{board}_vendor_config.json"], VendorFile)


def test_rows_of_a_platform_mapping(contents: Files) -> None:
    lane = contents["fboss_platform_mapping/montblanc/montblanc_static_mapping.csv"].lanes[0]
    assert (lane.near.core_type, lane.near.tx, lane.near.rx, lane.near.swapped) == ("TH5_NIF", 4, 2, (True, False))
    assert (lane.far.chip, lane.far.core_type) == (2, "OSFP")
    port = contents["fboss_platform_mapping/minipack3n/minipack3n_port_profile_mapping.csv"].ports[1]
    assert (port.name, port.cage, port.lane, port.profiles) == ("eth1/35/5", 35, 5, (23, 38, 45))
    profile = contents["fboss_platform_mapping/wedge800bact/wedge800bact_profile_settings.csv"].profiles[0]
    assert (profile.speed_gbps, profile.lanes, profile.fec, profile.media) == (D(800), 8, "RS544_2N", "BACKPLANE")
    signal = contents["fboss_platform_mapping/janga800bic/janga800bic_si_settings.csv"].signals[0]
    assert (signal.lane_gbps, signal.taps["TX_MAIN"], signal.taps["TX_PRE1"]) == (D("106.25"), 136, -28)
    montblanc = contents["fboss_platform_mapping/montblanc/montblanc_platform_descriptor.csv"].descriptors[0]
    assert (montblanc.vendor, montblanc.asic) == ("celestica", "TOMAHAWK5")


def test_tables_of_a_test_lab(contents: Files) -> None:
    devices, links = contents["lab/sonic_lab_devices.csv"], contents["lab/sonic_lab_links.csv"]
    assert isinstance(devices, TestbedFile)
    assert [device.name for device in devices.devices][:2] == ["str-msn2700-01", "str-7260-10"]
    assert (devices.devices[0].hwsku, devices.devices[2].os) == ("Mellanox-2700", "eos")
    first = links.links[0]
    assert (first.near, first.far) == (("str-msn2700-01", "Ethernet0"), ("str-7260-10", "Ethernet1"))
    assert (first.speed_gbps, first.vlan, first.autoneg) == (D(40), "1681", "on")


def test_files_of_a_transceiver_inventory(contents: Files) -> None:
    held = {path: file for path, file in contents.items() if path.startswith("transceiver_inventory/")}
    assert Counter(type(file) for file in held.values()) == {
        PluggedFile: 1, NamesFile: 1, TemplatesFile: 1, AttributesFile: 19,
    }  # fmt: skip
    plugged = held["transceiver_inventory/dut_info/lab-dut-01.json"]
    assert plugged.modules[0].identity["vendor_pn"] == "QSFP-2X100G-AOC-15M"
    assert [(one.port, one.media_lanes) for one in plugged.lanes][:5] == [
        ("Ethernet0", (1,)), ("Ethernet1", (2,)), ("Ethernet2", (3,)), ("Ethernet3", (4,)), ("Ethernet4", (5,)),
    ]  # fmt: skip
    category = held["transceiver_inventory/attributes/cdb_firmware_upgrade/cdb_firmware_upgrade.json"]
    assert category.mandatory == ("firmware_versions", "gold_firmware_version")
    assert category.attributes["defaults.firmware_download_interrupt_percentage"] == (10, 30, 50, 90)


def test_settings_of_xcvrd(contents: Files) -> None:
    plain = contents["xcvrd/media_settings.json"]
    first = plain.settings[0]
    assert (first.media, first.parameter, first.interface) == ("QSFP28-40GBASE-CR4-1M", "preemphasis", "")
    assert first.values == dict.fromkeys((1, 2, 3, 4), 0x16440A)
    assert first.cages == tuple(range(1, 33))
    optics = contents["xcvrd/optics_si_settings.json"].settings[0]
    assert (optics.interface, optics.parameter, optics.values[1]) == ("100", "OutputEqPreCursorTargetRx", 3)


# --- modes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lanes", "shares"),
    [
        ("1x800G[400G]", 8, [((800, 400), 8)]),
        ("2x400G", 8, [((400,), 4)] * 2),
        ("4x25G[10000]", 4, [((25, 10), 1)] * 4),
        ("2x25000(2)+1x50G(2)", 4, [((25,), 1), ((25,), 1), ((50,), 2)]),
        ("1x100G(4)", 8, [((100,), 4)]),
        ("2x400G[200G](4)+1x800G[400G](4)", 8, [((400, 200), 2), ((400, 200), 2), ((800, 400), 4)]),
    ],
)
def test_modes_have_shares(text: str, lanes: int, shares: list[tuple[tuple[int, ...], int]]) -> None:
    mode = modes.parse(text, 1)
    assert mode is not None
    found = [(tuple(map(int, share.speeds)), len(share.lanes)) for share in mode.shares(lanes)]
    assert found == shares
    assert list(mode.problems(lanes)) == []


@pytest.mark.parametrize("text", ["", "800G", "1x", "x800G", "0x100G", "1x800G[", "1x800G[fast]", "1x0G", "1x800G(0)"])
def test_a_word_that_is_no_mode_is_none(text: str) -> None:
    assert modes.parse(text, 1) is None


@pytest.mark.parametrize(
    ("text", "lanes", "said"),
    [
        ("1x400G(8)", 4, "mode 1x400G(8) takes 8 lanes, the cage has 4"),
        ("1x1600G", 4, "mode 1x1600G: 1600 Gb/s needs 8 lanes or more, a port has 4"),
        ("2x800G", 4, "mode 2x800G: 800 Gb/s needs 4 lanes or more, a port has 2"),
        ("3x100G", 8, "mode 3x100G: 3 ports out of 8 lanes"),
        ("8x100G", 4, "mode 8x100G: 8 ports out of 4 lanes"),
        ("1x400G(4)+2x100G(2)", 8, "mode 1x400G(4)+2x100G(2) covers 6 of the cage's 8 lanes"),
        ("1x400G(4)+4x100G(8)", 8, "mode 1x400G(4)+4x100G(8) takes 12 lanes, the cage has 8"),
        ("1x400G+4x100G", 8, "mode 1x400G+4x100G: each group of a mix has to say its lanes"),
        ("1x100G", 8, "mode 1x100G: 100 Gb/s on 8 lanes is 12.5 Gb/s each, and no lane runs at that"),
        ("1x10G[400G]", 1, "mode 1x10G[400G]: 400 Gb/s needs 2 lanes or more"),
    ],
)
def test_a_mode_that_does_not_fit_its_cage(text: str, lanes: int, said: str) -> None:
    mode = modes.parse(text, 1)
    assert mode is not None
    assert [message for _, message in mode.problems(lanes)] == [said]


# --- planted contradictions ---------------------------------------------------------------------------------------

CAGE0: dict[str, Any] = {
    "index": "1,1,1,1,1,1,1,1", "lanes": "0,1,2,3,4,5,6,7",
    "breakout_modes": {"1x800G[400G]": ["etp1"], "2x400G": ["etp1a", "etp1b"]},
}  # fmt: skip
CAGE8: dict[str, Any] = {
    "index": "2,2,2,2,2,2,2,2", "lanes": "8,9,10,11,12,13,14,15",
    "breakout_modes": {"1x800G[400G]": ["etp2"], "2x400G": ["etp2a", "etp2b"]},
}  # fmt: skip
PLATFORM: dict[str, Any] = {"chassis": {"name": "Box"}, "interfaces": {"Ethernet0": CAGE0, "Ethernet8": CAGE8}}
HWSKU = {
    "interfaces": {
        "Ethernet0": {"default_brkout_mode": "1x800G[400G]"}, "Ethernet8": {"default_brkout_mode": "2x400G"},
    }
}  # fmt: skip
PORTS = """\
# name lanes alias index speed fec
Ethernet0 0,1,2,3,4,5,6,7 etp1 1 800000 rs
Ethernet8 8,9,10,11 etp2a 2 400000 rs
Ethernet12 12,13,14,15 etp2b 2 400000 rs
"""


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """A platform with one HwSKU on disk, with some of its files changed."""

    def write(platform: Any = PLATFORM, hwsku: Any = HWSKU, ports: str | None = PORTS, **others: Any) -> Path:
        home = tmp_path / "x86_64-box-r0"
        (home / "Box-1").mkdir(parents=True, exist_ok=True)
        texts = {"platform.json": platform, "Box-1/hwsku.json": hwsku, "Box-1/port_config.ini": ports}
        texts |= {name.replace("__", "/").replace("_dot_", "."): text for name, text in others.items()}
        for name, content in texts.items():
            if content is not None:
                text = content if isinstance(content, str) else json.dumps(content, indent=1)
                (home / name).write_text(text, encoding="utf-8")
        return home

    return write


def said(home: Path, **told: Any) -> set[str]:
    return {f"{Path(one.file).name}: {one.subject}: {one.message}" for one in read(home, **told).remarks}


def interface(name: str, cage: Mapping[str, Any], **changes: Any) -> Mapping[str, Any]:
    return {**PLATFORM, "interfaces": {**PLATFORM["interfaces"], name: {**cage, **changes}}}


def test_a_sound_platform_has_no_remark(tree: Callable[..., Path]) -> None:
    assert said(tree()) == set()


PLANTED_PLATFORM = {
    "a lane of two cages": (
        interface("Ethernet8", CAGE8, lanes="7,9,10,11,12,13,14,15"),
        "platform.json: Ethernet8: lane 7 is of Ethernet0 too",
    ),
    "a lane twice in one cage": (
        interface("Ethernet8", CAGE8, lanes="8,8,10,11,12,13,14,15"),
        "platform.json: Ethernet8: lane 8 stands twice",
    ),
    "an index for fewer lanes": (
        interface("Ethernet8", CAGE8, index="2,2"), "platform.json: Ethernet8: index is of 2 lanes, lanes has 8",
    ),
    "lanes of two cages in one interface": (
        interface("Ethernet8", CAGE8, index="2,2,2,2,3,3,3,3"),
        "platform.json: Ethernet8: its lanes are in cages 2 and 3",
    ),
    "an alias of two cages": (
        interface("Ethernet8", CAGE8, breakout_modes={"1x800G[400G]": ["etp1"], "2x400G": ["etp2a", "etp2b"]}),
        "platform.json: Ethernet8: alias etp1 is of Ethernet0 too",
    ),
    "fewer aliases than ports": (
        interface("Ethernet8", CAGE8, breakout_modes={"1x800G[400G]": ["etp2"], "2x400G": ["etp2a"]}),
        "platform.json: Ethernet8: mode 2x400G has 2 ports and 1 aliases",
    ),
    "a mode that needs more lanes": (
        interface("Ethernet8", CAGE8, breakout_modes={**CAGE8["breakout_modes"], "2x1600G": ["a", "b"]}),
        "platform.json: Ethernet8: mode 2x1600G: 1600 Gb/s needs 8 lanes or more, a port has 4",
    ),
    "children that do not cover the cage": (
        interface("Ethernet8", CAGE8, breakout_modes={**CAGE8["breakout_modes"], "1x400G(4)+1x100G(1)": ["a", "b"]}),
        "platform.json: Ethernet8: mode 1x400G(4)+1x100G(1) covers 5 of the cage's 8 lanes",
    ),
    "a word that is no mode": (
        interface("Ethernet8", CAGE8, breakout_modes={**CAGE8["breakout_modes"], "2 by 400": ["a", "b"]}),
        "platform.json: Ethernet8: '2 by 400' is no breakout mode",
    ),
    "a child that is a cage of its own": (
        interface("Ethernet4", CAGE8, lanes="16,17,18,19,20,21,22,23", index="3,3,3,3,3,3,3,3", breakout_modes={}),
        "platform.json: Ethernet0: mode 2x400G makes a port Ethernet4, which is a cage of its own",
    ),
    "a key that nobody knows": (
        interface("Ethernet8", CAGE8, colour="blue"), "platform.json: Ethernet8: 'colour' is not known",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("platform", "message"), PLANTED_PLATFORM.values(), ids=PLANTED_PLATFORM)
def test_planted_in_platform_json(platform: Any, message: str, tree: Callable[..., Path]) -> None:
    assert message in said(tree(platform))


def test_a_lane_faster_than_the_asic_contradicts_the_table(tree: Callable[..., Path]) -> None:
    faster = interface("Ethernet8", CAGE8, breakout_modes={**CAGE8["breakout_modes"], "1x1600G": ["x"]})
    told = {"x86_64-box-r0": Serdes(D(100), "the table has Tomahawk 5 with 100 Gb/s a lane (recalled)")}
    message = "mode 1x1600G has lanes of 200 Gb/s, and the table has Tomahawk 5 with 100 Gb/s a lane (recalled)"
    assert f"platform.json: Ethernet8: {message}" in said(tree(faster), serdes=told)


def chosen(**ports: str) -> Mapping[str, Any]:
    return {"interfaces": {port: {"default_brkout_mode": mode} for port, mode in ports.items()}}


PLANTED_HWSKU = {
    "a mode that the cage does not offer": (
        chosen(Ethernet0="4x200G", Ethernet8="2x400G"), PORTS,
        "hwsku.json: Ethernet0: mode 4x200G, and platform.json offers 1x800G[400G], 2x400G",
    ),
    "the same mode without its alternatives is another key": (
        chosen(Ethernet0="1x800G", Ethernet8="2x400G"), PORTS,
        "hwsku.json: Ethernet0: mode 1x800G, and platform.json offers 1x800G[400G], 2x400G",
    ),
    "a port that the platform lacks": (
        chosen(Ethernet0="1x800G[400G]", Ethernet8="2x400G", Ethernet64="2x400G"), PORTS,
        "hwsku.json: Ethernet64: platform.json has no such interface, and no mode that is chosen makes it",
    ),
    "a child whose mode is not its cage's": (
        chosen(Ethernet0="1x800G[400G]", Ethernet8="2x400G", Ethernet12="4x200G"), PORTS,
        "hwsku.json: Ethernet12: mode 4x200G, and Ethernet8 of the same cage has 2x400G",
    ),
    "a FEC that is none": (
        {"interfaces": {"Ethernet0": {"default_brkout_mode": "2x400G", "fec": "reed"}}}, None,
        "hwsku.json: Ethernet0: fec 'reed': one of auto, fc, none, off, rs was expected",
    ),
    "a mode that makes a port which the list lacks": (
        chosen(Ethernet0="1x800G[400G]", Ethernet8="2x400G"), "\n".join(PORTS.splitlines()[:3]),
        "hwsku.json: Ethernet12: mode 2x400G of Ethernet8 makes it, and Box-1/port_config.ini does not have it",
    ),
    "a list with a port which no mode makes": (
        chosen(Ethernet0="1x800G[400G]", Ethernet8="1x800G[400G]"), PORTS,
        "port_config.ini: Ethernet12: Box-1/hwsku.json makes no such port",
    ),
    "a speed that the chosen mode has not": (
        chosen(Ethernet0="1x800G[400G]", Ethernet8="2x400G"), PORTS.replace("etp2a 2 400000", "etp2a 2 200000"),
        "hwsku.json: Ethernet8: mode 2x400G and 200 Gb/s in Box-1/port_config.ini",
    ),
    "lanes that are another cage's": (
        None, PORTS.replace("0,1,2,3,4,5,6,7", "16,1,2,3,4,5,6,7"),
        "port_config.ini: Ethernet0: lane 16: no cage of platform.json has it",
    ),
    "lanes of two cages": (
        None, PORTS.replace(" 8,9,10,11", " 7,8,9,10"),
        "port_config.ini: Ethernet8: its lanes are of Ethernet0 and Ethernet8 in platform.json",
    ),
    "lanes of the other half": (
        None, PORTS.replace(" 8,9,10,11", " 12,13,14,15").replace("Ethernet12 12,13,14,15", "Ethernet12 8,9,10,11"),
        "port_config.ini: Ethernet8: its lanes are those of Ethernet12 in platform.json",
    ),
    "an index that is another cage's": (
        None, PORTS.replace("etp2b 2", "etp2b 3"),
        "port_config.ini: Ethernet12: index 3, and Ethernet8 has 2 in platform.json",
    ),
    "a speed that no mode gives": (
        None, PORTS.replace("etp2b 2 400000", "etp2b 2 100000"),
        "port_config.ini: Ethernet12: 100 Gb/s on 4 lanes: no mode of Ethernet8 gives it (1x800G[400G], 2x400G)",
    ),
    "a port twice": (
        None, PORTS + "Ethernet12 12,13,14,15 etp2c 2 400000 rs\n",
        "port_config.ini: Ethernet12: stands twice, first on line 4",
    ),
    "an alias twice": (
        None, PORTS.replace("etp2b", "etp2a"), "port_config.ini: Ethernet12: alias etp2a is of Ethernet8 too",
    ),
    "a lane of two ports": (
        None, PORTS.replace("Ethernet12 12,", "Ethernet12 11,"),
        "port_config.ini: Ethernet12: lane 11 is of Ethernet8 too",
    ),
    "a speed that lanes cannot carry": (
        None, PORTS.replace("etp2b 2 400000", "etp2b 2 1600000"),
        "port_config.ini: Ethernet12: 1600 Gb/s needs 8 lanes or more, it has 4",
    ),
    "a column that nobody knows": (
        None, PORTS.replace("fec\n", "hue\n"), "port_config.ini: columns: 'hue' is not known",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("hwsku_json", "ports", "message"), PLANTED_HWSKU.values(), ids=PLANTED_HWSKU)
def test_planted_in_a_hwsku(hwsku_json: Any, ports: str | None, message: str, tree: Callable[..., Path]) -> None:
    assert message in said(tree(hwsku=hwsku_json or HWSKU, ports=ports))


def test_a_hwsku_may_list_the_children_of_its_modes(tree: Callable[..., Path]) -> None:
    children = chosen(Ethernet0="1x800G[400G]", Ethernet8="2x400G", Ethernet12="2x400G")
    assert said(tree(hwsku=children)) == set()


LANES = {f"lane{lane}": "0x1" for lane in range(8)}
PLANTED_OTHERS = {
    "headroom that falls with length": (
        {"Box-1__pg_profile_lookup_dot_ini": "400000 5m 1 0 900 0 0\n400000 40m 1 0 800 0 0\n"},
        "pg_profile_lookup.ini: 400G at 40 m: xoff 800 is less than the 900 of 5 m",
    ),
    "headroom twice": (
        {"Box-1__pg_profile_lookup_dot_ini": "400000 5m 1 0 900 0 0\n400000 5m 1 0 900 0 0\n"},
        "pg_profile_lookup.ini: 400G at 5 m: stands twice, first on line 1",
    ),
    "settings of a cage that is not there": (
        {"media_settings_dot_json": {"PORT_MEDIA_SETTINGS": {"9": {"Default": {"main": LANES}}}}},
        "media_settings.json: Default: no cage 9: platform.json has 1 to 2",
    ),
    "cages in two ranges": (
        {
            "media_settings_dot_json": {
                "GLOBAL_MEDIA_SETTINGS": {"1-2": {"A": {"main": LANES}}, "2": {"A": {"main": LANES}}}
            }
        },
        "media_settings.json: 2: cage 2 is in '1-2' too; the first that fits counts",
    ),
    "fewer lanes than the interface has": (
        {
            "media_settings_dot_json": {
                "GLOBAL_MEDIA_SETTINGS": {"1": {"A": {"speed:400GAUI-8": {"main": {"lane0": "1", "lane1": "1"}}}}}
            }
        },
        "media_settings.json: A main: 400GAUI-8 has 8 lanes, 2 are set",
    ),
    "parameters of different lanes": (
        {"media_settings_dot_json": {"GLOBAL_MEDIA_SETTINGS": {"1": {"A": {"main": LANES, "post1": {"lane0": 1}}}}}},
        "media_settings.json: A: post1 is of 1 lanes, main of 8",
    ),
    "a pattern that cannot match": (
        {"media_settings_dot_json": {"GLOBAL_MEDIA_SETTINGS": {"1": {"A(": {"main": LANES}}}}},
        "media_settings.json: A(: it is no regular expression: missing ), unterminated subpattern at position 1",
    ),
    "a code of five bits": (
        {
            "optics_si_settings_dot_json": {
                "GLOBAL_MEDIA_SETTINGS": {"1": {"100G_SPEED": {"Default": {"AmplitudeRx": {"AmplitudeRx1": 16}}}}}
            }
        },
        "optics_si_settings.json: Default AmplitudeRx: AmplitudeRx1 is 16, a module has four bits for it",
    ),
    "a profile of a pool that is not there": (
        {
            "Box-1__buffers_defaults_t0_dot_json": {
                "BUFFER_POOL": {"ingress_lossless_pool": {"type": "ingress", "mode": "dynamic", "size": "10"}},
                "BUFFER_PROFILE": {"p": {"pool": "egress_lossless_pool", "size": "0"}},
            }
        },
        "buffers_defaults_t0.json: p: no pool 'egress_lossless_pool'",
    ),
    "a pool of another size than its constant": (
        {
            "Box-1__buffers_defaults_t0_dot_json": {
                "settings": {"default_cable": "5m", "ingress_lossless_pool_size": "11"},
                "BUFFER_POOL": {"ingress_lossless_pool": {"type": "ingress", "mode": "dynamic", "size": "10"}},
            }
        },
        "buffers_defaults_t0.json: ingress_lossless_pool: size is 10, the settings have 11",
    ),
}


@pytest.mark.parametrize(("others", "message"), PLANTED_OTHERS.values(), ids=PLANTED_OTHERS)
def test_planted_in_other_files(others: Mapping[str, Any], message: str, tree: Callable[..., Path]) -> None:
    assert message in said(tree(**others))


DATABASE = {
    "PORT": {
        "Ethernet0": {"lanes": "1,2,3,4", "alias": "a", "index": "1", "speed": "100000"},
        "Ethernet4": {"lanes": "5,6,7,8", "alias": "b", "index": "2", "speed": "100000"},
    },
    "BREAKOUT_CFG": {"Ethernet0": {"brkout_mode": "1x100G[40G]"}},
    "SCHEDULER": {"s": {"type": "DWRR"}},
    "QUEUE": {"Ethernet0|3": {"scheduler": "[SCHEDULER|s]"}},
}
PLANTED_DATABASE = {
    "a lane of two ports": ("5,6,7,8", "4,6,7,8", "Ethernet4: lane 4 is of Ethernet0 too"),
    "an alias of two ports": ('"b"', '"a"', "Ethernet4: alias a is of Ethernet0 too"),
    "a mode whose speed the port has not": (
        "1x100G[40G]", "4x25G[10G]",
        "BREAKOUT_CFG|Ethernet0: mode 4x25G[10G], and Ethernet0 runs at 100 Gb/s on 4 lanes",
    ),
    "a mode whose ports are not there": (
        "1x100G[40G]", "4x100G", "BREAKOUT_CFG|Ethernet0: mode 4x100G, and no port Ethernet8",
    ),
    "a scheduler that is not there": (
        "[SCHEDULER|s]", "t", "QUEUE|Ethernet0|3: scheduler names 't', which SCHEDULER does not have",
    ),
    "a queue of a port that is not there": ("Ethernet0|3", "Ethernet9|3", "QUEUE|Ethernet9|3: PORT has no Ethernet9"),
    "a speed that lanes cannot carry": (
        '"lanes": "1,2,3,4"', '"lanes": "1,2,3"',
        "Ethernet0: 100 Gb/s on 3 lanes is 33.33 Gb/s each, and no lane runs at that",
    ),
    "a field that nobody knows": ('"index"', '"colour"', "PORT|Ethernet0: 'colour' is not known"),
}  # fmt: skip


def test_a_sound_database_has_no_remark(tmp_path: Path) -> None:
    (tmp_path / "config_db.json").write_text(json.dumps(DATABASE), encoding="utf-8")
    assert said(tmp_path) == set()


@pytest.mark.parametrize(("old", "new", "message"), PLANTED_DATABASE.values(), ids=PLANTED_DATABASE)
@pytest.mark.parametrize("form", ["tables", "keys", "redis"])
def test_planted_in_a_database(form: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    tables: Any = json.loads(json.dumps(DATABASE).replace(old, new, 1))
    if form != "tables":
        tables = {f"{table}|{key}": row for table, rows in tables.items() for key, row in rows.items()}
    if form == "redis":
        tables = {key: {"expireat": 1.5, "ttl": -0.001, "type": "hash", "value": row} for key, row in tables.items()}
    (tmp_path / "config_db.json").write_text(json.dumps(tables), encoding="utf-8")
    assert f"config_db.json: {message}" in said(tmp_path)


STATIC = (
    "A_SLOT_ID,A_CHIP_ID,A_CHIP_TYPE,A_CORE_ID,A_CORE_TYPE,A_CORE_LANE,A_PHYSICAL_TX_LANE,A_PHYSICAL_RX_LANE,"
    "A_TX_POLARITY_SWAP,A_RX_POLARITY_SWAP,Z_SLOT_ID,Z_CHIP_ID,Z_CHIP_TYPE,Z_CORE_ID,Z_CORE_TYPE,Z_CORE_LANE,"
    "Z_PHYSICAL_TX_LANE,Z_PHYSICAL_RX_LANE,Z_TX_POLARITY_SWAP,Z_RX_POLARITY_SWAP\n"
    "1,1,NPU,0,NIF,0,0,0,Y,N,1,1,TRANSCEIVER,0,OSFP,0,0,0,N,N\n"
    "1,1,NPU,0,NIF,1,1,1,Y,N,1,1,TRANSCEIVER,0,OSFP,1,1,1,N,N\n"
)
MAPPED = "Global_PortID,Logical_PortID,Port_Name,Supported_Port_Profiles,Port_Type,Scope\n1,1,eth1/1/1,23-25,0,0\n"
PROFILED = (
    "Port_Speed(mbps),A_CHIP_TYPE,Z_CHIP_TYPE,NUM_LANES,Modulation,A_FEC,MEDIA_TYPE,A_Interface_Type\n"
    "800000,NPU,TRANSCEIVER,8,PAM4,RS544_2N,COPPER,CR8\n"
)
PLANTED_MAPPING = {
    "a transmitter of two lanes": (
        STATIC.replace("NIF,1,1,1", "NIF,1,0,1"), MAPPED, "NPU 1 core 0: tx 0 is on line 2 too",
    ),
    "a lane left out": (
        STATIC.replace("OSFP,1,1,1", "OSFP,2,1,1"), MAPPED, "TRANSCEIVER 1: its lanes are 0, 2",
    ),
    "a port of a cage without lanes": (
        STATIC, MAPPED.replace("eth1/1/1", "eth1/7/1"), "eth1/7/1: static.csv has no cage 7",
    ),
    "a port twice": (
        STATIC, MAPPED + "2,2,eth1/1/1,23,0,0\n", "eth1/1/1: name eth1/1/1 stands twice, first on line 2",
    ),
    "NRZ at 100 Gb/s a lane": (
        STATIC, PROFILED.replace("PAM4", "NRZ"), "800G on 8 lanes: NRZ at 100 Gb/s a lane",
    ),
    "a rate that no lane has": (
        STATIC, PROFILED.replace(",8,PAM4", ",3,PAM4"), "800G on 3 lanes: 266.67 Gb/s a lane",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("static", "other", "message"), PLANTED_MAPPING.values(), ids=PLANTED_MAPPING)
def test_planted_in_a_platform_mapping(static: str, other: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "static.csv").write_text(static, encoding="utf-8")
    (tmp_path / "other.csv").write_text(other, encoding="utf-8")
    assert any(message in one for one in said(tmp_path)), said(tmp_path)


def test_a_link_of_a_device_that_the_lab_has_not(tmp_path: Path) -> None:
    header = "StartDevice,StartPort,EndDevice,EndPort,BandWidth,VlanID,VlanMode\n"
    (tmp_path / "row_links.csv").write_text(f"{header}a,Ethernet0,z,Ethernet1,40000,2,Access\n", encoding="utf-8")
    devices = "Hostname,ManagementIp,HwSku,Type\na,10.0.0.1/24,Box-1,DevSonic\n"
    (tmp_path / "row_devices.csv").write_text(devices, encoding="utf-8")
    assert said(tmp_path) == {"row_links.csv: z:Ethernet1: row_devices.csv has no such device"}


# --- what cannot be read ------------------------------------------------------------------------------------------

REFUSED = {
    "JSON that is cut": ("platform.json", '{"interfaces": {\n "Ethernet0": {', 2, "not JSON: a key was expected"),
    "JSON with NaN": ("platform.json", '{"chassis": {"name": NaN}}', 1, "not JSON: a value was expected"),
    "text behind the JSON": ("hwsku.json", '{"interfaces": {}}\n\nmore', 3, "text behind the JSON value"),
    "a comma too many": ("hwsku.json", '{"interfaces": {},}', 1, "a comma in front of '}'"),
    "an empty file": ("platform.json", "", 1, "not JSON: a value was expected"),
    "a list": ("platform.json", "[1]", 1, "an object was expected"),
    "a platform without anything": ("platform.json", "{}", 1, "neither chassis nor interfaces"),
    "lanes that are no numbers": (
        "platform.json", '{"interfaces": {"Ethernet0": {"index": "1",\n "lanes": "a,b"}}}', 2,
        "Ethernet0: lanes: numbers and commas were expected, found 'a,b'",
    ),
    "an interface without lanes": (
        "platform.json", '{"interfaces": {\n"Ethernet0": {"index": "1"}}}', 2, "Ethernet0: lanes is missing",
    ),
    "a HwSKU without mode": (
        "hwsku.json", '{"interfaces": {\n"Ethernet0": {}}}', 2, "Ethernet0: default_brkout_mode is missing",
    ),
    "ports without ports": ("port_config.ini", "# name lanes alias index\n", 1, "it has no port"),
    "a row that is cut": (
        "port_config.ini", "# name lanes alias index speed\nEthernet0 1,2 a 1\n", 2, "speed is missing",
    ),
    "a row with a cell too many": (
        "port_config.ini", "# name lanes alias\nEthernet0 1,2 a 1\n", 2, "3 columns (name lanes alias) were expected",
    ),
    "a column twice": ("port_config.ini", "# name lanes alias alias\n", 1, "the column 'alias' stands twice"),
    "lanes with a hole": ("port_config.ini", "Ethernet0 1,,2 a 1\n", 1, "lanes: numbers and commas were expected"),
    "a length without unit": (
        "pg_profile_lookup.ini", "400000 5 1 0 900 0\n", 1, "cable: a length such as 5m was expected, found '5'",
    ),
    "a lane that is none": (
        "media_settings.json", '{"PORT_MEDIA_SETTINGS": {"1": {"A": {"main": {\n"lan0": "1"}}}}}', 2,
        "a lane such as lane0 was expected, found 'lan0'",
    ),
    "a range of cages that is none": (
        "media_settings.json", '{"GLOBAL_MEDIA_SETTINGS": {\n"all": {}}}', 2, "cages such as 1-32 were expected",
    ),
    "two words in a file of one": ("platform_asic", "a b c\n", 1, "one word was expected, found 3"),
    "a table that is none": ("config_db.json", '{"port": {}}', 1, "'port' is no table"),
    "deep nesting": ("config_db.json", '{"A": ' + "[" * 99 + "]" * 99 + "}", 1, "nested deeper than 64"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "line", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_device_file_is_refused_with_its_line(
    name: str, text: str, line: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = read(tmp_path)
    assert [(one.file, one.line) for one in found.refused] == [(name, line)], found.refused
    assert message in found.refused[0].message


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "platform.json").write_bytes(b'{"chassis":\n {"name": "\xff"}}')
    (refused,) = read(tmp_path).refused
    assert (refused.line, "UTF-8" in refused.message) == (2, True)


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "platform.json").symlink_to(tmp_path / "gone")
    (refused,) = read(tmp_path).refused
    assert refused.message == "cannot be read: No such file or directory"


def test_links_of_directories_are_followed_and_circles_are_not(tree: Callable[..., Path]) -> None:
    home = tree()
    (home / "Box-2").symlink_to(home / "Box-1", target_is_directory=True)
    (home / "Box-1" / "again").symlink_to(home, target_is_directory=True)
    found = read(home)
    assert len(found.files) == 3
    assert set(found.platforms["x86_64-box-r0"].hwskus) == {"Box-1"}


def test_files_that_are_no_device_files_are_named(tree: Callable[..., Path]) -> None:
    home = tree(sai_dot_profile="SAI_INIT_CONFIG_FILE=x", notes_dot_json='{"a": 1}', broken_dot_json="{")
    found = read(home)
    assert (found.unread, found.refused) == (("broken.json", "notes.json", "sai.profile"), ())


def test_a_template_tells_its_constants(tree: Callable[..., Path]) -> None:
    text = "{%- set default_cable = '300m' %}\n{%- set egress_lossless_pool_size = \"164733224\" %}\n"
    found = read(tree(**{"Box-1__buffers_defaults_t1_dot_j2": text}))
    constants = found.platforms["x86_64-box-r0"].hwskus["Box-1"].buffers["buffers_defaults_t1.j2"]
    assert (constants.default_cable_m, constants.settings["egress_lossless_pool_size"]) == (D(300), "164733224")


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no device file"):
        read(tmp_path)
    with pytest.raises(InputError, match="no such file or directory"):
        read(tmp_path / "gone")


def test_numbers_stay_exact_and_lines_are_those_of_the_keys() -> None:
    notes = Notes("x.json")
    node = parse('{"a":\n 1.10,\n"b": [true, null, "\\u00e4"], "a": 2}', notes)
    assert isinstance(node.value, Mapping)
    assert (node.value["a"].value, node.value["a"].line, node.value["b"].line) == (2, 3, 3)
    assert [str(remark) for remark in notes.found] == ["x.json:3: a: stands twice, first on line 1; the last counts"]


# --- cages for a lab ----------------------------------------------------------------------------------------------


def test_cages_of_a_platform_without_interfaces_are_those_of_a_hwsku(recordings: Path) -> None:
    home = find(recordings / "sonic_platform", "x86_64-dell_z9664f-r0")
    assert home is not None
    found = {one.number: one for one in cages(home, "DellEMC-Z9664f-O64")}
    assert (found["1"].first, found["1"].lanes, found["1"].lane_gbps, found["1"].modes) == (
        "Ethernet0",
        4,
        D(100),
        None,
    )
    with pytest.raises(InputError, match="no HwSKU Other"):
        cages(home, "Other")


def test_a_platform_is_found_below_its_vendor(tree: Callable[..., Path], tmp_path: Path) -> None:
    home = tree()
    vendor = tmp_path / "device" / "box"
    vendor.mkdir(parents=True)
    home.rename(vendor / home.name)
    for root in (tmp_path / "device", vendor, vendor / home.name):
        assert find(root, home.name) == vendor / home.name
    assert find(tmp_path / "device", "x86_64-other-r0") is None


def test_a_mode_that_contradicts_is_not_offered(tree: Callable[..., Path]) -> None:
    home = tree(interface("Ethernet8", CAGE8, breakout_modes={"2x400G": ["a", "b"], "1x400G(4)+1x100G(1)": ["c", "d"]}))
    found = {one.number: one for one in cages(home, None)}
    assert found["2"].modes is not None
    assert [mode.text for mode in found["2"].modes] == ["2x400G"]


def test_refused_files_are_refused_to_a_lab_too(tree: Callable[..., Path]) -> None:
    with pytest.raises(Unreadable, match=r"platform\.json:1: not JSON"):
        cages(tree("{"), None)


# --- the command --------------------------------------------------------------------------------------------------


def ran(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = cli.main(["platform", *argv])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_command_on_a_sound_platform(tree: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ran(capsys, str(tree(platform_asic="broadcom\n")))
    assert status == 0
    assert out.splitlines() == [
        "x86_64-box-r0: broadcom",
        "  2 cages of 8 lanes, up to 100 Gb/s a lane: 1x800G[400G], 2x400G",
        "  Box-1: 1 x 800G on 8 lanes, 2 x 400G on 4 lanes; 1 x 1x800G[400G], 1 x 2x400G",
        "",
        "1 platform, 1 HwSKU, 4 files read, 0 contradictions",
    ]


def test_the_command_says_what_contradicts(tree: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    home = tree(hwsku=chosen(Ethernet0="4x200G", Ethernet8="8x100G"), ports=None)
    status, out, _ = ran(capsys, str(home))
    assert status == 1
    assert "contradictions (2)" in out
    message = "mode 4x200G, and platform.json offers 1x800G[400G], 2x400G (and 1 more like it, to line 6)"
    assert f"  Box-1/hwsku.json:3: Ethernet0: {message}" in out.splitlines()


def test_the_command_says_what_cannot_be_read(tree: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ran(capsys, str(tree(hwsku="{")))
    assert status == 2
    assert "cannot be read (1)" in out
    assert "  Box-1/hwsku.json:1: not JSON: a key was expected, found ''" in out.splitlines()


def test_the_command_without_anything_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ran(capsys, str(tmp_path / "gone"))
    assert (status, out) == (2, "")
    assert err.endswith("gone: no such file or directory\n")


def test_the_command_in_json(tree: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    home = tree(hwsku=chosen(Ethernet0="4x200G", Ethernet8="2x400G"))
    status, out, _ = ran(capsys, str(home), "--json")
    found = json.loads(out)
    assert status == 1
    (platform,) = found["platforms"]
    assert platform["cages"] == [
        {
            "cages": ["1", "2"], "lanes": 8, "lane_gbps": 100, "modes": ["1x800G[400G]", "2x400G"],
            "form_factor": None, "form_factor_standing": None,
        }
    ]  # fmt: skip
    assert platform["hwskus"][0]["modes"] == {"4x200G": 1, "2x400G": 1}
    assert found["remarks"][0] == {
        "kind": "contradiction", "rule": "mode-not-offered", "file": "Box-1/hwsku.json", "line": 3,
        "subject": "Ethernet0", "message": "mode 4x200G, and platform.json offers 1x800G[400G], 2x400G",
    }  # fmt: skip


def test_the_command_on_the_recordings(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ran(capsys, str(recordings / "sonic_platform"))
    assert status == 1
    assert out.splitlines()[-1] == "19 platforms, 33 HwSKUs, 202 files read, 418 contradictions"
    assert "  64 cages OSFP (recalled) of 8 lanes, up to 100 Gb/s a lane: 1x800G, 2x400G, 4x200G" in out.splitlines()
    status, _, _ = ran(capsys, str(recordings / "sonic_platform" / "x86_64-nvidia_sn5400-r0"))
    assert status == 0
