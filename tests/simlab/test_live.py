"""The simulated lab that is served: real ssh, a clock that moves, faults on demand, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import InputError, TransportError, UsageError
from harness.evidence import Answer, Ask, Evidence, Kind, instant
from harness.lab.inventory import Lab
from harness.lab.load import load
from harness.simlab.__main__ import START
from harness.simlab.byhand import fault_of, listed, subject_of
from harness.simlab.clock import LabClock, LabTime, talk
from harness.simlab.faults import CHANGES, DAMAGES, SETTINGS, SPANS, read
from harness.simlab.live import LIVE_DAMAGES, Live, Slot, checked_speed, lab_faults
from harness.simlab.pages import LOWER, drifted, memory
from harness.simlab.server import LabServer
from harness.simlab.shell import said
from harness.simlab.systems.sonic import eeprom
from harness.simlab.world import World
from tests.recordings import REPOSITORY
from tests.simlab.served import PLUGFEST, RACK3, SECONDS, Served, serve

FAULTY = REPOSITORY / "fixtures" / "rack3-faulty.toml"
FEC = "show interfaces counters fec-stats"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    lab = serve(tmp_path_factory.mktemp("lab"), "--speed", "0")
    yield lab
    if lab.process.poll() is None:
        lab.stop()


@pytest.fixture(scope="session")
def recorded() -> Evidence:
    return Evidence(REPOSITORY / "fixtures" / "rack3")


# --- served -------------------------------------------------------------------------------------------------------


def test_every_device_is_told_how_to_reach_before_ready(served: Served) -> None:
    told = {line.partition(":")[0] for line in served.lines}
    assert {"leaf1", "leaf2", "spine1", "gpu1", "gpu2", "gpu3", "gpu4", "board1"} <= told
    assert served.lines[-1] == "ready"


@pytest.mark.parametrize(
    ("device", "command"),
    [
        ("leaf1", "show interfaces status"),
        ("leaf1", FEC),
        ("spine1", "sudo sfputil show eeprom-hexdump"),
        ("spine1", "show lldp table"),
        ("gpu1", "ip -j link show"),
        ("gpu4", "ethtool -m eth3 hex on page 0x11 bank 0x0 offset 0x80 length 0x80"),
    ],
)
def test_ssh_gets_the_bytes_that_the_fixture_has(served: Served, recorded: Evidence, device: str, command: str) -> None:
    kept = recorded.find(Ask(device, Kind.CLI, command))
    answer = served.ssh(device, command)
    assert answer.returncode == 0
    assert isinstance(kept, Answer)
    assert answer.stdout == kept.body


def test_a_command_that_no_device_knows_is_not_found(served: Served) -> None:
    answer = served.ssh("leaf1", "reload")
    assert (answer.returncode, answer.stdout) == (127, b"")
    assert b"reload: command not found" in answer.stderr


@pytest.mark.parametrize("terminal", ["-T", "-tt"])
def test_a_shell_is_a_prompt_that_answers(served: Served, terminal: str) -> None:
    command = ["ssh", terminal, "-F", str(served.home / "ssh_config"), "leaf1"]
    if terminal == "-tt" and os.geteuid() != 0:
        pytest.skip("not run: only a server that runs as root is sure to have terminals")
    typed = b"show platform summary\rexit\r"
    answer = subprocess.run(command, input=typed, capture_output=True, timeout=SECONDS)
    assert b"admin@leaf1:~$ " in answer.stdout
    assert b"HwSKU: Plugfest-7060X6-64PE\r\n" in answer.stdout


def test_a_command_that_fails_says_so_on_standard_error(served: Served) -> None:
    answer = served.ssh("gpu1", "ethtool -i eth99")
    assert (answer.returncode, answer.stdout) == (1, b"")
    assert b"No such device" in answer.stderr


def test_the_written_lab_loads_and_keeps_what_the_served_one_says(served: Served, lab: Lab) -> None:
    live = load(served.live)
    assert live.simulated and live.clock == served.home / "control.sock"
    assert live.evidence is None
    beside = served.live.with_name("live-laboratory.csv")  # of the module on the board
    assert live.measurements == (*lab.measurements, beside) and live.profile == lab.profile
    assert set(lab.devices) < set(live.devices)
    assert all(live.devices[name].reach["transport"] == "ssh" for name in lab.devices)
    assert live.devices["board1"].kind == "board"


def test_a_fault_shows_in_the_next_answer_and_goes_when_it_is_over(served: Served) -> None:
    healthy = served.ssh("leaf2", "show interfaces fec status").stdout
    planted = served.fault("leaf2:etp57a", "fec=none", "for=40")
    told = f"planted in the lab at {served.home}: leaf2:Ethernet448 fec=none for=40\n"
    assert (planted.returncode, planted.stdout) == (0, told), planted.stderr
    assert served.ssh("leaf2", "show interfaces fec status").stdout != healthy
    served.clock.wait(Decimal(40))
    assert served.ssh("leaf2", "show interfaces fec status").stdout == healthy


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("leaf9:Ethernet0", "down"), "no device 'leaf9'"),
        (("leaf1:Ethernet449", "down"), "did you mean 'Ethernet44"),
        (("leaf1:Ethernet448", "fex=none"), "did you mean 'fec'"),
        (("leaf1:Ethernet448", "rx=-35", "lane=9"), "has media lanes 1 to 4"),
        (("leaf1:Ethernet448", "rx=dark", "lane=1"), "a number was expected"),
        (("leaf1:Ethernet448", "state=Odd"), "a device cannot be so"),
    ],
)
def test_a_fault_that_cannot_be_is_one_line_of_why(served: Served, words: tuple[str, ...], said: str) -> None:
    refused = served.fault(*words)
    assert refused.returncode == 2
    assert said in refused.stderr and refused.stderr.count("\n") == 1


def test_counters_move_with_time_that_is_waited_for(served: Served) -> None:
    before, began = served.ssh("leaf1", FEC).stdout, time.monotonic()
    served.clock.wait(Decimal(600))
    assert time.monotonic() - began < 5
    assert served.ssh("leaf1", FEC).stdout != before


def test_many_who_wait_for_the_same_moment_do_not_add_up(served: Served) -> None:
    clock, moment = served.clock, served.clock.now() + 60
    threads = [threading.Thread(target=talk, args=(clock.control, {"until": str(moment)})) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert clock.now() == moment


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    lab = serve(tmp_path, "--speed", "0")
    home = str(lab.home)
    assert lab.spent < 3
    assert belonging(home)
    assert lab.stop(number) == 0
    assert not lab.home.exists()
    assert not belonging(home)
    written = {"live.yaml", "live-laboratory.csv"}  # what was asked for, so that what was collected can still be judged
    assert {entry.name for entry in tmp_path.iterdir()} == written
    with pytest.raises(TransportError, match="no simulated lab answers"):
        lab.clock.instant()


def test_two_labs_at_once_have_a_time_and_faults_of_their_own(tmp_path: Path, served: Served) -> None:
    other = serve(tmp_path, "--speed", "0")
    try:
        before, mine = served.ssh("leaf1", "show interfaces status").stdout, served.clock.now()
        assert other.fault("leaf1:Ethernet448", "down").returncode == 0
        other.clock.wait(Decimal(5000))
        assert other.ssh("leaf1", "show interfaces status").stdout != before
        assert served.ssh("leaf1", "show interfaces status").stdout == before
        assert served.clock.now() == mine
    finally:
        other.stop()


def belonging(home: str) -> list[str]:
    """The command lines of processes that name a directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            found += [words] if home in words else []
    return found


