"""A lab file and what it comes to; what cannot be meant is said in one line, with file and line."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import LabError
from harness.lab.inventory import Lab
from harness.lab.load import bill_of_materials, load, require_inputs

from .conftest import SMALL

Write = Callable[..., Path]


def changed(*changes: tuple[str, str]) -> str:
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


LEAF = "  leaf1:\n    platform: x86_64-arista_7060x6_64pe\n"
CAGE2 = "      2: {mode: 2x400G, module: OPTIC}\n"
LINK2 = "  leaf1:Ethernet4--gpu2:eth0: {cable_m: 2}\n"
WAIVER = "waivers:\n  w: {check: FEC-01, subject: 'leaf1:Ethernet0', owner: O, reason: R, expires: 2026-06-30}\n"

BAD = {
    "a misspelt key": (
        changed(("module: OPTIC", "modul: OPTIC")),
        "lab.yaml:10: leaf1 cages 2: unknown key 'modul'; did you mean 'module'?",
    ),
    "a misspelt section": (changed(("racks:", "rack:")), "lab.yaml:19: unknown key 'rack'; did you mean 'racks'?"),
    "a key with no likeness": (changed(("    rack: r1\n", "    zzz: 1\n")), "lab.yaml:6: leaf1: unknown key 'zzz'"),
    "a number that is text": (
        changed(("mtu: 9100", "mtu: big")),
        "lab.yaml:7: leaf1 every_port: mtu: a whole number was expected, found 'big'",
    ),
    "an unknown FEC": (
        changed(("fec: rs, mtu: 9000", "fec: off, mtu: 9000")),
        "lab.yaml:13: gpu[1-2] every_port: fec: one of rs, fc, none, auto was expected, found 'off'",
    ),
    "a mode that is none": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 2x400}")),
        "lab.yaml:10: leaf1 cages 2: mode: something like 2x400G was expected, found '2x400'",
    ),
    "a list where one word belongs": (
        changed(("name: small", "name: [small]")),
        "lab.yaml:1: name: text was expected, found a list",
    ),
    "a number below its bound": (
        changed(("budget_watts: 3000", "budget_watts: 0")),
        "lab.yaml:20: r1: budget_watts: more than 0 was expected, found '0'",
    ),
    "no value": (changed(("rack: r1", "rack:")), "lab.yaml:6: leaf1: rack: text was expected, found nothing"),
    "a duplicate key": (changed((CAGE2, CAGE2 * 2)), "lab.yaml:11: 2 is here twice, first on line 10"),
    "a cage in two ranges": (
        changed((CAGE2, CAGE2 + "      2-3: {mode: 1x800G}\n")),
        "lab.yaml:11: leaf1: cage 2 is declared twice, first on line 10",
    ),
    "a cage by number and by port": (
        changed((CAGE2, CAGE2 + "      Ethernet8: {mode: 1x800G}\n")),
        "lab.yaml:11: leaf1: cage 2 is declared twice, first on line 10",
    ),
    "a device in two ranges": (
        changed(("links:", "  gpu2: {nic: ConnectX-7}\nlinks:")),
        "lab.yaml:16: gpu2 is declared twice, first on line 11",
    ),
    "a cage that the platform does not have": (
        changed(("      2: {mode", "      70: {mode")),
        "lab.yaml:10: leaf1: cage 70: x86_64-arista_7060x6_64pe has 66 cages, 1 to 66",
    ),
    "a port that begins no cage": (
        changed(("      2: {mode", "      Ethernet12: {mode")),
        "lab.yaml:10: leaf1: port Ethernet12: no cage of x86_64-arista_7060x6_64pe begins with it; "
        "did you mean 'Ethernet512'?",
    ),
    "a range that runs past the platform": (
        changed(("      2: {mode", "      Ethernet520-1024/8: {mode")),
        "lab.yaml:10: leaf1: port Ethernet520: no cage of x86_64-arista_7060x6_64pe begins with it; "
        "did you mean 'Ethernet512'?",
    ),
    "a range off its grid": (
        changed(("      2: {mode", "      Ethernet8-57/8: {mode")),
        "lab.yaml:10: leaf1: range Ethernet8-57/8: 57 is not reached from 8 in steps of 8",
    ),
    "lanes of another cage": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 2x400G, lanes: 4}")),
        "lab.yaml:10: leaf1: cage 2 of x86_64-arista_7060x6_64pe has 8 lanes, found 4",
    ),
    "a platform that no table knows": (
        changed(("x86_64-arista_7060x6_64pe", "x86_64-own-r0")),
        "lab.yaml:9: leaf1 cage 1: lanes is missing, no table knows x86_64-own-r0",
    ),
    "port names that nothing says": (
        changed(("platform: x86_64-arista_7060x6_64pe", "platform: x86_64-own-r0\n    every_cage: {lanes: 8}")),
        "lab.yaml:10: leaf1 cage 1: names is missing, no table knows what its ports are called",
    ),
    "a child that the step leaves no name": (
        changed(
            ("x86_64-arista_7060x6_64pe", "x86_64-accton_as9726_32d-r0"),
            ("{mode: 2x400G, module: CABLE}", "{mode: 2x200G}"),
        ),
        "lab.yaml:9: leaf1 cage 1: no name for a port at lane 5: ports of neighbouring cages are 1 apart; say names",
    ),
    "more lanes than the cage has": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 1x400G(4)+8x100G(8)}")),
        "lab.yaml:10: leaf1 cage 2: mode 1x400G(4)+8x100G(8): lanes to 12, the cage has 8",
    ),
    "groups without lanes": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 1x400G+4x100G}")),
        "lab.yaml:10: leaf1 cage 2: mode 1x400G+4x100G: each group says its lanes, as in 1x400G(4)+4x100G(4)",
    ),
    "lanes that do not divide": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 3x100G}")),
        "lab.yaml:10: leaf1 cage 2: mode 3x100G: 3 ports out of 8 lanes",
    ),
    "no ports at all": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 0x100G}")),
        "lab.yaml:10: leaf1 cage 2: mode 0x100G: 0 ports out of 8 lanes",
    ),
    "a speed that its lanes cannot carry": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 2x800G}")),
        "lab.yaml:10: leaf1:Ethernet8: 800 Gb/s on 4 lanes is 200 Gb/s each; "
        "a lane of this cage carries at most 100 Gb/s",
    ),
    "a speed that no lane has": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 2x400G, speed: 300}")),
        "lab.yaml:10: leaf1:Ethernet8: 300 Gb/s on 4 lanes is 75 Gb/s each; no lane runs at that rate",
    ),
    "no mode": (
        changed(("{mode: 2x400G, module: OPTIC}", "{module: OPTIC}")),
        "lab.yaml:10: leaf1 cage 2: mode is missing, such as 1x800G or 2x400G",
    ),
    "a child that is not there": (
        changed(("{mode: 2x400G, module: OPTIC}", "{mode: 2x400G, ports: {Ethernet16: {up: false}}}")),
        "lab.yaml:10: leaf1 cage 2: no child 'Ethernet16', its ports are Ethernet8, Ethernet12",
    ),
    "a part that is not declared": (
        changed(("module: OPTIC", "module: OPTICS")),
        "lab.yaml:10: leaf1 cage 2: no part 'OPTICS' in parts; did you mean 'OPTIC'?",
    ),
    "an end that the part does not have": (
        changed(("module: OPTIC", "module: {part: OPTIC, end: far}")),
        "lab.yaml:10: leaf1 cage 2: OPTIC has no far end in parts",
    ),
    "a part that goes into no cage": (
        changed(("OPTIC: {vendor: MAKER, kind: optic", "OPTIC: {vendor: MAKER, kind: switch")),
        "lab.yaml:10: leaf1 cage 2: OPTIC is switch, which does not go into a cage",
    ),
    "an optic without a PMD": (
        changed(("pmd: 800G-2xDR4, ", "")),
        "lab.yaml:23: part OPTIC: pmd is missing, optic goes into a cage",
    ),
    "a part without a vendor": (
        changed(("OPTIC: {vendor: MAKER, ", "OPTIC: {")),
        "lab.yaml:23: OPTIC: vendor is missing",
    ),
    "a serial number in two cages": (
        changed((CAGE2, "      2-3: {mode: 2x400G, module: {part: OPTIC, serial: S1}}\n")),
        "lab.yaml:10: leaf1:Ethernet16: serial number S1 is expected in leaf1:Ethernet8 too",
    ),
    "neither a platform nor a nic": (
        changed((LEAF, "  leaf1:\n    role: leaf\n")),
        "lab.yaml:4: leaf1: a platform (switch) or a nic (host) was expected",
    ),
    "a device name with a separator": (
        changed(("  leaf1:\n", "  leaf--1:\n")),
        "lab.yaml:4: device 'leaf--1': letters, digits, dot, dash and underscore were expected, and no '--'",
    ),
    "a rack that is not declared": (
        changed(("rack: r1", "rack: r11")),
        "lab.yaml:6: leaf1: no rack 'r11'; did you mean 'r1'?",
    ),
    "a link to no device": (
        changed(("Ethernet4--gpu2", "Ethernet4--gpu3")),
        "lab.yaml:18: link leaf1:Ethernet4--gpu3:eth0: no device 'gpu3'; did you mean 'gpu2'?",
    ),
    "a link to no port": (
        changed(("leaf1:Ethernet4--", "leaf1:Ethernet2--")),
        "lab.yaml:18: link leaf1:Ethernet2--gpu2:eth0: leaf1 declares no port 'Ethernet2'; did you mean 'Ethernet12'?",
    ),
    "a link with one end": (
        changed(("leaf1:Ethernet4--gpu2:eth0", "leaf1:Ethernet4")),
        "lab.yaml:18: link 'leaf1:Ethernet4': two ends were expected, as in leaf1:Ethernet0--gpu1:eth0",
    ),
    "a link end without a device": (
        changed(("leaf1:Ethernet4--gpu2:eth0", "Ethernet4--gpu2:eth0")),
        "lab.yaml:18: link Ethernet4--gpu2:eth0: a port like leaf1:Ethernet0 was expected, found 'Ethernet4'",
    ),
    "a port on two links": (
        changed(("leaf1:Ethernet4--gpu2", "leaf1:Ethernet4--gpu1")),
        "lab.yaml:18: link leaf1:Ethernet4--gpu1:eth0: gpu1:eth0 is on leaf1:Ethernet0--gpu1:eth0 already "
        "(lab.yaml line 17)",
    ),
    "a link from a port to itself": (
        changed(("leaf1:Ethernet4--gpu2:eth0", "gpu2:eth0--gpu2:eth0")),
        "lab.yaml:18: link gpu2:eth0--gpu2:eth0: both ends are gpu2:eth0",
    ),
    "a cable that ends in an optic": (
        changed(("leaf1:Ethernet4--", "leaf1:Ethernet8--")),
        "lab.yaml:18: link leaf1:Ethernet8--gpu2:eth0: a cable ends in the same cable, found OPTIC (optic) in "
        "leaf1:Ethernet8 and CABLE (dac) in gpu2:eth0",
    ),
    "fiber on a cable": (
        changed((LINK2, "  leaf1:Ethernet4--gpu2:eth0: {fiber: {type: OS2, connectors: LC}}\n")),
        "lab.yaml:18: link leaf1:Ethernet4--gpu2:eth0: CABLE is a cable (dac); cable_m was expected, not fiber",
    ),
    "optics without fiber": (
        changed((LINK2, "  leaf1:Ethernet8--leaf1:Ethernet12: {}\n")),
        "lab.yaml:18: link leaf1:Ethernet8--leaf1:Ethernet12: OPTIC is an optic; its fiber was expected",
    ),
    "fiber without a type": (
        changed((LINK2, "  leaf1:Ethernet8--leaf1:Ethernet12: {fiber: {connectors: LC}}\n")),
        "lab.yaml:18: leaf1:Ethernet8--leaf1:Ethernet12: fiber: type is missing",
    ),
    "fiber without connectors": (
        changed((LINK2, "  leaf1:Ethernet8--leaf1:Ethernet12: {fiber: {type: OS2}}\n")),
        "lab.yaml:18: link leaf1:Ethernet8--leaf1:Ethernet12 fiber: connectors is missing",
    ),
    "a password": (
        changed((LEAF, LEAF + "    reach: {transport: ssh, password: hunter2}\n")),
        "lab.yaml:6: leaf1: password: a lab file keeps no secrets; use an agent, the environment or the keyring",
    ),
    "a password in a key of one's own": (
        changed((LEAF, LEAF + "    reach: {x-api-token: hunter2}\n")),
        "lab.yaml:6: leaf1: x-api-token: a lab file keeps no secrets; use an agent, the environment or the keyring",
    ),
    "a password before the at sign": (
        changed((LEAF, LEAF + "    reach: {address: 'ssh://me:hunter2@leaf1'}\n")),
        "lab.yaml:6: leaf1: address: a lab file keeps no secrets, found one before the @",
    ),
    "a profile that is not there": (
        changed(("profile.toml", "profiles/none.toml")),
        "lab.yaml:2: profile profiles/none.toml: no such file",
    ),
    "no profile": (changed(("profile: profile.toml\n", "")), "lab.yaml: profile is missing"),
    "an empty file": ("", "lab.yaml: empty; name, profile and devices were expected"),
    "a list for a lab": ("- 1\n", "lab.yaml:1: a mapping was expected, found a list"),
    "a waiver without an owner": (
        SMALL + WAIVER.replace("owner: O, ", ""),
        "lab.yaml:25: w: owner is missing",
    ),
    "a waiver without an end": (
        SMALL + WAIVER.replace(", expires: 2026-06-30", ""),
        "lab.yaml:25: w: expires is missing",
    ),
    "a waiver for many checks": (
        SMALL + WAIVER.replace("FEC-01", "FEC"),
        "lab.yaml:25: w: check: something like OPT-01 was expected, found 'FEC'",
    ),
    "a waiver until no day": (
        SMALL + WAIVER.replace("2026-06-30", "2026-06-31"),
        "lab.yaml:25: waiver w: a date like 2026-06-30 was expected, found '2026-06-31'",
    ),
    "an instant without a zone": (
        SMALL + "as_of: 2025-11-20T12:00:00\n",
        "lab.yaml:24: as_of: a time zone was expected, as in 2025-11-20T12:00:00Z, found '2025-11-20T12:00:00'",
    ),
    "an instant that is none": (
        SMALL + "as_of: yesterday\n",
        "lab.yaml:24: as_of: an instant like 2025-11-20T12:00:00Z was expected, found 'yesterday'",
    ),
    "paths of another word": (
        SMALL + "paths: all\n",
        "lab.yaml:24: paths: something like derive was expected, found 'all'",
    ),
    "a path that no link makes": (
        changed((LINK2, "")) + "paths: derive\n",
        "lab.yaml:23: paths: no declared links lead from gpu1:eth0 to gpu2:eth0",
    ),
    "a path with a leap": (
        SMALL + "paths:\n  p: {hops: ['gpu1:eth0', 'leaf1:Ethernet4']}\n",
        "lab.yaml:25: path p: no declared link joins gpu1:eth0 and leaf1:Ethernet4",
    ),
    "a path that stops inside": (
        SMALL + "paths:\n  p: {hops: ['gpu1:eth0', 'leaf1:Ethernet0', 'leaf1:Ethernet4']}\n",
        "lab.yaml:25: path p: every link has two ends, found 3 hops",
    ),
    "a path to nowhere": (
        SMALL + "paths:\n  p: {from: 'gpu1:eth0'}\n",
        "lab.yaml:25: path p: to is missing",
    ),
    "an included file that is not there": (
        SMALL + "include: waivers.yaml\n",
        "lab.yaml:24: waivers.yaml: no such file",
    ),
    "a file that extends itself": (SMALL + "extends: lab.yaml\n", "lab.yaml:24: lab.yaml leads back to itself"),
    "a list of links that is not there": (
        changed(("links:\n", "links:\n  csv: links.csv\n")),
        "lab.yaml:17: links.csv: no such file",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_in_one_line(lab_file: Write, text: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        load(lab_file(text))
    assert str(caught.value) == message
    assert "hunter2" not in str(caught.value)


def test_a_lab_file_that_is_not_there(lab_file: Write) -> None:
    with pytest.raises(LabError, match=r"^none\.yaml: cannot be read: No such file or directory$"):
        load(Path("none.yaml"))


def test_a_lab_file_that_is_not_utf_8(lab_file: Write) -> None:
    path = lab_file()
    path.write_bytes(b"name: small\nprofile: \xff\n")
    with pytest.raises(LabError, match=r"^lab\.yaml:2: UTF-8 was expected$"):
        load(path)


SLIPS = (
    *("", "{}", "[]", "null", "0", "-1", "1e9", "x", "a: b", "[1-9]", "1-8"),
    *("'", "\t", "--", ":", "*", "2x400G(9999999)"),
)


@given(
    line=st.integers(0, SMALL.count("\n") - 1),
    cut=st.integers(0, 60),
    put=st.sampled_from(SLIPS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_slip_anywhere_is_a_lab_or_an_error_with_its_file(lab_file: Write, line: int, cut: int, put: str) -> None:
    lines = SMALL.splitlines()
    lines[line] = lines[line][:cut] + put
    try:
        load(lab_file("\n".join(lines) + "\n"))
    except LabError as problem:
        assert str(problem).startswith("lab.yaml:")
        assert "\n" not in str(problem)


# --- what it comes to ---------------------------------------------------------------------------------------------


def small(lab_file: Write, text: str = SMALL, **beside: str) -> Lab:
    return load(lab_file(text, **beside))


def test_children_of_a_breakout_have_their_lanes_and_names(lab_file: Write) -> None:
    modes = {"1x800G": 1, "2x400G": 2, "4x200G": 4, "8x100G": 8}
    for mode, count in modes.items():
        lab = small(lab_file, changed(("{mode: 2x400G, module: OPTIC}", f"{{mode: {mode}, module: OPTIC}}")))
        ports = lab.devices["leaf1"].cages[1].ports
        width = 8 // count
        assert [port.name for port in ports] == [f"Ethernet{8 + width * child}" for child in range(count)]
        assert [lane for port in ports for lane in port.lanes] == list(range(1, 9))


def test_a_mixed_mode_takes_its_lanes_in_order(lab_file: Write) -> None:
    lab = small(lab_file, changed(("{mode: 2x400G, module: OPTIC}", "{mode: 1x400G(4)+4x100G(4), module: OPTIC}")))
    ports = lab.devices["leaf1"].cages[1].ports
    assert [(port.name, port.speed_gbps, port.lanes) for port in ports] == [
        ("Ethernet8", Decimal(400), (1, 2, 3, 4)),
        ("Ethernet12", Decimal(100), (5,)),
        ("Ethernet13", Decimal(100), (6,)),
        ("Ethernet14", Decimal(100), (7,)),
        ("Ethernet15", Decimal(100), (8,)),
    ]


def test_the_nearest_setting_holds(lab_file: Write) -> None:
    children = "{2: {up: false}, Ethernet8: {mtu: 1500, allowed: [loopback]}}"
    cage = f"{{mode: 2x400G, module: OPTIC, mtu: 4000, ports: {children}}}"
    first, second = small(lab_file, changed(("{mode: 2x400G, module: OPTIC}", cage))).devices["leaf1"].cages[1].ports
    assert (first.mtu, first.up, first.fec, first.allowed) == (1500, True, "rs", frozenset({"loopback"}))
    assert (second.mtu, second.up, second.lossless, second.allowed) == (4000, False, True, frozenset())


def test_cages_can_be_written_as_ports(lab_file: Write) -> None:
    by_port = changed(("      1: {mode", "      Ethernet0: {mode"), ("      2: {mode", "      Ethernet8-24/8: {mode"))
    assert [cage.name for cage in small(lab_file, by_port).devices["leaf1"].cages] == ["1", "2", "3", "4"]


def test_other_systems_name_ports_their_way(lab_file: Write) -> None:
    names = {"eos": "Ethernet2/5", "nxos": "Ethernet1/2/2", "nvue": "swp2s1", "junos": "et-0/0/2:1"}
    unlinked = changed((LINK2, ""), ("  leaf1:Ethernet0--gpu1:eth0: {cable_m: 2}\n", ""), ("links:\n", ""))
    for nos, name in names.items():
        lab = small(lab_file, unlinked.replace("    rack: r1\n", f"    nos: {nos}\n"))
        assert lab.devices["leaf1"].cages[1].ports[1].name == name


def test_a_platform_of_ones_own_says_lanes_and_names(lab_file: Write) -> None:
    names = "{whole: 'p{cage}', child: 'p{cage}.{child0}'}"
    own = f"    nos: own\n    platform: own\n    names: {names}\n    every_cage: {{lanes: 8}}\n"
    links = ("leaf1:Ethernet0", "leaf1:p1.0"), ("leaf1:Ethernet4", "leaf1:p1.1")
    lab = small(lab_file, changed((LEAF, "  leaf1:\n" + own), *links))
    assert [port.name for port in lab.devices["leaf1"].ports] == ["p1.0", "p1.1", "p2.0", "p2.1"]


def test_a_device_may_have_a_platform_and_no_ports(lab_file: Write) -> None:
    lab = small(lab_file, "name: desk\nprofile: profile.toml\ndevices:\n  a: {platform: x86_64-nvidia_sn5600-r0}\n")
    assert (lab.devices["a"].kind, lab.devices["a"].nos, lab.devices["a"].cages) == ("switch", "sonic", ())


def test_reach_is_per_device_and_relative_to_the_file(lab_file: Write) -> None:
    reach = "    reach: {transport: ssh, address: '{name}.example', port: 22, known_hosts: keys/hosts, x-site: 5.10}\n"
    lab = small(lab_file, changed(("    nic: ConnectX-7\n", "    nic: ConnectX-7\n" + reach)))
    assert dict(lab.devices["gpu2"].reach) == {
        "transport": "ssh", "address": "gpu2.example", "port": "22", "known_hosts": "keys/hosts", "x-site": "5.10",
    }  # fmt: skip


def test_a_version_keeps_its_zero(lab_file: Write) -> None:
    lab = small(lab_file, changed(("kind: optic", "kind: optic, firmware: 5.10, number: 00123")))
    module = lab.devices["leaf1"].cages[1].module
    assert module is not None
    assert (module.firmware, module.number) == ("5.10", "00123")


def test_everything_knows_its_line(lab_file: Write) -> None:
    lab = small(lab_file, SMALL + WAIVER)
    places = [
        lab.devices["leaf1"].at, lab.devices["leaf1"].cages[1].at, lab.links[1].at, lab.racks[0].at,
        lab.parts["OPTIC"].at, lab.waivers[0].at,
    ]  # fmt: skip
    assert [str(place) for place in places] == [f"lab.yaml line {line}" for line in (4, 10, 18, 20, 23, 25)]


def test_a_waiver_is_for_one_finding_of_one_subject(lab_file: Write) -> None:
    (waiver,) = small(lab_file, SMALL + WAIVER.replace("owner", "lane: lane 4, not_measured: true, owner")).waivers
    assert (waiver.check, waiver.subject, waiver.at_lane) == ("FEC-01", "leaf1:Ethernet0", "lane 4")
    assert (waiver.expires, waiver.not_measured) == (date(2026, 6, 30), True)


def test_as_of_has_its_zone(lab_file: Write) -> None:
    assert small(lab_file, SMALL + "as_of: 2025-11-20T12:00:00Z\n").as_of == datetime(2025, 11, 20, 12, tzinfo=UTC)


def test_a_cable_is_one_in_the_bill_however_many_ends_it_has(lab_file: Write) -> None:
    assert bill_of_materials(small(lab_file)) == {"CABLE": 1, "OPTIC": 1}


def test_inputs_are_asked_for_when_they_are_needed(lab_file: Write) -> None:
    lab = small(lab_file, SMALL + "evidence: none\n")
    with pytest.raises(LabError, match=r"^lab\.yaml: evidence none: no such directory$"):
        require_inputs(lab)
    Path("none").mkdir()
    require_inputs(lab)
    with pytest.raises(LabError, match=r"^lab\.yaml: measurements m\.csv: no such file$"):
        require_inputs(small(lab_file, SMALL + "measurements: m.csv\n"))


# --- paths --------------------------------------------------------------------------------------------------------


def test_rail_paths_go_round_the_hosts(lab_file: Write) -> None:
    lab = small(lab_file, SMALL + "paths: derive\n")
    assert [[str(hop) for hop in path.hops] for path in lab.paths] == [
        ["gpu1:eth0", "leaf1:Ethernet0", "leaf1:Ethernet4", "gpu2:eth0"],
        ["gpu2:eth0", "leaf1:Ethernet4", "leaf1:Ethernet0", "gpu1:eth0"],
    ]
    assert [path.name for path in lab.paths] == ["gpu1:eth0..gpu2:eth0", "gpu2:eth0..gpu1:eth0"]


def test_a_path_can_be_said_hop_by_hop_or_by_its_ends(lab_file: Write) -> None:
    hops = "{hops: ['gpu2:eth0', 'leaf1:Ethernet4', 'leaf1:Ethernet0', 'gpu1:eth0']}"
    lab = small(lab_file, SMALL + f"paths:\n  a: {hops}\n  b: {{from: 'gpu2:eth0', to: 'gpu1:eth0'}}\n")
    assert lab.paths[0].hops == lab.paths[1].hops


def test_no_paths_are_derived_unless_asked(lab_file: Write) -> None:
    assert small(lab_file).paths == ()


# --- several files ------------------------------------------------------------------------------------------------


LISTED = changed(("  leaf1:Ethernet0--gpu1:eth0: {cable_m: 2}\n", ""), (LINK2, "  csv: links.csv\n"))
LIST = "a,b,cable_m\nleaf1:Ethernet0,gpu1:eth0,2.5\n\n# a remark\nleaf1:Ethernet4,gpu2:eth0,\n"


def test_links_may_stand_in_a_list(lab_file: Write) -> None:
    lab = small(lab_file, LISTED, links__csv=LIST)
    assert [(str(link), link.cable_m, str(link.at)) for link in lab.links] == [
        ("leaf1:Ethernet0--gpu1:eth0", Decimal("2.5"), "links.csv line 2"),
        ("leaf1:Ethernet4--gpu2:eth0", None, "links.csv line 5"),
    ]
    assert [file.name for file in lab.files] == ["lab.yaml", "links.csv"]


BAD_LISTS = {
    "an unknown column": ("a,b,cabel_m\n", "links.csv:1: unknown column 'cabel_m'; did you mean 'cable_m'?"),
    "a column twice": ("a,b,b\n", "links.csv:1: column 'b' is here twice"),
    "a missing column": ("a,cable_m\n", "links.csv:1: column 'b' is missing"),
    "an empty end": ("a,b\nleaf1:Ethernet0,\n", "links.csv:2: column b is empty"),
    "an empty file": ("", "links.csv: empty; a header was expected: a,b,cable_m,fiber,length_m,connector_a,connector_b,"
                          "polish,polarity,elements,pins_a,pins_b,mated_pairs,loss_db,loss_uncertainty_db,trunk,label"),
    "too many cells": ("a,b\nx,y,z\n", "links.csv:2: 3 cells, the header has 2"),
    "a number that is text": (
        "a,b,cable_m\nleaf1:Ethernet0,gpu1:eth0,two\n",
        "links.csv:2: leaf1:Ethernet0--gpu1:eth0: cable_m: a number was expected, found 'two'",
    ),
    "fiber of no type": (
        "a,b,fiber,length_m\nleaf1:Ethernet0,gpu1:eth0,OS9,5\n",
        "links.csv:2: leaf1:Ethernet0--gpu1:eth0 fiber: type: one of OS1, OS2, OM1, OM2, OM3, OM4, OM5 was expected, "
        "found 'OS9'; did you mean 'OS2'?",
    ),
    "the same link twice": (
        "a,b\nleaf1:Ethernet0,gpu1:eth0\nleaf1:Ethernet0,gpu1:eth0\n",
        "links.csv:3: leaf1:Ethernet0--gpu1:eth0 is here twice, first on line 2",
    ),
    "an unknown port": (
        "a,b\nleaf1:Ethernet0,gpu1:eth9\n",
        "links.csv:2: link leaf1:Ethernet0--gpu1:eth9: gpu1 declares no port 'eth9'; did you mean 'eth0'?",
    ),
    "an open quote": ('a,b\n"x,y\n', "links.csv:2: not CSV: unexpected end of data"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD_LISTS.values(), ids=BAD_LISTS)
def test_what_is_wrong_in_a_list_has_its_line(lab_file: Write, text: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        load(lab_file(LISTED, links__csv=text))
    assert str(caught.value) == message


def test_parts_may_stand_in_a_list(lab_file: Write) -> None:
    parts = (
        "part,vendor,kind,pmd,form_factor,far_form_factor,warranty_years\n"
        "CABLE,MAKER,dac,400GBASE-CR4,OSFP,QSFP112,3\nOPTIC,MAKER,optic,800G-2xDR4,OSFP,,5.50\n"
    )
    lab = small(lab_file, SMALL[: SMALL.index("parts:")] + "parts:\n  csv: parts.csv\n", parts__csv=parts)
    assert lab.parts["OPTIC"].warranty_years == Decimal("5.50")
    cage = lab.devices["gpu1"].cages[0]
    assert cage.module is not None
    assert cage.module.form_factor == "QSFP112"


def test_an_included_file_is_a_part_of_the_lab(lab_file: Write) -> None:
    lab = small(lab_file, SMALL + "include: [waivers.yaml]\n", waivers__yaml=WAIVER)
    assert [(waiver.name, str(waiver.at)) for waiver in lab.waivers] == [("w", "waivers.yaml line 2")]
    assert [file.name for file in lab.files] == ["lab.yaml", "waivers.yaml"]


def test_an_included_file_says_nothing_twice(lab_file: Write) -> None:
    with pytest.raises(LabError, match=r"^more\.yaml:2: r1 is declared twice, first at lab\.yaml:20$"):
        small(lab_file, SMALL + "include: more.yaml\n", more__yaml="racks:\n  r1: {budget_watts: 5}\n")
    with pytest.raises(LabError, match=r"^more\.yaml:1: name is declared twice, first at lab\.yaml:1$"):
        small(lab_file, SMALL + "include: more.yaml\n", more__yaml="name: x\n")


OVER = """\
extends: base.yaml
name: over
evidence: there
devices:
  leaf1:
    cages:
      Ethernet8: {fec: none, module: null}
      3: {mode: 1x800G}
  gpu2: {watts: 5000}
