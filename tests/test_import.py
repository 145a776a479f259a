"""Outputs collected by hand become evidence: recognised by name, prompt or heading, and refused with a reason."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.drivers import driver
from harness.drivers.base import Answers
from harness.evidence import Ask, Evidence, Kind, Origin, Recorder
from harness.imported import questions_of
from harness.imported import status as status_of
from harness.imported.cut import pieces
from harness.imported.files import LARGEST, contents
from harness.imported.names import Meant
from harness.lab.load import load
from tests.recordings import REPOSITORY

LAB = REPOSITORY / "lab_configs" / "rack3.yaml"
FIXTURE = REPOSITORY / "fixtures" / "rack3"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EEPROM = "sudo sfputil show eeprom-hexdump"
FEC_STATS = "show interfaces counters fec-stats"
CONFIG = "sonic-cfggen -d --print-data"
STORE = Evidence(FIXTURE)

Run = Callable[..., tuple[int, dict[str, Any]]]


def recorded_answer(device: str, command: str, sample: int = 1) -> str:
    found = STORE.find(Ask(device, Kind.CLI, command, sample))
    return found.text  # type: ignore[union-attr]


VERSION, STATUS, ECN = (recorded_answer("leaf1", c) for c in ("show version", "show interfaces status", "show ecn"))


@pytest.fixture
def imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``plugfest import`` into one store, and gives the exit status and the JSON."""

    def run(source: Path, device: str = "leaf1", *more: str) -> tuple[int, dict[str, Any]]:
        into = str(tmp_path / "store")
        line = ["import", str(source), "--device", device, "--lab", str(LAB), "--into", into, "--json", *more]
        code = main(line)
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if printed.out else {"error": printed.err}

    return run


def put(folder: Path, texts: Mapping[str, str | bytes], at: datetime = NOON) -> Path:
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(file, (at.timestamp(), at.timestamp()))
    return folder


def commands(told: dict[str, Any]) -> list[tuple[str, int]]:
    return [(row["command"], row["sample"]) for row in told["imported"]]


def reasons(told: dict[str, Any]) -> dict[str, str]:
    return {row["file"]: row["why"] for row in told["not_imported"]}


# --- by name --------------------------------------------------------------------------------------------------------

SONIC_NAMES = {
    "show_interfaces_status.txt": "show interfaces status",
    "show interfaces status": "show interfaces status",
    "show-interface-status.log": "show interfaces status",
    "Show_Interfaces_Status.TXT": "show interfaces status",
    "show%20interfaces%20status": "show interfaces status",
    "leaf1-show-version.log": "show version",
    "leaf1.show_version.2026-11-20T12:00:00Z.txt": "show version",
    "show_version_leaf1_20261120_120000.txt": "show version",
    "01_show_version.out": "show version",
    "outputs/leaf1/show version.txt": "show version",
    "intfutil_-c_status": "show interfaces status",
    "portstat -f": FEC_STATS,
    "show_interfaces_counters_fec-stats_2.txt": FEC_STATS,
    "sfputil_show_eeprom-hexdump": EEPROM,
    "sudo sfputil show eeprom-hexdump -n 0x13.txt": f"{EEPROM} -n 0x13",
    "sfputil show error-status": "show interfaces transceiver error-status",
    "show runningconfiguration all.json": CONFIG,
    "platform.json": "cat /usr/share/sonic/device/x86_64-arista_7060x6_64pe/platform.json",
    "sonic_dump_leaf1_20261120_120000/dump/interface.status": "show interfaces status",
    "dump/interface.xcvrs.presence": "show interfaces transceiver presence",
    "dump/interface.xcvrs.eeprom.raw": EEPROM,
    "dump/interface.counters.fec-stats_1": FEC_STATS,
    "dump/platform.summary": "show platform summary",
    "dump/CONFIG_DB.json": CONFIG,
}
LINUX_NAMES = {
    "sos_commands/networking/ethtool_-i_eth0": "ethtool -i eth0",
    "sos_commands/networking/ethtool_-a_eth0": "ethtool -a eth0",
    "sos_commands/networking/ethtool_eth0": "ethtool eth0",
    "sos_commands/networking/ip_-j_link": "ip -j link show",
    "gpu1-ethtool--json--I--show-fec-eth3.json": "ethtool --json -I --show-fec eth3",
    "ethtool -m eth0 hex on page 0x11 bank 0x0 offset 0x80 length 0x80": (
        "ethtool -m eth0 hex on page 0x11 bank 0x0 offset 0x80 length 0x80"
    ),
}
NOT_ASKED = (
    "notes.txt",
    "show_interfaces_counters_fec-histogram_Ethernet0.txt",
    "show_tech.txt",
    "dump/lldp.statistics",
    "x",
)


