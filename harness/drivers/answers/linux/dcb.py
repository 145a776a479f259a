"""What ``dcb`` of iproute2 answers, as JSON and as text; the formats follow its own source (``dcb/*.c``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ..cells import (
    BOOLEAN_OR_NULL,
    INTEGER_OR_NULL,
    INTEGERS_OR_NULL,
    TEXT_OR_NULL,
    Json,
    Record,
    Schema,
    boolean,
    integer,
)
from ..entry import (
    NUMBERS,
    OTHER,
    TEXTS,
    Entry,
    Object,
    Reader,
    list_in,
    number_in,
    objects,
    refusal,
    text_in,
    unknown_in,
)
from ..text import NotThis, Page, Parsed, shortened

INTERFACE: Final[dict[str, Schema]] = {"interface": TEXT_OR_NULL}

_RATE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)([KMGT]?)(i?)bit", re.IGNORECASE)
_SIZE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)([KMG]?)b", re.IGNORECASE)
_THOUSANDS: Final = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


def _dcb(page: Page, must: str) -> tuple[int, Object]:
    """The one object of an answer; text becomes the object that JSON would have been."""
    if not page.json():
        return _dcb_text(page, must)
    found = list(objects(page))
    if len(found) != 1 or must not in found[0][1]:
        raise refusal(page, f"no {must!r} in the JSON")
    return found[0]


_SCALARS: Final = frozenset(["pfc-cap", "macsec-bypass", "delay", "willing", "ets-cap", "cbs", "total-size"])
_PAIRED: Final = frozenset(
    ["dscp-prio", "pcp-prio", "ethtype-prio", "stream-port-prio", "dgram-port-prio", "port-prio"]
)


def _dcb_text(page: Page, must: str) -> tuple[int, Object]:
    said: dict[str, Json] = {}
    for line in page.lines:
        words = line.text.split()
        while words:
            name = words.pop(0)
            key = name.replace("-", "_")
            if name in _SCALARS and words:
                word = words.pop(0)
                state = boolean(word)
                number = integer(word)
                said[key] = number if number is not None else _bytes(word) if name == "total-size" else state
            elif name in ("order", "default-prio") or (words and ":" in words[0]):
                values: list[str] = []
                while words and (":" in words[0] or name in ("order", "default-prio")):
                    values.append(words.pop(0))
                said[key] = _dcb_values(name, values)
            else:
                raise NotThis(f"not what dcb prints: {shortened(line.text)}", line.number)
    if must not in said:
        raise refusal(page, f"no {must.replace('_', '-')!r}")
    return page.lines[0].number, said


def _dcb_values(name: str, values: Sequence[str]) -> Json:
    if name == "order":
        return [*values]
    if name == "default-prio":
        return [integer(value) for value in values]
    pairs = [value.rsplit(":", 1) for value in values]
    if name in _PAIRED:
        return [[key, integer(value)] for key, value in pairs]
    found: list[Json] = []
    for at, (key, value) in enumerate(pairs):
        if key != str(at):
            return None
        state = {"on": True, "off": False}.get(value)
        number = integer(value.removesuffix("%"))
        if state is not None:
            found.append(state)
        elif number is not None:
            found.append(number)
        elif name == "buffer-size":
            found.append(_bytes(value))
        elif name == "tc-maxrate":
            found.append(_rate(value))
        else:
            found.append(value)
    return found


def _bytes(text: str) -> int | None:
    """``19Kb`` as bytes; None where the tool rounded the number."""
    found = _SIZE.fullmatch(text)
    exact = Decimal(found[1]) * 1024 ** _THOUSANDS[found[2].upper()] if found else None
    return int(exact) if exact is not None and exact == int(exact) else None


def _rate(text: str) -> int | None:
    """``25Gbit`` as bytes per second, which is what the JSON has."""
    found = _RATE.fullmatch(text)
    if not found:
        return None
    base = 1024 if found[3] else 1000
    exact = Decimal(found[1]) * base ** _THOUSANDS[found[2].upper()] / 8
    return int(exact) if exact == int(exact) else None


def _dcb_pfc(page: Page) -> Parsed:
    line, said = _dcb(page, "prio_pfc")
    record: Record = {
        "line": line,
        "interface": page.port,
        "pfc_capability": number_in(said.get("pfc_cap")),
        "delay": number_in(said.get("delay")),
        "pfc_enabled": [at for at, on in enumerate(list_in(said.get("prio_pfc"))) if on is True],
    }
    if "macsec_bypass" in said:
        record["macsec_bypass"] = said["macsec_bypass"] if isinstance(said["macsec_bypass"], bool) else None
    for name, key in (("requests", "sent_frames"), ("indications", "received_frames")):
        if name in said:
            record[key] = [number_in(count) for count in list_in(said[name])]
    known = {"pfc_cap", "macsec_bypass", "delay", "prio_pfc", "requests", "indications"}
    if rest := unknown_in(said, known):
        record["other"] = rest
    return Parsed((record,))


def _dcb_buffer(page: Page) -> Parsed:
    line, said = _dcb(page, "prio_buffer")
    record: Record = {
        "line": line,
        "interface": page.port,
        "priority_buffer": [number_in(buffer) for buffer in list_in(said.get("prio_buffer"))],
        "buffer_bytes": [number_in(size) for size in list_in(said.get("buffer_size"))],
        "total_bytes": number_in(said.get("total_size")),
    }
    if rest := unknown_in(said, {"prio_buffer", "buffer_size", "total_size"}):
        record["other"] = rest
    return Parsed((record,))


_APP: Final = ("dscp_prio", "pcp_prio", "ethtype_prio", "stream_port_prio", "dgram_port_prio", "port_prio")


def _dcb_app(page: Page) -> Parsed:
    if page.json():
        found = list(objects(page))
        if len(found) != 1 or not set(found[0][1]) <= {*_APP, "default_prio"}:
            raise refusal(page, "not the application priorities of a port")
        line, said = found[0]
    else:
        wanted = page.lines[0].text.split()[0].replace("-", "_") if page.lines else ""
        if wanted not in {*_APP, "default_prio"}:
            raise refusal(page, "not the application priorities of a port")
        line, said = _dcb_text(page, wanted)
    record: Record = {"line": line, "interface": page.port}
    for name in _APP:
        if name in said:
            rows = [list_in(entry) for entry in list_in(said[name])]
            record[name] = [{"key": str(row[0]), "priority": number_in(row[1])} for row in rows if len(row) >= 2]
    if "default_prio" in said:
        record["default_prio"] = [number_in(number) for number in list_in(said["default_prio"])]
    return Parsed((record,))


_ETS: Final = {
    "tc_bw": "bandwidth_percent",
    "pg_bw": "group_percent",
    "tc_tsa": "algorithms",
    "prio_tc": "priority_to_tc",
    "reco_tc_bw": "recommended_percent",
    "reco_tc_tsa": "recommended_algorithms",
    "reco_prio_tc": "recommended_priority_to_tc",
}


def _dcb_ets(page: Page) -> Parsed:
    """How traffic classes share the port: per class percent and algorithm, per priority its class."""
    line, said = _dcb(page, "prio_tc")
    record: Record = {"line": line, "interface": page.port, "classes": number_in(said.get("ets_cap"))}
    record |= {
        name: said[name] if isinstance(said[name], bool) else None for name in ("willing", "cbs") if name in said
    }
    for name, key in _ETS.items():
        if name in said:
            values = list_in(said[name])
            record[key] = [*map(text_in, values)] if name.endswith("tsa") else [number_in(value) for value in values]
    if rest := unknown_in(said, {"willing", "ets_cap", "cbs", *_ETS}):
        record["other"] = rest
    return Parsed((record,))


def _dcb_maxrate(page: Page) -> Parsed:
    line, said = _dcb(page, "tc_maxrate")
    rates: Json = [number_in(rate) for rate in list_in(said["tc_maxrate"])]
    return Parsed(({"line": line, "interface": page.port, "bytes_per_second": rates},))


def _dcb_trust(page: Page) -> Parsed:
    """By which mark a port takes the priority of a packet, the first first; none of them: by none."""
    line, said = _dcb(page, "order")
    order: Json = [str(word) for word in list_in(said["order"])]
    return Parsed(({"line": line, "interface": page.port, "order": order},))


_ALGORITHMS: Final[Schema] = {"type": "array", "items": TEXT_OR_NULL}
_ENTRY: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"key": {"type": "string"}, "priority": INTEGER_OR_NULL},
}
_ENTRIES: Final[Schema] = {"type": "array", "items": _ENTRY}

COMMANDS: Final = (
    Entry(
        "dcb pfc show",
        "PFC per priority, with frames where -s asked for them",
        Reader(
            _dcb_pfc,
            INTERFACE
            | dict.fromkeys(("pfc_capability", "delay"), INTEGER_OR_NULL)
            | dict.fromkeys(("sent_frames", "received_frames"), NUMBERS)
            | {"pfc_enabled": INTEGERS_OR_NULL, "macsec_bypass": BOOLEAN_OR_NULL, "other": OTHER},
            ("interface", "pfc_enabled"),
        ),
    ),
    Entry(
        "dcb app show",
        "priorities by DSCP, PCP, port",
        Reader(
            _dcb_app,
            INTERFACE | dict.fromkeys(_APP, _ENTRIES) | {"default_prio": {"type": "array", "items": INTEGER_OR_NULL}},
            ("interface",),
        ),
    ),
    Entry(
        "dcb buffer show",
        "receive buffers",
        Reader(
            _dcb_buffer,
            INTERFACE
            | dict.fromkeys(("priority_buffer", "buffer_bytes"), NUMBERS)
            | {"total_bytes": INTEGER_OR_NULL, "other": OTHER},
            ("interface", "priority_buffer"),
        ),
    ),
    Entry(
        "dcb ets show",
        "traffic classes: algorithm, percent, priorities",
        Reader(
            _dcb_ets,
            INTERFACE
            | dict.fromkeys((key for key in _ETS.values() if not key.endswith("algorithms")), NUMBERS)
            | {key: _ALGORITHMS for key in _ETS.values() if key.endswith("algorithms")}
            | {"classes": INTEGER_OR_NULL, "willing": BOOLEAN_OR_NULL, "cbs": BOOLEAN_OR_NULL, "other": OTHER},
            ("interface", "priority_to_tc"),
        ),
    ),
    Entry(
        "dcb maxrate show",
        "limits of traffic classes",
        Reader(_dcb_maxrate, INTERFACE | {"bytes_per_second": NUMBERS}, ("interface", "bytes_per_second")),
    ),
    Entry(
        "dcb apptrust show",
        "by which mark a port takes the priority of a packet",
        Reader(_dcb_trust, INTERFACE | {"order": TEXTS}, ("interface", "order")),
    ),
)
