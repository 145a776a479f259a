"""Limit tables and profiles from disk.

The built-in tables are read with the package; third-party ones through the entry points of group ``plugfest.tables``
that a profile names.  An entry point is a sequence of paths, or a function that returns one.  Every row is checked when
it is read: what is wrong is a LabError with file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from ..breakout import spelled_out
from ..errors import LabError, PluginError
from ..lab.ranges import RangeError, numbers
from ..limit import Choice, Range
from ..units import Unit
from ..verdict import Standing
from . import profile as profiles
from .inherit import chain
from .lookup import Requirements
from .reader import Document, Row, read, rows
from .rows import (
    QUANTITIES,
    Asic,
    Bridge,
    Cable,
    CageGroup,
    CageRow,
    Connector,
    Family,
    FecCode,
    FecRule,
    Headroom,
    HostSystem,
    LaneRate,
    Maker,
    Memory,
    Nic,
    PauseBudget,
    Platform,
    Pmd,
    Polish,
)

GROUP: Final = "plugfest.tables"

FIBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "MMF": ("OM3", "OM4", "OM5"),
    "SMF": ("OS2",),
    "copper": ("Cu",),
}

T = TypeVar("T")


def load_requirements(profile: Path, *, as_of: datetime, tables: Sequence[Path] = ()) -> Requirements:
    """Everything a lab is held to, as of an instant.  LabError where the profile or a table is wrong."""
    chained = chain(profile, document)
    wanted = profiles.build(chained)
    third_party = (*tables, *(path for name in wanted.tables for path in entry(name)))
    documents = (*map(builtin, limit_names()), *map(document, third_party))
    build = Build(wanted.vouches)
    for each in sorted(documents, key=lambda each: each.tree.get("table") == "fec"):  # its rows name codes of another
        build.take(each)
    build.settle()
    gate = wanted.fec.pre_fec_ber
    asked_by = chained.profile(("fec", "pre_fec_ber"))
    gates = (profiles.Bound("pre_fec_ber", ("*",), frozenset(), gate, asked_by),) if gate.asked else ()
    return Requirements(
        profile=replace(wanted, bounds=(*wanted.bounds, *gates)),
        as_of=as_of,
        files=(*wanted.files, *map(str, limit_files()), *map(str, third_party)),
        pmds=build.pmds,
        aliases=build.aliases,
        cables=build.cables,
        codes=build.codes,
        rules=build.rules,
        fec_words=build.fec_words,
        asics=build.asics,
        nics=build.nics,
        hosts=build.hosts,
        makers=build.makers,
        platforms=build.platforms,
        cages=build.cages,
        power_classes=build.power_classes,
        families=build.families,
        bridges=build.bridges,
        connectors=build.connectors,
        polishes=build.polishes,
        pauses=build.pauses,
        headrooms=build.headrooms,
    )


def limit_names() -> tuple[str, ...]:
    """The names of the built-in tables."""
    return tuple(
        sorted(item.name for item in files(__package__).joinpath("tables").iterdir() if item.name.endswith(".toml"))
    )


def limit_files() -> tuple[Path, ...]:
    """The built-in table files, for an archive."""
    root = Path(str(files(__package__).joinpath("tables")))
    return tuple(root / name for name in limit_names())


@cache
def builtin(name: str) -> Document:
    """One built-in table; it cannot change while the program runs."""
    return read(f"tables/{name}", files(__package__).joinpath("tables", name).read_text(encoding="utf-8"))


@cache
def known_platforms() -> Mapping[str, Platform]:
    """The built-in rows of platforms, which no profile has a say in."""
    return {row.name: platform(row) for row in rows(builtin("platforms.toml"), "platforms")}


@cache
def known_asics() -> Mapping[str, Asic]:
    """The built-in rows of ASICs, likewise."""
    return {row.name: asic(row) for row in rows(builtin("asics.toml"), "asics")}


def document(path: Path) -> Document:
    """A file of the user's."""
    try:
        return read(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabError(f"cannot be read: {error.strerror}", file=path) from None
    except UnicodeDecodeError as error:
        raise LabError(f"not UTF-8 text: {error.reason} at byte {error.start}", file=path) from None


def entry(name: str) -> tuple[Path, ...]:
    """The table files that a third-party package offers under this name."""
    from importlib.metadata import entry_points

    found = tuple(entry_points(group=GROUP, name=name))
    if len(found) != 1:
        offered = ", ".join(sorted(point.name for point in entry_points(group=GROUP))) or "none"
        raise PluginError(f"tables {name!r}: {len(found)} entry points of {GROUP} have that name; offered: {offered}")
    try:
        loaded: object = found[0].load()
        offer: object = loaded() if callable(loaded) else loaded
    except ImportError as error:
        raise PluginError(f"tables {name!r}: {found[0].value} cannot be imported: {error}") from error
    if not isinstance(offer, list | tuple) or not all(isinstance(path, Path) for path in offer):
        raise PluginError(f"tables {name!r}: expected a list of paths from {found[0].value}, found {offer!r}")
    return tuple(offer)


@dataclass(slots=True)
class Build:
    """The rows of all tables, as they are read."""

    vouches: Sequence[profiles.Vouch]
    used: set[int] = field(default_factory=set)
    places: dict[tuple[str, str], Row] = field(default_factory=dict)
    pmds: dict[str, Pmd] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    cables: dict[str, Cable] = field(default_factory=dict)
    codes: dict[str, FecCode] = field(default_factory=dict)
    rules: dict[str, FecRule] = field(default_factory=dict)
    fec_words: dict[str, str] = field(default_factory=dict)
    asics: dict[str, Asic] = field(default_factory=dict)
    nics: dict[str, Nic] = field(default_factory=dict)
    hosts: dict[str, HostSystem] = field(default_factory=dict)
    makers: dict[str, Maker] = field(default_factory=dict)
    platforms: dict[str, Platform] = field(default_factory=dict)
    cages: dict[str, CageRow] = field(default_factory=dict)
    power_classes: dict[str, tuple[Range, ...]] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    bridges: dict[str, Bridge] = field(default_factory=dict)
    connectors: dict[str, Connector] = field(default_factory=dict)
    polishes: dict[str, Polish] = field(default_factory=dict)
    pauses: dict[str, PauseBudget] = field(default_factory=dict)
    headrooms: dict[str, Headroom] = field(default_factory=dict)

    def take(self, document: Document) -> None:
        """Read every row of a file into the table that it says it is part of."""
        readers: Mapping[str, Callable[[Row], None]] = {
            "pmd": lambda row: self.put(row, self.pmds, pmd(row)),
            "pmd_alias": self.alias,
            "cables": lambda row: self.put(row, self.cables, cable(row)),
            "fec_codes": lambda row: self.put(row, self.codes, fec_code(row)),
            "fec": self.rule,
            "fec_words": self.word,
            "asics": lambda row: self.put(row, self.asics, asic(row)),
            "nics": lambda row: self.put(row, self.nics, nic(row)),
            "hosts": lambda row: self.put(row, self.hosts, host(row)),
            "makers": lambda row: self.put(row, self.makers, maker(row)),
            "platforms": lambda row: self.put(row, self.platforms, platform(row)),
            "cages": lambda row: self.put(row, self.cages, cage(row)),
            "power_classes": lambda row: self.put(row, self.power_classes, power_class(row)),
            "interop": lambda row: self.put(row, self.families, family(row)),
            "interop_bridges": lambda row: self.put(row, self.bridges, bridge(row)),
            "connectors": lambda row: self.put(row, self.connectors, connector(row)),
            "polish": lambda row: self.put(row, self.polishes, polish(row)),
            "pause": lambda row: self.put(row, self.pauses, pause(row)),
            "headroom": lambda row: self.put(row, self.headrooms, headroom(row)),
        }
        kind = document.tree.get("table")
        if not isinstance(kind, str) or kind not in readers:
            raise document.fault(f"expected table = one of {', '.join(readers)}, found {kind!r}", ("table",))
        for row in rows(document, kind, self.vouching(kind)):
            earlier = self.places.setdefault((kind, row.name), row)
            if earlier is not row:
                raise row.fault(f"the table {kind} has this row already, in {earlier.document.file}")
            readers[kind](row)
            row.done()

    def vouching(self, table: str) -> Callable[[str, str, Standing], str]:
        """Who vouches for a limit of this table."""
        mine = [(place, vouch) for place, vouch in enumerate(self.vouches) if vouch.table == table]

        def ask(row: str, quantity: str, standing: Standing) -> str:
            for place, vouch in mine:
                if vouch.covers(table, row, quantity, standing):
                    self.used.add(place)
                    return str(vouch)
            return ""

        return ask

    def put(self, row: Row, into: dict[str, T], found: T) -> None:
        into[row.name] = found

    def alias(self, row: Row) -> None:
        self.aliases[row.name] = row.text("pmd")
        row.standing_of()

    def word(self, row: Row) -> None:
        self.fec_words[row.name] = row.text("means")
        row.standing_of()
        for also in row.texts_or("also"):
            if also in self.fec_words:
                raise row.fault(f"the word {also!r} stands for something already", "also")
            self.fec_words[also] = self.fec_words[row.name]

    def rule(self, row: Row) -> None:
        code = row.text("code")
        if code not in self.codes:
            raise row.fault(f"expected one of {', '.join(self.codes)}, found {code!r}", "code")
        variants = row.texts_or("variants")
        also = row.texts_or("also")
        standing = row.standing_of()
        self.rules[row.name] = FecRule(
            name=row.name,
            code=f"{code} {' or '.join(variants).replace(' or clause', ' or')}" if variants else code,
            clause=row.clause,
            standing=standing,
            speed_gbps=row.positive("speed_gbps"),
            lanes=row.count("lanes"),
            allowed=frozenset({code, *also}).union(f"{code} {variant}" for variant in variants),
            codewords_interleaved=row.integer_or("codewords_interleaved", 1),
            modulation=row.one_of("modulation", "NRZ", "PAM4"),
            pmds=frozenset(row.texts_or("pmds")),
            parameters=self.codes[code],
        )
        found = self.rules[row.name]
        self.rules[row.name] = replace(found, allowed=found.allowed | {found.code})

    def settle(self) -> None:
        """Refuse rows that point at rows that are not there, and vouches for nothing."""
        for place, vouch in enumerate(self.vouches):
            if place not in self.used:
                raise LabError(
                    f"the vouch of {vouch.who} lifts nothing: no {vouch.standing} limit of the table {vouch.table}"
                    f" is {vouch.row} {vouch.quantity}",
                    file=vouch.place[0],
                    line=vouch.place[1],
                )
        known = {*self.pmds, *self.cables}
        ids: dict[tuple[str, int, int], str] = {}
        self.refer("pmd_alias", {name: (pmd,) for name, pmd in self.aliases.items()}, self.pmds)
        self.refer("pmd", {name: (pmd.per_link,) for name, pmd in self.pmds.items()}, self.pmds)
        self.refer("interop", {name: tuple(family.members) for name, family in self.families.items()}, known)
        self.refer("interop_bridges", {name: tuple(row.families) for name, row in self.bridges.items()}, self.families)
        self.refer("platforms", {name: (row.asic,) for name, row in self.platforms.items()}, self.asics)
        used = {name: (row.cage,) for name, row in self.platforms.items() if row.cage}
        self.refer("platforms", used, self.cages)
        for name, row in self.platforms.items():
            kinds = [group.form_factor for group in row.groups if group.form_factor]
            self.refer("platforms", {name: kinds}, self.cages)
        self.refer("hosts", {name: tuple(row.nics) for name, row in self.hosts.items()}, self.nics)
        self.refer("nics", {name: row.cages for name, row in self.nics.items()}, self.cages)
        self.refer("asics", {name: row.cages for name, row in self.asics.items()}, self.cages)
        for name, pmd in self.pmds.items():
            for key, held in (("media_ids", pmd.media_ids), ("host_ids", pmd.host_ids)):
                for code in held:
                    other = ids.setdefault((key, pmd.media_type, code), name)
                    if other != name:
                        raise self.places["pmd", name].fault(f"{other} has the code {code:#04x} already", key)
        self.refer("pmd", {name: row.connectors for name, row in self.pmds.items()}, self.connectors)

    def refer(self, table: str, wanted: Mapping[str, Iterable[str]], there: Iterable[str]) -> None:
        there = set(there)
        for row, names in wanted.items():
            for name in names:
                if name not in there:
                    raise self.places[table, row].fault(f"no row {name!r} in the tables")


# --- rows ----------------------------------------------------------------------------------------------------------


def pmd(row: Row) -> Pmd:
    clause = row.clause
    standing = row.standing_of("clause_standing")
    row.clause = clause
    fiber = row.one_of("fiber", *FIBERS)
    gbd = None
    if row.has("gbd"):
        symbol_rate = row.table("gbd")
        gbd = symbol_rate.positive("value")
        symbol_rate.parse_standing(symbol_rate.value("standing"), "standing")
        symbol_rate.done()
    watts, watts_standing = typical(row)
    return Pmd(
        name=row.name,
        clause=clause,
        standing=standing,
        rate_gbps=row.positive("rate_gbps"),
        media_lanes=row.count("media_lanes"),
        modulation=row.one_of("modulation", "NRZ", "PAM4", "DP-16QAM"),
        gbd=gbd,
        fiber=fiber,
        fibers_per_direction=row.count("fibers_per_direction"),
        connectors=row.texts("connectors"),
        wavelengths=wavelengths(row),
        fec=row.text("fec"),
        inner_fec=row.text_or("inner_fec", ""),
        host_interfaces=row.texts("host_interfaces"),
        media_ids=row.integers_or("media_ids"),
        host_ids=row.integers_or("host_ids"),
        links=row.count("links") if row.has("links") else 1,
        per_link=row.text_or("per_link", row.name),
        reach=by_fiber(row, "reach", Unit.METRE, FIBERS[fiber]),
        insertion_loss=by_fiber(row, "insertion_loss", Unit.DB, FIBERS[fiber]),
        typical_watts=watts,
        watts_standing=watts_standing,
        limits=quantities(row),
    )


def quantities(row: Row) -> Mapping[str, Range]:
    """The limits of a row, each in the unit that its quantity is read in."""
    found = {}
    for key in row.rest():
        if key not in QUANTITIES:
            raise row.fault(f"unknown key, expected one of {', '.join(sorted({*row.asked, *QUANTITIES}))}", key)
        found[key] = limit_in(row, key, QUANTITIES[key])
    return found


def limit_in(row: Row, key: str, unit: Unit, *, quantity: str = "", of: str = "") -> Range:
    found = row.limit(key, row=of, quantity=quantity)
    if found.unit is not unit:
        raise row.fault(f"expected the unit {unit.value!r}, found {found.unit.value!r}", key, "unit")
    return found


def by_fiber(row: Row, key: str, unit: Unit, types: Sequence[str]) -> Mapping[str, Range]:
    if not row.has(key):
        return {}
    table = row.table(key)
    found = {}
    for name in table.tree:
        if name not in types:
            raise table.fault(f"expected one of {', '.join(types)}", name)
        found[name] = limit_in(table, name, unit, quantity=key, of=row.name)
    return found


def wavelengths(row: Row) -> tuple[Range, ...]:
    if not row.has("wavelengths"):
        return ()
    table = row.table("wavelengths")
    bands = table.value("bands")
    if not isinstance(bands, list) or not all(isinstance(band, list) and len(band) == 2 for band in bands):
        raise table.fault(f"expected pairs of numbers, found {bands!r}", "bands")
    if table.text("unit") != Unit.NM:
        raise table.fault("expected the unit 'nm'", "unit")
    standing = table.parse_standing(table.value("standing"), "standing")
    clause = row.clause
    if who := row.vouching(row.name, "wavelengths", standing):
        standing, clause = Standing.BUYER, f"{clause}; {who}"
    table.done()
    pairs = [(table.decimal(low, "bands"), table.decimal(high, "bands")) for low, high in bands]
    for low, high in pairs:
        if low > high:
            raise table.fault(f"min {low} is above max {high}", "bands")
    if any(later[0] <= earlier[1] for earlier, later in pairwise(pairs)):
        raise table.fault("expected bands in order, apart from each other", "bands")
    return tuple(Range(min=low, max=high, unit=Unit.NM, clause=clause, standing=standing) for low, high in pairs)


def typical(row: Row) -> tuple[Mapping[str, Decimal], Standing]:
    if not row.has("typical_watts"):
        return {}, Standing.RECALLED
    table = row.table("typical_watts")
    standing = table.parse_standing(table.value("standing"), "standing")
    return {name: table.positive(name) for name in table.rest()}, standing


def cable(row: Row) -> Cable:
    clause = row.clause
    standing = row.standing_of()
    row.clause = clause
    table = row.table("reach")
    reach = {}
    for name in table.tree:
        if not name.isdigit():
            raise table.fault("expected a lane rate in Gb/s, such as 100", name)
        reach[Decimal(name)] = limit_in(table, name, Unit.METRE, quantity="reach", of=row.name)
    return Cable(row.name, row.clause, standing, quantities(row), reach)


def fec_code(row: Row) -> FecCode:
    standing = row.standing_of()
    return FecCode(
        name=row.name,
        clause=row.clause,
        standing=standing,
        n=row.integer("n"),
        k=row.integer("k"),
        t=row.integer("t"),
        symbol_bits=row.integer("symbol_bits"),
        bins=row.integer("bins"),
        pre_fec_ber=limit_in(row, "pre_fec_ber", Unit.NONE) if row.has("pre_fec_ber") else None,
    )


def lane_rates(row: Row, standing: Standing) -> Choice[LaneRate]:
    """What a SerDes drives, written as "26.5625 PAM4"."""
    found = set()
    for text in row.texts("lane_rates"):
        gbd, _, modulation = text.partition(" ")
        if modulation not in ("NRZ", "PAM4") or not gbd.replace(".", "", 1).isdigit():
            raise row.fault(f"expected such as '26.5625 PAM4', found {text!r}", "lane_rates")
        found.add(LaneRate(Decimal(gbd), modulation))
    return Choice(frozenset(found), row.clause, standing)


def asic(row: Row) -> Asic:
    standing = row.standing_of()
    return Asic(
        name=row.name,
        clause=row.clause,
        standing=standing,
        vendor=row.text("vendor"),
        part=row.text("part"),
        serdes_gbps=row.positive("serdes_gbps"),
        serdes_lanes=row.integer_or("serdes_lanes", 0),
        lane_rates=lane_rates(row, standing),
        modes=row.texts("modes"),
        cages=row.texts("cages"),
        fec=row.texts("fec"),
        linear=row.one_of("linear", "yes", "no", "some", "unknown"),
        cell_bytes=row.integer_or("cell_bytes", 0),
        note=row.text_or("note", ""),
        tbps=row.positive("tbps") if row.has("tbps") else None,
        modulation=row.one_of("modulation", "NRZ", "PAM4") if row.has("modulation") else "PAM4",
        max_ports=row.texts_or("max_ports"),
        linear_note=row.text_or("linear_note", ""),
        buffer=memory(row, "buffer"),
        memory=memory(row, "memory"),
        platforms=row.texts_or("platforms"),
    )


def memory(row: Row, key: str) -> Memory | None:
    if not row.has(key):
        return None
    table = row.table(key)
    found = Memory(table.count("bytes"), table.parse_standing(table.value("standing"), "standing"))
    table.done()
    return found


def maker(row: Row) -> Maker:
    return Maker(
        name=row.name,
        clause=row.clause,
        standing=row.standing_of(),
        names=row.texts("names"),
        ouis=frozenset(row.texts("ouis")),
        part_numbers=row.texts_or("part_numbers"),
    )


def nic(row: Row) -> Nic:
    standing = row.standing_of()
    return Nic(
        name=row.name,
        clause=row.clause,
        standing=standing,
        vendor=row.text("vendor"),
        max_gbps=row.positive("max_gbps"),
        modes=row.texts("modes"),
        serdes_gbps=row.positive("serdes_gbps"),
        lane_rates=lane_rates(row, standing),
        cages=row.texts("cages"),
        fec=row.texts("fec"),
        protocols=row.texts("protocols"),
        note=row.text_or("note", ""),
        pcie=row.text_or("pcie", ""),
        ports=row.integer_or("ports", 0),
    )


def host(row: Row) -> HostSystem:
    standing = row.standing_of()
    nics = row.table("nics")
    return HostSystem(
        row.name, row.clause, standing, row.texts_or("also"), row.count("gpus"),
        {name: nics.count(name) for name in nics.tree}, row.positive("nic_gbps"), row.positive("max_watts"),
        row.text_or("note", ""),
    )  # fmt: skip


def platform(row: Row) -> Platform:
    standing = row.standing_of()
    modes = row.texts("modes")
    listed = row.parse_standing(row.value("modes_standing"), "modes_standing")
    offers = spelled(row)
    supply_watts, supply_standing = rated(row, "supply_watts")
    return Platform(
        name=row.name,
        clause=row.clause,
        standing=standing,
        asic=row.text("asic"),
        cage=row.text_or("cage", ""),
        cage_standing=row.parse_standing(row.value("cage_standing"), "cage_standing")
        if row.has("cage")
        else Standing.RECALLED,
        hwskus=row.texts("hwskus"),
        modes=modes,
        offers=Choice(offers, f"{row.clause}, platform.json, all ports together", listed),
        tree=row.text_or("tree", ""),
        driver=row.text_or("driver", ""),
        ports=row.integer_or("ports", 0),
        chips=row.texts_or("chips"),
        groups=apart(row),
        supplies=row.integer_or("supplies", 0),
        supply_watts=supply_watts,
        supply_standing=supply_standing,
        airflow=row.text_or("airflow", ""),
    )


def spelled(row: Row) -> frozenset[str]:
    """The modes of a row, alternative speeds apart."""
    try:
        return frozenset(mode for text in row.texts_or("modes") for mode in spelled_out(text))
    except ValueError as error:
        raise row.fault(str(error), "modes") from None


def rated(row: Row, key: str) -> tuple[Decimal | None, Standing]:
    """Watts that some source gave, and how far they are known."""
    if not row.has(key):
        return None, Standing.RECALLED
    table = row.table(key)
    found = table.positive("value"), table.parse_standing(table.value("standing"), "standing")
    table.done()
    return found


def apart(row: Row) -> tuple[CageGroup, ...]:
    """The cages of a platform that a source tells apart; no cage is in two groups."""
    groups: list[CageGroup] = []
    for table in row.tables("cages"):
        group = cage_group(table.cited(), row.name)
        table.done()
        for other in groups:
            for cage in sorted(group.cages & other.cages):
                raise table.fault(f"cage {cage} is in two groups", "cages")
        groups.append(group)
    return tuple(groups)


def cage_group(row: Row, platform: str) -> CageGroup:
    standing = row.parse_standing(row.value("standing"), "standing")
    if who := row.vouching(platform, "", standing):  # a group has no name of its own to be vouched for by
        standing, row.clause = Standing.BUYER, f"{row.clause}; {who}"
    try:
        cages = frozenset(numbers(row.text("cages")))
    except RangeError as error:
        raise row.fault(str(error), "cages") from None
    watts, watts_standing = rated(row, "watts")
    form = row.has("form_factor")
    return CageGroup(
        cages=cages,
        clause=row.clause,
        standing=standing,
        lanes=row.count("lanes"),
        lane_gbps=row.positive("lane_gbps"),
        offers=Choice(spelled(row), row.clause, standing),
        form_factor=row.text_or("form_factor", ""),
        form_standing=row.parse_standing(row.value("form_standing"), "form_standing") if form else Standing.RECALLED,
        watts=watts,
        watts_standing=watts_standing,
    )


def cage(row: Row) -> CageRow:
    standing = row.standing_of()
    table = row.table("adapters") if row.has("adapters") else None
    adapters = {name: table.text(name) for name in table.tree} if table else {}
    return CageRow(
        row.name, row.clause, standing, frozenset(row.texts("accepts")), row.count("lanes"), adapters,
        row.text_or("advice", ""),
    )  # fmt: skip


def power_class(row: Row) -> tuple[Range, ...]:
    """Bounds of class 1, 2, ... of a form factor."""
    standing = row.standing_of()
    most = row.numbers("watts")
    if any(later <= earlier for earlier, later in pairwise(most)):
        raise row.fault("expected rising watts", "watts")
    limits = [Range(max=watts, unit=Unit.WATT, standing=standing) for watts in most]
    if row.flag("open_class"):
        limits.append(Range(min=most[-1], unit=Unit.WATT, standing=standing, strict=True))
    return tuple(replace(limit, clause=f"{row.clause}, class {number}") for number, limit in enumerate(limits, 1))


def family(row: Row) -> Family:
    standing = row.standing_of()
    table = row.table("members")
    members = {name: frozenset(table.numbers(name)) for name in table.tree}
    return Family(row.name, row.clause, standing, row.positive("lane_gbps"), members, row.text_or("note", ""))


def bridge(row: Row) -> Bridge:
    standing = row.standing_of()
    return Bridge(row.name, row.clause, standing, frozenset(row.texts("families")), row.text("note"))


def connector(row: Row) -> Connector:
    standing = row.standing_of()
    return Connector(
        row.name, row.clause, standing, frozenset(row.texts("trunks")), frozenset(row.integers_or("codes"))
    )


def polish(row: Row) -> Polish:
    standing = row.standing_of()
    return Polish(
        row.name, row.clause, standing, frozenset(row.texts("connectors")), row.one_of("fiber", "MMF", "SMF"),
        frozenset(row.numbers("lane_gbps")) if row.has("lane_gbps") else frozenset(), frozenset(row.texts("polish")),
    )  # fmt: skip


def pause(row: Row) -> PauseBudget:
    standing = row.standing_of()
    return PauseBudget(row.name, row.clause, standing, row.positive("speed_gbps"), row.integer("quanta"))


def headroom(row: Row) -> Headroom:
    standing = row.standing_of()
    table = row.table("xoff_bytes")
    sizes = {Decimal(name): table.positive(name) for name in table.tree}
    return Headroom(row.name, row.clause, standing, row.texts("platforms"), row.positive("speed_gbps"), sizes)
