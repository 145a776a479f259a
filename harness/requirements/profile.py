"""What a buyer asks for beyond the standards: a profile, read from ``lab_configs/profiles/*.toml``.

Its numbers are limits that judge by themselves.  A limit that names no standing is the buyer's own; ``"not asked"`` in
place of one says that nothing is asked for, and such a limit judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

from ..errors import NoLimit
from ..lab.inventory import ModulePlan
from ..limit import NOT_ASKED, Choice, Range
from ..units import Unit, plain
from ..verdict import Standing
from .inherit import Chain
from .reader import Row, dotted
from .rows import QUANTITIES, Pmd


@dataclass(frozen=True, slots=True)
class Vouch:
    """Somebody who has held limits of a weak standing against their document."""

    standing: Standing  # what it lifts: recalled, draft or advisory
    table: str
    row: str  # a pattern: "400GBASE-VR4", "*"
    quantity: str  # a pattern
    who: str
    document: str
    date: date
    place: tuple[str, int] = ("", 0)  # file and line that it stands on

    def covers(self, table: str, row: str, quantity: str, standing: Standing) -> bool:
        return (
            self.standing is standing
            and self.table == table
            and fnmatchcase(row, self.row)
            and fnmatchcase(quantity, self.quantity)
        )

    def __str__(self) -> str:
        return f"vouched for by {self.who} with {self.document}, {self.date.isoformat()}"


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of the buyer's on a quantity of optics, and on which."""

    quantity: str
    pmds: tuple[str, ...]  # patterns
    lane_gbps: frozenset[Decimal]  # empty for all
    range: Range
    profile: str = ""  # who asks for it

    def governs(self, pmd: Pmd) -> bool:
        return any(fnmatchcase(pmd.name, pattern) for pattern in self.pmds) and (
            not self.lane_gbps or pmd.lane_gbps in self.lane_gbps
        )

    def covers(self, name: str) -> bool:
        """Whether it governs what is no PMD of the tables: a kind of cable."""
        return not self.lane_gbps and any(fnmatchcase(name, pattern) for pattern in self.pmds)


@dataclass(frozen=True, slots=True)
class Approved:
    """A module that somebody has proved on a platform."""

    platform: str  # a pattern
    vendor: str
    number: str  # vendor part number, a pattern
    firmware: frozenset[str]  # versions; empty for any
    nos: str  # first good release, "202311"; empty where none is known
    linear: bool  # proved as a linear module, both ends
    evidence: str
    owner: str
    expires: date

    def covers(self, platform: str, vendor: str, number: str) -> bool:
        return (
            fnmatchcase(platform, self.platform)
            and vendor.strip().casefold() == self.vendor.casefold()
            and fnmatchcase(number.strip(), self.number)
        )


@dataclass(frozen=True, slots=True)
class Cmis:
    """Management interface."""

    revisions: Mapping[Decimal, Range]  # by the lowest rate they hold for
    telemetry: frozenset[str]  # "temperature", "vcc", "tx_power", "rx_power", "tx_bias"
    vdm: frozenset[str]  # observables: "pre_fec_ber", "snr_media"
    vdm_from_gbps: Decimal
    recoding: Range  # signs of a re-coded module
    timed_start: bool  # a board has to have timed the start of every module
    clause: str
    standing: Standing

    def min_revision(self, rate_gbps: Decimal) -> Range:
        """The lowest revision for a module of this rate.  NoLimit below the lowest rate that the profile names."""
        held = [rate for rate in self.revisions if rate <= rate_gbps]
        if not held:
            raise NoLimit(f"no lowest CMIS revision at {plain(rate_gbps)} Gb/s: {self.clause}")
        return self.revisions[max(held)]

    def telemetry_at(self, rate_gbps: Decimal) -> frozenset[str]:
        """The monitors, and from ``vdm_from_gbps`` the observables, that a module of this rate has to have."""
        return self.telemetry | (self.vdm if rate_gbps >= self.vdm_from_gbps else frozenset())