links:
  gpu2:eth0--leaf1:Ethernet4: {cable_m: 5}
parts:
  OPTIC: {warranty_years: 1}
waivers:
  w: {expires: 2020-01-01}
"""


def test_a_file_that_extends_another_says_only_what_differs(lab_file: Write) -> None:
    lab = small(lab_file, OVER, base__yaml=SMALL + WAIVER)
    leaf = lab.devices["leaf1"]
    assert (lab.name, lab.evidence) == ("over", Path("there"))
    assert [cage.name for cage in leaf.cages] == ["1", "2", "3"]
    assert (leaf.cages[1].ports[0].fec, leaf.cages[1].module, leaf.cages[0].ports[0].fec) == ("none", None, "rs")
    assert (lab.devices["gpu1"].watts, lab.devices["gpu2"].watts) == (None, Decimal(5000))
    assert [(str(link), link.cable_m) for link in lab.links] == [
        ("leaf1:Ethernet0--gpu1:eth0", Decimal(2)),
        ("leaf1:Ethernet4--gpu2:eth0", Decimal(5)),
    ]
    assert (lab.parts["OPTIC"].warranty_years, lab.parts["OPTIC"].vendor) == (Decimal(1), "MAKER")
    assert (lab.waivers[0].expires, lab.waivers[0].owner) == (date(2020, 1, 1), "O")
    assert str(lab.links[1].at) == "lab.yaml line 11"
    assert [file.name for file in lab.files] == ["lab.yaml", "base.yaml"]


def test_null_removes_what_the_base_says(lab_file: Write) -> None:
    over = "extends: base.yaml\nlinks: {'leaf1:Ethernet4--gpu2:eth0': null}\nwaivers: null\n"
    lab = small(lab_file, over, base__yaml=SMALL + WAIVER)
    assert [str(link) for link in lab.links] == ["leaf1:Ethernet0--gpu1:eth0"]
    assert lab.waivers == ()
    with pytest.raises(LabError, match=r"^lab\.yaml:2: gpu9: there is nothing to remove$"):
        small(lab_file, "extends: base.yaml\ndevices: {gpu9: null}\n", base__yaml=SMALL)


def test_two_files_that_extend_each_other_are_refused(lab_file: Write) -> None:
    with pytest.raises(LabError, match=r"^base\.yaml:1: lab\.yaml leads back to itself$"):
        small(lab_file, "extends: base.yaml\n", base__yaml="extends: lab.yaml\n")


def test_what_is_wrong_in_the_base_is_said_there(lab_file: Write) -> None:
    with pytest.raises(LabError, match=r"^base\.yaml:7: leaf1 every_port: mtu: "):
        small(lab_file, "extends: base.yaml\n", base__yaml=changed(("mtu: 9100", "mtu: big")))


# --- size ---------------------------------------------------------------------------------------------------------


def test_a_thousand_ports_load_in_about_a_second(lab_file: Write) -> None:
    leafs, hosts = 8, 64
    text = f"""\