# --- moving -------------------------------------------------------------------------------------------------------


@pytest.fixture
def live(lab: Lab, tmp_path: Path) -> Live:
    return Live(lab, LabTime(tmp_path, instant(START), speed=Decimal(0)))


def plant(live: Live, subject: str, *words: str) -> None:
    fault, lasts = fault_of(live.world, subject, words)
    live.plant(fault, lasts=lasts)


def test_time_that_nobody_waits_for_passes_at_the_speed_of_the_lab(tmp_path: Path) -> None:
    fast = LabTime(tmp_path, instant(START), speed=Decimal(10_000))
    deadline = time.monotonic() + SECONDS
    while fast.now() < 100 and time.monotonic() < deadline:
        pass
    assert fast.now() >= 100
    assert LabClock(tmp_path / "control.sock").instant() > instant(START)


@pytest.mark.parametrize("speed", ["-1", "fast", "NaN"])
def test_a_speed_that_is_none_is_refused(speed: str) -> None:
    with pytest.raises(UsageError, match="a number from 0"):
        checked_speed(speed)


def test_answers_live_are_those_of_a_fixture(live: Live, world: World) -> None:
    for name, command in (("leaf1", FEC), ("gpu2", "lldpctl -f json0")):
        assert live.answer(name, command) == said(world, world.devices[name], command, 0)