@pytest.mark.parametrize(
    ("device", "name", "command"),
    [*(("leaf1", *pair) for pair in SONIC_NAMES.items()), *(("gpu1", *pair) for pair in LINUX_NAMES.items())],
)
def test_a_file_is_recognised_by_its_name(device: str, name: str, command: str) -> None:
    meant = questions_of(load(LAB), device).file(name)
    assert isinstance(meant, Meant), meant
    assert meant.text == command


@pytest.mark.parametrize("name", NOT_ASKED)
def test_a_file_of_another_name_is_not_guessed_at(name: str) -> None:
    assert str(questions_of(load(LAB), "leaf1").file(name)).startswith("no question of the driver")


@pytest.mark.parametrize("name", ["ethtool_-M_eth0", "ethtool_-s_eth0", "ethtool_-A_eth0"])
def test_an_option_in_capitals_is_another_one(name: str) -> None:
    assert isinstance(questions_of(load(LAB), "gpu1").file(name), str)


@pytest.mark.parametrize(
    "name",
    [
        "spine1-show-version.log",
        "spine1/show_version.txt",
        "show/leaf2/show_version.txt",
        "sonic_dump_leaf2_20261120_120000/dump/version",
    ],
)
def test_a_file_named_after_another_device_of_the_lab_is_left(tmp_path: Path, imported: Run, name: str) -> None:
    code, told = imported(put(tmp_path / "in", {name: VERSION, "show_ecn.txt": ECN}))
    assert code == 0
    assert commands(told) == [("show ecn", 1)]
    assert "leaf2" in reasons(told)[name] or "spine1" in reasons(told)[name]


# --- many in one file -----------------------------------------------------------------------------------------------

