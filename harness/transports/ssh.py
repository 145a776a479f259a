"""SSH: one verified connection a device, and on it a script, a command a channel, or a terminal session.

``connect`` is all that others call.  The way in is in ``ssh_login``, host keys in ``ssh_keys``, what becomes of the
commands in ``shell``, and sessions with a prompt in ``ssh_prompt``.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Final

import paramiko

from ..evidence import Answer, Ask
from ..lab.inventory import DevicePlan
from .base import Terms, Transport, seconds
from .shell import GLANCE_S, NotSent, Shell
from .ssh_login import AUTH_S, Login, login, patiently, said

CHANNELS: Final = 4
CHUNK: Final = 4 * 1024 * 1024
WINDOW: Final = 1024 * 1024
"""Bytes that a device may send before we have read them."""

ROOM_S: Final = 2.0
"""A server frees the room of a channel some time after the channel has ended."""

ENDING_S: Final = 0.5
"""A connection that ends takes its channels first; so long after a channel it counts as the connection's end."""


def connect(device: DevicePlan, terms: Terms) -> Transport:
    """A device, connected and logged in; TransportError where it cannot be reached, with what to do about it."""
    if device.reach.get("session") == "prompt" or (terms.session.prompt and device.reach.get("session") != "exec"):
        from .ssh_prompt import Prompt

        return Prompt(device, terms)
    return Ssh(device, terms)


class Ssh:
    """A device that runs a command line for each exec channel."""

    def __init__(self, device: DevicePlan, terms: Terms) -> None:
        self.device, self.terms = device, terms
        self.login: Login = login(device, terms)
        self._busy = 0
        self._room = threading.Condition()
        self.shell = Shell(
            device,
            terms,
            self._start,
            self._reconnect,
            int(device.reach.get("channels", str(CHANNELS))),
            terms.session.shell,
        )

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer]:
        return self.shell.ask(asks)

    def close(self) -> None:
        if self.login.transports:
            self.login.close()
            self.terms.tell(self.device, "closed")

    def _reconnect(self) -> None:
        self.login.close()
        self.login = login(self.device, self.terms)

    def _start(self, line: str) -> Exec:
        """A command line on a channel of its own; one that has no room waits until another has ended."""
        patience_s = seconds(self.device, "auth_timeout_s", AUTH_S)
        until = time.monotonic() + ROOM_S
        while True:
            if not self.login.transports or not self.login.device.is_active():
                raise NotSent("connection lost")
            transport = self.login.device
            try:
                with patiently(transport, self.terms, patience_s + 5):
                    channel = transport.open_session(window_size=WINDOW, timeout=patience_s)
            except paramiko.ChannelException as refused:
                with self._room:
                    until = time.monotonic() + ROOM_S if self._busy else until
                    if time.monotonic() > until or self.terms.hurry.stop:
                        raise NotSent(f"no channel to be had: {refused.text}") from None
                    self._room.wait(GLANCE_S)
                continue
            except (paramiko.SSHException, EOFError, OSError) as wrong:
                raise NotSent(f"connection lost: {said(wrong)}") from None
            running = Exec(self, transport, channel)
            self.terms.tell(self.device, "sent", wire=line)
            try:
                with patiently(transport, self.terms, patience_s + 5):
                    channel.exec_command(line)
            except (paramiko.SSHException, EOFError, OSError):
                running.refused = channel.exit_status < 0 and not channel.recv_ready()  # else it said yes too late
            return running

    def began(self) -> None:
        """A channel was opened."""
        with self._room:
            self._busy += 1

    def ended(self) -> None:
        """A channel was closed."""
        with self._room:
            self._busy -= 1
            self._room.notify()


class Exec:
    """A command line that runs on a channel."""

    def __init__(self, ssh: Ssh, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        self.ssh, self.transport, self.channel = ssh, transport, channel
        self.status: int | None = None
        self.refused = False
        self._open = True
        ssh.began()
        self._poll = select.poll()
        self._poll.register(channel.fileno(), select.POLLIN)

    def read(self, wait_s: float) -> tuple[bytes, bytes] | None:
        if self.refused:
            return None
        channel = self.channel
        over = channel.eof_received or channel.closed  # asked before the buffers are: what comes later is seen later
        out = channel.recv(CHUNK) if channel.recv_ready() else b""
        err = channel.recv_stderr(CHUNK) if channel.recv_stderr_ready() else b""
        if out or err:
            return out, err
        if not over:
            self._poll.poll(wait_s * 1000)
            return b"", b""
        if not channel.status_event.wait(wait_s):  # it may come after the end of the output
            return b"", b""
        self.status = channel.exit_status if channel.exit_status >= 0 else None
        return None

    def lost(self) -> str:
        if self.status is None and not self.refused:
            self.transport.join(ENDING_S)
        if not self.transport.is_active():
            wrong = self.transport.get_exception()
            why = (said(wrong) if wrong is not None else "") or "the other side closed it"
            return f"connection lost in the middle of the answer: {why}"
        return (
            "it refuses to run a command: where it has a prompt, say session: prompt in reach" if self.refused else ""
        )

    def close(self) -> None:
        if self._open:
            self._open = False
            self.channel.close()
            self.ssh.ended()
