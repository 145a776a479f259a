"""PHYs of Arista EOS, ``show interfaces phy detail``: a record for each between ASIC and module, and one of the port.

Recorded as JSON.  The text is from published captures (EOS 4.16 to 4.31).  Of every attribute EOS tells its value,
how often it changed, and when last.  Of codewords the value is what the last poll saw, and the changes are what only
ever goes up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    TEXT_OR_NULL,
    Json,
    Record,
    Schema,
    absent,
    decimal,
    integer,
)
from ..entry import OTHER, Entry, object_in, refusal
from ..labels import slug
from ..positions import Member
from ..text import Line, NotThis, Page, Parsed, Unparsed, indentation, shortened
from .both import Both
from .members import COUNT, NUMBER, Fact, Facts, Kind, Opened, Unfit, below, facts, opened, words

SAID: Final[Schema] = {"type": ["boolean", "integer", "string", "null"]}
ATTRIBUTE: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "value": SAID,
        "average": SAID,
        "changes": INTEGER_OR_NULL,
        "last_change_at": DECIMAL_OR_NULL,
        "last_change": TEXT_OR_NULL,
    },
}
_ATTRIBUTES: Final[Schema] = {"type": "object", "additionalProperties": ATTRIBUTE}
FIELDS: Final[dict[str, Schema]] = {
    "interface": {"type": "string"},
    "phy": INTEGER_OR_NULL,
    "name": TEXT_OR_NULL,
    "chip": TEXT_OR_NULL,
    "location": TEXT_OR_NULL,
    "model": TEXT_OR_NULL,
    "hardware_revision": TEXT_OR_NULL,
    "firmware": TEXT_OR_NULL,
    "speed": TEXT_OR_NULL,
    "loopback": TEXT_OR_NULL,
    "diagnostics": TEXT_OR_NULL,
    "media_type": TEXT_OR_NULL,
    "serial": TEXT_OR_NULL,
    "fec_encoding": TEXT_OR_NULL,
    "codeword_symbols": INTEGER_OR_NULL,
    "pre_fec_ber": DECIMAL_OR_NULL,
    "post_fec_ber": DECIMAL_OR_NULL,
    "fec_lane_map": {"type": "object", "additionalProperties": INTEGER_OR_NULL},
    "stale": BOOLEAN_OR_NULL,
    "attributes": _ATTRIBUTES,
    "lanes": {"type": "object", "additionalProperties": _ATTRIBUTES},
    "other": OTHER,
}
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
ENCODINGS: Final = words(
    reedSolomon="reed-solomon", reedSolomon544="reed-solomon-544", fireCode="fire-code", disabled="none", none="none"
)
LANE_MAP: Final = Kind(
    {"type": "object", "additionalProperties": INTEGER_OR_NULL},
    lambda value: {lane: COUNT.read(one) for lane, one in object_in(value).items()},
)
_PHY: Final = Facts(
    (
        *below("description", *facts(Kind(TEXT_OR_NULL, lambda v: v if isinstance(v, str) else None),
                                     phyChipName="chip", location="location")),
        *below("chip", *facts(Kind(TEXT_OR_NULL, lambda v: None if v in ("", None) else str(v)),
                              modelName="model", hwRev="hardware_revision", firmwareRev="firmware")),
        *below("chip", *facts(COUNT, oui="", model="", rev="")),
        Fact("firmwareRev", "firmware"),
        Fact("operSpeed", "speed"),
        Fact("fec.encoding", "fec_encoding", ENCODINGS),
        Fact("fec.codewordSize", "codeword_symbols", COUNT),
        Fact("fec.laneMap", "fec_lane_map", LANE_MAP),
        Fact("preFecBer.value", "pre_fec_ber", NUMBER),
        Fact("postFecBer.value", "post_fec_ber", NUMBER),
        Fact("vendorSn", "serial"),
    )
)  # fmt: skip


def _snake(path: Sequence[str]) -> str:
    return slug("_".join(_CAMEL.sub("_", part) for part in path)).removeprefix("mac_faults_")


_NO_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_KEYS: Final = frozenset({"value", "current", "changes", "lastChange"})


def _attribute(value: Json) -> dict[str, Json] | None:
    """An attribute with its changes; None where an object is none."""
    if not isinstance(value, dict) or not value or not set(value) <= _KEYS:
        return None
    said = value.get("value", value.get("current"))
    if isinstance(said, dict | list):
        return None
    if isinstance(said, str) and said in _NO_NUMBERS:
        said = None
    found: dict[str, Json] = {"value": said if not isinstance(said, str) or said.strip() else None}
    try:
        if "changes" in value:
            found["changes"] = COUNT.read(value["changes"])
        if "lastChange" in value:
            found["last_change_at"] = NUMBER.read(value["lastChange"])
    except Unfit:
        return None
    return found


@dataclass(slots=True)
class _Sorted:
    """The members of one PHY: what has changes, the same by lane, and the rest."""

    attributes: dict[str, Json] = field(default_factory=dict)
    lanes: dict[str, Json] = field(default_factory=dict)
    rest: dict[str, Json] = field(default_factory=dict)

    def sort(self, said: dict[str, Json], at: tuple[str, ...] = ()) -> dict[str, Json]:
        """What is neither an attribute nor attributes of lanes, nested as it was."""
        left: dict[str, Json] = {}
        for name, value in said.items():
            here = (*at, name)
            if (found := _attribute(value)) is not None and "FecBer" not in name:
                self.attributes[_name(here)] = found
            elif isinstance(value, dict) and value and all(key.lstrip("-").isdigit() for key in value):
                lanes: dict[str, Json] = {
                    key: one for key, inner in value.items() if (one := _attribute(inner)) is not None
                }
                if len(lanes) == len(value):
                    self.lanes[_name(here)] = lanes
                else:
                    left[name] = value
            elif isinstance(value, dict) and len(here) < 6:
                inner_left = self.sort(value, here)
                if inner_left:
                    left[name] = inner_left
            else:
                left[name] = value
        return left


def _name(path: Sequence[str]) -> str:
    return _snake("mac" if part == "macFaults" else part for part in path)  # type: ignore[arg-type]


def _detail_json(page: Page) -> Parsed:
    answer = opened(page, "interfacePhyStatuses")
    unparsed = [*answer.document.unparsed(), *answer.strangers(frozenset({"interfacePhyStatuses"}))]
    records: list[Record] = []
    for port in answer.members("interfacePhyStatuses"):
        if not isinstance(port.value, dict):
            raise NotThis(f"not a port: {shortened(port.name)}", port.line)
        members = {one.name: one for one in answer.document.members(port)}
        phys = members.pop("phyStatuses", None)
        if phys is not None:
            for number, phy in enumerate(answer.document.members(phys), 1):
                records.extend(_phy(answer, port.name, number, phy, unparsed))
        whole = {name: one.value for name, one in members.items()}
        sorted_ = _Sorted()
        rest = sorted_.sort(whole)
        record: Record = {"line": port.line, "interface": port.name, "phy": None, "attributes": sorted_.attributes}
        media = sorted_.attributes.pop("transceiver_media_type", None)
        if isinstance(media, dict):
            record["media_type"] = media["value"]
        about = rest.pop("transceiver", None)
        if isinstance(about, dict) and isinstance(serial := about.pop("vendorSn", None), str):
            record["serial"] = serial.strip() or None
        rest["transceiver"] = about
        left: dict[str, Json] = {name: value for name, value in rest.items() if value not in ({}, [], None)}
        if left:
            record["other"] = left
        records.append(record)
    return Parsed(tuple(records), tuple(unparsed))


def _phy(answer: Opened, port: str, number: int, phy: Member, unparsed: list[Unparsed]) -> Iterator[Record]:
    if not isinstance(phy.value, dict):
        unparsed.append(answer.unknown(phy))
        return
    if isinstance(text := phy.value.get("text"), str):  # older releases: the text, in a member
        lines = [Line(phy.line, line.rstrip()) for line in text.split("\n") if line.strip()]
        parsed = _detail_lines(lines, port)
        unparsed += parsed.unparsed
        yield from ({**record, "line": phy.line, "phy": number} for record in parsed.records)
        return
    sorted_ = _Sorted()
    left = sorted_.sort(phy.value)
    record, unfit = _PHY.take(left)
    if unfit:
        unparsed.append(answer.unknown(phy))
    yield {
        "line": phy.line,
        "interface": port,
        "phy": number,
        **record,
        "attributes": sorted_.attributes,
        **({"lanes": sorted_.lanes} if sorted_.lanes else {}),
    }


# --- text ----------------------------------------------------------------------------------------------------------

_PORT: Final = re.compile(r"(?:Ethernet|Et|Management|Ma)\d[\w/.]*")
_HEAD: Final = re.compile(r"\s+(Current State)\s+(Changes)\s+(Last Change)")
_AVERAGES: Final = re.compile(r"\s+Current\s+Average")
_FOURS: Final = re.compile(r"\s+HI\s+HQ\s+VI\s+VQ")
_AGO: Final = re.compile(r"(never|(?:\d+ days?, )?\d+:\d\d:\d\d ago)$")
_DRAWN: Final = re.compile(r"\s*(?:\|[| *]+\||Max \d+\s+Mean \d+|[-=]+(?:\s+[-=]+)*|Current System Time: .*)")
"""Rulers, the clock, and the drawing of an analogue-to-digital converter's histogram."""
_STALE: Final = re.compile(r"\s*\*+ ?Warning: some information is stale.*", re.IGNORECASE)
_LANE: Final = re.compile(r"[Ll]ane (\d{1,3})")
STATES: Final = {
    "transceiver_sn": "serial",
    "transceiver": "media_type",
    "oper_speed": "speed",
    "model": "model",
    "loopback": "loopback",
    "diags_mode": "diagnostics",
    "forward_error_correction": "fec_encoding",
    "reed_solomon_codeword_size": "codeword_symbols",
    "firmware_revision": "firmware",
    "hardware_revision": "hardware_revision",
    "location": "location",
    "pre_fec_bit_error_rate": "pre_fec_ber",
    "pre_fec_ber": "pre_fec_ber",
    "post_fec_bit_error_rate": "post_fec_ber",
    "post_fec_ber": "post_fec_ber",
}
"""Labels whose state is a field of its own."""
SAME: Final = {
    "pcs_rx_link_status": "pcs_link_status",
    "pma_pmd_rx_signal_detect": "pma_signal_detect",
    "pma_pmd_rx_link_status": "pma_link_status",
    "mac_rx_local_fault": "mac_local_fault",
    "mac_rx_remote_fault": "mac_remote_fault",
    "fec_lane_corrected_symbols": "fec_corrected_symbols",
}
"""Labels that the JSON has under another name."""