SESSIONS = {
    "prompts of a shell": "admin@leaf1:~$ {0}\n{a}admin@leaf1:~$ {1}\n{b}admin@leaf1:~$ \n",
    "prompts of root": "root@leaf1:/home/admin# {0}\n{a}root@leaf1:/home/admin# {1}\n{b}",
    "prompts in brackets": "[admin@leaf1 ~]$ {0}\n{a}[admin@leaf1 ~]$ {1}\n{b}",
    "bare prompts": "leaf1# {0}\n{a}leaf1# {1}\n{b}leaf1# exit\n",
    "prompts in colour": "\x1b[01;32madmin@leaf1\x1b[00m:\x1b[01;34m~\x1b[00m$ uptime\n up\n"
    "\x1b[0madmin@leaf1:~$ {0}\n{a}admin@leaf1:~$ {1}\n{b}",
    "dollars": "$ {0}\n{a}$ uptime\n 12:00\n$ {1}\n{b}",
    "headings": "---- {0} ----\n{a}---- {1} ----\n{b}",
    "headings of a label": "===== COMMAND: {0}\n{a}===== COMMAND: {1}\n{b}",
    "headings between rules": "==========\n{0}\n==========\n{a}==========\n{1}\n==========\n{b}",
    "headings in ticks": "`{0}`\n{a}`{1}`\n{b}",
    "a banner before": "Welcome to leaf1\n\nadmin@leaf1:~$ {0}\n{a}admin@leaf1:~$ {1} | no-more\n{b}",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
def test_a_session_is_cut_into_its_answers(tmp_path: Path, imported: Run, session: str, newline: str) -> None:
    text = session.format("show interfaces status", "sudo show ecn", a=STATUS, b=ECN).replace("\n", newline)
    code, told = imported(put(tmp_path / "in", {"session.log": text}))
    assert code == 0
    assert sorted(commands(told)) == [("show ecn", 1), ("show interfaces status", 1)]
    assert [row["remark"] for row in told["imported"]] == ["", ""]
    answers = Answers("sonic", "leaf1", Evidence(tmp_path / "store"))
    for command, whole in (("show interfaces status", STATUS), ("show ecn", ECN)):
        found = answers.raw(command)
        assert found.text.replace("\r", "").rstrip("\n") == whole.rstrip("\n")  # type: ignore[union-attr]


@pytest.mark.parametrize("command", ["show version", "show interfaces status", FEC_STATS, EEPROM, CONFIG, "show ecn"])
def test_no_line_of_an_answer_is_taken_for_a_prompt(command: str) -> None:
    text = recorded_answer("leaf1", command)
    questions = questions_of(load(LAB), "leaf1")
    assert [piece.body for piece in pieces(text, questions.verbs, ["leaf1"])] == [text]


def test_a_recorded_output_is_not_cut(recordings: Path) -> None:
    questions = questions_of(load(LAB), "leaf1")
    for file in sorted((recordings / "cli" / "sonic").glob("*/*.txt")):
        text = file.read_text("utf-8")
        assert all(not p.command or p.host for p in pieces(text, questions.verbs, ["leaf1"])), file


@pytest.mark.parametrize(
    "prompt", ["leaf2#", "spine1# ", "leaf2(s1)#", "user@r1> ", "\n{master:0}\nuser@r1> ", "RP/0/RP0/CPU0:r1#"]
)
def test_a_session_is_cut_at_the_prompts_of_any_system(prompt: str) -> None:
    session = f"{prompt}show version\r\nA 1\r\n{prompt}show interface | json | no-more\r\n{{}}\r\n{prompt}"
    cut = [(piece.command, piece.body.strip()) for piece in pieces(session, ("show",), ())]
    assert cut == [("show version", "A 1"), ("show interface | json | no-more", "{}")]


MIXED = REPOSITORY / "lab_configs" / "mixed.yaml"


@pytest.mark.parametrize(
    ("device", "line", "command"),
    [
        ("leaf2", "show version | json", "show version | json"),
        ("leaf2", "show version | json | no-more", "show version | json"),
        ("leaf2", "show interface status", "show interfaces status"),
        ("spine1", "show lldp neighbors detail | json", "show lldp neighbors detail | json"),
        ("spine1", "show interface transceiver details | no-more", "show interface transceiver details"),
    ],
)
def test_how_an_answer_is_to_be_written_is_no_filter(device: str, line: str, command: str) -> None:
    assert questions_of(load(MIXED), device).command(line) == Meant(command)


@pytest.mark.parametrize(
    "line", ["show version | json | grep model", "show interfaces | include up", "show x | json > f"]
)
def test_a_filter_of_another_system_is_one_too(line: str) -> None:
    assert "not the whole answer" in str(questions_of(load(MIXED), "leaf2").command(line))


@pytest.mark.parametrize("device", ["leaf2", "spine1"])
def test_a_session_with_a_switch_of_another_system_becomes_evidence(device: str, tmp_path: Path) -> None:
    recorded = [r for r in Evidence(REPOSITORY / "fixtures" / "mixed").records if r.ask.device == device]
    bodies = {
        r.ask.text: (REPOSITORY / "fixtures" / "mixed" / r.file).read_text() for r in recorded if r.ask.sample == 1
    }
    session = "".join(f"{device}# {text}\r\n{body}" for text, body in bodies.items()) + f"{device}#"
    source = put(tmp_path / "in", {"session.log": session})
    line = ["import", str(source), "--device", device, "--lab", str(MIXED), "--into", str(tmp_path / "store"), "--json"]
    assert main(line) == 0
    plan = load(MIXED).devices[device]
    assert {r.ask.text for r in Evidence(tmp_path / "store").records} == set(bodies)
    assert driver(plan.nos).decode(plan, Evidence(tmp_path / "store")).unknown == ()


def test_a_filtered_answer_is_not_the_answer(tmp_path: Path, imported: Run) -> None:
    session = f"admin@leaf1:~$ show interfaces status | grep Ethernet0\n{STATUS}"
    code, told = imported(put(tmp_path / "in", {"s.log": session}))
    assert code == 2
    assert "not the whole answer" in reasons(told)["s.log"]
    assert not (tmp_path / "store").exists()


def test_a_prompt_of_another_device_of_the_lab_is_refused_and_one_of_a_stranger_warned_of(
    tmp_path: Path, imported: Run
) -> None:
    session = f"admin@spine1:~$ show version\n{VERSION}admin@sw-12:~$ show ecn\n{ECN}"
    code, told = imported(put(tmp_path / "in", {"s.log": session}))
    assert code == 0
    assert commands(told) == [("show ecn", 1)]
    assert reasons(told)["s.log"] == "the prompt says spine1: it is of spine1, not of leaf1"
    assert len(told["warnings"]) == 1
    assert "sw-12, which is imported as leaf1" in told["warnings"][0]


def test_a_configuration_with_another_hostname_is_told(tmp_path: Path, imported: Run) -> None:
    def config(host: str) -> str:
        return json.dumps({"DEVICE_METADATA": {"localhost": {"hostname": host}}}, indent=1)

    code, told = imported(put(tmp_path / "in", {"CONFIG_DB.json": config("spine1")}))
    assert (code, commands(told)) == (2, [])
    assert "spine1" in reasons(told)["CONFIG_DB.json"]
    code, told = imported(put(tmp_path / "in", {"CONFIG_DB.json": config("sw-12")}))
    assert (code, commands(told)) == (0, [(CONFIG, 1)])
    assert "sw-12" in told["warnings"][0]


# --- bundles --------------------------------------------------------------------------------------------------------


def techsupport() -> dict[str, tuple[str, int]]:
    root = "sonic_dump_leaf1_20261120_120000"
    flat = {"PORT|Ethernet0": {"type": "hash", "value": {"mtu": "9100"}}}
    return {
        f"{root}/dump/version": (VERSION, 0),
        f"{root}/dump/interface.status": (STATUS, 1),
        f"{root}/dump/interface.counters.fec-stats_1": (recorded_answer("leaf1", FEC_STATS), 2),
        f"{root}/dump/interface.counters.fec-stats_2": (recorded_answer("leaf1", FEC_STATS, 2), 90),
        f"{root}/dump/CONFIG_DB.json": (json.dumps(flat, indent=2), 3),
        f"{root}/etc/sonic/config_db.json": (recorded_answer("leaf1", CONFIG), 95),
        f"{root}/log/syslog": ("admin@leaf1:~$ show ecn\nx\n", 4),
        f"{root}/dump/lldp.statistics": ("LLDP statistics:\n", 5),
    }


def tar_of(texts: Mapping[str, tuple[str, int]], mode: str = "w:gz") -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode=mode) as archive:  # type: ignore[call-overload]
        for name, (text, after) in texts.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(text.encode()), int(NOON.timestamp()) + after
            archive.addfile(member, io.BytesIO(text.encode()))
    return raw.getvalue()


