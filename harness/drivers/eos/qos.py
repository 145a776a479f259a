"""What an Arista switch has configured of PFC, ECN, queues and maps, and what it counts of them.

The running configuration is asked without secrets.  A line that stands for a default is not shown there, and is not
filled in here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from ...model import Maps, PauseCounts, Queue, Watchdog
from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..base import PRIORITIES, Row, cell, counter, number
from .names import CONFIG, ECN, MAPS, PFC, PFC_DETAIL, QUEUES, WATCHDOG, Named, View, long_name

BYTES: Final = {"bytes": 1, "kbytes": 1000, "mbytes": 1_000_000}
TRUSTS: Final = {"dscp": "dscp", "cos": "pcp", "none": "none"}
CODE_POINTS: Final = 64


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration has of one port."""

    source: Source
    port: Row | Missing
    profile: Row | None
    whole: Row
    """The lines of PFC that are about the whole switch."""

    @property
    def sections(self) -> tuple[Row, ...]:
        """The port's own section, then its profile: the nearer one counts."""
        if isinstance(self.port, Missing):
            return ()
        return (self.port, *((self.profile,) if self.profile is not None else ()))

    def nearest(self, field: str) -> Row | None:
        """The section that sets a field."""
        return next((section for section in self.sections if field in section), None)

    def queue(self, number: int) -> Row | Missing:
        """What is set of a unicast queue: the port's own lines, then its profile's."""
        if isinstance(self.port, Missing):
            return self.port
        held: dict[str, Any] = {"line": self.port["line"]}
        for section in reversed(self.sections):
            for queue in section.get("queues") or ():
                if queue["queue"] == number and queue["cast"] != "multicast":
                    held |= queue
        return held


