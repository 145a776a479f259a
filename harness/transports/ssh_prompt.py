"""A terminal session with a prompt, for devices whose exec channel is of no use; netmiko knows their ways.

The connection is ours: its host key was verified and the login done before netmiko gets a terminal on it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, Final

import netmiko
import paramiko
from netmiko.ssh_dispatcher import CLASS_MAPPER

from ..errors import TransportError
from ..evidence import Answer, Ask
from ..lab.inventory import DevicePlan
from .base import STOPPED, Terms, failed
from .shell import NEW_PASSWORD, Watch, refusal, wants_new_password
from .ssh import ENDING_S
from .ssh_login import login, said
from .terminal import status

SETTLE_S: Final = 30
"""Seconds that a device may take for its first prompt."""

QUIET_S: Final = 1.0
"""After a greeting of some words, so long a silence counts as its end."""

SILENT_S: Final = 5.0
"""Some devices say nothing before they are typed to."""

PROMPT: Final = re.compile(r"[>#$%:\]]\s*\Z")

FAULTS: Final = (
    netmiko.NetmikoBaseException,
    paramiko.SSHException,
    TransportError,
    EOFError,
    OSError,
    ValueError,  # how netmiko says that it found no prompt
)


class Prompt:
    """A device that is asked by typing."""

    def __init__(self, device: DevicePlan, terms: Terms) -> None:
        self.device, self.terms = device, terms
        self.kind = terms.session.prompt or ("linux" if terms.session.shell else "generic")
        if self.kind not in CLASS_MAPPER or self.kind.endswith(("_telnet", "_serial")):
            raise TransportError(f"{device.name}: {device.at}: netmiko knows no device type {self.kind!r} over SSH")
        self.login = login(device, terms)
        self.session: Any = None
        try:
            self._open()
        except TransportError:
            self.login.close()
            raise

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        refusals = [refusal(ask, self.terms) for ask in asks]
        with closing(self._answers([ask for ask, why in zip(asks, refusals, strict=True) if not why])) as answers:
            for ask, why in zip(asks, refusals, strict=True):
                yield self._failed(ask, why) if why else next(answers)

    def close(self) -> None:
        if self.session is not None:
            self.session.disconnect()
            self.session = None
        if self.login.transports:
            self.login.close()
            self.terms.tell(self.device, "closed")

    def _answers(self, asks: Sequence[Ask]) -> Generator[Answer]:
        may_reconnect, gone = True, ""
        for ask in asks:
            if self.terms.hurry.stop:
                gone = STOPPED
            elif not gone and self.session is None:
                gone, may_reconnect = self._again(may_reconnect)
            yield self._failed(ask, gone) if gone else self._answer(ask)

    def _again(self, may_reconnect: bool) -> tuple[str, bool]:
        """A session after one that had to be left: why there is none, and whether another connection may be tried."""
        try:
            if not self.login.transports or not self.login.device.is_active():
                if not may_reconnect:
                    return "not asked: connection lost", False
                self.terms.tell(
                    self.device, "note", text="connection lost: what was not yet asked is asked on a new connection"
                )
                may_reconnect = False
                self.login.close()
                self.login = login(self.device, self.terms)
            self._open()
        except TransportError as wrong:
            return f"not asked: {wrong}", may_reconnect
        return "", may_reconnect

    def _open(self) -> None:
        """A terminal, its prompt found, paging off and enabled where there is a secret for that."""
        of = self.terms.passwords
        enable = (
            ""
            if self.kind in ("linux", "generic")
            else of.of(self.device.name, self.device.reach.get("user", ""), what="enable", fallback=False)
        )
        made = type("Session", (Told, CLASS_MAPPER[self.kind]), {})
        try:
            session = made(
                self,
                host=self.device.reach.get("address", self.device.name),
                username=self.device.reach.get("user", ""),
                device_type=self.kind,
                secret=enable or "",
                encoding="latin-1",  # every byte comes through as it is
                session_timeout=SETTLE_S,
            )
            if enable:
                session.enable()
            if self.kind == "generic":
                for command in self.terms.session.quiet:
                    session.send_command(command)
        except NewPasswordWanted as demand:
            raise TransportError(wants_new_password(self.device, str(demand))) from None
        except FAULTS as wrong:
            raise TransportError(
                f"{self.device.name}: {self.device.at}: no prompt as netmiko's {self.kind} has it: {first_words(wrong)}"
            ) from None
        session.ready = True
        self.session = session

    def _answer(self, ask: Ask) -> Answer:
        session = self.session
        watch = session.watch = Watch(self.device, self.terms)
        session.heard, session.size = [], 0
        fault, suggested, body = "", None, b""
        try:
            text = session.send_command(ask.text, read_timeout=watch.timeout_s + SILENT_S)
            body = text.encode("latin-1", "replace")
            suggested = status(text)
        except FAULTS as wrong:
            self.login.device.join(0 if session.watch.fault(0) else ENDING_S)
            lost = not self.login.device.is_active()
            words = first_words(wrong)
            fault = f"connection lost in the middle of the answer: {words}" if lost else words
            body = "".join(session.heard).encode("latin-1", "replace")
            self.terms.tell(self.device, "failed", ask=ask.text, error=fault)
            session.paramiko_cleanup()  # what still comes belongs to no other question
            self.session = None
        at, took = self.terms.calendar.instant(), watch.took_ms(time.monotonic())
        return Answer(ask, body, suggested, at, took, fault)

    def _failed(self, ask: Ask, why: str) -> Answer:
        self.terms.tell(self.device, "failed", ask=ask.text, error=why)
        return failed(ask, self.terms, why)


def first_words(wrong: Exception) -> str:
    """What an exception says; netmiko's go on with advice about its own settings."""
    return said(wrong) if isinstance(wrong, OSError) else next(iter(str(wrong).strip().splitlines()), "")