@pytest.mark.parametrize("kind", ["directory", "tar.gz", "tar.xz", "tar", "zip"])
def test_a_techsupport_is_imported(tmp_path: Path, imported: Run, kind: str) -> None:
    bundle = techsupport()
    source = tmp_path / f"sonic_dump_leaf1_20261120_120000.{kind}"
    if kind == "directory":
        source = tmp_path / "in"
        for name, (text, after) in bundle.items():
            put(source, {name: text}, NOON + timedelta(seconds=after))
    elif kind == "zip":
        with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, (text, after) in bundle.items():
                moment = (NOON + timedelta(seconds=after)).timetuple()[:6]
                archive.writestr(zipfile.ZipInfo(name, moment), text)
    else:
        source.write_bytes(tar_of(bundle, {"tar.gz": "w:gz", "tar.xz": "w:xz", "tar": "w"}[kind]))
    code, told = imported(source)
    assert code == 0
    expected = [("show version", 1), ("show interfaces status", 1), (FEC_STATS, 1), (CONFIG, 1), (FEC_STATS, 2)]
    assert sorted(commands(told)) == sorted(expected)
    why = reasons(told)
    root = next(iter(bundle)).partition("/")[0]
    assert why[f"{root}/log/syslog"] == "not the output of a command"
    assert "saved configuration" in why[f"{root}/etc/sonic/config_db.json"]
    assert why[f"{root}/dump/lldp.statistics"].startswith("no question of the driver")
    first, second = (row["at"] for row in told["imported"] if row["command"] == FEC_STATS)
    assert (first, second) == ("2026-11-20T12:00:02Z", "2026-11-20T12:01:30Z")
    answers = Answers("sonic", "leaf1", Evidence(tmp_path / "store"))
    assert answers.rows(CONFIG)[0]["fields"] == {"mtu": "9100"}  # type: ignore[index]
    assert answers.apart(FEC_STATS, FEC_STATS).value == 88  # type: ignore[union-attr]


