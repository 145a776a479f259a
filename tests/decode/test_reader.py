"""The reader over a bus: what it costs, what it gives, and what it does with a bus that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.clock import SimulatedClock
from harness.decode import cmis
from harness.decode.build import CmisImage, Sff8472Image, Sff8636Image
from harness.decode.bus import Transaction
from harness.decode.cmis import cdb
from harness.decode.memory import A0_LOWER, A2_LOWER, HALF, LOWER_MEMORY, Page
from harness.decode.reader import Scope, live, read_again, read_module
from harness.decode.transceiver import transceiver
from harness.errors import TransportError
from harness.reading import Absence, Missing, Reading
from harness.twin.families import family, names
from harness.twin.module import ModuleTwin
from harness.twin.registers import PagedTwin
from harness.twin.sff import Sff8472Twin, Sff8636Twin

CMIS_FAMILIES = [name for name in names() if family(name).management == "cmis"]
PAGES_OF_LOWER = 1


def twin_of(name: str) -> PagedTwin:
    built = family(name).build()
    if isinstance(built, CmisImage):
        return ModuleTwin(built, SimulatedClock())
    return (
        Sff8636Twin(built, SimulatedClock())
        if isinstance(built, Sff8636Image)
        else Sff8472Twin(built, SimulatedClock())
    )


def whole_page_seconds(pages: int, changes: int) -> Decimal:
    """The wire time of reading as many whole pages, with as many changes of page, at 400 kHz."""
    read, change = Transaction(False, 0xA0, 128, 128).bits, Transaction(True, 0xA0, 127, 1).bits
    return Decimal(pages * read + changes * change) / 400_000


@pytest.mark.parametrize("name", names())
def test_a_family_read_over_the_bus_has_every_page_of_its_image(name: str) -> None:
    twin, direct = twin_of(name), family(name).build().memory("module")
    got = read_module(twin)
    absent_lanes = 0xFF
    if LOWER_MEMORY in direct.pages and name in CMIS_FAMILIES:
        absent_lanes = 0xFF & ~(direct.pages[Page(0x00)] or bytes(HALF))[210 - 128]
    assert set(got.memory.pages) == set(direct.pages)
    assert got.reverted == () and twin.refused == []
    for page, held in direct.pages.items():
        assert held is not None
        expected = bytearray(held)
        if page.number == 0x11:
            expected[133 - 128] &= absent_lanes  # outputs of media lanes that the module does not have
        assert got.memory.pages[page] == bytes(expected), page


@pytest.mark.parametrize("name", names())
def test_a_read_costs_two_transactions_a_page_and_two_more_at_most(name: str) -> None:
    got = read_module(twin_of(name))
    pages = len(got.memory.pages)
    print(f"{name}: {pages} pages, {got.traffic}")
    assert len(got.traffic.transactions) <= 2 * pages + 2
    assert got.traffic.page_changes <= pages - PAGES_OF_LOWER
    assert got.traffic.seconds() <= Decimal("1.05") * whole_page_seconds(pages, max(0, pages - 2))


@pytest.mark.parametrize("name", names())
def test_no_byte_is_read_twice(name: str) -> None:
    twin = twin_of(name)
    got = read_module(twin)
    assert got.traffic.bytes_read == HALF * len(got.memory.pages)


def test_the_summary_of_flags_is_read_before_reading_clears_a_flag() -> None:
    image = CmisImage(flags={"rx_los": [True] * 8})
    twin = ModuleTwin(image, SimulatedClock())
    memory = read_module(twin).memory
    summary = cmis.Lower(memory).page_11_flags_of_bank[0]
    assert isinstance(summary, Reading) and summary.value
    assert all(isinstance(one, Reading) and one.value for one in cmis.Page11(memory).rx_los)


ON_SHOW = [(0, 0x00), (0, 0x11), (1, 0x11), (0, 0x02), (0, 0x01)]


@pytest.mark.parametrize("shown", ON_SHOW, ids=lambda shown: f"bank {shown[0]} page {shown[1]:02X}h")
@pytest.mark.parametrize("scope", list(Scope), ids=lambda scope: scope.name.lower())
@pytest.mark.parametrize("revision", ["4.0", "5.3"])
def test_the_page_that_was_on_show_is_on_show_again(shown: tuple[int, int], scope: Scope, revision: str) -> None:
    twin = ModuleTwin(sixteen_lanes(revision), SimulatedClock())
    twin.write(0xA0, 126, bytes(shown))
    got = read_module(twin, scope)
    assert tuple(twin.read(0xA0, 126, 2)) == shown
    if scope is Scope.EVERYTHING:
        assert len(got.traffic.transactions) <= 2 * len(got.memory.pages) + 2


def sixteen_lanes(revision: str = "5.0") -> CmisImage:
    configured = (((1, 0),) * 4 + ((1, 4),) * 4) * 2
    return CmisImage(
        revision=revision,
        tx_power=["1"] * 16,
        rx_power=["1"] * 16,
        tx_bias=["50"] * 16,
        dp_state=["DPActivated"] * 16,
        config_status=["ConfigSuccess"] * 16,
        active=configured,
        staged=configured,
    )


def test_a_change_of_page_writes_one_byte_and_a_change_of_bank_writes_two() -> None:
    twin = ModuleTwin(sixteen_lanes(), SimulatedClock())
    got = read_module(twin)
    writes = [one for one in got.traffic.transactions if one.written]
    assert {(one.byte, one.size) for one in writes} == {(127, 1), (126, 2)}
    assert sum(1 for one in writes if one.byte == 126) == 2  # into bank 1 and back


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [
        (Scope.IDENTITY, {-1, 0x00, 0x01}),
        (Scope.POLL, {-1, 0x01, 0x11, 0x14, 0x24, 0x25, 0x2C, 0x2F}),
    ],
    ids=["identity takes what does not change", "a poll takes monitors, samples and flags"],
)
def test_a_scope_reads_its_pages_only(scope: Scope, numbers: set[int]) -> None:
    got = read_module(twin_of("800g-dr8"), scope)
    assert {page.number for page in got.memory.pages} == numbers


def test_a_poll_of_a_module_that_is_known_reads_no_advertisement_again() -> None:
    twin = twin_of("800g-dr8")
    known = read_module(twin).memory
    got = read_module(twin, Scope.POLL, known=known)
    assert {page.number for page in got.memory.pages} == {-1, 0x11, 0x14, 0x24, 0x25, 0x2C}


def test_a_module_that_states_short_reads_only_is_never_asked_for_more() -> None:
    image = CmisImage(revision="5.3", registers={"Page01": {"full_page_read": "not supported"}})
    twin = ModuleTwin(image, SimulatedClock())
    got = read_module(twin)
    assert max(one.size for one in got.traffic.transactions) == 8
    assert got.memory.pages == image.memory("module").pages


def test_long_reads_that_an_older_module_refuses_are_tried_on_two_pages_only() -> None:
    image = CmisImage(revision="4.0")
    got = read_module(ModuleTwin(image, SimulatedClock(), long_reads=False))
    assert sum(1 for one in got.traffic.transactions if not one.written and one.size > 8) == 2
    assert got.memory.pages == image.memory("module").pages


def test_a_module_that_is_busy_changing_pages_is_waited_for() -> None:
    clock = SimulatedClock()
    twin = ModuleTwin(CmisImage(), clock, page_change=Decimal("0.004"))
    got = read_module(twin, clock=clock)
    assert got.memory.pages == CmisImage().memory("module").pages


@dataclass
class Bus:
    """Pages behind a bus, whose answers may be cut or refused."""

    inner: PagedTwin
    refuse: Callable[[bool, int, int], bool] = lambda written, byte, size: False
    cut: int = 256
    seen: list[tuple[bool, int, int]] = field(default_factory=list)

    def read(self, device: int, byte: int, size: int) -> bytes:
        self.seen.append((False, byte, size))
        if self.refuse(False, byte, size):
            raise TransportError("no acknowledge")
        return self.inner.read(device, byte, size)[: self.cut]

    def write(self, device: int, byte: int, raw: bytes) -> None:
        self.seen.append((True, byte, len(raw)))
        if self.refuse(True, byte, len(raw)):
            raise TransportError("no acknowledge")
        self.inner.write(device, byte, raw)


def why(value: object) -> Absence | None:
    return value.why if isinstance(value, Missing) else None


@pytest.mark.parametrize("number", [0x00, 0x02, 0x10, 0x11], ids=lambda number: f"page {number:02X}h")
def test_a_page_that_cannot_be_read_is_a_failed_read_and_the_others_are_there(number: int) -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    twin.fail_reads(Page(number))
    got = read_module(twin).memory
    whole = CmisImage().memory("module")
    assert why(got.take(Page(number), 200)) is Absence.READ_FAILED
    assert {page: held for page, held in got.pages.items() if page != Page(number)} == {
        page: held for page, held in whole.pages.items() if page != Page(number)
    }


def test_a_page_that_cannot_be_selected_is_a_failed_read() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    twin.fail_selects(Page(0x02))
    got = read_module(twin).memory
    assert why(got.take(Page(0x02), 128)) is Absence.READ_FAILED
    assert got.has(Page(0x11)) and got.has(Page(0x00))


def test_without_page_01h_nothing_is_read_that_it_advertises() -> None:
    twin = ModuleTwin(family("800g-dr8").image(), SimulatedClock())
    twin.fail_reads(Page(0x01))
    got = read_module(twin).memory
    assert why(got.take(Page(0x01), 142)) is Absence.READ_FAILED
    assert not any(page.number in (0x13, 0x20, 0x2F, 0x9F) for page in got.pages)


def test_a_module_that_does_not_answer_is_a_failed_read_of_all_that_is_asked() -> None:
    bus = Bus(twin_of("800g-dr8"), refuse=lambda *_: True)
    got = read_module(bus).memory
    module = transceiver(got)
    assert why(got.take(LOWER_MEMORY, 0)) is Absence.READ_FAILED
    assert why(module.identifier) is Absence.READ_FAILED and why(module.vendor_sn) is Absence.READ_FAILED


def test_a_page_that_breaks_off_keeps_its_start_and_the_rest_is_a_failed_read() -> None:
    bus = Bus(twin_of("800g-dr8"), refuse=lambda written, byte, size: not written and (size > 8 or byte >= 160))
    memory = read_module(bus).memory
    assert memory.take(Page(0x00), 128) == family("800g-dr8").build().memory("module").take(Page(0x00), 128)
    assert why(memory.take(Page(0x00), 160)) is Absence.READ_FAILED


def test_a_bus_that_gives_fewer_bytes_leaves_a_short_page() -> None:
    got = read_module(Bus(twin_of("100g-sr4"), cut=100)).memory
    assert len(got.pages[Page(0x00)] or b"") == 100
    assert why(got.take(Page(0x00), 240)) is Absence.NOT_RECORDED


def test_a_page_that_the_module_shows_page_00h_for_is_no_page() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    twin.faults.stuck.add(Page(0x02))
    got = read_module(twin)
    assert got.reverted == (Page(0x02),)
    assert why(got.memory.take(Page(0x02), 128)) is Absence.NOT_RECORDED


def test_reading_again_asks_only_for_what_failed() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    twin.fail_reads(Page(0x02), 2)  # the whole page, then eight bytes of it
    first = read_module(twin)
    assert why(first.memory.take(Page(0x02), 128)) is Absence.READ_FAILED
    second = read_again(twin, first.memory)
    assert second.memory.pages == CmisImage().memory("module").pages
    assert second.traffic.bytes_read <= HALF + 2
    assert tuple(twin.read(0xA0, 126, 2)) == (0, 0)


def test_reading_again_after_lower_memory_failed_reads_lower_memory() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    twin.fail_reads(LOWER_MEMORY, 1)
    first = read_module(twin)
    assert why(first.memory.take(LOWER_MEMORY, 0)) is Absence.READ_FAILED
    second = read_again(twin, first.memory)
    assert transceiver(second.memory).identifier.value == 0x19  # type: ignore[union-attr]


def test_what_could_not_be_read_of_a_live_module_is_there_once_it_can() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    memory = live(twin)
    module = transceiver(memory)
    twin.fail_reads(Page(0x11), 17)
    assert not memory.settled
    assert [why(power) for power in module.tx_power] == [Absence.READ_FAILED] * 8
    twin.faults.reads.clear()
    assert all(isinstance(power, Reading) for power in module.tx_power)


def test_a_live_module_is_asked_for_a_page_once_until_that_is_forgotten() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    bus = Bus(twin)
    memory = live(bus)
    for _ in range(3):
        memory.take(Page(0x11), 154, 2)
    assert bus.seen.count((False, 128, 128)) == 1
    memory.forget(Page(0x11))
    memory.take(Page(0x11), 154, 2)
    assert bus.seen.count((False, 128, 128)) == 2


def test_a_live_module_whose_lower_memory_is_forgotten_tells_its_temperature_anew() -> None:
    clock = SimulatedClock()
    memory = live(ModuleTwin(CmisImage(), clock))
    module = transceiver(memory)
    before = module.temperature
    clock.wait(Decimal(7))
    assert module.temperature == before
    memory.forget(LOWER_MEMORY)
    assert isinstance(module.temperature, Reading) and module.temperature != before


def test_a_live_module_that_did_not_answer_at_first_is_known_once_it_does() -> None:
    twin = ModuleTwin(CmisImage(), SimulatedClock())
    twin.fail_reads(LOWER_MEMORY, 1)
    memory = live(twin)
    assert isinstance(memory.take(LOWER_MEMORY, 0), Reading)


@pytest.mark.parametrize("name", ["800g-dr8", "800g-dac", "100g-sr4", "25g-sr"])
def test_a_live_module_decodes_as_its_memory_does(name: str) -> None:
    direct = transceiver(family(name).build().memory("module"))
    module = transceiver(live(twin_of(name)))
    for fact in ("identifier", "revision", "vendor_name", "vendor_sn", "temperature", "vcc", "rx_power", "connector"):
        assert getattr(module, fact) == getattr(direct, fact), fact


def test_an_sfp_without_diagnostics_is_not_asked_at_a2h() -> None:
    got = read_module(Sff8472Twin(Sff8472Image(passive_cable=True, diagnostics=False), SimulatedClock()))
    assert A0_LOWER in got.memory.pages and A2_LOWER not in got.memory.pages
    assert {one.device for one in got.traffic.transactions} == {0xA0}


def test_extended_payload_is_read_where_a_reply_stands_in_it() -> None:
    image = family("800g-dr8").image()
    plain = read_module(ModuleTwin(image, SimulatedClock())).memory
    assert not any(page.number >= 0xA0 for page in plain.pages)
    image = family("800g-dr8").image()
    image.put(cdb.Page9F.page, 128, bytes([0x01, 0x04, 0x00, 0xC8, 0, 0, 0xFF, 0]))
    image.page(Page(0xA0))
    image.page(Page(0xA1))
    got = read_module(ModuleTwin(image, SimulatedClock())).memory
    assert [page.number for page in got.pages if page.number >= 0xA0] == [0xA0, 0xA1]


class Noise:
    """A bus that gives any bytes, any number of them, or none."""

    def __init__(self, answers: Sequence[bytes | None]) -> None:
        self.answers, self.place = answers, 0

    def read(self, device: int, byte: int, size: int) -> bytes:
        self.place += 1
        answer = self.answers[self.place % len(self.answers)]
        if answer is None:
            raise TransportError("no acknowledge")
        return answer

    def write(self, device: int, byte: int, raw: bytes) -> None:
        if self.answers[self.place % len(self.answers)] is None:
            raise TransportError("no acknowledge")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.binary(max_size=140), min_size=1, max_size=30))
def test_nothing_is_raised_whatever_the_bus_gives(answers: list[bytes | None]) -> None:
    memory = read_module(Noise(answers)).memory
    assert all(held is None or len(held) <= HALF for held in memory.pages.values())
    transceiver(memory).vendor_name  # noqa: B018
    again = read_again(Noise(answers), memory)
    failed = {page for page, held in memory.pages.items() if held is None} - {LOWER_MEMORY, A0_LOWER}
    assert failed <= {*again.memory.pages, *again.reverted}
    asked = live(Noise(answers))
    for page in (LOWER_MEMORY, Page(0x00), Page(0x11), A0_LOWER, A2_LOWER):
        for byte in (page.first, page.first + 100):
            taken = asked.take(page, byte, 8)
            assert isinstance(taken, Missing) or len(taken.value) == 8
