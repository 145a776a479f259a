"""What CONFIG_DB asks of a SONiC switch: maps, queues, ECN, buffers, the PFC watchdog, load balancing.

``xoff`` of a buffer profile is the size of the headroom, not the level that triggers a pause; that level follows from
pool, alpha and occupancy and is computed here with its assumption in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeVar

from ...model import Maps, Queue, Watchdog
from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..base import Answers, Row, cell, counter, number
from .db import Store, lower

T = TypeVar("T")

CONFIG: Final = "sonic-cfggen -d --print-data"
MARKING: Final = frozenset({"ecn_all", "ecn_green", "ecn_green_yellow", "ecn_green_red"})
PAUSE_SETTING: Final = re.compile("pause|flow_?c")
MOST_QUEUES: Final = 64
MOST_EXPONENT: Final = 8
SCHEDULERS: Final = frozenset({"strict", "dwrr", "wrr"})
WATCHDOGS: Final = ("PFC_WD", "PFC_WD_TABLE")
"""The table of the watchdog, and as releases before 2019 call it."""
ADAPTIVE: Final = "ARS_OBJECT"
"""Adaptive routing and switching (ARS): how flows are put on ports."""
BOUND: Final = ("ARS_INTERFACES", "ARS_INTERFACE", "ARS_NEXTHOPS")
"""What it works on; a profile may say that it is everything, and an object that nothing is bound to does nothing."""
SELECTOR: Final = "ars_nhg_path_selector_mode"
GROUPS: Final = ("ARS_NEXTHOP_GROUP", "ARS_NHG")
"""Tables of ARS as its drafts had them: rows of groups that it works on."""


class Config:
    """CONFIG_DB of one switch."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.store = Store(answers, CONFIG)

    def row(self, table: str, key: str) -> Row | Missing:
        """A row of CONFIG_DB, its fields and its line."""
        return self.store.row(table, key)

    def of_port(self, table: str, port: str) -> tuple[str, Row | Missing]:
        """The row of a port and its key, which in older releases may list several: ``Ethernet0,Ethernet4``."""
        row = self.row(table, port)
        if isinstance(row, Missing) and row.why is Absence.NOT_RECORDED:
            keys = [key for key in self.store.keys(table) if "," in key and port in key.split(",")]
            if len(keys) == 1:
                return keys[0], self.row(table, keys[0])
        return port, row

    def setting(self, table: str, key: str, field: str, into: Callable[[Any], T]) -> Value[T]:
        row = self.row(table, key)
        return row if isinstance(row, Missing) else cell(row, field, into, self.source(table, key))

    def source(self, table: str, key: str) -> Source:
        return self.store.source(table, key)

    def link_pause(self, port: str) -> Value[bool]:
        """SONiC has no setting for it, so that nothing tells whether it is off; a build that has one is read."""
        row = self.row("PORT", port)
        if isinstance(row, Missing):
            return row
        source = self.source("PORT", port)
        settings = [name for name in row if PAUSE_SETTING.search(name)]
        if settings:
            return cell(row, settings[0], on_or_off, source)
        note = "the port has no setting for link-level pause: SAI's default, off, is not read back"
        return Missing(Absence.NOT_ADVERTISED, Source(source.evidence, f"line {row['line']}"), note)

    def maps(self, port: str) -> Maps:
        key, qos = self.of_port("PORT_QOS_MAP", port)
        if isinstance(qos, Missing):
            return Maps(qos, qos, qos, qos)
        source = self.source("PORT_QOS_MAP", key)
        place = Source(source.evidence, f"line {qos['line']} (derived from the map that the port uses)")
        trust: Value[str]
        if "dscp_to_tc_map" in qos:
            trust = Reading("dscp", place)
        elif "dot1p_to_tc_map" in qos:
            trust = Reading("pcp", place)
        else:
            trust = Reading("none", place)
        return Maps(
            trust=trust,
            dscp_to_tc=self.map(qos, source, "dscp_to_tc_map", "DSCP_TO_TC_MAP"),
            tc_to_pg=self.map(qos, source, "tc_to_pg_map", "TC_TO_PRIORITY_GROUP_MAP"),
            tc_to_queue=self.map(qos, source, "tc_to_queue_map", "TC_TO_QUEUE_MAP"),
        )

    def map(self, qos: Row, source: Source, field: str, table: str) -> Value[Mapping[int, int]]:
        name = cell(qos, field, referred, source)
        if isinstance(name, Missing):
            return name
        row = self.row(table, name.value)
        if isinstance(row, Missing):
            return row
        where = Source(self.source(table, name.value).evidence, f"line {row['line']}")
        try:
            return Reading({int(key): int(value) for key, value in row.items() if key != "line"}, where)
        except (ValueError, TypeError) as bad:
            return Missing(Absence.UNREADABLE, where, str(bad))

    def pfc_priorities(self, port: str) -> Value[frozenset[int]]:
        """The priorities with PFC; a port whose row has no such setting has it off on every one."""
        key, qos = self.of_port("PORT_QOS_MAP", port)
        if isinstance(qos, Missing):
            return qos
        source = self.source("PORT_QOS_MAP", key)
        if "pfc_enable" not in qos:
            none: frozenset[int] = frozenset()
            return Reading(none, Source(source.evidence, f"line {qos['line']} (no pfc_enable)"))
        return cell(qos, "pfc_enable", lambda raw: frozenset(int(n) for n in str(raw).split(",") if n), source)

    def queue(self, port: str, priority: int) -> Queue:
        profile = self.profile("QUEUE", port, priority, "wred_profile")
        pause, headroom = self.pause(port, priority)
        scheduler, weight = self.scheduler(port, priority)
        row = profile if isinstance(profile, Missing) else self.row("WRED_PROFILE", profile.value)
        if isinstance(row, Missing) or isinstance(profile, Missing):
            gone = row if isinstance(row, Missing) else profile
            assert isinstance(gone, Missing)
            off = self.without_profile(port, priority, gone) if isinstance(profile, Missing) else gone
            return Queue(priority, off, gone, gone, gone, pause, headroom, scheduler, weight)
        source = self.source("WRED_PROFILE", profile.value)
        return Queue(
            priority=priority,
            ecn=cell(row, "ecn", lambda raw: raw in MARKING, source),
            ecn_min=cell(row, "green_min_threshold", number, source, Unit.BYTES),
            ecn_max=cell(row, "green_max_threshold", number, source, Unit.BYTES),
            mark_probability=cell(row, "green_drop_probability", number, source, Unit.PERCENT),
            pause_threshold=pause,
            headroom=headroom,
            scheduler=scheduler,
            weight=weight,
        )

    def scheduler(self, port: str, priority: int) -> tuple[Value[str], Value[Decimal]]:
        """How a queue is served, and its weight."""
        name = self.profile("QUEUE", port, priority, "scheduler")
        row = name if isinstance(name, Missing) else self.row("SCHEDULER", name.value)
        if isinstance(row, Missing) or isinstance(name, Missing):
            gone = row if isinstance(row, Missing) else name
            assert isinstance(gone, Missing)
            return gone, gone
        source = self.source("SCHEDULER", name.value)
        kind = cell(row, "type", scheduling, source)
        if isinstance(kind, Reading) and kind.value == "strict":
            return kind, Missing(Absence.NOT_ADVERTISED, kind.source, "strict priority has no weight")
        return kind, cell(row, "weight", number, source)

    def without_profile(self, port: str, priority: int, missing: Missing) -> Value[bool]:
        """A queue that is configured without a WRED profile does not mark."""
        row = self.grouped("QUEUE", port, priority)
        return missing if isinstance(row, Missing) else Reading(False, missing.source)

    def grouped(self, table: str, port: str, priority: int) -> Row | Missing:
        """The row of a port's queue or priority group; keys may span several: ``Ethernet0|3-4``."""
        if self.store.gone is not None:
            return self.store.gone
        keys = self._spans.get((table, port, priority), ())
        what = f"{table}|{port}|{priority}"
        if not keys:
            return Missing(Absence.NOT_RECORDED, self.answers.source(CONFIG), f"no row {what}")
        if len(keys) > 1:
            return Missing(Absence.UNREADABLE, self.answers.source(CONFIG), f"{what} is in {' and in '.join(keys)}")
        key = keys[0]
        row = self.row(table, key)
        return row if isinstance(row, Missing) else {**row, "key": key}

    @cached_property
    def _spans(self) -> Mapping[tuple[str, str, int], Sequence[str]]:
        spans: dict[tuple[str, str, int], list[str]] = {}
        for table in ("QUEUE", "BUFFER_PG"):
            for key in self.store.keys(table):
                ports, _, span = key.rpartition("|")
                first, _, end = span.partition("-")
                if first.isdigit() and (end or first).isdigit():
                    for port in ports.split(","):
                        for n in range(int(first), min(int(end or first), MOST_QUEUES) + 1):
                            spans.setdefault((table, port, n), []).append(key)
        return spans

    def profile(self, table: str, port: str, priority: int, field: str) -> Value[str]:
        row = self.grouped(table, port, priority)
        return row if isinstance(row, Missing) else cell(row, field, referred, self.source(table, row["key"]))

    def pause(self, port: str, priority: int) -> tuple[Value[Decimal], Value[Decimal]]:
        """The level that triggers a pause, and the headroom above it, in bytes."""
        profile = self.profile("BUFFER_PG", port, priority, "profile")
        if isinstance(profile, Missing):
            return profile, profile
        row = self.row("BUFFER_PROFILE", profile.value)
        if isinstance(row, Missing):
            return row, row
        source = self.source("BUFFER_PROFILE", profile.value)
        headroom = cell(row, "xoff", number, source, Unit.BYTES)
        if "static_th" in row:
            return cell(row, "static_th", number, source, Unit.BYTES), headroom
        exponent = cell(row, "dynamic_th", alpha_exponent, source)
        pool = cell(row, "pool", referred, source)
        size = self.setting("BUFFER_POOL", pool.value, "size", counter) if isinstance(pool, Reading) else pool
        if isinstance(exponent, Missing):
            return exponent, headroom
        if isinstance(size, Missing):
            return size, headroom
        groups = max(1, self.lossless_groups)
        alpha = Decimal(2) ** exponent.value
        threshold = (alpha * size.value / (1 + alpha * groups)).to_integral_value()
        note = f"alpha {alpha} of pool {size.value} B, all {groups} lossless priority groups congested at once"
        return Reading(
            threshold, Source(source.evidence, f"line {row['line']} (computed: {note})"), Unit.BYTES
        ), headroom

    @cached_property
    def lossless_groups(self) -> int:
        """How many priority groups of the switch may have headroom: all but those whose profile has none."""
        profiles = {key: self.row("BUFFER_PROFILE", key) for key in self.store.keys("BUFFER_PROFILE")}
        lossy = {key for key, row in profiles.items() if not isinstance(row, Missing) and "xoff" not in row}
        groups = {key: self.row("BUFFER_PG", key) for key in self.store.keys("BUFFER_PG")}
        lossless = {
            key for key, row in groups.items() if isinstance(row, Missing) or referred(row.get("profile")) not in lossy
        }
        return sum(
            1
            for (table, _, _), keys in self._spans.items()
            if table == "BUFFER_PG" and any(key in lossless for key in keys)
        )

    def watchdog(self, port: str) -> Watchdog:
        """What is set of the watchdog; a port that a whole CONFIG_DB does not set it for has none."""
        table = next((name for name in WATCHDOGS if self.store.keys(name)), WATCHDOGS[0])
        key, row = self.of_port(table, port)
        if isinstance(row, Missing):
            off = row.why is Absence.NOT_RECORDED and self.store.gone is None
            on: Value[bool] = Reading(False, Source(row.source.evidence, f"(no {table}|{port})")) if off else row
            return Watchdog(on, row, row, row, row)
        source = self.source(table, key)
        return Watchdog(
            on=Reading(True, Source(source.evidence, f"line {row['line']}")),
            action=cell(row, "action", lower, source),
            detection_ms=cell(row, "detection_time", number, source, Unit.MS),
            restoration_ms=cell(row, "restoration_time", number, source, Unit.MS),
        )

    def load_balancing(self) -> Value[str]:
        """How flows are spread, as far as it is set: adaptive routing where it works on anything, else the hash."""
        if self.store.gone is not None:
            return self.store.gone
        groups = (table for table in GROUPS if self.store.keys(table))
        table = next(groups, ADAPTIVE if self.store.keys(ADAPTIVE) and self.bound() else None)
        if table is not None:
            return self.adaptive(table)
        hashed = self.row("SWITCH_HASH", "GLOBAL")
        if isinstance(hashed, Missing):
            why = "CONFIG_DB sets neither a hash nor adaptive routing: the default of the ASIC is not told"
            return Missing(Absence.NOT_AVAILABLE, hashed.source, why)
        source = self.source("SWITCH_HASH", "GLOBAL")
        algorithm = cell(hashed, "ecmp_hash_algorithm", lower, source)
        word = f"ecmp {algorithm.value}" if isinstance(algorithm, Reading) else "ecmp"
        return Reading(word, Source(source.evidence, f"line {hashed['line']}"))

    def bound(self) -> bool:
        """Whether adaptive routing works on ports or next hops, or by a profile on all of them."""
        profiles = (self.setting("ARS_PROFILE", key, SELECTOR, lower) for key in self.store.keys("ARS_PROFILE"))
        everywhere = any(isinstance(mode, Reading) and mode.value == "global" for mode in profiles)
        return everywhere or any(self.store.keys(table) for table in BOUND)

    def adaptive(self, table: str) -> Value[str]:
        """By flowlets, or packet by packet, which is spraying."""
        key = self.store.keys(table)[0]
        row, mode = self.row(table, key), self.setting(table, key, "assign_mode", lower)
        if isinstance(row, Missing):
            return row
        word = f"adaptive {mode.value}" if isinstance(mode, Reading) else "adaptive"
        if isinstance(mode, Reading) and "packet" in mode.value:
            word = f"packet spraying {mode.value}"
        return Reading(word, Source(self.source(table, key).evidence, f"line {row['line']}"))


def on_or_off(raw: Any) -> bool:
    return {"on": True, "off": False, "true": True, "false": False}[str(raw).casefold()]


def alpha_exponent(raw: Any) -> int:
    """The power of two that a port's share of a pool is: SAI has -8 to 8."""
    exponent = int(str(raw))
    if abs(exponent) > MOST_EXPONENT:
        raise ValueError(f"{raw!r} is no exponent of alpha")
    return exponent


def referred(raw: Any) -> str:
    """The name in a reference: ``AZURE``, and ``[DSCP_TO_TC_MAP|AZURE]`` of older releases."""
    return str(raw).strip("[]").rpartition("|")[2]


def scheduling(raw: Any) -> str:
    word = lower(raw)
    if word not in SCHEDULERS:
        raise ValueError(f"{raw!r} is no scheduler that is known")
    return word