def test_what_was_counted_stays_when_the_error_ratio_changes(live: Live) -> None:
    port = "leaf1:Ethernet448"
    before = live.world.port(port).counted(0)
    plant(live, port, "ber=2e-4")
    assert live.world.port(port).counted(0) == before
    live.time.wait(Decimal(60))
    after = live.world.port(port).counted(live.second)
    assert after.corrected > before.corrected + 60 * 400 * 10**9 // 5440 // 2
    live.clear()
    assert live.world.port(port).counted(live.second) == after


def test_uncorrectable_codewords_rise_for_as_long_as_the_fault_is_there(live: Live) -> None:
    port = "leaf1:Ethernet448"
    plant(live, port, "uncorrectable=0,600")
    live.time.wait(Decimal(60))
    assert live.world.port(port).counted(live.second).uncorrected == 60
    live.clear()
    live.time.wait(Decimal(60))
    assert live.world.port(port).counted(live.second).uncorrected == 60


def test_a_link_that_flapped_is_up_again_and_counts_anew(live: Live) -> None:
    port = "leaf1:Ethernet448"
    before = live.world.port(port).counted(0)
    plant(live, port, "flap")
    live.time.wait(Decimal(10))
    now = live.world.port(port)
    assert now.up and now.flaps == 1
    assert now.counted(live.second).corrected < before.corrected
    assert live.planted == ()


def test_a_flap_that_lasts_is_over_when_its_time_is(live: Live) -> None:
    plant(live, "leaf1:Ethernet448", "flap", "for=30")
    assert not live.world.port("spine1:Ethernet0").up
    live.time.wait(Decimal(600))
    live.settle()
    port = live.world.port("leaf1:Ethernet448")
    assert port.up and port.changed == 30


def test_monitors_drift_within_any_window(live: Live, world: World) -> None:
    device = world.devices["leaf1"]
    assert len({eeprom(device, None, second) for second in (0, 1, 60, 600)}) == 4


@pytest.mark.parametrize("window", [1, 10, 30, 60, 120, 300, 600, 610, 655, 900, 1800, 3600])
def test_no_monitor_is_back_where_it_was_after_a_usual_window(world: World, window: int) -> None:
    module = world.module("leaf1:Ethernet448")
    for start in range(601, 1300, 7):
        before, after = drifted(module, start), drifted(module, start + window)
        assert before.celsius != after.celsius and before.volts != after.volts
        assert all(a.tx != b.tx and a.bias != b.bias for a, b in zip(before.lanes, after.lanes, strict=True))
        assert abs(after.celsius - module.celsius) <= Decimal("0.51")


