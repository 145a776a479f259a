"""Versatile diagnostics monitoring: observables that a module chooses and describes itself (OIF-CMIS 8.22, C-CMIS).

Up to four groups of 64 instances, in every bank. A descriptor says what an instance observes, on which lane, and which
thresholds hold for it; sample, thresholds, flags and masks stand on pages of their own. Instances count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

from ...reading import Absence, Missing, Reading, Source, Value
from ...units import Unit
from ..fields import Bit, Bits, Fixed, Lanes, Parts, UInt, f16, f16_code
from ..memory import HALF, Image, Memory, Page
from .administrative import Page01
from .base import CELSIUS_STEP, LANES, MOST_BANKS, ONES, VOLT_STEP, CmisView, banks_of

T = TypeVar("T")

INSTANCES: Final = 64
"""Instances of one group."""

GROUPS: Final = 4

SETS: Final = 16
"""Threshold sets of one group."""

NO_LANE: Final = 15
"""Lane code of what belongs to the whole module or to a data path, not to one lane."""

SHARE: Final = Context(prec=12)
"""A share of 32767 or 65535 has no exact decimal: 12 digits."""


class Format(Enum):
    """How 16 bits are a number (OIF-CMIS 8.1)."""

    U16 = "U16"
    S16 = "S16"
    F16 = "F16"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Where an observable is observed."""

    MEDIA = "media"
    HOST = "host"
    MODULE = "module"
    UNSTATED = "unstated"


class Statistic(StrEnum):
    """What is told of an observable: its value now, or what it was since the statistics were last started."""

    CURRENT = "current"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    AVERAGE = "average"
    TOTAL = "total"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Observable:
    """One type of observable: what its 16 bits mean in sample and thresholds.

    A number is its code times ``step``, divided by ``parts``. ``unavailable`` is the sample that means that nothing was
    measured (OIF-CMIS 5.4, table 7-8).
    """

    id: int
    quantity: str
    name: str
    side: Side
    statistic: Statistic
    format: Format
    step: Decimal = Decimal(1)
    parts: int = 1
    unit: Unit = Unit.NONE
    since: str = ""
    unavailable: Decimal | None = None

    @property
    def known(self) -> bool:
        """Whether it is known what the bits mean."""
        return self.format is not Format.UNKNOWN

    def number(self, code: int) -> Decimal | Absence:
        """The number that 16 bits stand for; RESERVED where that is not known."""
        if self.format is Format.F16:
            return f16(code)
        if self.format is Format.UNKNOWN:
            return Absence.RESERVED
        count = code - 0x10000 if self.format is Format.S16 and code & 0x8000 else code
        return count * self.step if self.parts == 1 else SHARE.divide(count * self.step, Decimal(self.parts))

    def sample(self, code: int) -> Decimal | Absence:
        """The sample that 16 bits stand for; NOT_AVAILABLE where they say that nothing was measured.

        All ones are no number of F16 that anybody measured: 2047 times ten to the power of seven.
        """
        number = self.number(code)
        blank = self.format is Format.F16 and code == ONES
        return Absence.NOT_AVAILABLE if blank or number == self.unavailable else number

    def code(self, number: Decimal) -> int:
        """The 16 bits nearest to a number; ValueError where they cannot hold it or nobody says how."""
        try:
            if self.format is Format.F16:
                return f16_code(number)
            count = int((number * self.parts / self.step).to_integral_value())
        except OverflowError as error:
            raise ValueError(f"{self.name}: 16 bits cannot hold {number}") from error
        lowest, highest = {Format.U16: (0, 0xFFFF), Format.S16: (-0x8000, 0x7FFF)}.get(self.format, (0, -1))
        if not lowest <= count <= highest:
            raise ValueError(f"{self.name}: 16 bits cannot hold {number}")
        return count & 0xFFFF


class Row(NamedTuple):
    """A line of the table of observables that are observed once or on both sides."""

    id: int
    quantity: str
    name: str
    side: Side
    format: Format
    step: str = "1"
    unit: Unit = Unit.NONE
    parts: int = 1
    unavailable: str = ""


