"""What ``devlink`` answers, as JSON and as text; the formats follow its own source (``devlink/*.c``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ..cells import INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, integer
from ..entry import OTHER, Entry, Object, Reader, list_in, number_in, object_in, objects, refusal, text_in, unknown_in
from ..text import NotThis, Page, Parsed, Unparsed, sections

INTERFACE: Final[dict[str, Schema]] = {"interface": TEXT_OR_NULL}

_HANDLE: Final = re.compile(r"[a-z_]{1,20}/[\w.:-]{1,60}(?:/\d{1,9})?")
_VERSIONS: Final = ("fixed", "running", "stored")
_WORD_OR_NUMBER: Final[Schema] = {"type": ["integer", "boolean", "string", "null"]}


def _devlink(page: Page, name: str) -> Iterator[tuple[int, str, Json]]:
    """Line, handle and what is said of it, of the JSON."""
    for line, said in objects(page):
        held = object_in(said.get(name))
        if name not in said or not all(_HANDLE.fullmatch(handle) for handle in held):
            raise NotThis(f"no {name!r} with handles in the JSON", line)
        for handle, about in held.items():
            yield line, handle, about


def _said(value: str) -> Json:
    number = integer(value)
    state = {"true": True, "false": False}.get(value)
    return number if number is not None else value if state is None else state


def _paired(words: Sequence[str]) -> Record:
    return {name: _said(value) for name, value in zip(words[::2], words[1::2], strict=False)}


def _devlink_info(page: Page) -> Parsed:
    """Driver, serial numbers and firmware; firmware that is stored and does not run waits for a reset."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    if page.json():
        for at, handle, about in _devlink(page, "info"):
            said = object_in(about)
            records.append(_info(at, handle, said, object_in(said.get("versions"))))
        return Parsed(tuple(records))
    for head, body in sections(page.lines):
        handle = head.text.strip().removesuffix(":")
        if not _HANDLE.fullmatch(handle):
            unparsed += [line.unparsed() for line in (head, *body)]
            continue
        flat: dict[str, Json] = {}
        versions: dict[str, Json] = {}
        kind = ""
        for line in body:
            name, _, value = line.text.strip().partition(" ")
            if name.rstrip(":") in _VERSIONS and not value:
                kind = name.rstrip(":")
                versions[kind] = {}
            elif name == "versions:":
                kind = ""
            elif not value:
                unparsed.append(line.unparsed())
            elif kind:
                object_in(versions[kind])[name] = value.strip()
            else:
                flat[name] = value.strip()
        records.append(_info(head.number, handle, flat, versions))
    if not records:
        raise refusal(page, "no device with its driver")
    return Parsed(tuple(records), tuple(unparsed))


def _info(line: int, handle: str, said: Object, versions: Object) -> Record:
    record: Record = {
        "line": line,
        "device": handle,
        "driver": text_in(said.get("driver")),
        "serial_number": text_in(said.get("serial_number")),
        "board_serial_number": text_in(said.get("board.serial_number")),
    }
    for kind in _VERSIONS:
        held = object_in(versions.get(kind))
        record[kind] = {name: text_in(value) for name, value in held.items()}
    known = {"driver", "serial_number", "board.serial_number", "versions"}
    if rest := unknown_in(said, known) | unknown_in(versions, {*_VERSIONS}):
        record["other"] = rest
    return record


_PORT: Final = {
    "type": "type", "netdev": "interface", "ibdev": "rdma_device", "flavour": "flavour", "port": "number",
    "splittable": "splittable", "lanes": "lanes", "split_group": "split_group", "split_subport": "split_subport",
    "subport": "split_subport", "controller": "controller", "pfnum": "pf", "vfnum": "vf", "sfnum": "sf",
    "external": "external", "linecard": "line_card", "split": "split",
}  # fmt: skip
_PORT_LINE: Final = re.compile(rf"({_HANDLE.pattern}): (.+)")


