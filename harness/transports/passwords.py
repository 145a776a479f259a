"""Passwords on their way to a device: from the environment, the keyring or a prompt, and never to a disk.

Looked for in this order, NAME being the device's name in capitals with ``_`` for what is no letter or figure:
``PLUGFEST_PASSWORD_NAME``, ``PLUGFEST_PASSWORD``, the keyring's entry of service ``plugfest`` and user ``user@name``
(where the package ``keyring`` is installed), and a prompt where somebody sits at a terminal.
"""

from __future__ import annotations

import getpass
import importlib
import os
import re
import sys
import threading
from collections.abc import Mapping

from ..evidence.redact import Redactor


class Passwords:
    """The passwords of a run.  Each is told to the redactor before it is used, so that no echo of it is kept."""

    def __init__(
        self, redactor: Redactor, environment: Mapping[str, str] | None = None, *, may_prompt: bool | None = None
    ) -> None:
        self.redactor = redactor
        self.environment = os.environ if environment is None else environment
        self.may_prompt = sys.stdin is not None and sys.stdin.isatty() if may_prompt is None else may_prompt
        self._held: dict[tuple[str, str, str], str] = {}
        self._one_at_a_time = threading.Lock()

    def of(self, name: str, user: str, *, what: str = "password", fallback: bool = True) -> str | None:
        """The password of a user of a device, or its ``enable`` or ``passphrase``; None where none is known."""
        with self._one_at_a_time:
            key = (what, name, user)
            if key not in self._held:
                found = self._find(name, user, what, fallback)
                if found is None:
                    return None
                self.redactor.hide(found)
                self._held[key] = found
            return self._held[key]

    def _find(self, name: str, user: str, what: str, fallback: bool) -> str | None:
        stem = f"PLUGFEST_{what.upper()}"
        of_device = re.sub(r"[^A-Z0-9]", "_", name.upper())
        for variable in (f"{stem}_{of_device}", stem):
            if self.environment.get(variable):
                return self.environment[variable]
        return self._from_keyring(name, user, what) or (self._asked(name, user, what) if fallback else None)

    @staticmethod
    def _from_keyring(name: str, user: str, what: str) -> str | None:
        try:
            keyring = importlib.import_module("keyring")
        except ImportError:
            return None
        service = "plugfest" if what == "password" else f"plugfest-{what}"
        try:
            found = keyring.get_password(service, f"{user}@{name}")
        except keyring.errors.KeyringError:
            return None
        return None if found is None else str(found)

    def _asked(self, name: str, user: str, what: str) -> str | None:
        return (getpass.getpass(f"{what} of {user}@{name}: ") or None) if self.may_prompt else None