def test_a_file_is_not_later_than_its_own_answer_on_record(tmp_path: Path, imported: Run) -> None:
    source = put(tmp_path / "in", {"show_interfaces_counters_fec-stats.txt": recorded_answer("leaf1", FEC_STATS)})
    (file,) = source.iterdir()
    os.utime(file, ns=(1_800_000_000_123_456_789, 1_800_000_000_123_456_789))
    assert commands(imported(source)[1]) == [(FEC_STATS, 1)]
    assert commands(imported(source)[1]) == []


@pytest.mark.parametrize("name", ["etc/sonic/config_db.json", "config_db.json", "cat_etc_sonic_config_db.json.txt"])
def test_a_saved_configuration_is_not_taken_for_the_running_one(tmp_path: Path, imported: Run, name: str) -> None:
    code, told = imported(put(tmp_path / "in", {name: recorded_answer("leaf1", CONFIG)}))
    assert (code, commands(told)) == (2, [])
    assert "need not be the running one" in reasons(told)[name]


def test_a_sosreport_is_imported(tmp_path: Path, imported: Run) -> None:
    root = "sosreport-gpu1-2026-11-20-abc"
    texts = {
        f"{root}/sos_commands/networking/ethtool_-i_eth0": (recorded_answer("gpu1", "ethtool -i eth0"), 0),
        f"{root}/sos_commands/networking/ethtool_eth0": (recorded_answer("gpu1", "ethtool eth0"), 0),
        f"{root}/proc/cpuinfo": ("x\n", 0),
    }
    (tmp_path / "sos.tar.xz").write_bytes(tar_of(texts, "w:xz"))
    code, told = imported(tmp_path / "sos.tar.xz", "gpu1")
    assert (code, sorted(commands(told))) == (0, [("ethtool -i eth0", 1), ("ethtool eth0", 1)])
    assert told["questions"] - len(told["missing"]) == 2


@pytest.mark.parametrize("line", [" ", "\t", "-", "- ", "= ", "Command: "], ids=repr)
def test_a_long_line_is_cut_in_time_that_grows_with_it(line: str) -> None:
    began = time.process_time()
    pieces(line * 100_000 + "\n", ("show",), ("leaf1",))
    assert time.process_time() - began < 5


# --- time and samples -----------------------------------------------------------------------------------------------


def test_the_time_is_the_files_own_unless_it_is_said(tmp_path: Path, imported: Run) -> None:
    source = put(tmp_path / "in", {"show_version.txt": VERSION})
    _, told = imported(source, "leaf1", "--at", "2026-11-21T08:00:00+02:00")
    assert told["imported"][0]["at"] == "2026-11-21T06:00:00Z"
    code, told = imported(source, "leaf1", "--at", "yesterday")
    assert code == 2
    assert "--at: expected an instant" in told["error"]


def test_a_file_that_lost_its_time_is_told(tmp_path: Path, imported: Run) -> None:
    _, told = imported(put(tmp_path / "in", {"show_version.txt": VERSION}, datetime(1980, 1, 1, tzinfo=UTC)))
    assert "is dated 1980-01-01T00:00:00Z: say with --at" in told["warnings"][0]


def test_a_later_answer_is_the_second_sample_where_the_driver_asks_twice(tmp_path: Path, imported: Run) -> None:
    source = tmp_path / "in"
    for number, minutes in enumerate((0, 5, 10)):
        texts = {f"{number}/{FEC_STATS}": recorded_answer("leaf1", FEC_STATS), f"{number}/show version": VERSION}
        put(source, texts, NOON + timedelta(minutes=minutes))
    _, told = imported(source)
    assert [(r["command"], r["sample"], r["file"][0]) for r in told["imported"]] == [
        (FEC_STATS, 1, "0"),
        (FEC_STATS, 2, "2"),
        ("show version", 1, "2"),
    ]
    assert reasons(told)[f"1/{FEC_STATS}"] == "neither the first nor the last sample"