def _devlink_port(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    if page.json():
        rows = [(at, handle, object_in(about)) for at, handle, about in _devlink(page, "port")]
    else:
        rows = []
        for line in page.lines:
            found = _PORT_LINE.fullmatch(line.text.strip())
            if found is None:
                if not re.match(r"\s+(?:function:|hw_addr )", line.text):
                    unparsed.append(line.unparsed())
                continue
            rows.append((line.number, found[1], _paired(found[2].split())))
    for at, handle, said in rows:
        record: Record = {"line": at, "device": handle, "interface": None}
        record |= {key: _plain(said[name]) for name, key in _PORT.items() if name in said}
        if rest := unknown_in(said, {*_PORT}):
            record["other"] = rest
        records.append(record)
    if not records and (unparsed or not page.json()):
        raise refusal(page, "no port of a device")
    return Parsed(tuple(records), tuple(unparsed))


def _plain(value: Json) -> Json:
    return str(value) if isinstance(value, list | dict) else value


_HEALTH: Final = {
    "reporter": "reporter", "state": "state", "error": "errors", "recover": "recoveries",
    "last_dump_date": "last_dump_date", "last_dump_time": "last_dump_time", "grace_period": "grace_period_ms",
    "burst_period": "burst_period_ms", "auto_recover": "auto_recover", "auto_dump": "auto_dump",
}  # fmt: skip


def _devlink_health(page: Page) -> Parsed:
    """What watches over parts of a device, and how often it had to step in."""
    rows: list[tuple[int, str, Object]] = []
    unparsed: list[Unparsed] = []
    if page.json():
        rows = [(at, handle, object_in(one)) for at, handle, said in _devlink(page, "health") for one in list_in(said)]
    else:
        for head, body in sections(page.lines):
            handle = head.text.strip().removesuffix(":")
            held: list[tuple[int, dict[str, Json]]] = []
            for line in body:
                words = line.text.split()
                if words[0] == "reporter" and len(words) > 1:
                    held.append((line.number, {}))
                if not held or len(words) % 2 or not _HANDLE.fullmatch(handle):
                    unparsed.append(line.unparsed())
                else:
                    held[-1][1].update(_paired(words))
            rows += [(number, handle, said) for number, said in held]
            if not body:
                unparsed.append(head.unparsed())
    records: list[Record] = []
    for at, handle, said in rows:
        record: Record = {"line": at, "device": handle}
        record |= {key: _plain(said[name]) for name, key in _HEALTH.items() if name in said}
        if rest := unknown_in(said, {*_HEALTH}):
            record["other"] = rest
        records.append(record)
    if not records and not page.json():
        raise refusal(page, "no reporter of a device")
    return Parsed(tuple(records), tuple(unparsed))


_SHARED: Final = ("sb", "pool", "port_pool", "tc_bind", "occupancy")
_SB: Final = {
    "sb": "sb", "size": "bytes", "ing_pools": "ingress_pools", "eg_pools": "egress_pools", "ing_tcs": "ingress_tcs",
    "eg_tcs": "egress_tcs", "pool": "pool", "type": "type", "thtype": "threshold_type", "cell_size": "cell_bytes",
    "threshold": "threshold", "tc": "tc",
}  # fmt: skip


def _devlink_sb(page: Page) -> Parsed:
    """Shared buffers: of a device, its pools, and by port pools, classes and occupancy."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    if not page.json():
        for head, body in sections(page.lines):
            handle = head.text.strip().removesuffix(":")
            for line in body:
                words = line.text.split()
                if _HANDLE.fullmatch(handle) and len(words) % 2 == 0 and words[0] == "sb":
                    records.append(_buffer(line.number, handle, _paired(words)))
                else:
                    unparsed.append(line.unparsed())
        if not records:
            raise refusal(page, "no shared buffer of a device")
        return Parsed(tuple(records), tuple(unparsed))
    name = next((name for _, said in objects(page) for name in said), "")
    if name not in _SHARED:
        raise refusal(page, "no shared buffer in the JSON")
    for at, handle, said in _devlink(page, name):
        if name != "occupancy":
            records += [_buffer(at, handle, object_in(one)) for one in list_in(said)]
            continue
        for kind, held in object_in(said).items():
            for number, use in object_in(held).items():
                record: Record = {"line": at, "device": handle, "kind": kind, "number": integer(number)}
                record |= {key: number_in(object_in(use).get(key)) for key in ("current", "max")}
                records.append(record)
    return Parsed(tuple(records))


def _buffer(line: int, handle: str, said: Object) -> Record:
    record: Record = {"line": line, "device": handle}
    record |= {key: _plain(said[name]) for name, key in _SB.items() if name in said}
    if rest := unknown_in(said, {*_SB}):
        record["other"] = rest
    return record


_DEVICE: Final[dict[str, Schema]] = {"device": {"type": "string"}, "other": OTHER}
_VERSION: Final[Schema] = {"type": "object", "additionalProperties": TEXT_OR_NULL}

COMMANDS: Final = (
    Entry(
        "devlink dev info",
        "driver, serial numbers and firmware of devices",
        Reader(
            _devlink_info,
            _DEVICE
            | dict.fromkeys(("driver", "serial_number", "board_serial_number"), TEXT_OR_NULL)
            | dict.fromkeys(_VERSIONS, _VERSION),
            ("device", "driver", "running"),
        ),
    ),
    Entry(
        "devlink port show",
        "ports: interface, lanes, how they are split",
        Reader(
            _devlink_port,
            _DEVICE | INTERFACE | dict.fromkeys((key for key in _PORT.values() if key != "interface"), _WORD_OR_NUMBER),
            ("device", "interface"),
        ),
        ("devlink port",),
    ),
    Entry(
        "devlink health show",
        "what watches over a device, and its errors",
        Reader(_devlink_health, _DEVICE | dict.fromkeys(_HEALTH.values(), _WORD_OR_NUMBER), ("device", "reporter")),
        ("devlink health",),
    ),
    Entry(
        "devlink sb show",
        "shared buffers",
        Reader(
            _devlink_sb,
            _DEVICE
            | dict.fromkeys(_SB.values(), _WORD_OR_NUMBER)
            | {"kind": {"type": "string"}}
            | dict.fromkeys(("number", "current", "max"), INTEGER_OR_NULL),
            ("device",),
        ),
        (
            "devlink sb pool show",
            "devlink sb port pool show",
            "devlink sb tc bind show",
            "devlink sb occupancy show",
        ),
    ),
)