def _detail_text(page: Page) -> Parsed:
    parsed = _detail_lines(page.lines, None)
    if not parsed.records or not any(record.get("attributes") for record in parsed.records):
        raise refusal(page, "no port with its PHY")
    return parsed


@dataclass(slots=True)
class _Reader:
    """The lines of one answer, in order."""

    port: str | None
    records: list[Record] = field(default_factory=list)
    unparsed: list[Unparsed] = field(default_factory=list)
    state: int = 0
    """Where the column of states begins; 0 before a head was seen."""
    changes: int = 0
    """Where the column of changes ends."""
    mode: str = "states"
    group: str = ""
    depth: int = 0

    def begin(self, line: Line, name: str | None) -> None:
        number = sum(1 for one in self.records if one["interface"] == self.port) + 1
        self.records.append({"line": line.number, "interface": self.port, "phy": number, "attributes": {}})
        if name:
            self.records[-1]["name"] = name
        self.group, self.mode = "", "states"

    def take(self, line: Line) -> bool:
        """Read a line; false where it is not known."""
        text = line.text
        if _DRAWN.fullmatch(text):
            return True
        if head := _HEAD.fullmatch(text):
            self.state, self.changes, self.mode = head.start(1), head.end(2), "states"
            return True
        if _AVERAGES.fullmatch(text) or _FOURS.fullmatch(text):
            self.mode = "averages" if _AVERAGES.fullmatch(text) else "fours"
            return True
        if _PORT.fullmatch(text):
            self.port = text
            self.begin(line, None)
            return True
        if not text[0].isspace():
            if self.port is None or not re.fullmatch(r"[\w /-]{1,40}", text):
                return False
            self.begin(line, text.strip())
            return True
        if not self.records and self.port is not None:
            self.begin(line, None)
        if not self.records:
            return False
        if _STALE.fullmatch(text):
            self.records[-1]["stale"] = True
            return True
        return self._row(text)

    def _row(self, text: str) -> bool:
        cells = self._cells(text)
        if cells is None:
            return False
        label, found = cells
        record = self.records[-1]
        deep = indentation(text)
        if not found:
            if label:
                self.group, self.depth = slug(label), deep
                if self.group in STATES:
                    record[STATES[self.group]] = None
            return bool(label)
        lane = _LANE.fullmatch(label)
        if self.group and deep > self.depth and lane:
            lanes = record.setdefault("lanes", {})
            assert isinstance(lanes, dict)
            of_group = lanes.setdefault(SAME.get(self.group, self.group), {})
            assert isinstance(of_group, dict)
            of_group[lane[1]] = found
            return True
        name = slug(label)
        if deep <= self.depth or not self.group:
            self.group = ""
        else:
            name = f"{self.group}_{name}"
        return self._put(record, name, found)

    def _put(self, record: Record, name: str, found: dict[str, Json]) -> bool:
        attributes = record["attributes"]
        assert isinstance(attributes, dict)
        if name in STATES:
            value = _typed_state(STATES[name], found.get("value"))
            if value is None and found.get("value") is not None:
                return False
            record[STATES[name]] = value
            if "changes" in found:
                attributes[name] = found
            return True
        name = SAME.get(name, name)
        if name in attributes:
            return False
        attributes[name] = found
        return True

    def _cells(self, text: str) -> tuple[str, dict[str, Json]] | None:
        """The label of a line, and what is told of it; None where the columns do not stand where the head has them."""
        if not self.state:
            parts = re.split(r"\s{2,}", text.strip())
            label, rest = parts[0], "  ".join(parts[1:])
            start = len(text) - len(rest)
        else:
            label, rest, start = text[: self.state].strip(), text[self.state :], self.state
        if self.mode != "states":
            return label, _beside(self.mode, rest.split())
        found: dict[str, Json] = {}
        if ago := _AGO.search(rest):
            found["last_change"] = None if ago[1] == "never" else ago[1]
            rest = rest[: ago.start()]
        tokens = [(one[0], start + one.start(), start + one.end()) for one in re.finditer(r"\S+", rest)]
        if tokens and tokens[-1][0].isdecimal() and self._counts(tokens, "last_change" in found):
            found["changes"] = int(tokens.pop()[0])
        if tokens:
            found["value"] = _typed(" ".join(token for token, _, _ in tokens))
        return label, found

    def _counts(self, tokens: Sequence[tuple[str, int, int]], dated: bool) -> bool:
        """Whether the last number of a line stands in the column of changes."""
        _, begin, end = tokens[-1]
        if self.state:
            return abs(end - self.changes) <= 1 or (begin > self.state + 1 and end <= self.changes and len(tokens) > 1)
        return dated or len(tokens) > 1