def test_answers_of_one_time_are_no_two_samples(tmp_path: Path, imported: Run) -> None:
    text = recorded_answer("leaf1", FEC_STATS)
    _, told = imported(put(tmp_path / "in", {"1/portstat -f": text, "2/portstat -f": text}))
    assert commands(told) == [(FEC_STATS, 1)]
    assert "no later than the first sample" in reasons(told)["2/portstat -f"]


def test_a_second_import_adds_the_second_sample_and_what_was_missing(tmp_path: Path, imported: Run) -> None:
    first = put(tmp_path / "a", {"portstat -f": recorded_answer("leaf1", FEC_STATS)})
    again = {"portstat -f": recorded_answer("leaf1", FEC_STATS, 2), "show ecn": ECN}
    second = put(tmp_path / "b", again, NOON + timedelta(seconds=60))
    _, told = imported(first)
    before = len(told["missing"])
    _, told = imported(second)
    assert sorted(commands(told)) == [("show ecn", 1), (FEC_STATS, 2)]
    assert len(told["missing"]) == before - 2
    code, told = imported(second)
    assert (code, commands(told)) == (2, [])
    assert all("the store has" in why for why in reasons(told).values())


# --- what is wrong --------------------------------------------------------------------------------------------------

ERRORS = {
    "empty": ("", 1),
    "blank": ("\n \n", 1),
    "not found": ("-bash: show: command not found\n", 127),
    "refused": ("% Invalid input detected at '^' marker.\n", 1),
    "no right": ("Root privileges are required for this operation\n", 1),
    "usage": ("Usage: show [OPTIONS] COMMAND [ARGS]...\n\nError: No such command 'ecn'.\n", 1),
    "netlink": ("netlink error: Operation not supported\n", 1),
    "an answer": (VERSION, 0),
    "an answer that speaks of errors": (recorded_answer("leaf1", "show interfaces transceiver error-status"), 0),
}


@pytest.mark.parametrize(("text", "expected"), ERRORS.values(), ids=ERRORS)
def test_the_exit_status_is_that_of_an_error_where_the_text_is_one(text: str, expected: int) -> None:
    assert status_of(text) == expected


def test_an_error_is_evidence_and_its_question_stays_missing(tmp_path: Path, imported: Run) -> None:
    code, told = imported(put(tmp_path / "in", {"show_ecn.txt": "-bash: show: command not found\n"}))
    assert (code, told["imported"][0]["status"]) == (0, 127)
    assert {"command": "show ecn", "sample": 1} in told["missing"]


def test_what_the_parser_refuses_is_imported_and_listed(tmp_path: Path, imported: Run) -> None:
    code, told = imported(put(tmp_path / "in", {"show_ecn.txt": "Arista DCS-7060X6\nHardware version: 11\n"}))
    assert code == 0
    assert "not an answer of 'show ecn'" in told["imported"][0]["remark"]


def test_encodings_of_terminals_and_shells_are_read(tmp_path: Path, imported: Run) -> None:
    texts = {
        "show_version.txt": VERSION.encode("utf-16"),
        "show_ecn.txt": b"\xef\xbb\xbf" + ECN.encode(),
        "show_lldp_table.txt": recorded_answer("leaf1", "show lldp table").replace("leaf", "l\xe9af").encode("latin-1"),
        "show_interfaces_status.txt.gz": gzip.compress(STATUS.encode()),
    }
    _, told = imported(put(tmp_path / "in", texts))
    assert len(told["imported"]) == 4
    assert [row["remark"] for row in told["imported"] if row["command"] != "show lldp table"] == ["", "", ""]


def test_files_that_are_no_outputs_are_named_with_the_reason(tmp_path: Path, imported: Run) -> None:
    source = put(
        tmp_path / "in",
        {"show_ecn.txt": ECN, "core": b"\x7fELF\0\0", "within.tar.gz": b"x", "bad.gz": b"\x1f\x8b\x08x"},
    )
    (source / "show_version.txt").symlink_to("/etc/passwd")
    (source / "folder").symlink_to("/etc")
    os.mkfifo(source / "pipe")
    with (source / "show_lldp_table.txt").open("wb") as large:
        large.truncate(LARGEST + 1)
    code, told = imported(source)
    assert code == 0
    assert commands(told) == [("show ecn", 1)]
    why = reasons(told)
    assert why["core"] == "binary"
    assert why["within.tar.gz"] == "an archive within: import it by itself"
    assert why["bad.gz"].startswith("damaged")
    assert why["show_version.txt"] == why["folder"] == "a link, which is not followed"
    assert why["pipe"] == "not a file"
    assert why["show_lldp_table.txt"].startswith("64 MiB, more than the 64 MiB")