class Qos(View):
    """Quality of service of one switch."""

    def __init__(self, answers: Named) -> None:
        super().__init__(answers)
        self.marked = self.table(ECN)
        self.frames = {sample: self.table(PFC, sample) for sample in self.samples(PFC)}

    @cached_property
    def _sections(self) -> Mapping[tuple[str, str], Row] | Missing:
        rows = self.answers.rows(CONFIG)
        if isinstance(rows, Missing):
            return rows
        return {(str(row["section"]), long_name(str(row.get("name", "")))): row for row in reversed(rows)}

    def config(self, name: str) -> Config:
        """What is configured of a port: its own section, and its profile."""
        source = self.answers.source(CONFIG)
        sections = self._sections
        if isinstance(sections, Missing):
            return Config(source, sections, None, {})
        port = sections.get(("interface", name))
        if port is None:
            return Config(source, Missing(Absence.NOT_RECORDED, source, f"no section of {name}"), None, {})
        used = port.get("service_profile")
        profile = sections.get(("qos_profile", long_name(str(used)))) if used else None
        if used and profile is None:
            gone = Missing(Absence.NOT_RECORDED, source, f"no section of the profile {used} that {name} uses")
            return Config(source, gone, None, {})
        return Config(source, port, profile, sections.get(("priority_flow_control", ""), {}))

    def fec_configured(self, config: Config) -> Value[str]:
        port = config.port
        if isinstance(port, Missing):
            return port
        fec = port.get("fec")
        if not fec:
            place = Source(config.source.evidence, f"line {port['line']} (no line of error-correction)")
            return Reading("auto", place)  # EOS chooses by module and speed
        place = Source(config.source.evidence, f"line {port.get('fec_line', port['line'])}")
        on = [code for code, asked in fec.items() if asked]
        if len(on) == 1 and on[0] in ("rs", "fc"):
            return Reading(on[0], place)
        off = fec.get("all") is False or (fec.get("rs") is False and fec.get("fc") is False)
        return Reading("none" if off and not on else "auto", place)

    def pfc_priorities(self, config: Config) -> Value[frozenset[int]]:
        """Priorities that are not dropped, where PFC is on; EOS shows no line of it where it is off."""
        port = config.port
        if isinstance(port, Missing):
            return port
        if config.whole.get("pfc") is False:
            place = Source(config.source.evidence, f"line {config.whole.get('pfc_line')} priority-flow-control all off")
            return Reading(frozenset(), place)
        held = config.nearest("pfc")
        if held is None or not held.get("pfc"):
            place = Source(config.source.evidence, f"line {port['line']} (no line that puts PFC on)")
            return Reading(frozenset(), place)
        kept: dict[str, bool] = {}
        for section in reversed(config.sections):
            kept |= section.get("no_drop") or {}
        place = Source(config.source.evidence, f"line {held['pfc_line']} of {held['section']} {held['name']}")
        return Reading(frozenset(int(one) for one, on in kept.items() if on), place)

    def maps(self, config: Config) -> Maps:
        return Maps(
            trust=self.trust(config),
            dscp_to_tc=self.map(("dscp",), ("tc", "traffic-class"), CODE_POINTS),
            tc_to_pg=self.tc_to_pg(),
            tc_to_queue=self.map(("tc", "traffic-class"), ("uc-tx-queue", "tx-queue"), len(PRIORITIES)),
        )

    def trust(self, config: Config) -> Value[str]:
        port = config.port
        if isinstance(port, Missing):
            return port
        held = config.nearest("trust")
        if held is None:
            default = "no qos trust is configured: what a port trusts then depends on how it forwards"
            return Missing(Absence.NOT_AVAILABLE, Source(config.source.evidence, f"line {port['line']}"), default)
        row = {"line": held["trust_line"], "trust": held["trust"]}
        return cell(row, "trust", lambda raw: TRUSTS[str(raw)], config.source)

    def map(self, origin: Sequence[str], target: Sequence[str], entries: int) -> Value[Mapping[int, int]]:
        """A map as the switch lists it whole; else as it is configured, if every entry is."""
        rows = self.answers.rows(MAPS)
        source = self.answers.source(MAPS)
        if not isinstance(rows, Missing):
            found = [row for row in rows if row["from"] in origin and row["to"] in target]
            if found:
                place = Source(source.evidence, f"line {found[0]['line']} {found[0]['from']} to {found[0]['to']}")
                if any(value is None for value in found[0]["map"].values()):
                    return Missing(Absence.NOT_AVAILABLE, place, "an entry of the map is not told")
                return Reading({int(key): int(value) for key, value in found[0]["map"].items()}, place)
            rows = Missing(Absence.NOT_RECORDED, source, f"no map of {origin[0]} to {target[0]}")
        configured = self.answers.rows(CONFIG)
        if isinstance(configured, Missing):
            return rows
        for row in configured:
            if row["section"] == "qos_map" and row["from"] in origin and row["to"] in target:
                place = Source(self.answers.source(CONFIG).evidence, f"line {row['line']}")
                if len(row["map"]) == entries:
                    return Reading({int(key): int(value) for key, value in row["map"].items()}, place)
                some = f"{len(row['map'])} of {entries} entries are configured, EOS's own are not shown ({rows})"
                return Missing(Absence.NOT_AVAILABLE, place, some)
        return rows

    def tc_to_pg(self) -> Value[Mapping[int, int]]:
        """EOS pauses by traffic class; a switch that lists its maps and none to priority groups has none."""
        found = self.map(("tc", "traffic-class"), ("priority-group", "pg"), len(PRIORITIES))
        rows = self.answers.rows(MAPS)
        if isinstance(found, Reading) or isinstance(rows, Missing) or found.why is not Absence.NOT_RECORDED:
            return found
        return Missing(
            Absence.NOT_ADVERTISED, found.source, "EOS lists no map to priority groups: it pauses by traffic class"
        )

    def queue(self, name: str, config: Config, priority: int) -> Queue:
        gone = self.untold(CONFIG, "the levels of the buffer that trigger a pause")
        marked, dropped = self.marks(name, priority), self.drops(name, priority)
        last = self.last(QUEUES)
        at = self.answers.at(self.answers.best(QUEUES, last), last) or self.answers.at(self.answers.best(ECN))
        held = config.queue(priority)
        if isinstance(held, Missing):
            return Queue(priority, held, held, held, held, gone, gone, held, held, marked, dropped, at)
        place = Source(config.source.evidence, f"line {held['line']} queue {priority}")
        curve = {**(held.get("ecn") or {}), "line": held["line"]}
        on = bool(held.get("ecn")) and not held.get("ecn_off")
        off = Missing(Absence.NOT_AVAILABLE, place, "the queue does not mark")
        return Queue(
            priority,
            ecn=Reading(on, place),
            ecn_min=threshold(curve, "minimum", "unit", place) if on else off,
            ecn_max=threshold(curve, "maximum", "maximum_unit", place) if on else off,
            mark_probability=cell(curve, "probability_percent", number, place, Unit.PERCENT) if on else off,
            pause_threshold=gone,
            headroom=gone,
            scheduler=cell(held, "priority", lambda raw: {"strict": "strict", "none": "wrr"}[raw], place),
            weight=cell(held, "bandwidth_percent", number, place, Unit.PERCENT),
            marked=marked,
            dropped=dropped,
            counted_at=at,
        )

    def marks(self, name: str, priority: int) -> Value[Decimal]:
        row = self.marked.row(name)
        if isinstance(row, Missing):
            return row
        field = f"marked_packets {priority}"
        counts = {"line": row["line"]}
        if str(priority) in row["marked_packets"]:
            counts[field] = row["marked_packets"][str(priority)]
        return cell(counts, field, counter, self.source(ECN), Unit.COUNT)

    @cached_property
    def _queues(self) -> Mapping[str, Sequence[Row]] | Missing:
        return self.by_port(QUEUES, self.last(QUEUES))

    def drops(self, name: str, priority: int) -> Value[Decimal]:
        """Packets that the unicast queue had dropped on its way out by the last sample, over all drop precedences."""
        source = self.source(QUEUES, self.last(QUEUES))
        if isinstance(self._queues, Missing):
            return self._queues
        mine = [
            row
            for row in self._queues.get(name, ())
            if row["queue"] == priority and row["side"] == "egress" and row.get("cast") != "multicast"
        ]
        if not mine:
            return Missing(Absence.NOT_RECORDED, source, f"no counters of {name} queue {priority}")
        counts = [cell(row, "dropped_packets", counter, source, Unit.COUNT) for row in mine]
        for count in counts:
            if isinstance(count, Missing):
                return count
        lines = ", ".join(str(row["line"]) for row in mine)
        total = sum((count.value for count in counts if isinstance(count, Reading)), Decimal(0))
        return Reading(total, Source(source.evidence, f"line {lines} dropped_packets"), Unit.COUNT)

    def pauses(self, sample: int, name: str) -> PauseCounts:
        detail = self.by_port(PFC_DETAIL, sample)
        source = self.source(PFC_DETAIL, sample)
        frames = self.frames[sample]
        return PauseCounts(
            at=self.answers.at(self.answers.best(PFC, sample), sample),
            received=by_priority(detail, name, "rx_frames", source),
            sent=by_priority(detail, name, "tx_frames", source),
            received_in_all=frames.value(name, "rx_frames", counter, Unit.COUNT),
            sent_in_all=frames.value(name, "tx_frames", counter, Unit.COUNT),
        )

    def watchdog(self, name: str, config: Config) -> Watchdog:
        port = config.port
        if isinstance(port, Missing):
            return Watchdog(port, port, port, port, self.storms(name, port))
        settings: dict[str, Any] = {"line": port["line"]}
        for section in (config.whole, *reversed(config.sections)):
            settings |= section.get("watchdog") or {}
        place = Source(config.source.evidence, f"line {settings['line']}")
        timed = settings.get("timeout_s")
        on: Value[bool] = Reading(bool(settings.get("on", timed is not None and number(timed) > 0)), place)
        return Watchdog(
            on=on,
            action=cell(settings, "action", str, config.source),
            detection_ms=cell(settings, "timeout_s", milliseconds, config.source, Unit.MS),
            restoration_ms=cell(settings, "recovery_s", milliseconds, config.source, Unit.MS),
            storms=self.storms(name, on),
        )

    def storms(self, name: str, on: Value[bool]) -> Value[Mapping[int, Decimal]]:
        """Queues found stuck by the last sample.  EOS lists a port from its first event on: watched, none is none."""
        last = self.last(WATCHDOG)
        rows = self.by_port(WATCHDOG, last)
        source = self.source(WATCHDOG, last)
        if isinstance(rows, Missing):
            return rows
        found = [(int(row["queue"]), cell(row, "stuck", counter, source, Unit.COUNT)) for row in rows.get(name, ())]
        for _, count in found:
            if isinstance(count, Missing):
                return count
        if found:
            line = rows[name][0]["line"]
            counts = {queue: count.value for queue, count in found if isinstance(count, Reading)}
            return Reading(counts, Source(source.evidence, f"line {line}"))
        if isinstance(on, Reading) and on.value:
            return Reading(
                {}, Source(source.evidence, f"lists nothing of {name}, which is watched by {on.source.where}")
            )
        return Missing(Absence.NOT_AVAILABLE, source, f"lists nothing of {name}, and nothing shows that it is watched")


