"""A device asked over its console: log in, learn the prompt, and ask one command after another.

``reach.device`` is a serial port or the URL of a console server's port (see ``line``).  A POSIX shell is asked in a
frame, so that echo, exit status and end of every answer are certain:

    { printf '%s-%s ask\\n' 9f3c 77; { show version; } </dev/null; printf '\\n%s-%s end %s\\n' 9f3c 77 $?; } 2>&1|cat

Any other command line is asked as it is; its answer ends where the prompt stands again.  Both streams are one on a
console, and what a kernel prints there in the middle of an answer is part of it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import Enum
from typing import Final

from ..errors import TransportError
from ..evidence import Answer, Ask, Kind
from ..lab.inventory import DevicePlan
from .base import MOST_BYTES, STOPPED, Terms, failed, needed, seconds
from .line import Line, Lost
from .terminal import Heard, plain, status

WAKE: Final = b"\x05\x15\r"
"""To the end of the line, take back what somebody left half typed, and only then RETURN."""

INTERRUPT: Final = b"\x03"
LONGEST: Final = 4000
"""Bytes of one line: a terminal takes no more than 4095 before RETURN (termios(3))."""

LISTEN_S: Final = 0.2
SETTLED_S: Final = 0.05
"""What looks like a prompt is one when nothing follows for so long."""

SECRET_S: Final = 0.15
"""The same for what asks for a password, which must not be typed where it is shown."""

UNSURE_S: Final = 1.0
"""The same for a prompt that stands behind the end of an answer without a last newline."""

QUIET_S: Final = 0.3
NUDGE_S: Final = 2.0
REFUSAL_S: Final = 6.0
"""A login that refuses a password takes its time to say so."""

LEAVE_S: Final = 1.0
TRIES: Final = 4


class Look(Enum):
    """What a console waits for, by its last line."""

    CHANGE = r"(?i)(?:\b(?:new|current|old|retype|re-enter)\b.*password.*:|change.*password.*\?.*)\s*$"
    QUESTION = r"(?i)(?:\[(?:confirm|y(?:es)?/no?|y)\]|\(y(?:es)?/no?\)|\[y(?:es)?/no?\].*|yes/no.*)\s*[:?]?\s*$"
    PASSWORD = r"(?i)pass(?:word|code|phrase)\b[^:]*:\s*$"
    LOGIN = r"(?i)(?:login|user ?name|user|account)\s*:\s*$"
    RETURN = r"(?i)press (?:return|enter)\b.*$"
    PROMPT = r"^.{0,120}[#>$%]\s?$"
    UNKNOWN = r".*"
    SILENCE = r"(?!)"


AUTOBOOT: Final = re.compile(r"(?i)any key to (?:stop|abort|interrupt|enter)|autoboot|executed automatically in")
"""A boot loader that any byte would stop."""

REFUSED: Final = re.compile(
    r"(?im)^.*(?:login incorrect|authentication fail|login invalid|access denied|permission denied|bad passwords?|"
    r"bad secrets|login failed|account (?:is )?locked|expired).*$"
)

CONFIGURING: Final = re.compile(r"\((?:conf|edit|vlan|if)[^)]*\)")

FRAMED: Final = re.compile(
    r"\s*\{ printf '%s-%s ask\\n' (\w+) (\w+); \{ (.*); \} </dev/null; "
    r"printf '\\n%s-%s end %s\\n' \1 \2 \$\?; \} 2>&1\|cat",
    re.S,
)


class Half(TransportError):
    """An answer that did not come to its end."""

    def __init__(self, message: str, body: bytes) -> None:
        super().__init__(message)
        self.body = body


def connect(device: DevicePlan, terms: Terms) -> Console:
    """A console, logged in and at its prompt."""
    console = Console(device, terms, Line(device, terms))
    try:
        console.log_in()
    except TransportError as refused:
        terms.tell(device, "failed", error=str(refused))
        console.line.close()
        raise
    return console


def framed(command: str, first: str, second: str) -> str:
    """The line that asks a command of a POSIX shell; its two halves of the mark only stand together in the answer."""
    return (
        f"{{ printf '%s-%s ask\\n' {first} {second}; {{ {command}; }} </dev/null; "
        f"printf '\\n%s-%s end %s\\n' {first} {second} $?; }} 2>&1|cat"
    )


def unframed(line: str) -> tuple[str, str] | None:
    """The mark and the command of such a line, for who plays the device; None where it is none."""
    found = FRAMED.fullmatch(line)
    return (f"{found[1]}-{found[2]}", found[3]) if found else None


class Console:
    """The transport of one console."""

    def __init__(self, device: DevicePlan, terms: Terms, line: Line) -> None:
        self.device, self.terms, self.line = device, terms, line
        self.prompt = ""
        self.timeout = seconds(device, "timeout_s", 60)
        self.idle = seconds(device, "idle_timeout_s", self.timeout)
        self._ours = False  # whether we logged in, and so log out
        self._ready = False  # whether the prompt stands there
        self._lost = ""  # why nothing more can be asked
        self._closed = False
        self._behind = False  # whether a RETURN was not answered at once

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        for ask in asks:
            yield self._answer(ask)

    def close(self) -> None:
        """Log out, where it was us who logged in."""
        if self._closed:
            return
        self._closed = True
        with suppress(TransportError):
            if self._ours and (self._ready or self.terms.hurry.stop or not self._lost):
                self._leave()
        self.line.close()
        self.terms.tell(self.device, "closed")

    def _leave(self) -> None:
        if not self._ready and self.terms.hurry.stop:
            self.line.send(INTERRUPT)
        elif not self._ready:
            self._find_prompt()
        self.line.send(b"exit\r")
        self._look(time.monotonic() + LEAVE_S, LEAVE_S)  # so that it went out before the port is let go

    # --- one answer -----------------------------------------------------------------------------------------------

    def _answer(self, ask: Ask) -> Answer:
        why = self._lost or self._refusal(ask)
        if why:
            return failed(ask, self.terms, why)
        started, body = time.monotonic(), b""
        try:
            if not self._ready:
                self._find_prompt()
            body, status = self._framed(ask.text) if self.terms.session.shell else self._plain(ask.text)
        except TransportError as error:
            self._ready = False
            if isinstance(error, Half):
                body = error.body
            else:
                self._lost = str(error)
            self.terms.tell(self.device, "failed", ask=str(ask), error=str(error))
            return failed(ask, self.terms, str(error), body=body, took_ms=since(started))
        return Answer(ask, body, status, self.terms.calendar.instant(), since(started))

    def _refusal(self, ask: Ask) -> str:
        """Why an ask is not sent, where it is not."""
        if self.terms.hurry.stop:
            return f"{self.line}: {STOPPED}"
        if ask.kind is not Kind.CLI:
            return f"{self.line}: not sent: a console answers commands, not {ask.kind.value}"
        try:
            self.terms.permit.check(ask.text)
        except TransportError as refused:
            return f"{self.line}: {refused}"
        longest = max(len(one.encode()) for one in framed(ask.text, "0" * 16, "0" * 16).splitlines())
        if longest > LONGEST:
            return f"{self.line}: not sent: {longest} bytes in one line, and a console takes {LONGEST}: use ssh"
        if not self.terms.session.shell and "\n" in ask.text:
            return f"{self.line}: not sent: {ask.text!r} is more than one line, and no shell is there to take it"
        return ""

    def _framed(self, command: str) -> tuple[bytes, int]:
        """A shell's answer: what stands between the two marks."""
        first, second = secrets.token_hex(8), secrets.token_hex(8)
        mark = f"{first}-{second}".encode()
        begin, end = re.compile(mark + rb" ask\r*\n"), re.compile(rb"\r*\n" + mark + rb" end ([0-9]{1,3})\r*\n")
        heard, looked = Heard(), 0

        def complete() -> bool:
            nonlocal looked
            if end.search(heard.raw, max(0, looked - 128)):
                return True
            looked = len(heard.raw)
            return self._prompts(heard)

        self._send(framed(command, first, second).replace("\n", "\r"))
        self._hear(heard, complete, lambda: between(heard.raw, begin))
        start, stop = begin.search(heard.raw), end.search(heard.raw)
        if not start or not stop:
            said = between(heard.raw, begin) if start else heard.text.encode()
            raise Half(f"{self.line}: {command!r}: the prompt came back without an exit status: no POSIX shell?", said)
        rest = Heard()
        rest.raw += b"\n" + heard.raw[stop.end() :]
        self._ready = self._prompt_follows(rest)
        return plain(bytes(heard.raw[start.end() : stop.start()])), int(stop[1])

    def _plain(self, command: str) -> tuple[bytes, int]:
        """A command line's answer: what stands between the echo and the next prompt.

        Without the echo it could be what came late of another answer, so it is none.
        """
        heard, prompt = Heard(), self.prompt.rstrip()

        def so_far() -> bytes | None:
            return after_echo(plain(bytes(heard.raw)), command, prompt)

        def complete() -> bool:
            return self._prompts(heard) and (so_far() is not None or not self._more(heard, UNSURE_S))

        self._send(command)
        self._hear(heard, complete, lambda: so_far() or b"")
        body = so_far()
        if body is None:
            raise Half(f"{self.line}: {command!r}: the prompt came without an echo of the command", bytes(heard.raw))
        self._ready = True
        body = body.rstrip(b" ").removesuffix(prompt.encode())
        return body, status(body.decode("utf-8", "replace"))

    def _send(self, line: str) -> None:
        self._ready = False
        self.line.send(line.encode() + b"\r", line)

    def _hear(self, heard: Heard, complete: Callable[[], bool], body: Callable[[], bytes]) -> None:
        """Take in an answer until it is complete; Half with what had come where it does not come to its end."""
        started = latest = time.monotonic()
        try:
            while not complete():
                now = time.monotonic()
                if now >= started + self.timeout:
                    raise TransportError(f"{self.line}: half an answer: no prompt after {self.timeout:g} s (timeout_s)")
                if now >= latest + self.idle:
                    raise TransportError(f"{self.line}: half an answer: no prompt, and nothing for {self.idle:g} s")
                if self._more(heard, min(SETTLED_S, started + self.timeout - now, latest + self.idle - now)):
                    latest = time.monotonic()
                elif heard.paged():
                    self.line.send(b" ")
                if len(heard.raw) > MOST_BYTES:
                    raise TransportError(f"{self.line}: the answer is longer than {MOST_BYTES} bytes and was cut")
        except TransportError as error:
            if isinstance(error, Lost) or self.terms.hurry.stop:
                self._lost = str(error)
            raise Half(str(error), body()) from None

    def _more(self, heard: Heard, wait: float) -> bool:
        raw = self.line.more(wait)
        heard.raw += raw
        return bool(raw)

    def _prompts(self, heard: Heard) -> bool:
        """Whether the prompt stands at the end, and nothing follows it."""
        if b"\n" not in heard.raw:
            return False
        last = heard.last.rstrip()
        if last == self.prompt.rstrip():
            return not self._more(heard, SETTLED_S)
        return last.endswith(self.prompt.rstrip()) and not self._more(heard, UNSURE_S)

    def _prompt_follows(self, heard: Heard) -> bool:
        until = time.monotonic() + NUDGE_S
        while not self._prompts(heard):
            if time.monotonic() > until:
                return False
            self._more(heard, SETTLED_S)
        return True

    def _find_prompt(self) -> None:
        """Back to the prompt after half an answer, and nothing of that answer left on the line."""
        self.line.send(INTERRUPT)
        until = time.monotonic() + seconds(self.device, "connect_timeout_s", 10)
        while time.monotonic() < until:
            self._drain(until)
            self.line.send(WAKE)
            look, heard = self._look(until, NUDGE_S)
            if look is Look.PROMPT and heard.last.rstrip() == self.prompt.rstrip():
                self._drain(until)
                self._ready = True
                return
            if look is Look.LOGIN:
                self._ours = False
                raise TransportError(f"{self.line}: the session ended: the console asks who logs in")
        raise TransportError(
            f"{self.line}: the prompt {self.prompt!r} did not come back after half an answer: look at the console"
        )

    def _drain(self, until: float) -> None:
        while time.monotonic() < until and self.line.more(QUIET_S):
            pass

    # --- logging in -----------------------------------------------------------------------------------------------

    def log_in(self) -> None:
        """From whatever the console shows to a prompt that is known."""
        until = time.monotonic() + seconds(self.device, "auth_timeout_s", 60)
        self._let_boot(until)
        how = self._to_prompt(until)
        self._learn_prompt()
        if self.prompt.rstrip().endswith(">") and self.terms.permit.allows("enable"):
            self._enable(until)
        for command in self.terms.session.quiet:
            said, status = self._plain(command)
            if status:
                self.terms.tell(self.device, "note", text=f"{command!r} was refused: {said.decode('utf-8', 'replace')}")
        self.terms.tell(
            self.device,
            "connected",
            line=self.line.name,
            baud=self.line.baud,
            user=self.device.reach.get("user", ""),
            session=how,
            prompt=self.prompt,
        )

    def _let_boot(self, until: float) -> None:
        """Send nothing while the console prints, least of all to a boot loader."""
        heard = Heard()
        wait = LISTEN_S
        while time.monotonic() < until:
            if not self._more(heard, wait) and not AUTOBOOT.search(heard.last):
                return
            wait = QUIET_S
        raise TransportError(
            f"{self.line}: it still prints, as if it booted (last {heard.last.strip()[-80:]!r}): nothing was sent; "
            "wait for its login prompt, or raise auth_timeout_s"
        )

    def _to_prompt(self, until: float) -> str:
        """Answer what the console asks; returns how the session came about."""
        silent = time.monotonic() + seconds(self.device, "connect_timeout_s", 10)
        tried = emptied = False
        named = 0
        password: str | None = None
        last, spoken = "", False
        self.line.send(WAKE)
        while time.monotonic() < until:
            look, heard = self._look(until if spoken else min(until, silent), REFUSAL_S if tried else NUDGE_S)
            spoken, last = spoken or bool(heard), heard.last or last
            if not spoken and time.monotonic() >= silent:
                raise TransportError(
                    f"{self.line}: not a byte came: look at power, cable and speed ({self.line.baud} baud)"
                )
            if named and not tried and re.search(r"(?im)^.*password[^:\n]*:", heard.text) and look is Look.UNKNOWN:
                look = Look.PASSWORD  # somebody else's message came behind the prompt
            if why := self._dead_end(look, heard.text, last.strip(), tried=tried, named=named):
                raise TransportError(f"{self.line}: {why}")
            if look is Look.PROMPT:
                self._ours = tried or named > 0
                return "logged in" if self._ours else "found open"
            if look is Look.LOGIN:
                user = needed(self.device, "user")
                password = self.terms.passwords.of(self.device.name, user)
                named += 1
                self._send(user)
            elif look is Look.PASSWORD and not named and not emptied:
                emptied = True  # somebody's unfinished login, or a console that asks for no name
                self.line.send(b"\r")
            elif look is Look.PASSWORD:
                user = self.device.reach.get("user", "")
                password = password or self.terms.passwords.of(self.device.name, user)
                if password is None:
                    raise TransportError(
                        f"{self.line}: the console asks {user} for a password and none is known: set "
                        "PLUGFEST_PASSWORD or PLUGFEST_PASSWORD_ with the device's name, or put it into the keyring"
                    )
                tried = True
                self.line.send(password.encode() + b"\r", "<password>")
            elif look is Look.RETURN:
                self.line.send(b"\r")
            elif heard.paged():
                self.line.send(b" ")
            else:
                self._behind = True
                self.line.send(WAKE)
        raise TransportError(
            f"{self.line}: neither a login nor a prompt: the last line is {last[-80:]!r}: look at the speed "
            f"({self.line.baud} baud), and set `login` where its login prompt is an unusual one"
        )

    def _dead_end(self, look: Look, text: str, last: str, *, tried: bool, named: int) -> str:
        """Why a login cannot go on, where it cannot: ``tried`` is a password, ``named`` how often a user was."""
        refusal = REFUSED.search(text) if tried else None
        if look is Look.CHANGE:
            return f"the console demands a new password ({last!r}): log in by hand and set it; nothing was changed"
        if look is Look.QUESTION:
            return f"the console waits for an answer ({last!r}): give it by hand; none was given"
        if (tried and (refusal or look in (Look.LOGIN, Look.PASSWORD))) or named >= TRIES:
            return (
                f"the console did not let {self.device.reach.get('user', 'us')} in "
                f"({refusal[0].strip() if refusal else last!r}): correct the password in the environment "
                "(PLUGFEST_PASSWORD_ and the device's name, or PLUGFEST_PASSWORD) or keyring; it is tried once"
            )
        return ""

    def _look(self, until: float, nudge: float) -> tuple[Look, Heard]:
        """What the console waits for, once it has said so and is quiet."""
        heard = Heard()
        while time.monotonic() < until:
            look = self._look_of(heard)
            sure = look not in (Look.UNKNOWN, Look.SILENCE)
            wait = (SECRET_S if look is Look.PASSWORD else SETTLED_S) if sure else QUIET_S if heard else nudge
            if look is Look.UNKNOWN and not heard.last.strip():
                wait = nudge  # between two lines: it is still at it
            if not self._more(heard, min(wait, max(0.0, until - time.monotonic()))):
                return look, heard
        return self._look_of(heard), heard

    def _look_of(self, heard: Heard) -> Look:
        if not heard:
            return Look.SILENCE
        last = heard.last
        login = self.device.reach.get("login", "").rstrip()
        if login and last.rstrip().endswith(login):
            return Look.LOGIN
        known = next(look for look in Look if re.search(look.value, last))
        if known is Look.UNKNOWN and not last.strip():  # "Press RETURN to get started." with lines after it
            lines = heard.text.rstrip().rsplit("\n", 1)
            return Look.RETURN if re.search(Look.RETURN.value, lines[-1]) else known
        return known

    def _learn_prompt(self) -> None:
        """What two empty lines show alike."""
        seen: list[str] = []
        for _ in range(TRIES):
            self.line.send(WAKE)
            look, heard = self._look(time.monotonic() + 2 * NUDGE_S, NUDGE_S)
            last = heard.last
            if last.strip() == ">":  # a quote that somebody left open
                self.line.send(INTERRUPT)
            elif look is Look.PROMPT and last in seen:
                self.prompt, self._ready = last, True
                if self._behind:  # answers to more than one RETURN may be on their way
                    self._drain(time.monotonic() + NUDGE_S)
                break
            elif look is Look.PROMPT:
                seen.append(last)
            else:
                self._behind = True
        else:
            raise TransportError(
                f"{self.line}: no prompt that empty lines show twice: seen were {', '.join(map(repr, seen)) or 'none'}"
            )
        if CONFIGURING.search(self.prompt):
            raise TransportError(
                f"{self.line}: somebody is configuring it ({self.prompt.strip()!r}): leave that mode and run again"
            )

    def _enable(self, until: float) -> None:
        """To the privileged prompt, where the driver declares ``enable``."""
        self._ours = True  # no session is left open with more rights than it was found with
        self._send("enable")
        look, heard = self._look(until, NUDGE_S)
        if look is Look.PASSWORD:
            user = self.device.reach.get("user", "")
            secret = self.terms.passwords.of(self.device.name, user, what="enable")
            if secret is None:
                self.line.send(INTERRUPT)
                raise TransportError(f"{self.line}: enable asks for a secret and none is known: set PLUGFEST_ENABLE")
            self.line.send(secret.encode() + b"\r", "<password>")
            look, heard = self._look(until, NUDGE_S)
        if look is not Look.PROMPT or heard.last.rstrip().endswith(">"):
            words = next((line for line in heard.text.splitlines() if line.strip()), "nothing")
            raise TransportError(f"{self.line}: enable was refused ({words.strip()!r}): correct PLUGFEST_ENABLE_...")
        self._learn_prompt()


def between(raw: bytearray, begin: re.Pattern[bytes]) -> bytes:
    """What came of an answer after its first mark."""
    start = begin.search(raw)
    return plain(bytes(raw[start.end() :])) if start else b""


def after_echo(body: bytes, command: str, prompt: str) -> bytes | None:
    """What stands behind the command, however the terminal broke its line; None where its echo does not come first."""
    typed, before, echoed = b"".join(command.encode().split()), b"".join(prompt.encode().split()), b""
    lines = body.split(b"\n")
    for number, line in enumerate(lines):
        echoed += b"".join(line.split())
        while before and echoed.startswith(before):
            echoed = echoed[len(before) :]
        if echoed == typed:
            return b"\n".join(lines[number + 1 :])
        if not typed.startswith(echoed):
            break
    return None


def since(started: float) -> int:
    """Milliseconds."""
    return int(1000 * (time.monotonic() - started))


__all__ = ["Console", "connect", "framed", "unframed"]
