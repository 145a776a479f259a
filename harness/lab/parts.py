"""Parts of a lab file, and the modules that cages expect of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..reading import Source
from ..verdict import Standing
from .fields import Fields, source
from .inventory import ChangeNotice, DocumentPlan, ModulePlan, PartPlan, SecondSource
from .validate import did_you_mean
from .yaml12 import Node

CABLES: Final = frozenset({"dac", "aec", "aoc"})
PLUGGABLE: Final = CABLES | {"optic", "linear"}


@dataclass(frozen=True, slots=True)
class Stock:
    """A part and what only its modules need of it."""

    plan: PartPlan
    firmware: str | None
    far: Mapping[str, str]  # pmd, form_factor, number of the far end of a split cable


def build_part(fields: Fields) -> Stock:
    """A part as the lab file has it."""
    name = fields.what
    for key in ("vendor", "kind"):
        if not fields.has(key):
            raise fields.error(f"part {name}: {key} is missing")
    kind = fields.text("kind")
    if kind in PLUGGABLE:
        for key in ("pmd", "form_factor"):
            if not fields.has(key):
                raise fields.error(f"part {name}: {key} is missing, {kind} goes into a cage")
    if fields.has("far") and kind not in CABLES:
        raise fields.node("far").error(f"part {name}: far is for cables, this is {kind}")
    quantity, spares = fields.whole("quantity"), fields.whole("spares") or 0
    if quantity is not None and spares > quantity:
        raise fields.node("spares").error(f"part {name}: {spares} spares of {quantity} ordered")
    plan = PartPlan(
        number=fields.maybe("number") or name,
        vendor=fields.text("vendor"),
        kind=kind,
        warranty_years=fields.number("warranty_years"),
        mtbf_hours=fields.number("mtbf_hours"),
        mtbf_method=fields.maybe("mtbf_method"),
        mtbf_celsius=fields.number("mtbf_celsius"),
        lead_time_weeks=fields.number("lead_time_weeks"),
        capacity_per_month=fields.whole("capacity_per_month"),
        quantity=quantity,
        needed_by_weeks=fields.number("needed_by_weeks"),
        second_source=fields.maybe("second_source"),
        at=_at(fields),
        pmd=fields.maybe("pmd"),
        form_factor=fields.maybe("form_factor"),
        max_watts=fields.number("max_watts"),
        spares=spares,
        certificates=frozenset(node.text for node in fields.items("certificates")),
        power_class=fields.whole("power_class"),
        ends=fields.whole("ends"),
        connector=fields.maybe("connector"),
        documents=tuple(_document(entry) for entry in _listed(name, fields, "documents")),
        sources=tuple(_source(entry) for entry in _listed(name, fields, "sources")),
        notices=tuple(_notice(entry) for entry in _listed(name, fields, "notices")),
        standing=Standing(fields.text("standing")) if fields.has("standing") else None,
    )
    far = {key: node.text for key, node in (fields.sub("far").fields.items() if fields.has("far") else ())}
    return Stock(plan, fields.maybe("firmware"), far)


def _at(fields: Fields) -> Source:
    """Where a part is declared, and where its vendor's record stands."""
    if not fields.has("record"):
        return fields.at
    record = source(fields.node("record"))
    return Source(fields.at.evidence, f"{fields.at.where}, record at {record}")


def _listed(part: str, fields: Fields, key: str) -> list[Fields]:
    return [Fields(f"part {part} {key}", node) for node in fields.items(key)]


def _document(said: Fields) -> DocumentPlan:
    expires = said.day("expires") if said.has("expires") else None
    return DocumentPlan(said.text("name"), said.text("reference"), expires, said.at)


def _source(said: Fields) -> SecondSource:
    qualified = said.day("qualified") if said.has("qualified") else None
    evidence, owner = said.maybe("evidence"), said.maybe("owner")
    return SecondSource(said.text("number"), said.text("vendor"), evidence, owner, qualified, said.at)


def _notice(said: Fields) -> ChangeNotice:
    before, after, notified = said.text("before"), said.text("after"), said.day("notified")
    return ChangeNotice(said.text("reference"), said.text("what"), before, after, notified, said.at)


def build_module(where: str, node: Node, stock: Mapping[str, Stock]) -> ModulePlan:
    """The module that a cage expects: a key of parts, or a mapping that says more."""
    fields = Fields(where, node) if isinstance(node.value, dict) else Fields(where, _only_part(node))
    if not fields.has("part"):
        raise fields.error(f"{where} module: part is missing")
    key = fields.text("part")
    if key not in stock:
        raise fields.node("part").error(f"{where}: no part {key!r} in parts{did_you_mean(key, stock)}")
    part = stock[key]
    plan = part.plan
    if plan.kind not in PLUGGABLE:
        raise fields.node("part").error(f"{where}: {key} is {plan.kind}, which does not go into a cage")
    far: Mapping[str, str] = {}
    if fields.maybe("end") == "far":
        if not part.far:
            raise fields.node("end").error(f"{where}: {key} has no far end in parts")
        far = part.far
    return ModulePlan(
        part=key,
        pmd=far.get("pmd") or plan.pmd or "",
        kind=plan.kind,
        form_factor=far.get("form_factor") or plan.form_factor or "",
        vendor=plan.vendor,
        number=far.get("number") or plan.number,
        serial=fields.maybe("serial"),
        firmware=fields.maybe("firmware") or part.firmware,
        at=source(node),
    )


def _only_part(node: Node) -> Node:
    return Node({"part": node}, node.file, node.line)
