"""A console on a real pty, on a TCP port and behind RFC 2217, on good days and bad ones."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import socket
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import TransportError
from harness.evidence import Ask, Kind
from harness.simlab.console import SHELL, VENDOR, Console, Manner
from harness.simlab.wire import Lines, Wire
from harness.transports import console, reached
from harness.transports.base import Terms
from harness.transports.line import Line
from harness.transports.terminal import plain, status

from .lines import PASSWORD, cli, events, plan, sent, session, terms

pytestmark = pytest.mark.filterwarnings(r"ignore:set(Daemon|Name)\(\):DeprecationWarning")  # in pyserial

VERSION = "SONiC Software Version: SONiC.202411\nUptime: 3 days\n"
TABLE = "".join(f"Ethernet{n:<4} up   400G  rs  \n" for n in range(100))
ANSWERS = {
    "show version": (0, VERSION),
    "show table": (0, TABLE),
    "no newline": (3, "torn off"),
    "empty": (0, ""),
    "blank lines": (0, "\n\nbetween\n\n"),
}
SAFE = session("show version", "show table", "no newline", "empty", "blank lines", "missing")
PLAIN = replace(SAFE, shell=False)


def answer(command: str) -> tuple[int, str]:
    return ANSWERS.get(command, (127, ""))


@contextmanager
def served(
    tmp_path: Path, manner: Manner = SHELL, play: Callable[[str], tuple[int, str]] = answer, **ways: int
) -> Iterator[Console]:
    path = None if ways else tmp_path / "ttyLEAF1"
    with Console("admin", PASSWORD, "leaf1", play, manner=manner, path=path, **ways) as served:
        yield served
    assert path is None or not path.is_symlink()


@contextmanager
def connected(tmp_path: Path, on: Terms, **reach: object) -> Iterator[console.Console]:
    found = reached(plan("console", **{"device": tmp_path / "ttyLEAF1", **reach}), on)
    assert isinstance(found, console.Console)
    try:
        yield found
    finally:
        found.close()


def refused(tmp_path: Path, on: Terms, **reach: object) -> str:
    """The one line with which a connection fails."""
    with pytest.raises(TransportError) as caught, connected(tmp_path, on, **reach):
        pass
    said = str(caught.value)
    assert said.startswith("leaf1: ") and "\n" not in said and PASSWORD not in said
    return said


# --- good days ----------------------------------------------------------------------------------------------------


def test_a_console_is_logged_in_to_asked_and_logged_out_of(tmp_path: Path) -> None:
    on = terms(tmp_path, SAFE)
    with served(tmp_path) as device:
        with connected(tmp_path, on) as line:
            answers = list(line.ask(cli("show version", "no newline", "missing", "empty", "blank lines")))
        assert device.typed[0] == "admin" and device.typed[-1] == "exit" and device.attempts == 1
    assert [(one.status, one.error) for one in answers] == [(0, ""), (3, ""), (127, ""), (0, ""), (0, "")]
    assert [one.text for one in answers[:2]] == [VERSION, "torn off"]
    assert [one.text for one in answers[3:]] == ["", "\n\nbetween\n\n"]
    wire = sent(tmp_path)
    assert wire.count("<password>") == 1 and wire[-1] == "exit^M" and "admin" in wire
    assert PASSWORD not in (tmp_path / "journal.jsonl").read_text()
    (told,) = events(tmp_path, "connected")
    assert told["prompt"] == "admin@leaf1:~$ " and told["session"] == "logged in"
    assert len(events(tmp_path, "closed")) == 1


def test_every_line_that_reached_the_device_stands_in_the_journal(tmp_path: Path) -> None:
    with served(tmp_path) as device, connected(tmp_path, terms(tmp_path, SAFE)) as line:
        list(line.ask(cli("show version", "show table")))
        line.close()
        assert [one for one in device.typed if one not in {said.removesuffix("^M") for said in sent(tmp_path)}] == []


@pytest.mark.parametrize("scheme", ["socket", "rfc2217"])
def test_the_port_of_a_console_server_is_asked_like_a_tty(tmp_path: Path, scheme: str) -> None:
    ways = {"port" if scheme == "socket" else "rfc2217": 0}
    with served(tmp_path, **ways) as device:
        port = device.port or device.rfc2217
        with connected(tmp_path, terms(tmp_path, SAFE), device=f"{scheme}://127.0.0.1:{port}", baud=115200) as line:
            answers = list(line.ask(cli("show version", "show table")))
    assert [(one.status, one.text) for one in answers] == [(0, VERSION), (0, TABLE)]


@pytest.mark.parametrize(
    ("manner", "how"),
    [
        pytest.param(Manner(open=True), "found open", id="a session that somebody left open is used and left open"),
        pytest.param(
            Manner(open=True, typed="sudo reboot"), "found open", id="what somebody left half typed is never entered"
        ),
        pytest.param(Manner(typed="roo"), "logged in", id="a half typed user name is taken back"),
        pytest.param(
            Manner(noise="[    1.2] random: crng init done\n[    1.3] eth0: link up\n"),
            "logged in",
            id="boot messages before the login prompt are no prompt",
        ),
        pytest.param(
            Manner(welcome="\x1b[1;31mAuthorised use only # 100%\x1b[0m\nLast login: Sat Nov 21 on ttyS0\n"),
            "logged in",
            id="a banner with colours is no prompt",
        ),
        pytest.param(
            Manner(prompt="\x1b]0;admin@leaf1: ~\x07\x1b[?2004h\x1b[32m{user}@{host}\x1b[0m:~$ "),
            "logged in",
            id="a prompt in colours with a window title is learned",
        ),
        pytest.param(
            Manner(login="{host} says who: "), "logged in", id="an unusual login prompt is named in the lab file"
        ),
    ],
)
def test_whatever_the_console_shows_the_prompt_is_found(tmp_path: Path, manner: Manner, how: str) -> None:
    reach = {"login": "says who:"} if "says" in manner.login else {}
    with served(tmp_path, manner) as device:
        with connected(tmp_path, terms(tmp_path, SAFE), **reach) as line:
            answers = list(line.ask(cli("show version")))
        typed = device.typed
    assert [(one.status, one.text) for one in answers] == [(0, VERSION)]
    assert events(tmp_path, "connected")[0]["session"] == how
    assert "sudo reboot" not in typed and "roo" not in typed
    assert ("exit" in typed) == (how == "logged in")


def test_a_boot_loader_is_not_stopped_and_the_device_that_it_started_is_asked(tmp_path: Path) -> None:
    device, touched = Console("admin", PASSWORD, "leaf1", answer), []

    def boot(wire: Wire) -> None:
        opened = False
        until = time.monotonic() + 10
        while time.monotonic() < until and not opened:  # counts down for a second after somebody has opened the line
            wire.write(b"\rHit any key to stop autoboot:  3")
            if (tmp_path / "opened").exists():
                opened, until = True, time.monotonic() + 1
            select.select([], [], [], 0.05)
        while time.monotonic() < until:
            wire.write(b"\rHit any key to stop autoboot:  1")
            touched.extend(select.select([wire.fd], [], [], 0.1)[0])
        wire.write(b"\r\nStarting kernel\r\n\r\nPress RETURN to get started.\r\n\r\n")
        while b"\r" not in wire.read():
            pass
        device._talk(wire)

    with Lines(boot, path=tmp_path / "ttyLEAF1"):
        (tmp_path / "opened").touch()
        with connected(tmp_path, terms(tmp_path, SAFE)) as line:
            assert [one.text for one in line.ask(cli("show version"))] == [VERSION]
    assert touched == []


def test_a_console_that_never_stops_printing_gets_not_a_byte(tmp_path: Path) -> None:
    touched: list[int] = []

    def chatter(wire: Wire) -> None:
        while True:
            wire.write(b"[    1.234567] random: crng init\r\n")
            touched.extend(select.select([wire.fd], [], [], 0.05)[0])
            if wire.stop in select.select([wire.stop], [], [], 0)[0]:
                return

    with Lines(chatter, path=tmp_path / "ttyLEAF1"):
        said = refused(tmp_path, terms(tmp_path, SAFE), auth_timeout_s=1)
    assert "still prints" in said and touched == []


def test_a_password_prompt_that_somebody_left_gets_no_password_of_ours(tmp_path: Path) -> None:
    with served(tmp_path) as device:
        other = Line(plan("console", device=tmp_path / "ttyLEAF1"), terms(tmp_path, SAFE))
        other.put(b"somebody\r")
        until = time.monotonic() + 5
        while time.monotonic() < until and b"Password" not in other.more(1):
            pass
        other.close()
        with connected(tmp_path, terms(tmp_path, SAFE)) as line:
            assert [one.text for one in line.ask(cli("show version"))] == [VERSION]
        assert device.attempts == 2  # theirs stayed empty
        assert device.typed[:2] == ["somebody", "admin"]


def test_another_command_line_is_asked_without_a_frame(tmp_path: Path) -> None:
    on = terms(tmp_path, replace(PLAIN, quiet=("terminal length 0",)))
    with served(tmp_path, VENDOR) as device, connected(tmp_path, on) as line:
        answers = list(line.ask(cli("show version", "show table", "missing", "empty", "blank lines", "no newline")))
        assert "terminal length 0" in device.typed
    assert [one.status for one in answers] == [0, 0, 1, 0, 0, 0]
    assert [one.text for one in answers[:2]] == [VERSION, TABLE]
    assert [one.text for one in answers[3:]] == ["", "\n\nbetween\n\n", "torn off"]
    assert answers[2].text == "% Invalid input detected at '^' marker.\n"


def test_a_pager_that_comes_nevertheless_is_fed_with_blanks(tmp_path: Path) -> None:
    with served(tmp_path, VENDOR) as device, connected(tmp_path, terms(tmp_path, PLAIN)) as line:
        (table, version) = line.ask(cli("show table", "show version"))
        assert device.typed == ["admin", "show table", "show version"]
    assert (table.status, table.text) == (0, TABLE)
    assert (version.status, version.text) == (0, VERSION)
    assert sent(tmp_path).count(" ") == 4


def test_the_privileged_mode_is_entered_where_the_driver_declares_it(tmp_path: Path) -> None:
    known = {"PLUGFEST_PASSWORD": PASSWORD, "PLUGFEST_ENABLE": "enabling-9"}
    manner = replace(VENDOR, enable="enabling-9")
    on = terms(tmp_path, session("enable", "show version", shell=False), known)
    with served(tmp_path, manner), connected(tmp_path, on) as line:
        assert line.prompt == "leaf1#"
        assert [one.text for one in line.ask(cli("show version"))] == [VERSION]
    assert "enabling-9" not in (tmp_path / "journal.jsonl").read_text()
    with served(tmp_path, manner) as device, connected(tmp_path, terms(tmp_path, PLAIN, known)) as line:
        assert line.prompt == "leaf1>" and "enable" not in device.typed


def test_an_open_session_that_was_given_more_rights_is_not_left_open(tmp_path: Path) -> None:
    on = terms(tmp_path, session("enable", shell=False), {"PLUGFEST_ENABLE": "enabling-9"})
    with served(tmp_path, replace(VENDOR, enable="enabling-9", open=True)) as device:
        with connected(tmp_path, on) as line:
            assert line.prompt == "leaf1#"
        assert device.typed == ["enable", "exit"]


def test_a_wrong_secret_of_the_privileged_mode_is_one_clear_error(tmp_path: Path) -> None:
    on = terms(tmp_path, session("enable", shell=False), {"PLUGFEST_PASSWORD": PASSWORD, "PLUGFEST_ENABLE": "wrong-99"})
    with served(tmp_path, replace(VENDOR, enable="enabling-9")):
        assert "enable was refused ('% Bad secrets')" in refused(tmp_path, on)


def test_an_answer_in_latin_1_keeps_its_bytes(tmp_path: Path) -> None:
    text = "Temperature: 45 °C, größer\n"
    with (
        served(tmp_path, Manner(encoding="latin-1"), lambda _: (0, text)),
        connected(tmp_path, terms(tmp_path, SAFE)) as line,
    ):
        (one,) = line.ask(cli("show version"))
    assert (one.status, one.body) == (0, text.encode("latin-1"))


def test_a_long_answer_takes_time_in_proportion(tmp_path: Path) -> None:
    text = "x" * 79 + "\n"
    with (
        served(tmp_path, SHELL, lambda _: (0, text * 20_000), port=0) as device,
        connected(tmp_path, terms(tmp_path, SAFE), device=f"socket://127.0.0.1:{device.port}") as line,
    ):
        started = time.monotonic()
        (one,) = line.ask(cli("show version"))
        took = time.monotonic() - started
    assert (one.status, len(one.body)) == (0, 1_600_000)
    assert took < 4, f"{took:.1f} s for 1.6 MB"


# --- a real shell -------------------------------------------------------------------------------------------------


def shell_on(argv: list[str]) -> Callable[[Wire], None]:
    """A shell on a terminal of its own, behind a serial line."""

    def talk(wire: Wire) -> None:
        child, terminal = pty.fork()
        if child == 0:
            os.execvpe(argv[0], argv, {"PATH": os.environ["PATH"], "TERM": "vt100", "PS1": "box$ ", "HOME": "/"})
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        try:
            with suppress(OSError):
                while wire.stop not in (ready := select.select([wire.fd, terminal, wire.stop], [], [])[0]):
                    if wire.fd in ready:
                        os.write(terminal, wire.read())
                    if terminal in ready:
                        wire.write(os.read(terminal, 4096))
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    return talk


SHELLS = [["bash", "--norc", "--noprofile", "-i"], ["dash", "-i"], ["busybox", "ash", "-i"]]


@pytest.mark.parametrize("argv", SHELLS, ids=lambda argv: f"{argv[0]} on a terminal of 80 columns")
def test_a_real_shell_is_asked(tmp_path: Path, argv: list[str]) -> None:
    if shutil.which(argv[0]) is None:
        reason = (
            f"no {argv[0]} is installed: the Debian package {'busybox-static' if argv[0] == 'busybox' else argv[0]}"
        )
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    commands = {
        "printf 'a\\nb'": (0, "a\nb"),
        "(exit 42)": (42, ""),
        "echo to the side >&2": (0, "to the side\n"),
        "cat": (0, ""),
        f"echo {'long ' * 60}": (0, f"{('long ' * 60).strip()}\n"),
        "seq 1 3 | sort -r": (0, "3\n2\n1\n"),
        "for n in 1 2\ndo echo $n\ndone": (0, "1\n2\n"),
        "test -t 1": (1, ""),
        "printf '50%%$ '": (0, "50%$ "),
    }
    on = terms(tmp_path, session(*commands, "sleep 30"))
    with Lines(shell_on(argv), path=tmp_path / "ttyLEAF1"), connected(tmp_path, on, timeout_s=2) as line:
        found = {one.ask.text: (one.status, one.text) for one in line.ask(cli(*commands))}
        assert found == commands
        hung, after = line.ask(cli("sleep 30", "seq 1 3 | sort -r"))
    assert hung.status is None and "half an answer" in hung.error
    assert (after.status, after.text) == (0, "3\n2\n1\n")


# --- bad days -----------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_tried_once(tmp_path: Path) -> None:
    on = terms(tmp_path, SAFE, {"PLUGFEST_PASSWORD": "wrong-battery"})
    with served(tmp_path) as device:
        said = refused(tmp_path, on)
        assert device.attempts == 1
    assert "'Login incorrect'" in said and "PLUGFEST_PASSWORD_" in said
    assert "wrong-battery" not in (tmp_path / "journal.jsonl").read_text()
    assert events(tmp_path, "failed")


def test_without_a_password_none_is_made_up(tmp_path: Path) -> None:
    with served(tmp_path) as device:
        assert "none is known" in refused(tmp_path, terms(tmp_path, SAFE, {}))
        assert device.attempts == 0


def test_a_demand_for_a_new_password_is_refused(tmp_path: Path) -> None:
    with served(tmp_path, Manner(expired=True)) as device:
        said = refused(tmp_path, terms(tmp_path, SAFE))
        assert device.typed == ["admin"]
    assert "demands a new password ('Current password:')" in said and "nothing was changed" in said


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        pytest.param(Manner(mute=True), "not a byte came", id="a silent line says to look at power and speed"),
        pytest.param(
            Manner(open=True, prompt="Proceed with reload? [confirm]"),
            "waits for an answer",
            id="a question that waits for an answer gets none",
        ),
        pytest.param(Manner(open=True, prompt="leaf1(config)#"), "configuring", id="a session that configures is left"),
        pytest.param(Manner(open=True, prompt="ÿþ~~øà"), "9600 baud", id="garbage names the speed"),
    ],
)
def test_what_is_no_login_and_no_prompt_is_one_clear_error(tmp_path: Path, manner: Manner, words: str) -> None:
    with served(tmp_path, manner) as device:
        assert words in refused(tmp_path, terms(tmp_path, SAFE), connect_timeout_s="0.3", auth_timeout_s=2)
        assert device.typed == [] and device.attempts == 0


@pytest.mark.parametrize(
    ("manner", "on"),
    [pytest.param(SHELL, SAFE, id="of a shell"), pytest.param(replace(VENDOR, page=0), PLAIN, id="of a command line")],
)
def test_half_an_answer_is_none_and_the_next_finds_the_prompt_again(tmp_path: Path, manner: Manner, on: object) -> None:
    assert on in (SAFE, PLAIN)
    with (
        served(tmp_path, replace(manner, most=400)),
        connected(tmp_path, terms(tmp_path, SAFE if on == SAFE else PLAIN), idle_timeout_s="0.5") as line,
    ):
        half, whole = line.ask(cli("show table", "show version"))
    assert half.status is None and "half an answer" in half.error
    assert half.text and TABLE.startswith(half.text)
    assert (whole.status, whole.text) == (0, VERSION)


def test_an_answer_without_an_echo_could_be_anothers_and_is_none(tmp_path: Path) -> None:
    manner = replace(VENDOR, page=0, echo=False)
    with served(tmp_path, manner), connected(tmp_path, terms(tmp_path, PLAIN)) as line:
        answers = list(line.ask(cli("show version", "show version")))
    assert [one.status for one in answers] == [None, None]
    assert all("without an echo" in one.error for one in answers)


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        pytest.param(b"show version\nVer 1\n", b"Ver 1\n", id="a plain echo"),
        pytest.param(b"leaf1#show version\nVer 1\n", b"Ver 1\n", id="an echo behind the prompt"),
        pytest.param(b"\nleaf1#\nleaf1# show version\nVer 1\n", b"Ver 1\n", id="prompts that came late"),
        pytest.param(b"show ver\nsion\nVer 1\n", b"Ver 1\n", id="an echo that the terminal broke"),
        pytest.param(b"Ver 0\nleaf1#show version\nVer 1\n", None, id="the end of another answer"),
        pytest.param(b"\nleaf1#", None, id="a prompt alone"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_an_answer_begins_behind_its_own_echo(body: bytes, rest: bytes | None) -> None:
    assert console.after_echo(body, "show version", "leaf1#") == rest


def test_a_prompt_that_does_not_come_back_fails_the_rest_at_once(tmp_path: Path) -> None:
    with (
        served(tmp_path, Manner(most=400, deaf=True)),
        connected(tmp_path, terms(tmp_path, SAFE), idle_timeout_s="0.3", connect_timeout_s="0.5") as line,
    ):
        started = time.monotonic()
        half, *rest = line.ask(cli("show table", *["show version"] * 20))
        took = time.monotonic() - started
    assert "half an answer" in half.error
    assert {(one.status, one.body) for one in rest} == {(None, b"")}
    assert all("did not come back" in one.error for one in rest)
    assert took < 6


def test_a_line_that_is_lost_fails_the_rest_at_once(tmp_path: Path) -> None:
    with served(tmp_path, Manner(most=400)) as device, connected(tmp_path, terms(tmp_path, SAFE), timeout_s=20) as line:

        def unplug() -> None:  # once the device hangs after a part of the answer
            until = time.monotonic() + 10
            while time.monotonic() < until and not any("show table" in one for one in device.typed):
                select.select([], [], [], 0.02)
            device.stop()

        unplugging = threading.Thread(target=unplug)
        unplugging.start()
        lost, rest = line.ask(cli("show table", "show version"))
        unplugging.join()
    assert lost.status is None and "the line was lost" in lost.error
    assert TABLE.startswith(lost.text)
    assert rest.status is None and rest.body == b"" and rest.error == lost.error


def test_the_wish_to_stop_is_heard_within_a_wait(tmp_path: Path) -> None:
    on = terms(tmp_path, SAFE)
    with served(tmp_path, Manner(most=400)) as device:
        with connected(tmp_path, on, timeout_s=30) as line:
            asked = time.monotonic()
            threading.Timer(0.4, lambda: setattr(on.hurry, "stop", True)).start()
            answers = list(line.ask(cli("show table", "show version")))
            took = time.monotonic() - asked
        until = time.monotonic() + 5
        while device.typed[-1] != "exit" and time.monotonic() < until:
            select.select([], [], [], 0.02)
        assert device.typed[-1] == "exit"
    assert [one.status for one in answers] == [None, None]
    assert all("stopped by the user" in one.error for one in answers)
    assert took < 2


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        pytest.param(
            Ask("leaf1", Kind.CLI, "reboot"), "no command that the driver declares", id="an undeclared command"
        ),
        pytest.param(
            Ask("leaf1", Kind.CLI, "show version; reboot"), "no command", id="a second command behind a first"
        ),
        pytest.param(Ask("leaf1", Kind.FILE, "show version"), "answers commands", id="a file"),
    ],
)
def test_what_is_not_permitted_is_not_sent(tmp_path: Path, ask: Ask, words: str) -> None:
    with served(tmp_path) as device, connected(tmp_path, terms(tmp_path, SAFE)) as line:
        (one,) = line.ask([ask])
        assert one.status is None and words in one.error
        assert device.typed == ["admin"]


def test_a_command_too_long_for_a_terminal_is_not_sent(tmp_path: Path) -> None:
    long = f"echo {'x' * 4000}"
    with served(tmp_path), connected(tmp_path, terms(tmp_path, session(long))) as line:
        (one,) = line.ask(cli(long))
    assert one.status is None and "in one line" in one.error


def test_a_port_is_opened_by_one_program_at_a_time(tmp_path: Path) -> None:
    with served(tmp_path), connected(tmp_path, terms(tmp_path, SAFE)):
        assert "another program has it open" in refused(tmp_path, terms(tmp_path, SAFE))


def nobody() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize(
    ("device", "words"),
    [
        pytest.param("/dev/ttyNOTHERE7", "it is not there: plug the adapter in", id="an adapter that is not there"),
        pytest.param("/dev/null", "no serial port", id="a file that is no tty"),
        pytest.param("telnet://10.0.0.1", "rfc2217://host:port or socket://host:port", id="a scheme that is none"),
        pytest.param("socket://127.0.0.1:{free}", "Connection refused", id="a console server that does not listen"),
        pytest.param("rfc2217://127.0.0.1:{free}", "Connection refused", id="the same by RFC 2217"),
        pytest.param("socket://127.0.0.1", "look at host and port", id="a URL without a port"),
    ],
)
def test_a_port_that_does_not_open_says_what_to_do(tmp_path: Path, device: str, words: str) -> None:
    assert words in refused(tmp_path, terms(tmp_path, SAFE), device=device.format(free=nobody()))


def test_reach_without_a_device_points_at_the_lab_file(tmp_path: Path) -> None:
    assert "lab.yaml" in refused(tmp_path, terms(tmp_path, SAFE), device="")


REFUSALS = """\
% Invalid input detected at '^' marker.
  % Incomplete command
