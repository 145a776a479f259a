"""``plugfest bom``: what a lab's topology takes, beside its design and its orders."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from ..bom import Bill, Leaf, bill_of, ratio
from ..lab.load import load
from ..report.checklist import table
from ..requirements.load import load_requirements

DIFFERS = 1


def run(args: argparse.Namespace) -> int:
    """Exit 0 where all agrees with design and orders, 1 where something differs."""
    lab = load(args.lab)
    pmds = load_requirements(lab.profile, as_of=datetime.now(UTC)).pmds
    bill = bill_of(lab, pmds)
    print(json.dumps(document(bill), indent=1) if args.json else "\n".join(lines(bill)))
    return DIFFERS if bill.differences else 0


# --- for a terminal -----------------------------------------------------------------------------------------------


def lines(bill: Bill) -> Iterator[str]:
    for heads, rows in tables(bill):
        if rows:
            yield table(rows, heads)
            yield ""
    if bill.fiber_ends:
        yield f"ends of fibers at all optics: {bill.fiber_ends:,}"
    yield from (f"differs: {difference}" for difference in bill.differences)
    count = len(bill.differences)
    yield f"{bill.lab}: {count or 'no'} difference{'' if count == 1 else 's'} from design and orders"


def tables(bill: Bill) -> Iterator[tuple[Sequence[str], Sequence[Sequence[object]]]]:
    """What is counted: heads and rows of each table."""
    yield (
        ("part", "kind", "PMD", "needed", "ordered", "of them spares", "too many"),
        [
            (line.part, line.kind, line.pmd, said(line.needed), said(line.ordered), said(line.spares), more(line.over))
            for line in bill.parts
        ],
    )
    yield (
        ("role", "devices", "modules", "cages", "ports on a link", "ports", "W at most", ""),
        [
            (group.role, said(group.devices), said(group.modules), said(group.cages), said(group.linked),
             said(group.ports), f"{group.watts:,.0f}", unstated(group.unstated))
            for group in bill.groups
        ],
    )  # fmt: skip
    yield (
        ("links", "how many", "Tb/s one way", "fibers lit"),
        [
            (" to ".join(tier.roles), said(tier.links), f"{tier.gbps / 1000:,.1f}", said(tier.fibers))
            for tier in bill.tiers
        ],
    )
    yield ("leafs", "down", "Gb/s", "up", "Gb/s", "oversubscription"), list(leafs(bill.leafs))
    yield (
        ("rack", "W at most", "budget", ""),
        [(rack.rack, f"{rack.watts:,.0f}", f"{rack.budget:,.0f}", unstated(rack.unstated)) for rack in bill.racks],
    )
    yield ("trunk", "fibers lit", "fibers"), [(line.trunk, said(line.used), said(line.fibers)) for line in bill.trunks]


def leafs(found: Sequence[Leaf]) -> Iterator[Sequence[object]]:
    """Leafs that are alike on one line."""
    alike: dict[tuple[int, Decimal, int, Decimal], list[str]] = {}
    for leaf in found:
        alike.setdefault((leaf.down, leaf.down_gbps, leaf.up, leaf.up_gbps), []).append(leaf.device)
    for (down, down_gbps, up, up_gbps), names in alike.items():
        shown = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]} ({len(names)})"
        over = ratio(down_gbps / up_gbps) if up_gbps else "no uplink"
        yield shown, down, f"{down_gbps:,f}", up, f"{up_gbps:,f}", over


def said(number: int | None) -> str:
    return "not known" if number is None else f"{number:,}"


def more(number: int | None) -> str:
    return "" if not number else f"{number:+,}"


def unstated(count: int) -> str:
    return f"without {count:,} that say no watts" if count else ""


# --- JSON ---------------------------------------------------------------------------------------------------------


def document(bill: Bill) -> dict[str, object]:
    return {
        "lab": bill.lab,
        "parts": [
            {"part": line.part, "kind": line.kind, "pmd": line.pmd, "needed": line.needed,
             "ordered": line.ordered, "spares": line.spares, "too_many": line.over}
            for line in bill.parts
        ],
        "devices": [
            {"role": group.role, "kind": group.kind, "devices": group.devices, "cages": group.cages,
             "modules": group.modules, "ports": group.ports, "linked": group.linked, "watts": number(group.watts),
             "without_watts": group.unstated}
            for group in bill.groups
        ],
        "links": [
            {"between": list(tier.roles), "links": tier.links, "gbps": number(tier.gbps), "fibers": tier.fibers,
             "unlike": tier.unlike}
            for tier in bill.tiers
        ],
        "fiber_ends": bill.fiber_ends,
        "leafs": [
            {"device": leaf.device, "down": leaf.down, "down_gbps": number(leaf.down_gbps), "up": leaf.up,
             "up_gbps": number(leaf.up_gbps), "oversubscription": number(leaf.oversubscription)}
            for leaf in bill.leafs
        ],
        "racks": [
            {"rack": rack.rack, "watts": number(rack.watts), "budget_watts": number(rack.budget),
             "without_watts": rack.unstated}
            for rack in bill.racks
        ],
        "trunks": [{"trunk": line.trunk, "used": line.used, "fibers": line.fibers} for line in bill.trunks],
        "differences": list(bill.differences),
    }  # fmt: skip


def number(value: Decimal | None) -> float | int | None:
    """A number as JSON has it, whole where it is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 4)
