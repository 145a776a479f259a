"""A planted fault changes what it says and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.simlab.faults import DAMAGES, Damage, Fault, plant, read
from harness.simlab.fixture import asks
from harness.simlab.scope import starts, tdecq
from harness.simlab.world import World
from tests.recordings import REPOSITORY
from tests.simlab.test_answers import general, text_of

FAULTS = read(REPOSITORY / "fixtures" / "rack3-faulty.toml")
PLANTED = [fault for fault in FAULTS if fault.do not in DAMAGES]

EEPROM = {
    "sudo sfputil show eeprom-hexdump",
    "sudo sfputil show eeprom-hexdump -n PAGE",
    "ethtool -m ethN hex on",
    "ethtool -m ethN",
}
SENSORS = 'sonic-db-dump -n STATE_DB -y -k "TRANSCEIVER_DOM_SENSOR*"'
MLXLINK = "mlxlink -d mlx5_N -m -c -e --show_fec --rx_fec_histogram --show_histogram --json"
SHOW_FEC = "ethtool --json -I --show-fec ethN"
COUNTERS = {"show interfaces counters fec-stats", "portstat -fh", SHOW_FEC, MLXLINK}
STATUS, FEC, CONFIG = "show interfaces status", "show interfaces fec status", "sonic-cfggen -d --print-data"
MODULE = "show interfaces transceiver status"
PFC = {"show pfc priority", "show pfc counters", "pfcwd show config"}
QUEUES = {"show queue counters", "show queue wredcounters"}
CHANGES = {
    "show interfaces flap",
    "show interfaces autoneg status",
    "ethtool -S ethN",
    "grep -H . /sys/class/net/*/carrier_changes",
}
LLDP = {"show lldp table", "lldpctl -f json0"}
LINK = {STATUS, FEC, *COUNTERS, *LLDP, *QUEUES, *CHANGES, "show pfc counters", "ip -j link show", "ethtool ethN"}

MAY_CHANGE: Mapping[str, set[str]] = {
    "fec": {STATUS, FEC, CONFIG, *COUNTERS},
    "fec_runs": {FEC},
    "uncorrectable": COUNTERS,
    "ber": COUNTERS,
    "no_histogram": {"portstat -fh", MLXLINK},
    "rx": {*EEPROM, MLXLINK, SENSORS},
    "tx": {*EEPROM, MLXLINK, SENSORS},
    "bias": {*EEPROM, MLXLINK, SENSORS},
    "tdecq": set(),
    "celsius": {*EEPROM, MLXLINK, MODULE, SENSORS, "show platform temperature"},
    "volts": {*EEPROM, MLXLINK, MODULE, SENSORS},
    "flag": {*EEPROM, MLXLINK, MODULE},
    "revision": {*EEPROM, MLXLINK},
    "flip": EEPROM,
    "control": {*EEPROM, MODULE},
    "data_path": {*EEPROM, MLXLINK, MODULE},
    "active": {*EEPROM, MODULE},
    "no_thresholds": {*EEPROM, MLXLINK},
    "watts": {*EEPROM, MLXLINK, "show platform psustatus"},
    "state": {*EEPROM, MODULE, SENSORS, *LINK},
    "cause": EEPROM,
    "stuck": EEPROM,
    "committed": EEPROM,
    "slow_start": set(),
    "snr": EEPROM,
    "echo": EEPROM,
    "restless": EEPROM,
    "serial": {*EEPROM, MLXLINK},
    "maker": {*EEPROM, MLXLINK},
    "error": {"show interfaces transceiver error-status"},
    "form_factor": {*EEPROM, MLXLINK, STATUS},
    "other_part": {*EEPROM, MLXLINK},
    "down": LINK,
    "mtu": {STATUS, CONFIG, "ip -j link show"},
    "pfc": {*PFC, *QUEUES, "pfcwd show stats -e", CONFIG, "mlnx_qos -i ethN"},
    "dscp": {CONFIG},
    "ecn": {"show ecn", CONFIG},
    "lanes": {STATUS, CONFIG},
    "mode": {"show interfaces breakout current-mode", CONFIG},
    "swap": LLDP,
}
"""The commands whose answers a fault may change, by what it does."""

ROWS = {STATUS, FEC, "show interfaces counters fec-stats", "portstat -fh", *PFC, "show lldp table"}
"""Commands that print a row per port."""


def answers(world: World) -> dict[tuple[str, str, int], str | None]:
    return {
        (ask.device, ask.text, ask.sample): text_of(world, device, ask.text, ask.sample)
        for device in world.devices.values()
        for ask in asks(device)
    }


@pytest.fixture(scope="module")
def healthy(world: World) -> dict[tuple[str, str, int], str | None]:
    return answers(world)


def ends(world: World, fault: Fault) -> set[tuple[str, str]]:
    """The ports that a fault may show on: the target's cage, what it names, and their neighbours in the lab file."""
    if ":" not in fault.target:
        return {(fault.target, port.name) for port in world.devices[fault.target].ports}
    named = [world.port(fault.target), *([world.port(fault.text("with"))] if "with" in fault.settings else [])]
    cage = [port for one in named for port in world.devices[one.device].ports if port.cage == one.cage]
    peers = [port.peer for port in cage if port.peer is not None]
    return {(port.device, port.name) for port in cage} | set(peers)


