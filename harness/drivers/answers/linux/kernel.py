"""What the kernel's own files say: sysfs of network and RDMA devices, ``/proc/net/dev``.

``cat`` of one file gives its value; ``grep -H .`` of several gives every value with its path.  The names are those of
the kernel's documentation (``sysfs-class-net``, ``sysfs-class-infiniband``) and of mlx5's hw_counters; the format of
``/proc/net/dev`` was held against recordings.
"""

from __future__ import annotations

import re
from typing import Final

from ..cells import INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema, absent, integer
from ..entry import Entry, Reader, refusal
from ..labels import slug
from ..text import NotThis, Page, Parsed, Unparsed, shortened

NET: Final = (
    "carrier_changes", "carrier_up_count", "carrier_down_count", "carrier", "speed", "mtu", "operstate", "address",
    "duplex", "ifalias", "phys_port_name", "phys_switch_id", "flags", "ifindex", "tx_queue_len", "numa_node",
)  # fmt: skip
STATISTICS: Final = (
    *(f"{way}_{what}" for way in ("rx", "tx") for what in ("bytes", "packets", "errors", "dropped")),
    "rx_crc_errors", "tx_carrier_errors", "collisions", "multicast",
)  # fmt: skip
ROCE: Final = ("cnp_dscp", "cnp_802p_prio", "traffic_class")
RDMA: Final = (
    "rate", "state", "phys_state", "link_layer", "lid", "sm_lid", "node_guid", "fw_ver", "hca_type", "board_id",
    "link_downed", "link_error_recovery", "symbol_error", "local_link_integrity_errors",
    "excessive_buffer_overrun_errors", "port_rcv_errors", "port_rcv_data", "port_rcv_packets",
    "port_rcv_remote_physical_errors", "port_rcv_switch_relay_errors", "port_rcv_constraint_errors",
    "port_xmit_constraint_errors", "port_xmit_data", "port_xmit_discards", "port_xmit_packets", "port_xmit_wait",
    "VL15_dropped", "np_cnp_sent", "np_ecn_marked_roce_packets", "rp_cnp_handled", "rp_cnp_ignored",
    "out_of_sequence", "packet_seq_err", "roce_adp_retrans", "roce_adp_retrans_to", "rnr_nak_retry_err",
    "local_ack_timeout_err", "out_of_buffer", "implied_nak_seq_err", "duplicate_request", "roce_slow_restart",
    "roce_slow_restart_cnps", "roce_slow_restart_trans", "rx_atomic_requests", "rx_read_requests",
    "rx_write_requests", "rx_icrc_encapsulated", "req_cqe_error", "req_cqe_flush_error", "req_remote_access_errors",
    "req_remote_invalid_request", "resp_cqe_error", "resp_cqe_flush_error", "resp_local_length_error",
    "resp_remote_access_errors", "req_transport_retries_exceeded", "req_rnr_retries_exceeded", "lifespan",
    "rx_dct_connect",
)  # fmt: skip

_DEVICE: Final = re.compile(r"/sys/class/(?:net|infiniband)/([^/]+)/")
_LINE: Final = re.compile(r"(/sys/[^:\s]{1,200}):(.*)")
_GLOBAL: Final = re.compile(r"Global tclass=(\d{1,3})")
_COMPLAINT: Final = re.compile(r"(?:-?[A-Za-z][\w -]{0,40}: |-E- ).*")
"""What a tool says of itself; a state is ``4: ACTIVE``, which begins with its number."""


def _value(text: str) -> tuple[int | None, str | None]:
    """The whole number of a file, and its text; -1 stands for a speed that is not known."""
    text = text.strip()
    if absent(text) or text == "-1":
        return None, None
    if found := _GLOBAL.fullmatch(text):
        return int(found[1]), text
    return int(text, 16) if re.fullmatch(r"0x[0-9a-f]{1,16}", text) else integer(text), text