@dataclass(frozen=True, slots=True)
class Dom:
    """Monitors of a module."""

    class_temperature: Range  # highest case temperature of the class, the margin taken off
    temperature_margin: Decimal  # K below the module's own high warning
    monitor_accuracy: Decimal  # dB, of optical power
    guard: Decimal  # dB inside a limit on power that is marginal
    spread_tx: Range  # dB between the lanes of a module
    spread_rx: Range
    rx_margin: Range  # dB above the PMD's lowest receive power
    dark: Range  # dBm that a lane of an up port has to be above
    age: Range  # s since the NOS read the monitor
    snr_media: Range
    snr_host: Range
    ltp: Range  # dB, level transition parameter
    laser_age: Range  # %, 100 at the end of life
    drift_temperature: Range  # K over a soak
    drift_power: Range  # dB over a soak
    drift_bias: Range  # % over a soak


@dataclass(frozen=True, slots=True)
class Fec:
    """Error budget."""

    window: Range  # s that counters have to be watched
    uncorrectable: Range  # codewords in the window
    pre_fec_ber: Range  # an operator's gate; the PMD's own is in the tables
    pre_fec_ber_advisory: Range
    pre_fec_ber_soak: Range
    bin: Range  # worst histogram bin, of a code that corrects 15 symbols
    bin_soak: Range
    tail: Range  # predicted ratio of lost codewords
    lane_spread: Range  # worst lane over the median
    source_spread: Range  # one source of BER over another
    confidence: Decimal  # 0.95
    ber_to_show: Decimal  # the BER that the window has to be long enough to show
    baseline: Range  # BER over that of an earlier run of the same pair of modules


@dataclass(frozen=True, slots=True)
class Optics:
    """Laboratory measurements."""

    acceptance: str  # "simple" | "guarded": bounds are drawn in by the uncertainty
    guard: Decimal  # dB inside a limit that is marginal
    calibration: Range  # weeks since the instrument was calibrated
    pattern: Choice[str]
    uncertainty: Range  # dB that a measurement may state
    sample: Range  # units measured of each part
    temperatures: tuple[Decimal, ...]  # °C at which each has to be measured
    temperature_within: Decimal  # K by which a measurement may miss one of them
    yields: Range  # share of units inside the limits, its lower bound at the confidence of the FEC section
    in_situ: Range  # decades between the BER that the lab's numbers let expect and the one that is seen


@dataclass(frozen=True, slots=True)
class Roce:
    """Lossless Ethernet."""

    asked: bool  # the buyer wants lossless Ethernet; else none of the numbers below is asked for
    clause: str
    standing: Standing
    priority: int  # of RoCE data
    lossless: frozenset[int]  # priorities
    dscp: int  # of RoCE data
    cnp_dscp: int
    cnp_priority: int
    dscp_to_tc: Mapping[int, int]
    tc_to_pg: Mapping[int, int]
    tc_to_queue: Mapping[int, int]
    trust: Choice[str]
    ecn_min: Range  # bytes: Kmin
    ecn_max: Range  # bytes: Kmax
    mark_probability: Range  # %: Pmax
    mtu_switch: Range  # bytes
    mtu_host: Range
    watchdog_detect: Range  # ms
    watchdog_restore: Range
    watchdog_action: Choice[str]
    drops: Range  # packets lost in lossless queues, in the window
    storms: Range
    pause_rate: Range  # frames a second
    headroom_margin: Decimal  # % on top of a computed headroom
    rdma_version: Choice[str]  # of RoCE: "v2"
    dcqcn: bool  # NICs notify of congestion and react to it
    receive_buffer: Range  # bytes that a NIC keeps for the lossless priorities
    load_balancing: Choice[str]  # kinds that a switch may have on: "dlb", "adaptive routing", "spraying", "scheduled"
    reordering: bool  # hosts have to take packets out of order

    @property
    def no_drop(self) -> Choice[frozenset[int]]:
        """The lossless priorities as a limit: these and no others."""
        clause = f"{self.clause}, lossless_priorities" if self.asked else self.clause
        return Choice(frozenset({self.lossless}), clause, self.standing, asked=self.asked)


@dataclass(frozen=True, slots=True)
class Link:
    flaps: Range
    skew: Range  # s between samples of two ends, before they count as one state


@dataclass(frozen=True, slots=True)
class Fiber:
    loss_margin: Range  # dB left of the channel's budget
    seen_against_measured: Range  # dB between the loss that monitors show and the one that was measured
    end_face: bool  # inspection is asked for


