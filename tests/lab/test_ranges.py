"""Ranges of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.lab.ranges import RangeError, names, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", ("7",)),
        ("1-3", ("1", "2", "3")),
        ("1-3,7", ("1", "2", "3", "7")),
        ("Ethernet0-24/8", ("Ethernet0", "Ethernet8", "Ethernet16", "Ethernet24")),
        ("Ethernet1/1-3", ("Ethernet1/1", "Ethernet1/2", "Ethernet1/3")),
        ("et-0/0/8-9", ("et-0/0/8", "et-0/0/9")),
        ("Ethernet1/1", ("Ethernet1/1",)),
        ("08-10", ("08", "09", "10")),
    ],
)
def test_a_range_stands_for_its_names(text: str, expected: tuple[str, ...]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("8-1", "range 8-1: 1 is below 8"),
        ("0-57/8", "range 0-57/8: 57 is not reached from 0 in steps of 8"),
        ("0-8/0", "range 0-8/0: a step of 0"),
        ("1-3,2", "range 1-3,2: 2 is in it twice"),
        ("1-999999999", "range 1-999999999: more than 100000 names"),
        ("a-b", "range a-b: expected something like 1-8 or Ethernet0-56/8, found 'a-b'"),
        ("1,,2", "range 1,,2: expected something like 1-8 or Ethernet0-56/8, found ''"),
    ],
)
def test_a_range_that_cannot_be_meant_is_refused(text: str, message: str) -> None:
    with pytest.raises(RangeError) as caught:
        numbers(text)
    assert str(caught.value) == message


def test_devices_are_named_with_brackets() -> None:
    assert names("gpu[1-3]") == ("gpu1", "gpu2", "gpu3")
    assert names("gpu[09-10]b") == ("gpu09b", "gpu10b")
    assert names("rack1-2") == ("rack1-2",)
    with pytest.raises(RangeError, match="one pair of brackets"):
        names("gpu[1-2][3-4]")


@given(
    prefix=st.from_regex(r"(|[a-z]{1,5}|et-0/0/|Ethernet1/)", fullmatch=True),
    first=st.integers(0, 500),
    count=st.integers(1, 64),
    step=st.integers(1, 16),
)
def test_a_range_has_as_many_distinct_names_as_steps(prefix: str, first: int, count: int, step: int) -> None:
    last = first + (count - 1) * step
    found = numbers(f"{prefix}{first}-{last}/{step}")
    assert found == tuple(f"{prefix}{number}" for number in range(first, last + 1, step))


@given(st.text(alphabet="0123456789-,/[]aE ", max_size=12))
def test_any_text_is_names_or_a_range_error(text: str) -> None:
    for read in (numbers, names):
        try:
            found = read(text)
        except RangeError:
            continue
        assert len(set(found)) == len(found) > 0
