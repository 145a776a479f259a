"""Getting into a device by SSH: the way there, its host key, and who we are."""

from __future__ import annotations

import errno
import getpass
import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm

from ..errors import TransportError
from ..lab.inventory import DevicePlan
from .base import STOPPED, Terms, seconds
from .shell import GLANCE_S, NEW_PASSWORD, wants_new_password
from .ssh_keys import HostKeys, fingerprint, preferred

CONNECT_S: Final = 10
AUTH_S: Final = 20
KEEPALIVE_S: Final = 15
USUAL_KEYS: Final = ("id_ed25519", "id_ecdsa", "id_rsa")
"""Files of ~/.ssh that are tried where reach names no key."""

logging.getLogger("paramiko").addHandler(logging.NullHandler())  # its errors come as exceptions too


@dataclass(frozen=True, slots=True)
class Stop:
    """A server on the way to a device, or the device."""

    user: str
    host: str
    port: int
    name: str  # what its passwords are kept under

    def __str__(self) -> str:
        return f"{self.host} port {self.port}"


@dataclass(slots=True)
class Login:
    """A connection to a device that is logged in, and those to the jump hosts before it."""

    transports: list[paramiko.Transport] = field(default_factory=list)
    how: str = ""  # what the device took for a proof of who we are

    @property
    def device(self) -> paramiko.Transport:
        return self.transports[-1]

    def close(self) -> None:
        """From the device back to the first jump host."""
        while self.transports:
            self.transports.pop().close()


def login(device: DevicePlan, terms: Terms) -> Login:
    """Connected to a device and logged in, every host key on the way verified; TransportError where that failed."""
    stops = way(device)
    owner = f"{device.name}: {device.at}"
    patience_s = seconds(device, "connect_timeout_s", CONNECT_S)
    known_hosts = device.reach.get("known_hosts", "")
    made = Login()
    with ExitStack() as undo:
        undo.callback(made.close)
        for before, stop in zip([None, *stops], stops, strict=False):
            sock: socket.socket | paramiko.Channel
            if before is None:
                sock = dial(stop, owner, patience_s, terms)
            else:
                sock = passage(made.device, before, stop, owner, patience_s, terms)
            pinned = device.reach.get("host_key", "") if stop is stops[-1] else ""
            transport = greet(sock, stop, HostKeys(owner, stop.host, stop.port, pinned, known_hosts), device, terms)
            made.transports.append(transport)
            made.how = Identity(device, terms, stop, transport).prove()
            if keepalive := seconds(device, "keepalive_s", KEEPALIVE_S):
                transport.set_keepalive(max(1, round(keepalive)))
        undo.pop_all()
    shown = made.device.get_remote_server_key()
    terms.tell(
        device,
        "connected",
        address=stops[-1].host,
        port=stops[-1].port,
        user=stops[-1].user,
        host_key=f"{shown.get_name()} {fingerprint(shown.asbytes())}",
        login=made.how,
        **({"jump": ", ".join(f"{stop.user}@{stop.host}:{stop.port}" for stop in stops[:-1])} if stops[1:] else {}),
    )
    return made


# --- the way there ----------------------------------------------------------------------------------------------------


def way(device: DevicePlan) -> list[Stop]:
    """The jump hosts in order, and the device."""
    user = device.reach.get("user") or getpass.getuser()
    stops = []
    for text in filter(None, (part.strip() for part in device.reach.get("jump", "").split(","))):
        who, _, where = text.rpartition("@")
        host, port = split_address(where)
        if not host or port is None:
            raise TransportError(
                f"{device.name}: {device.at}: jump {text!r}: expected user@host:port or user@[address]:port"
            )
        stops.append(Stop(who or user, host, port, host))
    host = device.reach.get("address") or device.name
    return [*stops, Stop(user, host.strip("[]"), int(device.reach.get("port", "22")), device.name)]