name: big
profile: profile.toml
devices:
  leaf[1-{leafs}]:
    platform: x86_64-arista_7060x6_64pe
    every_port: {{fec: rs, mtu: 9100, lossless: true}}
    cages: {{1-{hosts // 2}: {{mode: 2x400G, module: CABLE}}}}
  gpu[1-{hosts}]:
    nic: ConnectX-7
    every_port: {{fec: rs, mtu: 9000, lossless: true}}
    cages: {{0-7: {{mode: 1x400G, module: {{part: CABLE, end: far}}}}}}
links: {{csv: links.csv}}
paths: derive
parts:
  CABLE: {{vendor: MAKER, kind: dac, pmd: 400GBASE-CR4, form_factor: OSFP, far: {{form_factor: QSFP112}}}}
"""
    rows = [
        f"leaf{rail + 1}:Ethernet{4 * host},gpu{host + 1}:eth{rail},2" for rail in range(leafs) for host in range(hosts)
    ]
    path = lab_file(text, links__csv="\n".join(["a,b,cable_m", *rows]))
    began = time.perf_counter()
    lab = load(path)
    took = time.perf_counter() - began
    assert sum(len(device.ports) for device in lab.devices.values()) == 1024
    assert (len(lab.links), len(lab.paths)) == (512, 512)
    assert bill_of_materials(lab) == {"CABLE": 256}
    assert took < 5, took  # 0.1 s on an idle machine; the bound only catches what is not linear
