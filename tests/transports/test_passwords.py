"""Passwords: where they come from, in which order, and that they are hidden before they are used."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from harness.evidence.redact import Redactor
from harness.transports.passwords import Passwords


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """What a keyring holds, by service and user."""
    held: dict[tuple[str, str], str] = {}
    module, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    module.errors = errors  # type: ignore[attr-defined]
    module.get_password = lambda service, user: held.get((service, user))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return held


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The prompts that a user saw, who answers each in the same way."""
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return "typed-by-hand"

    monkeypatch.setattr(getpass, "getpass", answer)
    return prompts


Keyring = dict[tuple[str, str], str]

ORDER: dict[str, tuple[dict[str, str], Keyring, str | None]] = {
    "the device's own variable comes first": (
        {"PLUGFEST_PASSWORD_LEAF_1_LAB": "own", "PLUGFEST_PASSWORD": "all"},
        {("plugfest", "admin@leaf-1.lab"): "ring"},
        "own",
    ),
    "then the variable for all": ({"PLUGFEST_PASSWORD": "all"}, {("plugfest", "admin@leaf-1.lab"): "ring"}, "all"),
    "an empty variable counts for nothing": (
        {"PLUGFEST_PASSWORD": ""},
        {("plugfest", "admin@leaf-1.lab"): "ring"},
        "ring",
    ),
    "then the keyring": ({}, {("plugfest", "admin@leaf-1.lab"): "ring"}, "ring"),
    "another user's entry is not taken": ({}, {("plugfest", "root@leaf-1.lab"): "ring"}, "typed-by-hand"),
    "another device's variable is not taken": ({"PLUGFEST_PASSWORD_LEAF2": "own"}, {}, "typed-by-hand"),
    "then a prompt": ({}, {}, "typed-by-hand"),
}


@pytest.mark.parametrize("what", ORDER)
def test_in_order(what: str, keyring: Keyring, asked: list[str]) -> None:
    environment, ring, wanted = ORDER[what]
    keyring.update(ring)
    passwords = Passwords(Redactor(), environment, may_prompt=True)
    assert passwords.of("leaf-1.lab", "admin") == wanted
    assert asked == (["password of admin@leaf-1.lab: "] if wanted == "typed-by-hand" else [])


def test_nobody_at_the_terminal_is_asked_nothing(keyring: Keyring, asked: list[str]) -> None:
    assert Passwords(Redactor(), {}, may_prompt=False).of("leaf1", "admin") is None
    assert Passwords(Redactor(), {}, may_prompt=True).of("leaf1", "admin", what="enable", fallback=False) is None
    assert asked == []


def test_a_user_is_asked_once(keyring: Keyring, asked: list[str]) -> None:
    passwords = Passwords(Redactor(), {}, may_prompt=True)
    assert {passwords.of("leaf1", "admin") for _ in range(3)} == {"typed-by-hand"}
    assert len(asked) == 1


def test_a_password_an_enable_secret_and_a_passphrase_are_three(keyring: Keyring) -> None:
    keyring[("plugfest-enable", "admin@leaf1")] = "ring-enable"
    passwords = Passwords(Redactor(), {"PLUGFEST_PASSWORD": "one", "PLUGFEST_PASSPHRASE": "two"}, may_prompt=False)
    found = [passwords.of("leaf1", "admin", what=what) for what in ("password", "passphrase", "enable")]
    assert found == ["one", "two", "ring-enable"]


SOURCES: dict[str, Callable[[Keyring], dict[str, str]]] = {
    "the environment": lambda _: {"PLUGFEST_PASSWORD": "typed-by-hand"},
    "the keyring": lambda ring: ring.update({("plugfest", "admin@leaf1"): "typed-by-hand"}) or {},  # type: ignore[func-returns-value]
    "a prompt": lambda _: {},
}


@pytest.mark.parametrize("source", SOURCES)
def test_it_is_hidden_from_answers_where_it_comes_from(source: str, keyring: Keyring, asked: list[str]) -> None:
    redactor = Redactor()
    passwords = Passwords(redactor, SOURCES[source](keyring), may_prompt=True)
    assert redactor.body(b"login typed-by-hand ok") == b"login typed-by-hand ok"
    passwords.of("leaf1", "admin")
    assert b"typed-by-hand" not in redactor.body(b"login typed-by-hand ok")
    assert b"typed-by-hand" not in redactor.body(b"\xff login typed-by-hand ok")