class NewPasswordWanted(TransportError):
    """The device lets nobody in before there is a new password."""


class Told:
    """What goes before one of netmiko's classes: our connection in place of its own, and all that is sent is told."""

    secret: str  # netmiko's: the password of its privileged mode

    def __init__(self, prompt: Prompt, **settings: Any) -> None:
        self.prompt = prompt
        self.ready = False
        self.heard: list[str] = []
        self.size = 0
        self.watch: Watch | None = None
        self.pending = ""
        super().__init__(**settings)

    def _build_ssh_client(self) -> Adopted:
        return Adopted(self.prompt.login.device)

    def special_login_handler(self, delay_factor: float = 1.0) -> None:
        """What comes first is read before netmiko types its first newline: it may be a demand for a new password."""
        greeting, since = "", time.monotonic()
        while time.monotonic() - since < (QUIET_S if greeting.strip() else SILENT_S):
            text = self.read_channel()
            greeting += text
            if PROMPT.search(greeting):
                break
            if text:
                since = time.monotonic()
            else:
                time.sleep(0.01)
        self.pending = greeting
        super().special_login_handler(delay_factor)  # type: ignore[misc]

    def write_channel(self, out_data: str) -> None:
        wire = "<password>" if self.secret and out_data.strip() == self.secret else out_data
        self.prompt.terms.tell(self.prompt.device, "sent", wire=wire)
        super().write_channel(out_data)  # type: ignore[misc]

    def read_channel(self) -> str:
        text: str = self.pending + super().read_channel()  # type: ignore[misc]
        self.pending = ""
        ended = self.remote_conn.closed or self.remote_conn.eof_received  # type: ignore[attr-defined]
        if not text and ended and not self.remote_conn.recv_ready():  # type: ignore[attr-defined]
            raise TransportError("the other side closed it")  # netmiko would wait on
        if self.prompt.terms.hurry.stop:
            raise TransportError(STOPPED)
        if text:
            self.heard.append(text)
            self.size += len(text)
        if not self.ready and (found := NEW_PASSWORD.search("".join(self.heard))):
            raise NewPasswordWanted(" ".join(found[0].split()))
        if self.watch is not None:
            self.watch.heard(text.encode("latin-1", "replace"))
            if fault := self.watch.fault(self.size):
                raise TransportError(fault)
        return text


class Adopted(paramiko.SSHClient):  # type: ignore[misc]
    """A connection that is there already, in the shape in which netmiko takes one."""

    def __init__(self, transport: paramiko.Transport) -> None:
        super().__init__()
        self.set_missing_host_key_policy(paramiko.RejectPolicy())
        self.transport = transport

    def connect(self, **_: Any) -> None:
        """It is connected."""

    def invoke_shell(self, term: str = "vt100", width: int = 80, height: int = 24, **_: Any) -> paramiko.Channel:
        channel = self.transport.open_session(timeout=SETTLE_S)
        channel.get_pty(term, width, height)
        channel.invoke_shell()
        return channel

    def close(self) -> None:
        """Who lent it closes it."""