def milliseconds(raw: object) -> Decimal:
    return number(raw) * 1000


def threshold(curve: Row, field: str, unit: str, place: Source) -> Value[Decimal]:
    """A threshold in bytes; one in segments or in time depends on the platform and the speed."""
    found = cell(curve, field, number, place, Unit.BYTES)
    word = curve.get(unit)
    if isinstance(found, Missing):
        return found
    if word not in BYTES:
        return Missing(
            Absence.NOT_AVAILABLE, found.source, f"{found.value} {word or 'of no unit'} is no number of bytes"
        )
    return replace(found, value=found.value * BYTES[word])


def by_priority(
    rows: Mapping[str, Sequence[Row]] | Missing, name: str, field: str, source: Source
) -> Value[Mapping[int, Decimal]]:
    """Frames of a port by priority; one that is not counted is not in it."""
    if isinstance(rows, Missing):
        return rows
    mine = rows.get(name, [])
    if not mine:
        return Missing(Absence.NOT_RECORDED, source, f"no priorities of {name}")
    counts = {int(row["priority"]): cell(row, field, counter, source, Unit.COUNT) for row in mine}
    if len(counts) < len(mine):
        return Missing(Absence.UNREADABLE, source, f"a priority of {name} is there twice")
    told = {priority: count.value for priority, count in counts.items() if isinstance(count, Reading)}
    return Reading(told, Source(source.evidence, f"line {mine[0]['line']} {field}"))
