"""Class of service of a Junos switch: what pauses, what marks, and how a code point becomes a queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from ...model import Maps, PauseCounts, Queue, Watchdog
from ...reading import Absence, Missing, Reading, Source, Value, derive
from ...units import Unit
from ..base import Row, cell, counter, number, truth
from .record import CLASSES, CLASSIFIERS, CONGESTION, COS_PORTS, OF_CLASSES, PROFILES, QUEUES, SCHEDULERS, Record, one

STRICT = frozenset({"strict-high", "strict", "strict-priority"})
SHARED = frozenset({"low", "medium-low", "medium-high", "high", "medium"})


class Quality:
    """What the class of service commands and the configuration say of a port."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def profile(self, port: str) -> Value[str]:
        """The congestion notification profile that turns PFC on; empty where PFC is off."""
        on = self.record.cos.value(port, "congestion_notification", truth)
        if isinstance(on, Missing):
            return on
        return self.record.cos.value(port, "congestion_profile", str) if on.value else Reading("", on.source)

    def pfc_priorities(self, port: str) -> Value[frozenset[int]]:
        """The priorities that the port's profile pauses; a DSCP stands for the priority of its forwarding class."""
        name = self.profile(port)
        if isinstance(name, Missing):
            return name
        if not name.value:
            return Reading(frozenset(), name.source)
        rows = self.record.rows(CONGESTION)
        if isinstance(rows, Missing):
            return rows
        source = self.record.source(CONGESTION)
        found = [row for row in rows if row["name"] == name.value and row["type"] in ("input", None)]
        if len(found) != 1:
            return Missing(Absence.NOT_RECORDED, source, f"{len(found)} input profiles {name.value!r}")
        priorities: set[int] = set()
        for point in found[0]["code_points"]:
            if point.get("pfc"):
                priority = self.paused(port, str(point["code_point"]))
                if isinstance(priority, Missing):
                    return priority
                priorities.add(priority.value)
        place = Source(source.evidence, f"line {found[0]['line']} {name.value} (used by {name.source.where})")
        return Reading(frozenset(priorities), place)

    def paused(self, port: str, code_point: str) -> Value[int]:
        """The priority of a code point: its own three bits, or that of the forwarding class of a DSCP."""
        source = self.record.source(CONGESTION)
        if len(code_point) == 3:
            return Reading(int(code_point, 2), source)
        table = self.mapped(port)
        if isinstance(table, Missing):
            return table
        name = table.value.get(int(code_point, 2))
        if name is None:
            return Missing(Absence.NOT_RECORDED, table.source, f"no entry of code point {code_point}")
        return self.record.classes.value(name, "pfc_priority", int)

    def classifier(self, port: str) -> Row | Missing:
        """What classifies a port's packets: the classifier of the port or of a unit, by DSCP before any other."""
        row = self.record.cos.row(port)
        if isinstance(row, Missing):
            return row
        held = [*row["objects"], *(one for unit in row["logical"] for one in unit["objects"])]
        found = [one for one in held if str(one["object"]).startswith("Classifier")]
        found.sort(key=lambda one: one["type"] != "dscp")
        if found:
            return dict(found[0])
        return Missing(Absence.NOT_RECORDED, self.record.source(COS_PORTS), f"no classifier of {port}")

    def mapped(self, port: str) -> Value[Mapping[int, str]]:
        """Forwarding classes by DSCP."""
        used = self.classifier(port)
        if isinstance(used, Missing):
            return used
        if used["type"] != "dscp":
            place = Source(self.record.source(COS_PORTS).evidence, f"line {used['line']}", str(used["type"]))
            return Missing(Absence.NOT_AVAILABLE, place, "packets are not classified by DSCP")
        row = self.record.classifiers.row(str(used["name"]))
        if isinstance(row, Missing):
            return row
        place = Source(self.record.source(CLASSIFIERS).evidence, f"line {row['line']} {row['name']}")
        return Reading({int(one["value"]): str(one["forwarding_class"]) for one in row["entries"]}, place)

    def maps(self, port: str) -> Maps:
        """A forwarding class is a traffic class, by its number; the priority that it pauses is its priority group."""
        used = self.classifier(port)
        trust = one(used, "type", trusted, self.record.source(COS_PORTS))
        rows = self.record.rows(CLASSES)
        if isinstance(rows, Missing):
            return Maps(trust, rows, rows, rows)
        source = self.record.source(CLASSES)
        place = Source(source.evidence, f"line {rows[0]['line'] if rows else 1}")
        numbers = {str(row["forwarding_class"]): row["id"] for row in rows if row["id"] is not None}
        queues = {int(row["id"]): int(row["queue"]) for row in rows if None not in (row["id"], row["queue"])}
        pauses = {
            int(row["id"]): int(row["pfc_priority"])
            for row in rows
            if row["id"] is not None and row.get("pfc_priority") is not None
        }
        groups: Value[Mapping[int, int]] = Reading(pauses, place)
        if not pauses:
            groups = Missing(
                Absence.NOT_ADVERTISED, source, "Junos has no priority groups, and no class names a priority"
            )
        table = self.mapped(port)
        classes: Value[Mapping[int, int]]
        if isinstance(table, Missing):
            classes = table
        elif strangers := sorted(set(table.value.values()) - numbers.keys()):
            classes = Missing(Absence.UNREADABLE, table.source, f"no forwarding class {', '.join(strangers)}")
        else:
            classes = derive(table, lambda entries: {dscp: int(numbers[name]) for dscp, name in entries.items()})
        return Maps(trust, classes, groups, Reading(queues, place) if queues else self.record.none_of(source, "class"))

    def queue(self, port: str, number_: int) -> Queue:
        scheduler = self.scheduler(port, number_)
        levels = self.record.untold(PROFILES, "Junos has fill levels in percent of a queue's buffer, not in bytes")
        pause = self.record.untold(COS_PORTS, "Junos shows no threshold at which it pauses")
        source = self.record.source(SCHEDULERS)
        return Queue(
            priority=number_,
            ecn=self.ecn(scheduler),
            ecn_min=levels,
            ecn_max=levels,
            mark_probability=self.mark_probability(scheduler),
            pause_threshold=pause,
            headroom=self.record.untold(COS_PORTS, "Junos shows no headroom of a priority"),
            scheduler=one(scheduler, "priority", scheduled, source),
            weight=one(scheduler, "transmit_percent", number, source, Unit.PERCENT),
            marked=self.counted(port, number_, ("ecn_ce_packets",)),
            dropped=self.dropped(port, number_),
            counted_at=self.record.answers.at(self.record.spelt(QUEUES)),
        )

    def scheduler(self, port: str, number_: int) -> Row | Missing:
        """What schedules a queue of a port: that of its forwarding class in the port's scheduler map."""
        name = self.record.cos.value(port, "scheduler_map", str)
        if isinstance(name, Missing):
            return name
        classes, rows = self.record.rows(CLASSES), self.record.rows(SCHEDULERS)
        if isinstance(classes, Missing):
            return classes
        if isinstance(rows, Missing):
            return rows
        names = {row["forwarding_class"] for row in classes if row["queue"] == number_}
        found = [row for row in rows if row["map"] == name.value and row["forwarding_class"] in names]
        if len(found) != 1:
            said = f"{len(found)} schedulers of queue {number_} in map {name.value!r}"
            return Missing(Absence.NOT_RECORDED, self.record.source(SCHEDULERS), said)
        return found[0]

    def ecn(self, scheduler: Row | Missing) -> Value[bool]:
        """Whether the scheduler marks; by the configuration where the scheduler map does not say it."""
        if isinstance(scheduler, Missing):
            return scheduler
        if "ecn" in scheduler:
            return cell(scheduler, "ecn", truth, self.record.source(SCHEDULERS))
        statements = self.record.settings(OF_CLASSES)
        if isinstance(statements, Missing):
            return statements
        source = self.record.source(OF_CLASSES)
        name = str(scheduler["scheduler"] or "")
        own = [(path, line) for path, line in statements if path[:3] == ("class-of-service", "schedulers", name)]
        for path, line in own:
            if "explicit-congestion-notification" in path:
                return Reading(True, Source(source.evidence, f"line {line}"))
        if not own:
            return Missing(Absence.NOT_RECORDED, source, f"no statement about scheduler {name}")
        if (gone := self.record.inherits(OF_CLASSES)) is not None:
            return gone
        return Reading(False, Source(source.evidence, f"line {own[0][1]} (no ECN statement about {name})"))

    def mark_probability(self, scheduler: Row | Missing) -> Value[Decimal]:
        """The highest probability of the drop profile that the scheduler has for every loss priority, or for low."""
        if isinstance(scheduler, Missing):
            return scheduler
        names = {one["name"] for one in scheduler["drop_profiles"] if one["loss_priority"] == "low"}
        if len(names) != 1 or None in names:
            said = f"{len(names - {None})} drop profiles of loss priority low"
            return Missing(Absence.NOT_RECORDED, self.record.source(SCHEDULERS), said)
        row = self.record.profiles.row(str(names.pop()))
        if isinstance(row, Missing):
            return row
        place = Source(self.record.source(PROFILES).evidence, f"line {row['line']} {row['name']}")
        highest = max((int(point["drop_percent"]) for point in row["points"]), default=None)
        if highest is None:
            return Missing(Absence.NOT_RECORDED, place, "the profile has no points")
        return Reading(Decimal(highest), place, Unit.PERCENT)

    @cached_property
    def _queues(self) -> Mapping[tuple[str, int], Row] | Missing:
        rows = self.record.rows(QUEUES)
        if isinstance(rows, Missing):
            return rows
        return {(str(row["interface"]), int(row["queue"])): row for row in rows if row["direction"] == "egress"}

    def counted(self, port: str, number_: int, names: Iterable[str]) -> Value[Decimal]:
        """The first counter of a queue that the platform has."""
        if isinstance(self._queues, Missing):
            return self._queues
        source = self.record.source(QUEUES)
        row = self._queues.get((port, number_))
        if row is None:
            return Missing(Absence.NOT_RECORDED, source, f"no queue {number_} of {port}")
        place = f"line {row['line']}"
        for name in names:
            if name in row["counters"]:
                return cell({**row["counters"], "line": row["line"]}, name, counter, source)
        return Missing(
            Absence.NOT_AVAILABLE, Source(source.evidence, place), f"no {' or '.join(names)} on this platform"
        )

    def dropped(self, port: str, number_: int) -> Value[Decimal]:
        """Packets that a queue dropped, for whatever cause."""
        whole = self.counted(port, number_, ("total_dropped_packets",))
        if isinstance(whole, Reading):
            return whole
        tail = self.counted(port, number_, ("tail_dropped_packets",))
        red = self.counted(port, number_, ("red_dropped_packets",))
        if isinstance(tail, Missing):
            return tail
        return tail if isinstance(red, Missing) else derive(tail, lambda count: count + red.value, note="tail and RED")

    def pauses(self, sample: int, port: str) -> PauseCounts:
        """PFC frames by priority; a port without PFC has no such counters."""
        table = self.record.interfaces[sample]
        row = table.row(port)
        at = self.record.answers.at(table.command, sample)
        if isinstance(row, Missing):
            return PauseCounts(at, row, row, row, row)
        source = table.of.source(table.command, sample)
        place = Source(source.evidence, f"line {row['line']} pfc")
        in_all = Missing(Absence.NOT_AVAILABLE, place, "Junos counts PFC frames by priority alone")
        if not row.get("pfc"):
            gone = Missing(
                Absence.NOT_AVAILABLE, place, "no counters of PFC frames: PFC is off, or is not counted here"
            )
            return PauseCounts(at, gone, gone, gone, gone)
        counts = {
            field: {int(one["priority"]): Decimal(one[field]) for one in row["pfc"] if one[field] is not None}
            for field in ("received", "sent")
        }
        return PauseCounts(at, Reading(counts["received"], place), Reading(counts["sent"], place), in_all, in_all)

    def watchdog(self, port: str) -> Watchdog:
        """Whether the port's profile has the watchdog configured; no command is known that shows it at work."""
        gone = self.record.untold(OF_CLASSES, "no command of Junos that is known here shows the watchdog")
        name, statements = self.profile(port), self.record.settings(OF_CLASSES)
        source = self.record.source(OF_CLASSES)
        on: Value[bool]
        action: Value[str] = gone
        if isinstance(name, Missing):
            on = name
        elif not name.value:
            on = Reading(False, name.source)
        elif isinstance(statements, Missing):
            on = statements
        else:
            own = [
                (path, line)
                for path, line in statements
                if path[:3] == ("class-of-service", "congestion-notification-profile", name.value)
            ]
            dogs = [(path[3:], line) for path, line in own if path[3:4] == ("pfc-watchdog",)]
            inherited = self.record.inherits(OF_CLASSES)
            if not own:
                on = Missing(Absence.NOT_RECORDED, source, f"no statement about profile {name.value}")
            elif not dogs and inherited is not None:
                on = inherited
            else:
                line = (dogs or own)[0][1]
                on = Reading(bool(dogs), Source(source.evidence, f"line {line} {name.value}"))
            for path, line in dogs:
                if len(path) == 3 and path[1].endswith("action"):
                    action = Reading(path[2], Source(source.evidence, f"line {line}"))
        return Watchdog(on, action, gone, gone, gone)


def trusted(raw: object) -> str:
    """What a classifier goes by."""
    return {"dscp": "dscp", "ieee8021p": "pcp", "ieee-802.1": "pcp", "ip": "precedence"}[str(raw)]


def scheduled(raw: object) -> str:
    """How a queue is served: Junos has priorities, and shares the rate among those that are not strict."""
    word = str(raw).lower()
    if word in STRICT:
        return "strict"
    if word in SHARED:
        return "dwrr"
    raise ValueError(f"{raw!r} is no priority of a scheduler")