%Ambiguous command:  "sh v"
% Bad secrets
Error: Could not find the given path
ERROR: no such interface
-bash: mlxlink: command not found
sh: 1: foo: not found
foo: command not found
   syntax error, expecting <command>.
unknown command.
Command authorization failed.
"""


@pytest.mark.parametrize("line", REFUSALS.splitlines())
def test_a_line_that_refuses_is_a_status_of_1_wherever_it_stands(line: str) -> None:
    assert [status(text) for text in (line, f"Ethernet0 up\r\n{line}\r\n", f"\n\n{line}")] == [1, 1, 1]


@pytest.mark.parametrize(
    "text",
    ["", VERSION, TABLE, "Bad frames: 0\n", "Input errors: 0, output errors: 0\n", "Duplex 100% full\n"],
    ids=["nothing", "a version", "a table", "bad frames", "error counters", "a per cent"],
)
def test_what_refuses_nothing_is_a_status_of_0(text: str) -> None:
    assert status(text) == 0


def test_a_status_is_found_in_time_that_grows_with_the_answer() -> None:
    began = time.process_time()
    assert status("\n" * 1_000_000) == 0
    assert time.process_time() - began < 5


# --- what a terminal shows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param(b"one\r\ntwo\r\n", b"one\ntwo\n", id="CRLF is LF"),
        pytest.param(b"one\r\r\n", b"one\n", id="a doubled CR is one end of line"),
        pytest.param(b"\x1b[1;32mgreen\x1b[0m\n", b"green\n", id="colours are out"),
        pytest.param(b"\x1b]0;title\x07text", b"text", id="a window title is out"),
        pytest.param(b"\x1b(Btext\x1b=", b"text", id="a character set is out"),
        pytest.param(b"shoe\b \bw", b"show", id="a backspace takes back"),
        pytest.param(b"--More--\r        \rnext", b"next", id="an overwritten pager is out"),
        pytest.param(b"--More--\x1b[8D\x1b[Knext", b"next", id="an erased pager is out"),
        pytest.param(b"10%\r50%\r100%\n", b"100%\n", id="of a progress bar the last stands"),
        pytest.param(b"a  \nb\t\n", b"a  \nb\t\n", id="blanks and tabs of the text stay"),
        pytest.param("°C".encode("latin-1"), b"\xb0C", id="bytes beyond ASCII stay"),
        pytest.param(b"bell\x07\x00", b"bell", id="bells and fillers are out"),
    ],
)
def test_text_stands_as_on_the_screen(raw: bytes, shown: bytes) -> None:
    assert plain(raw) == shown


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"])).map(str.encode))
def test_text_without_controls_is_not_touched(raw: bytes) -> None:
    assert plain(raw) == raw


@given(st.binary(max_size=200))
def test_no_control_but_tab_and_line_feed_is_left(raw: bytes) -> None:
    assert re.search(rb"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]", plain(raw)) is None


@given(st.text(min_size=1), st.from_regex(r"[0-9a-f]{16}", fullmatch=True))
def test_a_frame_gives_back_its_command(command: str, half: str) -> None:
    assert console.unframed(console.framed(command, half, half)) == (f"{half}-{half}", command)