def test_a_fault_of_a_board_is_seen_on_its_bus(served: Served, tmp_path: Path) -> None:
    lab = load(served.live)
    live = Live(lab, LabTime(tmp_path, instant(START), speed=Decimal(0)))
    slot = Slot(live, "board1:slot1")
    before = slot.read(0xA0, 0, 128)
    plant(live, "board1:slot1", "revision=4.0")
    assert (before[1], slot.read(0xA0, 0, 128)[1]) == (0x50, 0x40)
    live.clear()
    assert slot.read(0xA0, 1, 1) == b"\x50"


def test_monitors_of_a_board_move_within_a_window(served: Served, tmp_path: Path) -> None:
    live = Live(load(served.live), LabTime(tmp_path, instant(START), speed=Decimal(0)))
    slot = Slot(live, "board1:slot1")
    before = slot.read(0xA0, 14, 4)
    for window in (60, 600):
        live.time.wait(Decimal(window))
        now = slot.read(0xA0, 14, 4)
        assert now != before
        before = now


def test_a_file_of_module_memory_is_dumped_as_od_does_it(world: World, tmp_path: Path) -> None:
    plan = replace(world.devices["leaf1"].plan, eeproms=f"{tmp_path}/{{cage}}")
    device = replace(world.devices["leaf1"], plan=plan)
    module = world.module("leaf1:Ethernet448")
    held = memory(module)
    (tmp_path / "57").write_bytes(b"".join(held[page] for page in (LOWER, 0x00, 0x01, 0x02)))
    command = f"od -An -v -tx1 -w128 -j 0 -N 512 {tmp_path}/57"
    real = subprocess.run(command.split(), capture_output=True, timeout=SECONDS)
    assert said(world, device, command, 0) == (0, real.stdout, b"")
    absent = said(world, device, f"od -An -v -tx1 -w128 -j 384 -N 256 {tmp_path}/57", 0)
    assert (absent.status, absent.out.count(b"\n")) == (1, 1) and b"read error" in absent.err
    assert said(world, device, command.replace("57", "99"), 0).status == 1


def test_a_lab_file_that_is_wrong_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    command = [str(PLUGFEST), "lab", "up", str(tmp_path / "none.yaml")]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    refused = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=SECONDS)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


# --- the whole way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said_as", "named"),
    [
        ("leaf1:Ethernet448", "leaf1:Ethernet448"),
        ("leaf1:Ethernet1/57", "leaf1:Ethernet448"),
        ("leaf1:Ethernet1/57/2", "leaf1:Ethernet452"),
        ("leaf1:etp57b", "leaf1:Ethernet452"),
        ("leaf1:57", "leaf1:Ethernet448"),
        ("gpu1:eth3", "gpu1:eth3"),
    ],
)
def test_a_port_is_found_however_it_is_called(world: World, said_as: str, named: str) -> None:
    assert subject_of(world, said_as, whole=False) == named


def test_every_fault_says_what_it_needs_and_is_listed() -> None:
    assert {*CHANGES, *LIVE_DAMAGES} - SPANS == set(SETTINGS)
    assert all(
        set(fault.settings) - {"also"} <= set(SETTINGS[fault.do].split())
        for fault in read(FAULTY)
        if fault.do in SETTINGS
    )
    told = "\n".join(listed())
    assert all(do in told for do in SETTINGS)


def test_every_fault_of_the_table_can_be_planted_while_the_lab_lives(live: Live) -> None:
    kept, left_out = lab_faults(read(FAULTY))
    assert len(left_out) == len([fault for fault in read(FAULTY) if fault.do in DAMAGES and fault.do != "silence"])
    for fault in kept:
        if fault.target in live.world.devices or fault.target.partition(":")[0] in live.world.devices:
            live.plant(fault)
    assert live.clear() == len(kept)


def test_a_damage_to_recordings_is_refused(live: Live) -> None:
    lost = next(fault for fault in read(FAULTY) if fault.do == "lose")
    with pytest.raises(InputError, match="done to recorded answers"):
        live.plant(lost)


def test_a_home_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError, match="an empty directory was expected"):
        LabServer(RACK3, tmp_path, start=instant(START)).start()
    assert (tmp_path / "thesis.tex").read_text() == "mine"