SINGLE: Final[tuple[Row, ...]] = (
    Row(1, "laser_age", "laser age", Side.MEDIA, Format.U16, "1", Unit.PERCENT),
    Row(2, "tec_current", "TEC current", Side.MODULE, Format.S16, "100", Unit.PERCENT, 32767),
    Row(3, "laser_frequency_error", "laser frequency error", Side.MEDIA, Format.S16, "10", Unit.MHZ),
    Row(4, "laser_temperature", "laser temperature", Side.MEDIA, Format.S16, CELSIUS_STEP, Unit.CELSIUS, 1, "-128"),
    Row(5, "esnr", "eSNR, media input", Side.MEDIA, Format.U16, "0.00390625", Unit.DB),
    Row(6, "esnr", "eSNR, host input", Side.HOST, Format.U16, "0.00390625", Unit.DB),
    Row(7, "ltp", "PAM4 level transition parameter, media input", Side.MEDIA, Format.U16, "0.00390625", Unit.DB),
    Row(8, "ltp", "PAM4 level transition parameter, host input", Side.HOST, Format.U16, "0.00390625", Unit.DB),
    Row(77, "rail_2v6", "internal voltage 2.6 V", Side.MODULE, Format.U16, VOLT_STEP, Unit.VOLT),
    Row(78, "rail_1v8", "internal voltage 1.8 V", Side.MODULE, Format.U16, VOLT_STEP, Unit.VOLT),
    Row(79, "rail_1v2", "internal voltage 1.2 V", Side.MODULE, Format.U16, VOLT_STEP, Unit.VOLT),
    Row(80, "rail_0v9", "internal voltage 0.9 V", Side.MODULE, Format.U16, VOLT_STEP, Unit.VOLT),
    Row(81, "rail_0v7_a", "internal voltage 0.7 V, A", Side.MODULE, Format.U16, VOLT_STEP, Unit.VOLT),
    Row(82, "rail_0v7_b", "internal voltage 0.7 V, B", Side.MODULE, Format.U16, VOLT_STEP, Unit.VOLT),
    Row(83, "rail_12v", "voltage 12 V", Side.MODULE, Format.U16, "0.00025", Unit.VOLT),
    Row(84, "els_input_power", "external laser source input power", Side.MODULE, Format.S16, "0.01", Unit.DBM),
    Row(128, "modulator_bias_xi", "modulator bias X/I", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(129, "modulator_bias_xq", "modulator bias X/Q", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(130, "modulator_bias_yi", "modulator bias Y/I", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(131, "modulator_bias_yq", "modulator bias Y/Q", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(132, "modulator_bias_x_phase", "modulator bias X phase", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(133, "modulator_bias_y_phase", "modulator bias Y phase", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(134, "cd_short_link", "CD, high granularity, short link", Side.MEDIA, Format.S16, "1", Unit.PS_PER_NM),
    Row(135, "cd_long_link", "CD, low granularity, long link", Side.MEDIA, Format.S16, "20", Unit.PS_PER_NM),
    Row(136, "dgd", "DGD", Side.MEDIA, Format.U16, "0.01", Unit.PS),
    Row(137, "sopmd", "SOPMD", Side.MEDIA, Format.U16, "0.01", Unit.PS2),
    Row(138, "pdl", "PDL", Side.MEDIA, Format.U16, "0.1", Unit.DB),
    Row(139, "osnr", "OSNR", Side.MEDIA, Format.U16, "0.1", Unit.DB),
    Row(140, "coherent_esnr", "eSNR", Side.MEDIA, Format.U16, "0.1", Unit.DB),
    Row(141, "cfo", "CFO", Side.MEDIA, Format.S16, "1", Unit.MHZ),
    Row(142, "evm", "EVM", Side.MEDIA, Format.U16, "100", Unit.PERCENT, 65535),
    Row(143, "tx_power", "Tx power", Side.MEDIA, Format.S16, "0.01", Unit.DBM),
    Row(144, "rx_total_power", "Rx total power", Side.MEDIA, Format.S16, "0.01", Unit.DBM),
    Row(145, "rx_signal_power", "Rx signal power", Side.MEDIA, Format.S16, "0.01", Unit.DBM),
    Row(146, "sop_rate_of_change", "SOP rate of change", Side.MEDIA, Format.U16, "1", Unit.KRAD_PER_S),
    Row(147, "mer", "MER", Side.MEDIA, Format.U16, "0.1", Unit.DB),
)
"""Observables without statistics: 1 to 99 of OIF-CMIS 8.22, from 128 of C-CMIS.

The scales of the C-CMIS observables in ``UNSCALED`` are not known here.
"""

UNSCALED: Final[Mapping[int, str]] = {
    148: "clock recovery loop",
    149: "SOPMD, low granularity",
    150: "SNR margin",
    151: "Q",
    152: "Q margin",
}
"""Observables of C-CMIS 1.3 that have a name, and no scale that a second public source confirms."""

STATISTICS: Final = (Statistic.MINIMUM, Statistic.MAXIMUM, Statistic.AVERAGE, Statistic.CURRENT)


class Family(NamedTuple):
    """Observables in four statistics, each on the media side and then on the host side."""

    first: int
    quantity: str
    name: str
    format: Format
    since: str = ""
    unavailable: str = ""


FAMILIES: Final[tuple[Family, ...]] = (
    Family(9, "pre_fec_ber", "pre-FEC BER", Format.F16, "", "0.5"),
    Family(17, "ferc", "FERC", Format.F16),
    Family(27, "sew_max", "SEWmax", Format.U16, "5.3"),
)
"""OIF-CMIS 8.22; FERC is the frame error ratio, SEWmax the largest weight of symbol errors."""


def table() -> Iterator[Observable]:
    """Every observable whose scale is known."""
    for row in SINGLE:
        yield Observable(
            row.id,
            row.quantity,
            row.name,
            row.side,
            Statistic.CURRENT,
            row.format,
            Decimal(row.step),
            row.parts,
            row.unit,
            unavailable=Decimal(row.unavailable) if row.unavailable else None,
        )
    for family in FAMILIES:
        for place in range(2 * len(STATISTICS)):
            statistic, side = STATISTICS[place // 2], (Side.MEDIA, Side.HOST)[place % 2]
            yield Observable(
                family.first + place,
                family.quantity,
                f"{family.name} {statistic}, {side} input",
                side,
                statistic,
                family.format,
                since=family.since,
                unavailable=Decimal(family.unavailable) if family.unavailable else None,
            )
    for id, side in ((25, Side.MEDIA), (26, Side.HOST)):
        name = f"FERC total accumulated, {side} input"
        yield Observable(id, "ferc", name, side, Statistic.TOTAL, Format.F16, since="5.2")


OBSERVABLES: Final[Mapping[int, Observable]] = {one.id: one for one in sorted(table(), key=lambda one: one.id)}
"""By type id of the descriptor."""

CUSTOM: Final = range(100, 128)
"""Types that a vendor defines."""


@lru_cache(maxsize=256)
def observable(id: int) -> Observable:
    """The observable of a type id; one whose scale is not known here keeps its raw bits."""
    if id in OBSERVABLES:
        return OBSERVABLES[id]
    name = UNSCALED.get(id) or (f"vendor observable {id}" if id in CUSTOM else f"unknown observable {id}")
    return Observable(id, "", name, Side.UNSTATED, Statistic.UNSTATED, Format.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Planned:
    """What one descriptor says: its place in the group from 0, a lane of the bank from 1 (None: no single lane)."""

    index: int
    lane: int | None
    threshold_set: int
    observable: Observable


@lru_cache(maxsize=1024)
def plan(descriptors: bytes) -> tuple[Planned, ...]:
    """The instances in use of one group, out of the 128 bytes of its descriptor page.

    Descriptors of one type of module do not change, so that the plan of many modules is made once.
    """
    pairs = zip(descriptors[0::2], descriptors[1::2], strict=False)
    return tuple(
        Planned(index, None if where & 0xF == NO_LANE else (where & 0xF) + 1, where >> 4, observable(id))
        for index, (where, id) in enumerate(pairs)
        if id
    )


@dataclass(frozen=True, slots=True)
class Four(Generic[T]):
    """What belongs to each of the four thresholds, in the order of the register map."""

    high_alarm: Value[T]
    low_alarm: Value[T]
    high_warning: Value[T]
    low_warning: Value[T]

    def items(self) -> Iterator[tuple[str, Value[T]]]:
        """Name and value."""
        yield "high_alarm", self.high_alarm
        yield "low_alarm", self.low_alarm
        yield "high_warning", self.high_warning
        yield "low_warning", self.low_warning

    @property
    def absence(self) -> Missing | None:
        """The Missing of the first, where all four are Missing for the same reason."""
        first = self.high_alarm
        if isinstance(first, Missing) and all(
            isinstance(value, Missing) and value.why is first.why for _, value in self.items()
        ):
            return first
        return None


class GroupCount(Bits):
    """Number of groups, 1 to 4, stored less one."""

    def decode(self, raw: bytes) -> int:
        return super().decode(raw) + 1

    def encode(self, value: int, held: bytes) -> bytes:
        return super().encode(value - 1, held)


class VdmView(CmisView, page=Page(0x2F), exists=Page01.vdm_supported, since="4.0", banked=True):
    """A page of VDM."""

    __slots__ = ()


class Page2F(VdmView, page=Page(0x2F), writable="144"):
    """VDM control: groups, interval of the statistics, freeze (OIF-CMIS 8.22)."""

    __slots__ = ()

    groups = GroupCount(128, 1, 0)
    power_supported = Bit(128, 2, since="5.4")
    duty_supported = Bit(128, 3, since="5.4")
    fine_interval = Fixed(129, step="0.1", unit=Unit.MS)
    freeze_request = Bit(144, 7)
    freeze_done = Bit(145, 7)
    unfreeze_done = Bit(145, 6)


class GroupView(VdmView, page=Page(0x20)):
    """A page of which every group has its own; the group is in the lowest two bits of the page number."""

    __slots__ = ()

    def gone(self) -> Missing | None:
        return super().gone() or self.no_such_group()

    def no_such_group(self) -> Missing | None:
        """Why the module has no such group (2Fh:128 bits 1-0); None where it may have it."""
        groups = Page2F(self.memory, self.at.bank).groups
        if isinstance(groups, Missing) or self.at.number % GROUPS < groups.value:
            return None
        return Missing(Absence.NOT_ADVERTISED, groups.source, "2Fh:128.1-0")


class Page20(GroupView, page=Page(0x20)):
    """Descriptors of group 1: threshold set and lane code, then the type of observable (OIF-CMIS 8.22)."""

    __slots__ = ()

    descriptors = Lanes(UInt(128, 2), INSTANCES)


class Page21(Page20, page=Page(0x21)):
    """Descriptors of group 2."""

    __slots__ = ()


class Page22(Page20, page=Page(0x22)):
    """Descriptors of group 3."""

    __slots__ = ()


class Page23(Page20, page=Page(0x23)):
    """Descriptors of group 4."""

    __slots__ = ()


class Page24(GroupView, page=Page(0x24)):
    """Samples of group 1, each in the format of its observable (OIF-CMIS 8.22)."""

    __slots__ = ()

    samples = Lanes(UInt(128, 2), INSTANCES)


class Page25(Page24, page=Page(0x25)):
    """Samples of group 2."""

    __slots__ = ()


class Page26(Page24, page=Page(0x26)):
    """Samples of group 3."""

    __slots__ = ()


class Page27(Page24, page=Page(0x27)):
    """Samples of group 4."""

    __slots__ = ()


class Page28(GroupView, page=Page(0x28)):
    """Threshold sets of group 1: high alarm, low alarm, high warning, low warning of each (OIF-CMIS 8.22)."""

    __slots__ = ()

    thresholds = Lanes(UInt(128, 2), 4 * SETS)


class Page29(Page28, page=Page(0x29)):
    """Threshold sets of group 2."""

    __slots__ = ()


class Page2A(Page28, page=Page(0x2A)):
    """Threshold sets of group 3."""

    __slots__ = ()


class Page2B(Page28, page=Page(0x2B)):
    """Threshold sets of group 4."""

    __slots__ = ()


def instance_nibbles() -> Parts[int]:
    """Four bits for every instance of all groups, the odd instance in the low half."""
    return Parts([Bits(HALF + place // 2, 3 + 4 * (place % 2), 4 * (place % 2)) for place in range(GROUPS * INSTANCES)])


class Page2C(VdmView, page=Page(0x2C), clears="128-255"):
    """Latched flags: bit 0 high alarm, 1 low alarm, 2 high warning, 3 low warning; a read clears (OIF-CMIS 8.22)."""

    __slots__ = ()

    flags = instance_nibbles()


class Page2D(VdmView, page=Page(0x2D), writable="128-255"):
    """Masks of the flags of page 2Ch, bit for bit (OIF-CMIS 8.22)."""

    __slots__ = ()

    masks = instance_nibbles()


DESCRIPTORS: Final = (Page20, Page21, Page22, Page23)
SAMPLES: Final = (Page24, Page25, Page26, Page27)
THRESHOLDS: Final = (Page28, Page29, Page2A, Page2B)

VIEWS: Final[tuple[type[CmisView], ...]] = (*DESCRIPTORS, *SAMPLES, *THRESHOLDS, Page2C, Page2D, Page2F)
"""The pages of VDM."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One instance: what it observes and where; sample, thresholds, flags and masks are read when touched.

    ``lane`` counts from 1 through all banks and is None where the instance belongs to no single lane.
    """

    instance: int
    observable: Observable
    lane: int | None
    bank: int
    threshold_set: int
    memory: Memory = field(repr=False, compare=False)
    beyond: Missing | None = field(default=None, repr=False, compare=False)
    """Why the module's revision does not know the observable; None where it does."""

    @property
    def name(self) -> str:
        """The observable and its lane: ``eSNR, media input, lane 3``."""
        return self.observable.name if self.lane is None else f"{self.observable.name}, lane {self.lane}"

    @property
    def group(self) -> int:
        """Group from 0."""
        return (self.instance - 1) // INSTANCES

    @property
    def sample(self) -> Value[Decimal]:
        """The observed value, in the observable's unit; one whose scale is not known keeps its raw bits."""
        byte = HALF + 2 * ((self.instance - 1) % INSTANCES)
        taken = self.memory.take(Page(0x24 + self.group, self.bank), byte, 2)
        if isinstance(taken, Missing):
            return taken
        return self.valued(taken, self.observable.sample(int.from_bytes(taken.value, "big")))

    @property
    def thresholds(self) -> Four[Decimal]:
        """The thresholds of the set that the descriptor names, in the observable's unit."""
        page = Page(0x28 + self.group, self.bank)
        # The lanes of one observable share a set.
        return self.memory.once((page, self.threshold_set, self.observable.id), lambda: self.four_limits(page))

    def four_limits(self, page: Page) -> Four[Decimal]:
        first = HALF + 8 * self.threshold_set
        return Four(*(self.threshold(self.memory.take(page, first + 2 * place, 2)) for place in range(4)))

    def threshold(self, taken: Value[bytes]) -> Value[Decimal]:
        if isinstance(taken, Missing):
            return taken
        return self.valued(taken, self.observable.number(int.from_bytes(taken.value, "big")))

    def valued(self, taken: Reading[bytes], number: Decimal | Absence) -> Value[Decimal]:
        if isinstance(number, Absence):
            detail = f"the scale of {self.observable.name} is not known here" if number is Absence.RESERVED else ""
            return Missing(number, taken.source, detail)
        if self.beyond is not None:
            return Missing(Absence.BEYOND_REVISION, taken.source, self.beyond.detail)
        return Reading(number, taken.source, self.observable.unit)

    @property
    def flags(self) -> Four[bool]:
        """Latched: the sample was beyond the threshold since the last read, which cleared them."""
        return self.four_bits(0x2C)

    @property
    def masks(self) -> Four[bool]:
        """Whether a flag is kept from raising the interrupt."""
        return self.four_bits(0x2D)

    def four_bits(self, number: int) -> Four[bool]:
        place = self.instance - 1
        low = 4 * (place % 2)
        held = self.memory.take(Page(number, self.bank), HALF + place // 2, part=f"bits {low + 3}-{low}")
        if isinstance(held, Missing):
            return Four(held, held, held, held)
        return Four(*(Reading(bool(held.value[0] >> (low + bit) & 1), held.source) for bit in range(4)))


@dataclass(frozen=True, slots=True)
class Observations:
    """What a module observes; ``gaps`` are the pages without which some of it is not known."""

    found: Value[tuple[Observation, ...]]
    gaps: tuple[Missing, ...] = ()


def bank_count(memory: Memory) -> int:
    """Banks that page 01h advertises; where it does not tell, as many as have descriptors."""
    advertised = banks_of(memory)
    if isinstance(advertised, Reading):
        return advertised.value
    return 1 + max((bank for bank in range(MOST_BANKS) if memory.has(Page20.page._replace(bank=bank))), default=0)


def observations(memory: Memory, banks: int = 1) -> Observations:
    """The instances in use of all groups of the first banks, in their order.

    Missing where the module does not advertise VDM or no descriptor page was read. Where the number of groups was not
    read, the descriptor pages that were are taken, unless they repeat page 00h, as a page does that is not there.
    """
    found: list[Observation] = []
    gaps: list[Missing] = []
    first: Source | None = None
    refused = Page20(memory).gone()
    if refused is not None:
        return Observations(refused)
    blank = memory.take(Page(0x00), HALF, HALF)
    for bank in range(banks):
        groups = Page2F(memory, bank).groups
        if isinstance(groups, Missing):
            gaps.append(groups)
        for page in DESCRIPTORS[: groups.value if isinstance(groups, Reading) else GROUPS]:
            view = page(memory, bank)
            held = view.take(HALF, HALF)
            if isinstance(held, Missing):
                if isinstance(groups, Reading) or held.why is not Absence.NOT_RECORDED:
                    gaps.append(held)
                continue
            if isinstance(groups, Missing) and isinstance(blank, Reading) and held.value == blank.value:
                continue
            first = first or held.source
            group = page.page.number - Page20.page.number
            found.extend(observed(view, group, planned) for planned in plan(held.value))
    if first is None:
        return Observations(gaps[0], tuple(gaps))
    return Observations(Reading(tuple(found), first), tuple(gaps))


def observed(view: CmisView, group: int, planned: Planned) -> Observation:
    """The instance that a descriptor announces."""
    bank, kind = view.at.bank, planned.observable
    return Observation(
        INSTANCES * group + planned.index + 1,
        kind,
        None if planned.lane is None else planned.lane + LANES * bank,
        bank,
        planned.threshold_set,
        view.memory,
        view.beyond(kind.since) if kind.since else None,
    )


def descriptor(id: int, lane: int | None = None, threshold_set: int = 0) -> int:
    """The 16 bits that announce an observable on a lane of the bank, from 1; ValueError where there is no such lane."""
    if not (0 <= id <= 0xFF and 0 <= threshold_set < SETS and (lane is None or 1 <= lane <= NO_LANE)):
        raise ValueError(f"no descriptor for observable {id} on lane {lane} with threshold set {threshold_set}")
    return threshold_set << 12 | (NO_LANE if lane is None else lane - 1) << 8 | id


def write_descriptor(
    image: Image, instance: int, id: int, lane: int | None = None, threshold_set: int = 0, *, bank: int = 0
) -> None:
    """Announce an observable in the descriptor pages of a simulated module."""
    put(image, DESCRIPTORS, instance, descriptor(id, lane, threshold_set), bank)


def write_sample(image: Image, instance: int, id: int, value: Decimal, *, bank: int = 0) -> None:
    """Write a sample of an observable, in its unit."""
    put(image, SAMPLES, instance, observable(id).code(value), bank)


def write_thresholds(
    image: Image, instance: int, id: int, values: Sequence[Decimal], threshold_set: int = 0, *, bank: int = 0
) -> None:
    """Write high alarm, low alarm, high warning, low warning of a threshold set of the instance's group."""
    group = (instance - 1) // INSTANCES
    first = 4 * threshold_set
    for place, value in enumerate(values):
        put(image, THRESHOLDS, INSTANCES * group + first + place + 1, observable(id).code(value), bank)


def write_flags(image: Image, instance: int, raised: Sequence[bool], *, bank: int = 0) -> None:
    """Write the four latched flags of an instance, in the order of the thresholds."""
    Page2C.flags.fields[instance - 1].write(image, nibble(raised), bank=bank)


def write_masks(image: Image, instance: int, masked: Sequence[bool], *, bank: int = 0) -> None:
    """Write the four masks of an instance, in the order of the thresholds."""
    Page2D.masks.fields[instance - 1].write(image, nibble(masked), bank=bank)


def nibble(bits: Sequence[bool]) -> int:
    return sum(1 << place for place, bit in enumerate(bits) if bit)


def put(image: Image, pages: Sequence[type[CmisView]], instance: int, code: int, bank: int) -> None:
    group, index = divmod(instance - 1, INSTANCES)
    image.put(pages[group].page._replace(bank=bank), HALF + 2 * index, code.to_bytes(2, "big"))