def test_every_kind_of_fault_is_planted() -> None:
    assert {fault.do for fault in FAULTS} == {*MAY_CHANGE, *DAMAGES}
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_no_two_faults_sit_on_one_port() -> None:
    places = [(fault.target, fault.settings.get("command")) for fault in FAULTS]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("fault", PLANTED, ids=[fault.name for fault in PLANTED])
def test_a_fault_changes_only_what_it_should(
    make_world: Callable[[], World], world: World, healthy: dict[tuple[str, str, int], str | None], fault: Fault
) -> None:
    spoiled = make_world()
    plant(spoiled, Damage(), fault)
    after = answers(spoiled)
    changed = {key for key, text in after.items() if text != healthy[key]}
    assert {general(command) for _, command, _ in changed} <= MAY_CHANGE[fault.do]
    measured, timed = tdecq(spoiled) != tdecq(world), starts(spoiled) != starts(world)
    assert changed or measured or timed
    assert measured == (fault.do in ("tdecq", "other_part", "serial"))
    assert timed == (fault.do in ("slow_start", "serial"))
    places = ends(world, fault)
    assert {device for device, _, _ in changed} <= {device for device, _ in places}
    for key in changed:
        device, command, _ = key
        if command in ROWS:
            before_rows, after_rows = (rows(text) for text in (healthy[key], after[key]))
            touched = {row[0] for row in before_rows ^ after_rows if row[0].startswith("Ethernet")}
            assert touched <= {name for where, name in places if where == device}, command


def rows(text: str | None) -> set[tuple[str, ...]]:
    """An answer's lines as words, so that a column that grew wider is no difference."""
    assert text is not None
    return {tuple(line.split()) for line in text.split("\n") if re.search(r"\w", line)}


def test_a_table_with_an_unknown_fault_is_refused(tmp_path: Path, world: World) -> None:
    row = '[[fault]]\nname = "x"\ndo = "magic"\ntarget = "leaf1:Ethernet0"\nchecks = []\nsubject = ""\n'
    (tmp_path / "t.toml").write_text(row)
    with pytest.raises(InputError, match=r"'x': nobody knows how to do 'magic'"):
        plant(world, Damage(), read(tmp_path / "t.toml")[0])


def test_a_fault_that_lacks_what_it_needs_is_refused(tmp_path: Path, make_world: Callable[[], World]) -> None:
    where = 'target = "leaf1:Ethernet456"\n'
    row = f'[[fault]]\nname = "x"\ndo = "rx"\n{where}lane = 9\nvalue = 0\nchecks = []\nsubject = ""\n'
    (tmp_path / "t.toml").write_text(row)
    with pytest.raises(InputError, match="has media lanes 1 to 4"):
        plant(make_world(), Damage(), read(tmp_path / "t.toml")[0])
    (tmp_path / "t.toml").write_text(row.replace("lane = 9\nvalue = 0", "lane = 1"))
    with pytest.raises(InputError, match="rx needs 'value'"):
        plant(make_world(), Damage(), read(tmp_path / "t.toml")[0])
    (tmp_path / "t.toml").write_text(row.replace(where, ""))
    with pytest.raises(InputError, match="'target' is missing"):
        read(tmp_path / "t.toml")