def _detail_lines(lines: Sequence[Line], port: str | None) -> Parsed:
    reader = _Reader(port)
    for line in lines:
        if not reader.take(line):
            reader.unparsed.append(line.unparsed())
    return Parsed(tuple(reader.records), tuple(reader.unparsed))


def _beside(mode: str, cells: Sequence[str]) -> dict[str, Json]:
    """Values that stand beside one another: the current one and the average, or one for each polarisation."""
    if mode == "averages" and len(cells) == 2:
        return {"value": _typed(cells[0]), "average": _typed(cells[1])}
    return {"value": _typed(" ".join(cells))} if cells else {}


def _typed(text: str) -> Json:
    text = text.strip()
    if absent(text):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    whole = integer(text)
    return text if whole is None else whole


def _typed_state(name: str, value: Json) -> Json:
    if value is None:
        return None
    if name == "codeword_symbols":
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if name in ("pre_fec_ber", "post_fec_ber"):
        return decimal(str(value))
    if name == "fec_encoding":
        return {"disabled": "none"}.get(str(value).lower(), str(value).lower())
    return str(value)


PHY_COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "show interfaces phy detail",
        "PHYs between ASIC and module: FEC, codewords, BER, signal, faults, each with its changes",
        Both(_detail_json, _detail_text, FIELDS, ("interface", "phy", "attributes")),
    ),
)
"""What PHYs answer."""
