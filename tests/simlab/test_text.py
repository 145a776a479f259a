"""The generator's tables, printed with a recording's own cells, are the recording."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.simlab.text import box, hexdump, natural, pairs, table

TABLES = [
    ("show-interfaces-status/mock.txt", True),
    ("show-interfaces-fec-status/all.txt", True),
    ("show-interfaces-counters-fec-stats/all.txt", True),
    ("portstat-fh/doc-7060x6-all.txt", True),
    ("show-interfaces-transceiver-presence/all-ports.txt", False),
    ("sfputil-show-error-status/errors.txt", False),
    ("show-interfaces-transceiver-error-status/doc-error-status.txt", False),
    ("show-pfc-priority/all.txt", False),
    ("show-pfc-counters/all.txt", True),
    ("pfcwd-show-config/all.txt", True),
    ("show-lldp-table/doc.txt", False),
    ("show-interfaces-flap/all.txt", False),
    ("show-interfaces-autoneg-status/all.txt", True),
    ("pfcwd-show-stats/all.txt", True),
    ("show-queue-counters/all.txt", True),
    ("show-queue-wredcounters/all.txt", True),
]

CUT = {"portstat-fh/doc-7060x6-all.txt"}
"""Its authors left rows away that the columns were made wide for."""

RULER = re.compile(r"-+(  -+)+")


def tables_of(lines: list[str]) -> list[list[str]]:
    """The tables of a recording: a heading, its ruler and the rows until a blank line or another rule."""
    found = []
    for at, line in enumerate(lines):
        if RULER.fullmatch(line):
            end = next(
                (n for n in range(at + 1, len(lines)) if not lines[n].strip() or set(lines[n]) == {"-"}), len(lines)
            )
            found.append(lines[at - 1 : end])
    return found


def cells(line: str, ruler: str) -> list[str]:
    return [line[found.start() : found.end()].strip() for found in re.finditer("-+", ruler)]


@pytest.mark.parametrize(("recording", "right"), TABLES, ids=[name for name, _ in TABLES])
def test_a_table_of_a_recording_comes_back_to_the_letter(recordings: Path, recording: str, right: bool) -> None:
    lines = (recordings / "cli" / "sonic" / recording).read_text().split("\n")
    found = tables_of(lines)
    assert found
    for held in found:
        ruler = held[1]
        rows = [cells(line, ruler) for line in held[2:]]
        widest = [ruler.split()] if recording in CUT else []
        printed = table(cells(held[0], ruler), rows + widest, right=right).split("\n")[: len(held)]
        assert printed == [line.rstrip() for line in held]


def test_a_drawn_table_of_a_recording_comes_back_to_the_letter(recordings: Path) -> None:
    text = (recordings / "cli/sonic/show-interfaces-breakout-current-mode/mock.txt").read_text().strip("\n")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n") if line.startswith("|")]
    assert box(rows[0], rows[1:]) == text + "\n"


def test_pairs_of_a_recording_come_back_to_the_letter(recordings: Path) -> None:
    lines = (recordings / "cli/sonic/show-ecn/azure.txt").read_text().split("\n")
    rulers = [at for at, line in enumerate(lines) if RULER.fullmatch(line)]
    rows = [(line.split()[0], line.split()[1]) for line in lines[rulers[0] + 1 : rulers[1]]]
    assert pairs(rows) == "\n".join(lines[rulers[0] : rulers[1] + 1]) + "\n"


def test_bytes_of_a_recorded_dump_come_back_to_the_letter(recordings: Path) -> None:
    lines = (recordings / "cli/sonic/sfputil-show-eeprom-hexdump/sff8472-finisar.txt").read_text().split("\n")
    start = next(at for at, line in enumerate(lines) if "A0h dump" in line) + 1
    held = lines[start : start + 16]
    data = bytes.fromhex("".join(line[17:65].replace(" ", "") for line in held))
    assert hexdump(data, 0, " " * 8) == "\n".join(held)


def test_ports_are_sorted_by_number() -> None:
    assert sorted(["Ethernet16", "Ethernet8", "Ethernet100"], key=natural) == ["Ethernet8", "Ethernet16", "Ethernet100"]


def test_a_column_of_numbers_stands_to_the_right() -> None:
    assert table(("Interface", "Priorities"), [("Ethernet0", "3")]).split("\n")[2].endswith("          3")
    assert table(("Interface", "Priorities"), [("Ethernet0", "3,4")]).split("\n")[2] == "Ethernet0    3,4"
