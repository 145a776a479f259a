"""Changes of what is declared: a copy of the lab files in which a row's edits were made."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from harness.lab.validate import plain
from harness.lab.yaml12 import File, Node, parse
from tests.faults.table import Change
from tests.recordings import REPOSITORY

CONFIGS: Final = REPOSITORY / "lab_configs"
SOAK: Final = "profiles/mixed-soak.toml"
SOAK_WAIVERS: Final = {
    "nxos-soak": {
        "check": "SOAK-0[12]", "subject": "*spine1:*", "not_measured": "only", "owner": "optics qualification",
        "expires": "2027-06-30", "reason": "NX-OS counts no codewords and no changes of a link",
    },
    "nxos-heat": {
        "check": "PWR-05", "subject": "spine1:*", "not_measured": "only", "owner": "optics qualification",
        "expires": "2027-06-30", "reason": "NX-OS counts no changes of a link",
    },
    "eos-heat": {
        "check": "PWR-05", "subject": "leaf2:Ethernet1/1", "not_measured": "only", "owner": "optics qualification",
        "expires": "2027-06-30", "reason": "a passive cable has no monitors and only its registers prove it",
    },
    "eos-drift": {
        "check": "SOAK-03", "subject": "leaf2:Ethernet1/1", "not_measured": "only", "owner": "optics qualification",
        "expires": "2027-06-30", "reason": "a passive cable has no monitors and only its registers prove it",
    },
}  # fmt: skip
"""What the soak asks and a system does not show; mixed itself is not soaked, so that there it would match nothing."""

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""What a row of the tables writes as text and a lab file as a number."""

APPROVED: Final = "[[approved]]"


def edited(lab: str, changes: Iterable[Change], home: Path) -> Path:
    """The lab file of ``lab`` (or of the soak, which is mixed with a profile of its own) in a copy with the changes."""
    copy = home / "lab_configs"
    name = "mixed" if lab == "soak" else lab
    for part in (name, "profiles"):
        shutil.copytree(CONFIGS / part, copy / part)
    for part in (f"{name}.yaml", f"{name}-links.csv"):
        shutil.copy(CONFIGS / part, copy / part)
    file = copy / f"{name}.yaml"
    if lab == "soak":
        _set(file, "profile", SOAK)
        for told, waiver in SOAK_WAIVERS.items():
            _set(file, f"waivers.{told}", waiver)
    for change in changes:
        kind = change["do"]
        if kind == "lab":
            _set(file, change["set"], change.get("value"), drop=change.get("drop", False))
        elif kind == "vendor":
            _vendor(file, copy / name / "vendors.yaml", change)
        elif kind == "profile":
            _profile(copy / "profiles" / f"{name}.toml", change)
        elif kind == "link":
            _cells(copy / f"{name}-links.csv", {}, change)
        elif kind == "row":
            _cells(copy / name / change["file"], change["where"], change)
    return file


def _vendor(lab: Path, records: Path, change: Change) -> None:
    """A field of a part's record; one that stands in the lab file alone is changed there."""
    path = f"{change['part']}.{change['set']}"
    drop, first = change.get("drop", False), change["set"].split(".")[0]
    told: Any = plain(_tree(records))
    held: Any = plain(_tree(lab))
    part = change["part"]
    if first not in told.get(part, {}) and first in held["parts"][part]:
        _set(lab, f"parts.{path}", change.get("value"), drop=drop)
    else:
        _set(records, path, change.get("value"), drop=drop)


def _set(file: Path, path: str, value: Any, *, drop: bool = False) -> None:
    """A value at a dotted path of a YAML file, of which the layout is not kept."""
    tree = _tree(file)
    place: Any = tree
    *steps, last = path.split(".")
    for step in steps:
        if isinstance(place.value, list):
            place = place.value[int(step)]
        else:
            place = place.value.setdefault(step, Node({}, tree.file, 1))
    if drop:
        place.value.pop(last, None)
    else:
        place.value[last] = _node(value, tree.file)
    file.write_text("\n".join(_lines(tree)) + "\n", encoding="utf-8")


def _tree(file: Path) -> Node:
    return parse(file.read_text(encoding="utf-8"), File(str(file), file.name))


def _node(value: Any, file: File) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(one, file) for key, one in value.items()}, file, 1)
    if isinstance(value, list):
        return Node([_node(one, file) for one in value], file, 1)
    return Node(value, file, 1, str(value))


def _lines(node: Node) -> list[str]:
    """A tree as YAML, mappings a line for each key."""
    if isinstance(node.value, dict) and node.value:
        found = []
        for key, child in node.value.items():
            below = _lines(child)
            scalar = len(below) == 1 and not (isinstance(child.value, dict | list) and child.value)
            found += [f"{key}: {below[0]}"] if scalar else [f"{key}:", *(f"  {line}" for line in below)]
        return found
    if isinstance(node.value, list) and node.value:
        found = []
        for child in node.value:
            first, *rest = _lines(child)
            found += [f"- {first}", *(f"  {line}" for line in rest)]
        return found
    if isinstance(node.value, dict | list):
        return [json.dumps(node.value)]
    if isinstance(node.value, str) and NUMBER.fullmatch(node.value) and node.text == node.value and node.line == 1:
        return [node.value]
    if isinstance(node.value, str) or node.value is None:
        return [json.dumps(node.value, ensure_ascii=False)]
    return [node.text or json.dumps(node.value)]


def _profile(file: Path, change: Change) -> None:
    """The entries of the list of approved modules: those of a part changed, or those that match gone."""
    head, *entries = re.split(rf"^(?={re.escape(APPROVED)})", file.read_text(encoding="utf-8"), flags=re.M)
    kept = []
    for entry in entries:
        number = re.search(r'^number = "(.*)"$', entry, re.M)
        told = number[1] if number else ""
        if told == change.get("drop_approved"):
            continue
        if told == change.get("approved"):
            value = change["value"]
            text = value if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else json.dumps(value)
            entry = re.sub(rf"^{change['set']} = .*\n", "", entry, flags=re.M).rstrip()
            entry += f"\n{change['set']} = {text}\n"
        kept.append(entry)
    file.write_text("".join([head, *kept]), encoding="utf-8")


def _cells(file: Path, where: Change, change: Change) -> None:
    """A column of the rows of a CSV that match, or those rows gone; a target is the port in column a or b."""
    text = file.read_text(encoding="utf-8")
    notes = [line for line in text.splitlines() if line.startswith("#")]
    held = list(csv.DictReader(io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("#")))))
    columns = list(held[0])
    kept, found = [], 0
    for row in held:
        mine = all(row[name] == value for name, value in where.items())
        if "target" in change:
            mine = change["target"] in (row["a"], row["b"])
        found += mine
        if mine and change.get("drop"):
            continue
        if mine:
            if change["column"] not in row:
                raise ValueError(f"{file.name}: no column {change['column']!r}")
            row[change["column"]] = change["value"]
        kept.append(row)
    if not found:
        raise ValueError(f"{file.name}: no row for {dict(change)}")
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    file.write_text("\n".join([*notes, out.getvalue()]) if notes else out.getvalue(), encoding="utf-8")