def test_a_file_that_cannot_be_read_is_named() -> None:
    (unreadable,) = contents(Path("/proc/self/mem"))  # nobody can read its first bytes, root included
    assert unreadable.refused == "cannot be read: Input/output error"


def hostile_tar(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in ("../../show_version.txt", "/etc/show_version.txt"):
            member = tarfile.TarInfo(name)
            member.size = 1
            archive.addfile(member, io.BytesIO(b"x"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            link = tarfile.TarInfo(f"show_version_{kind.decode()}.txt")
            link.type, link.linkname = kind, "/etc/passwd"
            archive.addfile(link)
        device = tarfile.TarInfo("show_version.txt")
        device.type = tarfile.CHRTYPE
        archive.addfile(device)
        bomb = tarfile.TarInfo("show_interfaces_status.txt")
        bomb.size = LARGEST + 1
        archive.addfile(bomb, io.BytesIO(bytes(LARGEST + 1)))
        good = tarfile.TarInfo("show_ecn.txt")
        good.size, good.mtime = len(ECN), int(NOON.timestamp())
        archive.addfile(good, io.BytesIO(ECN.encode()))


def test_an_archive_with_traps_gives_its_outputs_and_a_line_a_trap(tmp_path: Path, imported: Run) -> None:
    hostile_tar(tmp_path / "bundle.tar.gz")
    code, told = imported(tmp_path / "bundle.tar.gz")
    assert (code, commands(told)) == (0, [("show ecn", 1)])
    why = list(reasons(told).values())
    assert why[:2] == ["a path that leads out of the archive"] * 2
    assert why[2:5] == ["a link, which is not followed"] * 2 + ["not a file"]
    assert why[5].startswith("64 MiB, more than")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle.tar.gz", "store"], "nothing is unpacked"


def test_a_zip_with_traps_gives_its_outputs_and_a_line_a_trap(tmp_path: Path, imported: Run) -> None:
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../show_version.txt", "x")
        archive.writestr("C:\\show_version.txt", "x")
        link = zipfile.ZipInfo("show_version.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("show_interfaces_status.txt", bytes(LARGEST + 1))
        archive.writestr(zipfile.ZipInfo("show_ecn.txt", (2026, 11, 20, 12, 0, 0)), ECN)
    code, told = imported(tmp_path / "bundle.zip")
    assert (code, commands(told)) == (0, [("show ecn", 1)])
    assert len(told["not_imported"]) == 4


def test_a_bomb_is_left_after_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.imported.files.MOST_UNPACKED", 1_000_000)
    texts = {"show_ecn.txt": (ECN, 0), "zeros": ("0" * 5_000_000, 0), "show_version.txt": (VERSION, 0)}
    (tmp_path / "bomb.tar.gz").write_bytes(tar_of(texts))
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(bytes(LARGEST + 1)))
    found = list(contents(tmp_path / "bomb.tar.gz"))
    assert [file.path for file in found if not file.refused] == ["show_ecn.txt"]
    assert "unpacks to more than" in found[-1].refused
    assert "unpacks to more than 64 MiB" in next(iter(contents(tmp_path / "bomb.txt.gz"))).refused


@pytest.mark.parametrize("cut", [20, 400, 10_000])
def test_a_damaged_archive_gives_what_came_before(tmp_path: Path, imported: Run, cut: int) -> None:
    raw = tar_of({"show_ecn.txt": (ECN, 0), "x": (os.urandom(30_000).hex(), 0)})
    (tmp_path / "half.tar.gz").write_bytes(raw[:-cut])
    _, told = imported(tmp_path / "half.tar.gz")
    assert commands(told) == [("show ecn", 1)]
    assert any("damaged or cut short" in why for why in reasons(told).values())


@pytest.mark.parametrize("name", ["bundle.tar.gz", "bundle.zip", "bundle.tar"])
def test_what_is_no_archive_is_one_line(tmp_path: Path, imported: Run, name: str) -> None:
    (tmp_path / name).write_text("no archive")
    code, told = imported(tmp_path / name)
    assert code == 2
    assert "damaged or cut short" in reasons(told)[name]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("nowhere", "leaf1"), "nowhere: cannot be read: No such file"),
        (("in", "leaf9"), "--device leaf9: "),
    ],
    ids=["no such source", "no such device"],
)
def test_a_mistake_is_one_line(tmp_path: Path, imported: Run, more: tuple[str, str], said: str) -> None:
    put(tmp_path / "in", {"show_ecn.txt": ECN})
    code, told = imported(tmp_path / more[0], more[1])
    assert code == 2
    assert said in told["error"]
    assert told["error"].count("\n") == 1


