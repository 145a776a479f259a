"""Host keys: what a server's key must be, and what to do where it is another."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm

from ..errors import TransportError

USUAL: Final = "~/.ssh/known_hosts"


@dataclass(frozen=True, slots=True)
class HostKeys:
    """What is known of one server: a pinned key or fingerprint, else a file as OpenSSH keeps it."""

    owner: str  # whose connection it is, and where that is declared
    host: str
    port: int
    pinned: str = ""
    file: str = ""

    @property
    def place(self) -> str:
        """How known_hosts names the server."""
        return self.host.lower() if self.port == 22 else f"[{self.host.lower()}]:{self.port}"

    def known(self) -> dict[str, bytes]:
        """Its keys by type, as far as they are known whole; TransportError where that cannot be found out."""
        if self.pinned.startswith("SHA256:"):
            return {}
        if self.pinned:
            words = self.pinned.split()
            try:
                return {words[0]: base64.b64decode(words[1], validate=True)}
            except (IndexError, binascii.Error):
                raise TransportError(
                    f"{self.owner}: host_key {self.pinned!r}: expected SHA256:... or a key as in known_hosts, "
                    "such as ssh-ed25519 AAAA..."
                ) from None
        keys = paramiko.HostKeys()
        for number, line in enumerate(self._lines(), 1):
            if not line or line.startswith(("#", "@")):  # paramiko takes a marker for a host
                continue
            try:
                entry = paramiko.hostkeys.HostKeyEntry.from_line(line, number)
            except (paramiko.hostkeys.InvalidHostKey, paramiko.SSHException, UnsupportedAlgorithm, ValueError):
                if self.place in line:
                    raise TransportError(f"{self.owner}: {self.path()}:{number}: no host key: {line[:60]!r}") from None
                continue  # another host's
            if entry is not None:
                for name in entry.hostnames or ():
                    keys.add(name, entry.key.get_name(), entry.key)
        found = keys.lookup(self.place)
        return {kind: found[kind].asbytes() for kind in found} if found is not None else {}

    def _lines(self) -> list[str]:
        try:
            return [line.strip() for line in self.path().read_text("utf-8", "replace").splitlines()]
        except FileNotFoundError:
            if self.file:
                raise TransportError(
                    f"{self.owner}: known_hosts {self.path()}: not there: correct it in reach"
                ) from None
            return []
        except OSError as wrong:
            raise TransportError(f"{self.owner}: known_hosts {self.path()}: {wrong.strerror}") from None

    def path(self) -> Path:
        return Path(self.file or USUAL).expanduser()

    def verify(self, kind: str, key: bytes) -> None:
        """TransportError, with what to do about it, unless the key that the server has shown is the right one."""
        found = fingerprint(key)
        if self.pinned.startswith("SHA256:"):
            wanted = self.pinned.rstrip("=")
            if found != wanted:
                raise TransportError(self._changed(kind, found, wanted, "host_key in reach"))
            return
        known = self.known()
        if any(key == one for one in known.values()):
            if not self.pinned and self._revoked(key):
                raise TransportError(f"{self._found(kind, found)}, which {self.path()} says is revoked")
            return
        if known:
            wanted = ", ".join(f"{name} {fingerprint(one)}" for name, one in known.items())
            raise TransportError(
                self._changed(kind, found, wanted, "host_key in reach" if self.pinned else str(self.path()))
            )
        scan = f"ssh-keyscan {f'-p {self.port} ' if self.port != 22 else ''}{self.host} >> {self.path()}"
        raise TransportError(
            f"{self._found(kind, found)}, which is not in {self.path()}. Compare it with what "
            f"the device's own console says, then accept it with: {scan} (or, in reach, host_key: {found})"
        )

    def _found(self, kind: str, found: str) -> str:
        return f"{self.owner}: {self.place} shows the host key {kind} {found}"

    def _changed(self, kind: str, found: str, wanted: str, where: str) -> str:
        forget = (
            f"ssh-keygen -R '{self.place}' -f {self.path()} and ssh-keyscan" if not self.pinned else "a new host_key"
        )
        return (
            f"{self._found(kind, found)}, but {where} has {wanted}: it is another machine, it was installed anew, or "
            f"somebody stands between. Nothing was sent. Where you know why: {forget}"
        )

    def _revoked(self, key: bytes) -> bool:
        text = base64.b64encode(key).decode()
        return any(line.startswith("@revoked") and text in line.split() for line in self._lines())


def fingerprint(key: bytes) -> str:
    """A key's fingerprint as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def preferred(offered: tuple[str, ...], known: dict[str, bytes]) -> list[str]:
    """Host key algorithms in the order in which to ask for them: those first whose key is known."""
    return sorted(offered, key=lambda algorithm: key_type(algorithm) not in known)


def key_type(algorithm: str) -> str:
    """The type of key of a signature algorithm."""
    return "ssh-rsa" if algorithm.startswith("rsa-sha2-") else algorithm.removesuffix("-cert-v01@openssh.com")