def _file(page: Page) -> Parsed:
    """One file: one value."""
    name = page.asked[1] if len(page.asked) > 1 else ""
    lines = [line for line in page.lines if not _COMPLAINT.fullmatch(line.text)]
    if len(lines) != 1 or len(lines) < len(page.lines):
        raise refusal(page, "not the one value of a file")
    if not re.fullmatch(r"[\w.:/() =+-]{1,200}", lines[0].text.strip()):
        raise refusal(page, f"no value of {name}")
    number, text = _value(lines[0].text)
    record: Record = {"line": lines[0].number, "path": None, "device": page.port, "name": name}
    return Parsed((record | {"value": number, "text": text},))


def _files(page: Page) -> Parsed:
    """Several files, each value behind its path."""
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines:
        found = _LINE.fullmatch(line.text.strip())
        if found is None:
            unparsed.append(line.unparsed())
            continue
        device = _DEVICE.match(found[1])
        number, text = _value(found[2])
        record: Record = {"line": line.number, "path": found[1], "device": device[1] if device else None}
        records.append(record | {"name": found[1].rpartition("/")[2], "value": number, "text": text})
    if not records:
        raise refusal(page, "no value of a file")
    return Parsed(tuple(records), tuple(unparsed))


_HEADS: Final = re.compile(r"\s*Inter-\|\s+Receive\s+\|\s+Transmit\s*")
_COUNTS: Final = re.compile(r"\s*([\w.@:-]{1,32}?):\s*((?:\d{1,20}\s*){8,24})")


def read_proc_net_dev(page: Page) -> Parsed:
    """``/proc/net/dev``: a row an interface, its columns by the second line of the head."""
    if len(page.lines) < 2 or not _HEADS.fullmatch(page.lines[0].text):
        raise refusal(page, "no head 'Inter-|   Receive | Transmit'")
    parts = page.lines[1].text.split("|")
    if len(parts) != 3 or parts[0].strip() != "face":
        raise NotThis(f"no head of columns: {shortened(page.lines[1].text)}", page.lines[1].number)
    received, sent = (tuple(slug(word) for word in part.split()) for part in parts[1:])
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    for line in page.lines[2:]:
        found = _COUNTS.fullmatch(line.text)
        counts: list[Json] = [int(word) for word in found[2].split()] if found else []
        if found is None or len(counts) != len(received) + len(sent):
            unparsed.append(line.unparsed())
            continue
        records.append(
            {
                "line": line.number,
                "interface": found[1],
                "rx": dict(zip(received, counts, strict=False)),
                "tx": dict(zip(sent, counts[len(received) :], strict=True)),
            }
        )
    return Parsed(tuple(records), tuple(unparsed))


_FILE: Final[dict[str, Schema]] = {
    "path": TEXT_OR_NULL,
    "device": TEXT_OR_NULL,
    "name": {"type": "string"},
    "value": INTEGER_OR_NULL,
    "text": TEXT_OR_NULL,
}
_COUNTERS: Final[Schema] = {"type": "object", "additionalProperties": {"type": "integer"}}
_NAMES: Final = tuple(dict.fromkeys((*NET, *STATISTICS, *ROCE, *RDMA)))

COMMANDS: Final = (
    Entry(
        "cat carrier_changes",
        "one file of /sys/class/net/X or /sys/class/infiniband/X: its value",
        Reader(_file, _FILE, ("name", "value", "text")),
        tuple(f"cat {name}" for name in _NAMES if name != "carrier_changes"),
    ),
    Entry(
        "grep -H .",
        "several files of sysfs, each value with its path",
        Reader(_files, _FILE, ("path", "name", "value", "text")),
        ("grep -r .", "grep -s -H .", "grep -sH .", "grep -rH ."),
    ),
    Entry(
        "cat dev",
        "the kernel's counters of every interface",
        Reader(read_proc_net_dev, {"interface": {"type": "string"}, "rx": _COUNTERS, "tx": _COUNTERS},
               ("interface", "rx", "tx")),
    ),
)  # fmt: skip