@dataclass(frozen=True, slots=True)
class Power:
    supplies_lost: int
    derate: Decimal  # share of a rack's budget that may be used
    overhead: Decimal  # cooling factor applied where the lab names none
    cage_margin: Range  # W left of what a cage gives
    hot_cage: Range  # °C of a module over the median of its device
    plateau: Range  # K an hour that a module may still be warming at the end of a soak
    watts: Mapping[Decimal, Range]  # that a module may draw, by its rate in Gb/s
    unasked: Range  # what holds at every other rate

    def module_watts(self, rate_gbps: Decimal) -> Range:
        """What a module of this very rate may draw, in W; a limit that is not asked for where the profile has none."""
        return self.watts.get(rate_gbps, self.unasked)


@dataclass(frozen=True, slots=True)
class Procure:
    warranty: Range
    mtbf: Range
    mtbf_methods: Choice[str]
    mtbf_temperature: Range  # °C at which an MTBF has to be stated, at least
    lead_time: Range
    spares: Range  # % of the bill of materials
    spares_confidence: Decimal
    documents: frozenset[str]
    second_source: bool


@dataclass(frozen=True, slots=True)
class Soak:
    asked: bool  # a soak has to have been run
    duration: Range  # h
    gap: Range  # s between samples at most
    samples: Range
    significance: Decimal  # of a trend: 0.01
    time_to_limit: Range  # h until a significant trend reaches the limit of the bit error ratio


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a buyer asks for."""

    name: str
    title: str
    by: str  # who wrote it; empty where it does not say
    file: str
    names: tuple[str, ...]  # its own name, then whom it inherits from
    files: tuple[str, ...]  # likewise
    tables: tuple[str, ...]  # third-party tables, by the names of their entry points
    bounds: tuple[Bound, ...]
    vouches: tuple[Vouch, ...]
    approved: tuple[Approved, ...]
    cmis: Cmis
    dom: Dom
    fec: Fec
    optics: Optics
    roce: Roce
    link: Link
    fiber: Fiber
    power: Power
    procure: Procure
    soak: Soak

    def approved_firmware(self, platform: str | None, plan: ModulePlan) -> frozenset[str]:
        """The firmware versions that the lab expects of a module or that somebody proved on a platform."""
        found = {plan.firmware} if plan.firmware else set()
        for one in self.approved:
            if one.covers(platform or "", plan.vendor or "", plan.number or ""):
                found |= one.firmware
        return frozenset(found)


def build(document: Chain) -> Profile:
    """A profile from its files.  LabError with the line where a key is missing, unknown or of the wrong kind."""
    root = Row(document, (), document.tree, standing=Standing.BUYER)
    name = root.text("name")
    root.text_or("inherits", "")
    profile = Profile(
        name=name,
        title=root.text("title"),
        by=root.text_or("by", ""),
        file=document.file,
        names=document.names,
        files=tuple(each.file for each in document.documents),
        tables=root.texts_or("tables"),
        bounds=tuple(bound(row, document.profile(row.path)) for row in root.tables("limit")),
        vouches=tuple(vouch(row) for row in root.tables("vouch")),
        approved=tuple(approved(row) for row in root.tables("approved")),
        cmis=cmis(root.table("cmis")),
        dom=dom(root.table("dom")),
        fec=fec(root.table("fec")),
        optics=optics(root.table("optics")),
        roce=roce(root.table("roce")),
        link=link(root.table("link")),
        fiber=fiber(root.table("fiber")),
        power=power(root.table("power")),
        procure=procure(root.table("procure")),
        soak=soak(root.table("soak")),
    )
    root.done()
    return profile


def held(row: Row, key: str, unit: Unit, bound: str = "") -> Range:
    """A limit of a section, in the unit of its quantity, and with the bound without which it says nothing."""
    if row.tree.get(key) == NOT_ASKED:
        return Range(unit=unit, clause=line(row, key), standing=Standing.BUYER, asked=False)
    return always(row, key, unit, bound)


def always(row: Row, key: str, unit: Unit, bound: str = "") -> Range:
    """A limit that every profile has to set, since it says what others mean: what is dark, what is one state."""
    if row.tree.get(key) == NOT_ASKED:
        raise row.fault(f"expected a limit: it cannot be {NOT_ASKED!r}", key)
    found = row.limit(key)
    if (bound == "min" and found.min is None) or (bound == "max" and found.max is None):
        raise row.fault(f"expected {bound}", key)
    if found.unit is not unit:
        raise row.fault(f"expected the unit {unit.value!r}, found {found.unit.value!r}", key, "unit")
    return found


def line(row: Row, key: str) -> str:
    """The line of a profile on which a key says that nothing is asked for."""
    row.value(key)
    path = (*row.path, key)
    return f"{row.said_by(key)}, line {row.document.place(path)[1]}, {dotted(path)}"


def words(row: Row, key: str) -> Choice[str]:
    """A list of allowed words as a limit."""
    if row.tree.get(key) == NOT_ASKED:
        return Choice(frozenset(), line(row, key), Standing.BUYER, asked=False)
    return Choice(frozenset(row.texts(key)), f"{row.said_by(key)}, {key}", Standing.BUYER)


def share(row: Row, key: str) -> Decimal:
    """A number above 0 and not above 1."""
    value = row.positive(key)
    if value > 1:
        raise row.fault(f"expected a number from 0 to 1, found {plain(value)}", key)
    return value


def bound(row: Row, profile: str) -> Bound:
    quantity = row.text("quantity")
    if quantity not in QUANTITIES:
        raise row.fault(f"expected one of {', '.join(sorted(QUANTITIES))}, found {quantity!r}", "quantity")
    pmds = row.texts("pmd") if row.has("pmd") else ("*",)
    lanes = frozenset(row.numbers("lane_gbps")) if row.has("lane_gbps") else frozenset()
    found = Bound(quantity, pmds, lanes, row.cited().range(), profile)
    if row.has("vouch"):
        vouched = row.table("vouch")
        who = f"vouched for by {vouched.text('who')} with {vouched.text('document')}"
        vouched.done()
        lifted = replace(found.range, clause=f"{found.range.clause}; {who}", standing=Standing.BUYER)
        found = replace(found, range=lifted)
    if found.range.unit is not QUANTITIES[quantity]:
        raise row.fault(f"expected the unit {QUANTITIES[quantity].value!r}, found {found.range.unit.value!r}", "unit")
    row.done()
    return found


def vouch(row: Row) -> Vouch:
    standing = row.parse_standing(row.value("standing"), "standing")
    if standing not in (Standing.RECALLED, Standing.DRAFT, Standing.ADVISORY):
        raise row.fault(f"a limit of standing {standing} needs nobody to vouch for it", "standing")
    found = Vouch(
        standing, row.text_or("table", "pmd"), row.text("row"), row.text_or("quantity", "*"),
        row.text("who"), row.text("document"), row.day("date"), row.document.place(row.path),
    )  # fmt: skip
    row.done()
    return found


def approved(row: Row) -> Approved:
    found = Approved(
        platform=row.text("platform"),
        vendor=row.text("vendor"),
        number=row.text("number"),
        firmware=frozenset(row.texts_or("firmware")),
        nos=row.text_or("nos", ""),
        linear=row.flag("linear") if row.has("linear") else False,
        evidence=row.text("evidence"),
        owner=row.text("owner"),
        expires=row.day("expires"),
    )
    row.done()
    return found


def cmis(row: Row) -> Cmis:
    revisions: dict[Decimal, Range] = {}
    lowest = row.table("min_revision")
    for rate in lowest.tree:
        if not re.fullmatch(r"\d+", rate):
            raise lowest.fault("expected a rate in Gb/s, such as 800", rate)
        text = lowest.text(rate)
        if not re.fullmatch(r"\d+\.\d", text):
            raise lowest.fault(f"expected a revision such as '5.0', found {text!r}", rate)
        revisions[Decimal(rate)] = Range(
            min=Decimal(text),
            clause=f"{row.said_by('min_revision')}, lowest CMIS revision from {rate} Gb/s",
            standing=Standing.BUYER,
        )
    found = Cmis(
        revisions, frozenset(row.texts("telemetry")), frozenset(row.texts("vdm")), row.positive("vdm_from_gbps"),
        held(row, "recoding", Unit.COUNT, "max"), row.flag("timed_start"),
        f"{row.said_by('telemetry')}, telemetry", Standing.BUYER,
    )  # fmt: skip
    row.done()
    return found


def dom(row: Row) -> Dom:
    margin = row.number("temperature_margin_kelvin")
    case = held(row, "class_temperature", Unit.CELSIUS, "max")
    if case.max is not None:
        clause = f"{case.clause}, class {plain(case.max)} °C less {plain(margin)} K"
        case = replace(case, max=case.max - margin, clause=clause)
    found = Dom(
        class_temperature=case,
        temperature_margin=margin,
        monitor_accuracy=row.number("monitor_accuracy_db"),
        guard=row.number("guard_db"),
        spread_tx=held(row, "spread_tx", Unit.DB, "max"),
        spread_rx=held(row, "spread_rx", Unit.DB, "max"),
        rx_margin=held(row, "rx_margin", Unit.DB, "min"),
        dark=replace(always(row, "dark", Unit.DBM, "min"), strict=True),
        age=held(row, "age", Unit.SECONDS, "max"),
        snr_media=held(row, "snr_media", Unit.DB, "min"),
        snr_host=held(row, "snr_host", Unit.DB, "min"),
        ltp=held(row, "ltp", Unit.DB, "min"),
        laser_age=held(row, "laser_age", Unit.PERCENT, "max"),
        drift_temperature=held(row, "drift_temperature", Unit.CELSIUS, "max"),
        drift_power=held(row, "drift_power", Unit.DB, "max"),
        drift_bias=held(row, "drift_bias", Unit.PERCENT, "max"),
    )
    row.done()
    return found


def fec(row: Row) -> Fec:
    found = Fec(
        window=held(row, "window", Unit.SECONDS, "min"),
        uncorrectable=held(row, "uncorrectable", Unit.COUNT, "max"),
        pre_fec_ber=held(row, "pre_fec_ber", Unit.NONE, "max"),
        pre_fec_ber_advisory=held(row, "pre_fec_ber_advisory", Unit.NONE, "max"),
        pre_fec_ber_soak=held(row, "pre_fec_ber_soak", Unit.NONE, "max"),
        bin=held(row, "bin", Unit.COUNT, "max"),
        bin_soak=held(row, "bin_soak", Unit.COUNT, "max"),
        tail=held(row, "tail", Unit.NONE, "max"),
        lane_spread=held(row, "lane_spread", Unit.NONE, "max"),
        source_spread=held(row, "source_spread", Unit.NONE, "max"),
        confidence=share(row, "confidence"),
        ber_to_show=share(row, "ber_to_show"),
        baseline=held(row, "baseline", Unit.NONE, "max"),
    )
    row.done()
    return found


def optics(row: Row) -> Optics:
    found = Optics(
        acceptance=row.one_of("acceptance", "simple", "guarded"),
        guard=row.number("guard_db"),
        calibration=held(row, "calibration", Unit.WEEKS, "max"),
        pattern=words(row, "patterns"),
        uncertainty=held(row, "uncertainty", Unit.DB, "max"),
        sample=held(row, "sample", Unit.COUNT, "min"),
        temperatures=row.numbers("temperatures_celsius"),
        temperature_within=row.positive("temperature_within_kelvin"),
        yields=held(row, "yield", Unit.NONE, "min"),
        in_situ=held(row, "in_situ", Unit.NONE, "max"),
    )
    row.done()
    return found


def roce(row: Row) -> Roce:
    asked = row.tree.get("lossless_priorities") != NOT_ASKED
    lossless = frozenset(codes(row, "lossless_priorities", 7) if asked else ())
    priority, cnp = row.integer("priority"), row.integer("cnp_priority")
    if asked and priority not in lossless:
        raise row.fault(f"priority {priority} carries RoCE and is not among the lossless ones", "priority")
    if cnp in lossless:
        raise row.fault(f"priority {cnp} carries CNPs and is paused", "cnp_priority")
    found = Roce(
        asked=asked,
        clause=row.said_by("lossless_priorities") if asked else line(row, "lossless_priorities"),
        standing=Standing.BUYER,
        priority=priority,
        lossless=lossless,
        dscp=row.integer("dscp"),
        cnp_dscp=row.integer("cnp_dscp"),
        cnp_priority=cnp,
        dscp_to_tc={},
        tc_to_pg=mapping(row, "tc_to_pg", 7),
        tc_to_queue=mapping(row, "tc_to_queue", 7),
        trust=words(row, "trust"),
        ecn_min=held(row, "ecn_min", Unit.BYTES),
        ecn_max=held(row, "ecn_max", Unit.BYTES),
        mark_probability=held(row, "mark_probability", Unit.PERCENT),
        mtu_switch=held(row, "mtu_switch", Unit.BYTES, "min"),
        mtu_host=held(row, "mtu_host", Unit.BYTES, "min"),
        watchdog_detect=held(row, "watchdog_detect", Unit.MS),
        watchdog_restore=held(row, "watchdog_restore", Unit.MS),
        watchdog_action=words(row, "watchdog_action"),
        drops=held(row, "drops", Unit.COUNT, "max"),
        storms=held(row, "storms", Unit.COUNT, "max"),
        pause_rate=held(row, "pause_rate", Unit.COUNT, "max"),
        headroom_margin=row.number("headroom_margin_percent"),
        rdma_version=words(row, "rdma_versions"),
        dcqcn=row.flag("dcqcn"),
        receive_buffer=held(row, "receive_buffer", Unit.BYTES, "min"),
        load_balancing=words(row, "load_balancing"),
        reordering=row.flag("reordering"),
    )
    row.done()
    for key, value in (("dscp", found.dscp), ("cnp_dscp", found.cnp_dscp)):
        if not 0 <= value <= 63:
            raise row.fault(f"expected a DSCP from 0 to 63, found {value}", key)
    if not asked:
        return replace(found, tc_to_pg={}, tc_to_queue={})
    return replace(found, dscp_to_tc={found.dscp: priority, found.cnp_dscp: cnp})


def codes(row: Row, key: str, highest: int) -> tuple[int, ...]:
    """A list of whole numbers from 0 to ``highest``."""
    found = row.integers(key)
    for code in found:
        if not 0 <= code <= highest:
            raise row.fault(f"expected numbers from 0 to {highest}, found {code}", key)
    return found


def mapping(row: Row, key: str, highest: int) -> Mapping[int, int]:
    """A table from whole numbers to whole numbers, both from 0 to ``highest``."""
    table = row.table(key)
    found: dict[int, int] = {}
    for name in table.tree:
        value = table.integer(name)
        if not name.isdigit() or int(name) > highest or not 0 <= value <= highest:
            raise table.fault(f"expected numbers from 0 to {highest}, found {name} = {value}", name)
        found[int(name)] = value
    return found


def link(row: Row) -> Link:
    found = Link(held(row, "flaps", Unit.COUNT, "max"), always(row, "skew", Unit.SECONDS, "max"))
    row.done()
    return found


def fiber(row: Row) -> Fiber:
    found = Fiber(
        held(row, "loss_margin", Unit.DB, "min"),
        held(row, "seen_against_measured", Unit.DB, "max"),
        row.flag("end_face_inspection"),
    )
    row.done()
    return found


def power(row: Row) -> Power:
    table = row.table("module_watts")
    watts: dict[Decimal, Range] = {}
    for rate in table.tree:
        if not rate.isdigit():
            raise table.fault("expected a rate in Gb/s, such as 800", rate)
        watts[Decimal(rate)] = held(table, rate, Unit.WATT, "max")
    found = Power(
        supplies_lost=row.integer("supplies_lost"),
        derate=share(row, "derate"),
        overhead=row.positive("overhead"),
        cage_margin=held(row, "cage_margin", Unit.WATT, "min"),
        hot_cage=held(row, "hot_cage", Unit.CELSIUS, "max"),
        plateau=held(row, "plateau", Unit.CELSIUS, "max"),
        watts=watts,
        unasked=Range(unit=Unit.WATT, clause=line(row, "module_watts"), standing=Standing.BUYER, asked=False),
    )
    row.done()
    return found


def procure(row: Row) -> Procure:
    found = Procure(
        warranty=held(row, "warranty", Unit.YEARS, "min"),
        mtbf=held(row, "mtbf", Unit.HOURS, "min"),
        mtbf_methods=words(row, "mtbf_methods"),
        mtbf_temperature=held(row, "mtbf_temperature", Unit.CELSIUS, "min"),
        lead_time=held(row, "lead_time", Unit.WEEKS, "max"),
        spares=held(row, "spares", Unit.PERCENT, "min"),
        spares_confidence=share(row, "spares_confidence"),
        documents=frozenset(row.texts("documents")),
        second_source=row.flag("second_source"),
    )
    row.done()
    return found


def soak(row: Row) -> Soak:
    found = Soak(
        row.flag("asked"),
        held(row, "duration", Unit.HOURS, "min"),
        held(row, "gap", Unit.SECONDS, "max"),
        held(row, "samples", Unit.COUNT, "min"),
        share(row, "significance"),
        held(row, "time_to_limit", Unit.HOURS, "min"),
    )
    row.done()
    return found