def test_a_store_of_another_origin_is_left_alone(tmp_path: Path, imported: Run) -> None:
    Recorder(tmp_path / "store", origin=Origin.DEVICE, made_by="test").close()
    code, told = imported(put(tmp_path / "in", {"show_ecn.txt": ECN}))
    assert code == 4
    assert "holds evidence of origin device" in told["error"]
    assert "under leaf1's evidence" in told["error"]


def test_secrets_of_a_bundle_are_nowhere_in_the_store(tmp_path: Path, imported: Run) -> None:
    config = json.dumps({"SNMP_COMMUNITY": {"canary77": {}}, "TACPLUS": {"global": {"passkey": "canary77"}}}, indent=1)
    session = f"admin@leaf1:~$ show ecn\nerror: password 'canary77' refused\n{ECN}"
    _, told = imported(put(tmp_path / "in", {"CONFIG_DB.json": config, "s.log": session}))
    assert len(told["imported"]) == 2
    kept = b"".join(file.read_bytes() for file in (tmp_path / "store").rglob("*") if file.is_file())
    assert b"canary77" not in kept


def test_a_whole_device_imported_from_files_answers_as_it_did(tmp_path: Path, imported: Run) -> None:
    records = [record for record in STORE.records if record.ask.device == "leaf1"]
    for record in records:
        name = f"{record.ask.sample}/{record.ask.text.rpartition('/')[2]}"
        put(tmp_path / "in", {name: (FIXTURE / record.file).read_bytes()}, record.at)
    code, told = imported(tmp_path / "in")
    assert (code, told["missing"], told["not_imported"], told["warnings"]) == (0, [], [], [])
    store = Evidence(tmp_path / "store")
    assert store.origin is Origin.IMPORTED
    assert list(store.faults()) == []
    assert {(r.ask, r.sha256) for r in store.records} == {(r.ask, r.sha256) for r in records}


def test_the_table_names_what_was_done_and_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = put(tmp_path / "in", {"show_ecn.txt": ECN, "notes.txt": "hello\n"})
    line = ["import", str(source), "--device", "leaf1", "--lab", str(LAB), "--into", str(tmp_path / "store")]
    assert main(line) == 0
    printed = capsys.readouterr().out
    owed = len(tuple(driver("sonic").asks(load(LAB).devices["leaf1"])))
    counts = (f"missing: {owed - 1}", f"and {owed - 9} more", f"1 of {owed} questions")
    for said in ("show_ecn.txt", "no question of the driver: 1", *counts):
        assert said in printed


def test_a_long_log_is_cut_in_a_moment() -> None:
    questions = questions_of(load(LAB), "leaf1")
    for piece in ("Ethernet0 up\n", "-", "a@", "[a@b", "=====\n", "a", "`", "# ", "COMMAND: "):
        text = piece * (400_000 // len(piece))
        began = time.process_time()
        pieces(text, questions.verbs, ["leaf1"])
        assert time.process_time() - began < 5, piece


def test_an_import_that_is_repeated_says_that_all_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = put(tmp_path / "in", {"show version": VERSION})
    line = ["import", str(source), "--device", "leaf1", "--lab", str(LAB), "--into", str(tmp_path / "store")]
    assert main(line) == 0
    assert main(line) == 2
    assert f"nothing in it is later than what {tmp_path / 'store'} has" in capsys.readouterr().err
