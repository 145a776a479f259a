"""Two dumps field by field: what must be the same, what may differ, and what could not be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.decode.compare import Comparison, Group, Verdict, compare, data, text
from harness.decode.dump import read_dump
from harness.decode.memory import A0_LOWER, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import transceiver
from tests.recordings import recorded

DUMPS = [file for file in recorded("eeprom/*.json") if file.stem != "index"]


def half(first: int = 128, **held: bytes) -> bytes:
    """128 bytes, zero but for ``b135=b"..."``."""
    raw = bytearray(128)
    for name, value in held.items():
        start = int(name[1:]) - first
        raw[start : start + len(value)] = value
    return bytes(raw)


MODULE = {
    LOWER_MEMORY: half(0, b0=b"\x19\x50\x00\x06", b14=b"\x20\x00", b39=b"\x02\x01", b85=b"\x02\xff"),
    Page(0x00): half(b128=b"\x19ACME            ", b166=b"SN1             ", b182=b"260101  "),
    Page(0x01): half(b142=b"\x60", b157=b"\x0f\x0f", b159=b"\x03\x07"),
    Page(0x02): half(b128=b"\x4b\x00"),
    Page(0x10): half(),
    Page(0x11): half(),
}


def against(changes: dict[Page, dict[int, bytes] | bytes | None], without: tuple[Page, ...] = ()) -> Comparison:
    """The module compared with itself after some bytes were changed, or pages failed or are not there."""
    pages: dict[Page, bytes | None] = dict(MODULE)
    for page, change in changes.items():
        if isinstance(change, dict):
            held = bytearray(pages.get(page) or bytes(128))
            for byte, raw in change.items():
                held[byte - page.first : byte - page.first + len(raw)] = raw
            pages[page] = bytes(held)
        else:
            pages[page] = change
    other = Memory("b", {page: held for page, held in pages.items() if page not in without})
    return compare(transceiver(Memory("a", MODULE)), transceiver(other))


def differing(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [
        (row.group.value, row.page, row.name, row.verdict.value)
        for row in found.rows
        if row.verdict is not Verdict.SAME
    ]


def test_module_is_the_same_as_itself() -> None:
    found = against({})
    assert differing(found) == []
    assert found.exit_status == 0
    assert found.count(Verdict.SAME) == len(found.rows) > 100


@pytest.mark.parametrize(
    ("page", "byte", "raw", "row", "status"),
    [
        pytest.param(Page(0x00), 129, b"X", ("identity", "00", "vendor_name", "differs"), 1, id="vendor"),
        pytest.param(LOWER_MEMORY, 39, b"\x03", ("identity", "lower", "firmware_active", "differs"), 1, id="firmware"),
        pytest.param(Page(0x00), 166, b"X", ("identity", "00", "vendor_sn", "of each unit"), 0, id="serial number"),
        pytest.param(Page(0x00), 187, b"2", ("identity", "00", "date_code", "of each unit"), 0, id="date code"),
        pytest.param(Page(0x00), 222, b"2", ("static", "00", "checksum", "of each unit"), 0, id="sum over the serial"),
        pytest.param(Page(0x01), 255, b"2", ("static", "01", "checksum", "differs"), 1, id="sum of page 01h"),
        pytest.param(
            Page(0x02), 128, b"\x46", ("static", "02", "temperature high_alarm", "differs"), 1, id="threshold"
        ),
        pytest.param(LOWER_MEMORY, 14, b"\x21", ("monitors", "lower", "temperature", "may differ"), 0, id="monitor"),
        pytest.param(LOWER_MEMORY, 3, b"\x02", ("monitors", "lower", "module_state", "may differ"), 0, id="state"),
        pytest.param(
            LOWER_MEMORY, 9, b"\x01", ("flags", "lower", "temperature_high_alarm", "may differ"), 0, id="flag"
        ),
        pytest.param(Page(0x11), 136, b"\x04", ("flags", "11", "tx_los 3", "may differ"), 0, id="flag of a lane"),
        pytest.param(Page(0x10), 128, b"\x02", ("configuration", "10", "dp_deinit 2", "may differ"), 0, id="control"),
        pytest.param(
            Page(0x00), 240, b"ab", ("vendor", "00", "custom_nonvolatile", "may differ"), 0, id="vendor bytes"
        ),
    ],
)
def test_difference_has_its_group_and_verdict(
    page: Page, byte: int, raw: bytes, row: tuple[str, str, str, str], status: int
) -> None:
    found = against({page: {byte: raw}})
    assert differing(found) == [row]
    assert found.exit_status == status


@pytest.mark.parametrize(
    ("changes", "without", "row", "status"),
    [
        pytest.param({Page(0x02): None}, (), ("pages", "02", "all of page 02h", "not compared"), 3, id="failed read"),
        pytest.param({}, (Page(0x02),), ("pages", "02", "all of page 02h", "not compared"), 3, id="never read"),
        pytest.param({}, (Page(0x11),), ("monitors", "11", "all of page 11h", "not compared"), 0, id="live page"),
        pytest.param({Page(0xB1): {}}, (), ("vendor", "b1", "all of page B1h", "not compared"), 0, id="no map of it"),
    ],
)
def test_page_of_one_side_is_not_called_equal(
    changes: dict[Page, dict[int, bytes] | bytes | None],
    without: tuple[Page, ...],
    row: tuple[str, str, str, str],
    status: int,
) -> None:
    found = against(changes, without)
    assert differing(found) == [row]
    assert found.exit_status == status


def test_page_that_failed_on_both_sides_is_not_called_equal() -> None:
    both = transceiver(Memory("a", {**MODULE, Page(0x02): None}))
    assert compare(both, both).exit_status == 3


def test_bytes_that_only_one_side_has_are_not_called_equal() -> None:
    found = against({Page(0x02): MODULE[Page(0x02)][:4]})
    unknown = [row for row in found.rows if row.verdict is Verdict.UNKNOWN]
    assert ("02", "temperature high_warning") in [(row.page, row.name) for row in unknown]
    assert found.exit_status == 3


def test_what_must_not_differ_weighs_more_than_what_was_not_compared() -> None:
    assert against({Page(0x00): {129: b"X"}, Page(0x02): None}).exit_status == 1


def test_field_that_one_side_does_not_advertise_differs_with_its_reason() -> None:
    found = against({Page(0x01): {159: b"\x01"}})
    [row] = [row for row in found.rows if row.name == "vcc high_alarm"]
    assert row.verdict is Verdict.DIFFERS
    assert "not advertised (01h:159.1)" in text(found)


def test_text_names_both_sides_and_the_place() -> None:
    lines = [" ".join(line.split()) for line in text(against({Page(0x02): {128: b"\x46"}})).splitlines()]
    assert lines[0].startswith("A a: CMIS OSFP ACME SN1")
    assert "temperature high_alarm 75 °C 70 °C differs page 02h bytes 128-129" in lines
    assert lines[-1].endswith("1 differ and must not, 0 each unit has of its own, 0 may differ and do, 0 not compared")


def test_text_puts_lanes_that_say_the_same_together() -> None:
    lines = [" ".join(line.split()) for line in text(against({Page(0x11): {136: b"\x3b"}})).splitlines()]
    assert "tx_los 1-2,4-6 no yes may differ page 11h byte 136 bit 0 and on" in lines


def test_text_lists_everything_on_request_only() -> None:
    found = against({})
    assert "vendor_name" not in text(found)
    assert "vendor_name" in text(found, everything=True)


def test_json_has_both_values_or_the_reason() -> None:
    told: Any = json.loads(json.dumps(data(against({Page(0x02): {128: b"\x46"}, Page(0x10): None}))))
    assert told["counts"]["differs"] == 1
    [row] = [row for row in told["rows"] if row["field"] == "temperature"]
    assert (row["lane"], row["a"]["value"], row["b"]["value"], row["a"]["unit"]) == ("high_alarm", "75", "70", "°C")
    [row] = [row for row in told["rows"] if row["page"] == "10"]
    assert row["b"] == {"value": None, "unit": "", "note": "", "absent": "read failed (page 10h)", "raw": ""}


def test_pages_can_be_chosen() -> None:
    a, b = (transceiver(Memory(name, MODULE)) for name in "ab")
    assert {row.page for row in compare(a, b, [Page(0x02)]).rows} == {"02"}


def test_modules_of_different_maps_are_compared_in_what_every_module_has() -> None:
    sfp = transceiver(Memory("b", {A0_LOWER: half(0, b0=b"\x03", b20=b"ACME            ")}))
    found = compare(transceiver(Memory("a", MODULE)), sfp)
    verdicts = {row.name: row.verdict for row in found.rows}
    assert verdicts["management"] is Verdict.DIFFERS
    assert verdicts["vendor_name"] is Verdict.SAME
    assert verdicts["temperature"] is Verdict.MAY
    assert found.exit_status == 1


@pytest.mark.parametrize("file", DUMPS, ids=lambda file: file.stem)
def test_recorded_module_is_the_same_as_itself(file: Path) -> None:
    module = transceiver(read_dump(file))
    found = compare(module, module)
    assert {row.verdict for row in found.rows} <= {Verdict.SAME, Verdict.UNKNOWN}
    assert found.count(Verdict.SAME) > 40


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_bytes_never_raise_and_verdicts_do_not_depend_on_the_side(drawn: st.DataObject) -> None:
    halves = st.binary(min_size=128, max_size=128) | st.binary(max_size=128) | st.none()
    numbers = (LOWER_MEMORY, Page(0x00), Page(0x01), Page(0x11), Page(0x02), Page(0x03))
    first = drawn.draw(st.sampled_from((b"\x18\x50", b"\x11\x08")))
    sides = []
    for name in "ab":
        pages = {page: drawn.draw(halves) for page in numbers}
        pages[LOWER_MEMORY] = first + (pages[LOWER_MEMORY] or b"")[2:]
        sides.append(transceiver(Memory(name, pages)))
    forth, back = compare(sides[0], sides[1]), compare(sides[1], sides[0])
    if sides[0].management == sides[1].management:
        assert {verdict: forth.count(verdict) for verdict in Verdict} == {one: back.count(one) for one in Verdict}
    assert forth.exit_status == back.exit_status
    assert text(forth, everything=True)
    json.dumps(data(forth, everything=True))


def test_every_group_has_its_heading() -> None:
    found = against({Page(0x02): {128: b"\x46"}, Page(0x00): {129: b"X", 240: b"x"}, Page(0x11): {136: b"\x01"}})
    assert [row.group for row in found.rows] == sorted((row.group for row in found.rows), key=list(Group).index)
    assert [line.partition(":")[0] for line in text(found).splitlines() if line[:1].islower()] == [
        "identity",
        "static",
        "flags",
        "vendor's own and reserved bytes",
    ]
