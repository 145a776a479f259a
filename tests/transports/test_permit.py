"""What may be sent: what a driver declares and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import TransportError
from harness.transports.permit import ARGUMENTS, Permit, refused

PERMIT = Permit.of(
    "show version",
    "for f in /sys/*/eeprom; do cat $f; done",
    "show interface {port}",
    "read {hex} of {number}",
    "show {name} at {path}",
    "measure {channel}",
)

ALLOWED = [
    "show version",
    "for f in /sys/*/eeprom; do cat $f; done",
    "show interface Ethernet1/9",
    "show interface swp1s0",
    "show interface Eth1-1",
    "show interface xe-0/0/1:2",
    "read 0x7f of 12",
    "show leaf-1.lab at /sys/bus/i2c/devices/1-0050/eeprom",
    "measure 2A",
    "measure CHAN4",
]

FORBIDDEN = [
    "",
    "reboot",
    "show version ",
    " show version",
    "show  version",
    "show version\n",
    "show version; reboot",
    "SHOW VERSION",
    "for f in /sys/*/eeprom; do rm $f; done",
    "show interface",
    "show interface ",
    "show interface Ethernet1/9; reboot",
    "show interface $(reboot)",
    "show interface `reboot`",
    "show interface Ethernet1/9 | sh",
    "show interface Ethernet1/9\nreboot",
    "show interface Ethernet1/9 Ethernet2",
    "show interface -a",
    "show interface ../x",
    "show interface Ethernet1/",
    "show interface Étherne",
    "read 0x of 1",
    "read 7f of 1",
    "read 0x7f of ١",
    "show x at relative/path",
    "show x at /etc/shadow",
    "show x at /dev/watchdog",
    "show x at /proc/1/environ",
    "show x at //dev/watchdog",
    "show x at /etc/../shadow",
    "show x at /..",
    "show x at /a/./b",
    "show x at /a b",
    "show x at /a*",
    "show -x at /a",
    "measure CHANNELLED1",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_a_declared_command_is_allowed(text: str) -> None:
    assert PERMIT.allows(text)
    PERMIT.check(text)


@pytest.mark.parametrize("text", FORBIDDEN, ids=repr)
def test_what_is_not_declared_is_refused(text: str) -> None:
    assert not PERMIT.allows(text)
    with pytest.raises(TransportError, match="not sent: "):
        PERMIT.check(text)


METACHARACTERS = ";&|<>`$(){}[]!'\"\\~*?#\n\r\t \0\x7f"


@pytest.mark.parametrize("kind", ARGUMENTS)
@given(before=st.text(max_size=8), after=st.text(max_size=8), meta=st.sampled_from(METACHARACTERS))
def test_no_argument_holds_what_a_shell_would_read_as_its_own(kind: str, before: str, after: str, meta: str) -> None:
    assert not Permit.of(f"show {{{kind}}}").allows(f"show {before}{meta}{after}")


@given(st.text(max_size=40))
def test_a_permit_of_nothing_allows_nothing(text: str) -> None:
    assert not Permit().allows(text)


def test_the_reason_names_the_character() -> None:
    with pytest.raises(TransportError, match=r"not sent: .* is no command that the driver declares: ';' is never part"):
        PERMIT.check("show interface x;y")


def test_a_place_of_no_known_kind_is_refused_when_it_is_declared() -> None:
    with pytest.raises(ValueError, match="no argument is a 'anything'"):
        Permit.of("show {anything}")


def test_permits_add_up() -> None:
    both = Permit.of("a") + Permit.of("b {number}")
    assert refused(both, ["a", "b 1", "b", "c"]) == ["b", "c"]