def split_address(text: str) -> tuple[str, int | None]:
    """Host and port; an IPv6 address with a port stands in brackets.  No port where it is no number."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or "22"
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, "22"
    return host, int(port) if port.isascii() and port.isdigit() and 0 < int(port) < 65536 else None


def dial(stop: Stop, owner: str, patience_s: float, terms: Terms) -> socket.socket:
    """A TCP connection."""
    try:
        addresses = socket.getaddrinfo(stop.host, stop.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as unknown:
        why = unknown.strerror if isinstance(unknown, socket.gaierror) else "no name"
        raise TransportError(
            f"{owner}: {stop.host}: no address for this name ({why}): correct address in reach, or jump where it is one"
        ) from None
    until = time.monotonic() + patience_s
    why = "it has no address"
    for family, kind, protocol, _, address in addresses:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        number = sock.connect_ex(address)
        waiting = select.poll()
        waiting.register(sock, select.POLLOUT)
        while number == errno.EINPROGRESS and time.monotonic() < until and not terms.hurry.stop:
            if waiting.poll(GLANCE_S * 1000):
                number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number == 0:
            sock.settimeout(patience_s)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        sock.close()
        if terms.hurry.stop:
            raise TransportError(f"{owner}: {STOPPED}")
        why = f"no answer within {patience_s:g} s" if number == errno.EINPROGRESS else os.strerror(number)
    advice = "is sshd running, and is this its port?" if "refused" in why else "is it up, and is there a way to it?"
    raise TransportError(f"{owner}: {stop}: {why}: {advice}")


def passage(
    jump: paramiko.Transport, before: Stop, stop: Stop, owner: str, patience_s: float, terms: Terms
) -> paramiko.Channel:
    """A connection through a jump host."""
    try:
        with patiently(jump, terms, patience_s + 5):
            return jump.open_channel(
                "direct-tcpip", (stop.host, stop.port), ("127.0.0.1", 0), timeout=max(1, patience_s)
            )
    except paramiko.ChannelException as refused:
        raise TransportError(
            f"{owner}: jump host {before} makes no connection to {stop}: {refused.text}: "
            "is it up, and may one go through here?"
        ) from None
    except (paramiko.SSHException, EOFError, OSError) as wrong:
        raise TransportError(f"{owner}: jump host {before}: no connection to {stop}: {said(wrong)}") from None


def greet(
    sock: socket.socket | paramiko.Channel, stop: Stop, keys: HostKeys, device: DevicePlan, terms: Terms
) -> paramiko.Transport:
    """Algorithms agreed and the host key verified."""
    patience_s = seconds(device, "auth_timeout_s", AUTH_S)
    known = keys.known()
    try:
        transport = paramiko.Transport(sock)
    except (paramiko.SSHException, EOFError, OSError) as wrong:
        sock.close()
        raise TransportError(f"{keys.owner}: {stop}: {said(wrong)}") from None
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = patience_s
    options = transport.get_security_options()
    options.key_types = preferred(tuple(options.key_types), known)
    options.ciphers = sorted(options.ciphers, key=lambda cipher: "gcm" not in cipher)  # half the time of the others
    try:
        with patiently(transport, terms, patience_s + 5):
            transport.start_client(timeout=patience_s + 2)  # the timeouts of its steps say more than this one
        shown = transport.get_remote_server_key()
        keys.verify(shown.get_name(), shown.asbytes())
    except TransportError:
        transport.close()
        raise
    except (paramiko.SSHException, EOFError, OSError) as wrong:
        transport.close()
        if terms.hurry.stop:
            raise TransportError(f"{keys.owner}: {STOPPED}") from None
        raise TransportError(f"{keys.owner}: {stop}: {no_greeting(wrong, patience_s)}") from None
    return transport


def no_greeting(wrong: Exception, patience_s: float) -> str:
    """Why no SSH connection came about, and what to do."""
    text = said(wrong)
    if isinstance(wrong, paramiko.ssh_exception.IncompatiblePeer) or "ncompatible" in text:
        return (
            f"{text}: it has no algorithm that this paramiko {paramiko.__version__} has; "
            "update its SSH server, or install an older paramiko (3.4 is the oldest that will do)"
        )
    if "No existing session" in text:
        return f"no end of the key exchange within {patience_s:g} s"
    if "banner" in text or "protocol version" in text:
        return f"no SSH server: expected its greeting within {patience_s:g} s, found: {text}: is this the right port?"
    if isinstance(wrong, EOFError) or not text:
        return (
            "it closed the connection before the login: too many connections at once (MaxStartups), or we are kept out"
        )
    return text


# --- who we are -------------------------------------------------------------------------------------------------------


class NewPassword(paramiko.SSHException):  # type: ignore[misc]
    """The server asks for a new password."""


@dataclass(slots=True)
class Identity:
    """Proves to one server who we are, by what ``reach`` names and nothing else."""

    device: DevicePlan
    terms: Terms
    stop: Stop
    transport: paramiko.Transport
    tried: list[str] = field(default_factory=list)
    wanted: tuple[str, ...] = ()  # what else the server takes, once it has said so
    passed: list[str] = field(default_factory=list)  # what it has taken, and wants more

    def prove(self) -> str:
        """How the server let us in."""
        try:
            return self._prove()
        except NewPassword as demand:
            raise TransportError(wants_new_password(self.device, str(demand))) from None
        except (paramiko.SSHException, EOFError, OSError) as wrong:
            if self.terms.hurry.stop:
                raise self._error(STOPPED) from None
            text = said(wrong)
            if "Illegal info request" in text:  # how paramiko takes SSH_MSG_USERAUTH_PASSWD_CHANGEREQ
                raise TransportError(wants_new_password(self.device, "the password has expired")) from None
            tried = f" after {', '.join(self.tried)}" if self.tried else ""
            many = ": where the agent has many keys, name one with key, or say agent: false" if self.tried[3:] else ""
            raise self._error(f"the login ended{tried}: {text or 'it closed the connection'}{many}") from None

    def _prove(self) -> str:
        for how, key in self._keys():
            if self._tries(how, partial(self.transport.auth_publickey, self.stop.user, key)):
                return self._how(how)
            if self.wanted and "publickey" not in self.wanted:
                break
        if not self.wanted and self._tries("none", partial(self.transport.auth_none, self.stop.user)):
            return "no proof asked for"
        for method in ("password", "keyboard-interactive"):
            if method not in self.wanted:
                continue
            password = self.terms.passwords.of(self.stop.name, self.stop.user)
            if password is None:
                self.tried.append("no password, for none is known (PLUGFEST_PASSWORD, keyring)")
                break
            if self._tries(method, partial(self._with_password, method, password)):
                return self._how(method)
            if method not in self.passed:
                break  # a wrong password is not said twice: that locks accounts
        taken = f"; it takes {', '.join(self.wanted)}" if self.wanted else ""
        tried = ", ".join(one for one in self.tried if one != "none") or "nothing, for reach names nothing"
        raise self._error(f"refused; tried {tried}{taken}: correct user, key or password")

    def _error(self, text: str) -> TransportError:
        return TransportError(f"{self.device.name}: {self.device.at}: login {self.stop.user} at {self.stop}: {text}")

    def _how(self, last: str) -> str:
        return " and ".join([*self.passed, last])

    def _tries(self, how: str, attempt: Callable[[], Sequence[str]]) -> bool:
        """Whether the server lets us in after one attempt."""
        self.tried.append(how)
        try:
            with patiently(self.transport, self.terms, self.transport.auth_timeout + 5):
                more = attempt()
        except paramiko.BadAuthenticationType as other:
            self.wanted = tuple(other.allowed_types)
            return False
        except paramiko.AuthenticationException as refused:
            if not self.transport.is_active() or "timeout" in str(refused):
                raise
            return False
        if more:
            self.passed.append(how)
            self.wanted = tuple(more)
        return not more

    def _with_password(self, method: str, password: str) -> Sequence[str]:
        if method == "password":
            return list(self.transport.auth_password(self.stop.user, password, fallback=False))
        said_once: list[str] = []

        def answers(title: str, instructions: str, prompts: Sequence[tuple[str, bool]]) -> list[str]:
            text = " ".join([title, instructions, *(prompt for prompt, _ in prompts)]).strip()
            if NEW_PASSWORD.search(text):
                raise NewPassword(text)
            if not prompts:
                return []
            if len(prompts) > 1 or said_once or prompts[0][1] or "password" in self.passed:
                raise paramiko.SSHException(f"it asks for more than a password: {text!r}")
            said_once.append(text)
            return [password]

        return list(self.transport.auth_interactive(self.stop.user, answers))

    def _keys(self) -> Iterator[tuple[str, paramiko.PKey]]:
        """The keys to try, in order."""
        named = self.device.reach.get("key")
        if named:
            yield f"key {Path(named).name}", self._key(Path(named).expanduser())
        if self.device.reach.get("agent", "true").lower() != "false":
            with suppress(paramiko.SSHException):
                agent = paramiko.Agent()
                try:
                    yield from ((f"agent's {key.get_name()} key", key) for key in agent.get_keys())
                finally:
                    agent.close()
        for name in () if named else USUAL_KEYS:
            file = Path("~/.ssh").expanduser() / name
            if file.is_file():
                yield f"key {name}", self._key(file)

    def _key(self, file: Path) -> paramiko.PKey:
        """A private key of a file; its passphrase is asked for where it has one."""
        try:
            return read_key(file, None)
        except paramiko.PasswordRequiredException:
            pass
        except (paramiko.SSHException, OSError, ValueError, UnsupportedAlgorithm) as wrong:
            raise self._error(f"key {file}: {said(wrong)}") from None
        passphrase = self.terms.passwords.of(self.device.name, self.stop.user, what="passphrase")
        if passphrase is None:
            raise self._error(
                f"key {file} has a passphrase, and none is known: set PLUGFEST_PASSPHRASE, or use the agent"
            )
        try:
            return read_key(file, passphrase)
        except (paramiko.SSHException, OSError, ValueError, UnsupportedAlgorithm):
            raise self._error(
                f"key {file}: not what PLUGFEST_PASSPHRASE... or the keyring has: its passphrase is another one"
            ) from None


def read_key(file: Path, passphrase: str | None) -> paramiko.PKey:
    """A private key; PasswordRequiredException where it needs a passphrase, SSHException where it is none."""
    wrong: paramiko.SSHException | None = None
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key_file(str(file), passphrase)
        except paramiko.PasswordRequiredException:
            raise
        except (paramiko.SSHException, ValueError, IndexError) as other:
            wrong = paramiko.SSHException(
                f"no private key that is known: expected Ed25519, ECDSA or RSA ({said(other)})"
            )
    assert wrong is not None
    raise wrong


# --- waiting ----------------------------------------------------------------------------------------------------------


@contextmanager
def patiently(transport: paramiko.Transport, terms: Terms, patience_s: float) -> Iterator[None]:
    """Closes a connection when the user wants to stop or it takes too long: paramiko may wait for ever."""
    done = threading.Event()
    until = time.monotonic() + patience_s

    def watch() -> None:
        while not done.wait(GLANCE_S):
            if terms.hurry.stop or time.monotonic() > until:
                transport.close()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def said(wrong: Exception) -> str:
    """An exception in one line."""
    text = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    return " ".join(text.split())
