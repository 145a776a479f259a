"""A simulated module with CMIS, which answers on a bus as one that follows the specification does."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from ..clock import Clock
from ..decode import cmis
from ..decode.build import Cdb, CmisImage
from ..decode.cmis import LANES, Lower, Page01, Page03, Page10, Page11, Page12, Page13, Page14, vdm
from ..decode.cmis.base import banks_of, code_of_revision
from ..decode.cmis.cdb import Page9F
from ..decode.memory import HALF, LOWER, LOWER_MEMORY, Image, Page
from ..decode.reader import CMIS_VIEWS
from ..decode.transceiver import CmisTransceiver
from ..errors import TransportError
from ..reading import Reading
from .apply import SET_0, TRIGGERS, Configuration
from .commands import Commands
from .diagnostics import Diagnostics
from .dpsm import DataPaths, lanes_of, starts
from .msm import FAULT, LOW_POWER, READY, ModuleStates
from .optics import Optics, Surroundings
from .password import Password
from .registers import SHORT, PagedTwin, banked
from .tuning import Tuning
from .vdm import Samples

PACE: Final = Decimal("0.5")
"""How long states last, of the longest that the module advertises."""

MANAGEMENT_INIT: Final = Decimal(1)
"""Time, in s, from reset or power to a module that answers; tMgmtInit is 2 s at most."""

UNBOUNDED: Final = Decimal(3000)

SOFTWARE_RESET: Final = 0x08
BROADCAST: Final = 0x80
"""Bits of byte 26 of lower memory."""

DEFAULT_CONTROLS: Final = 0x40
"""Byte 26 after a reset: the pin may ask for low power."""

CHANGE, ENTRY = 121, 125
"""Last bytes of a new password and of one that is entered."""


class Flags(NamedTuple):
    """Latched flags and their masks; ``summary`` is their bit in the summary of flags, None where they have none."""

    page: Page
    first: int
    size: int
    mask_page: Page
    mask: int
    summary: int | None


FLAGS: Final = (
    Flags(Page11.page, 134, 20, Page10.page, 213, 0),
    Flags(Page12.page, 231, 8, Page12.page, 239, 1),
    Flags(Page14.page, 132, 8, Page13.page, 206, 2),
    Flags(vdm.Page2C.page, 128, 128, vdm.Page2D.page, 128, 3),
    Flags(Page(0x17), 128, 1, Page(0x17), 192, None),
)

CLEARED: Final = (
    (LOWER_MEMORY, 8, 13, 0x00),
    (LOWER_MEMORY, 31, 38, 0x00),
    (Page10.page, 128, 139, 0x00),
    (Page10.page, 145, 152, 0x00),
    (Page10.page, 180, 187, 0x00),
    (Page10.page, 213, 232, 0x00),
    (Page11.page, 132, 153, 0x00),
    (Page11.page, 202, 213, 0x00),
    (Page12.page, 231, 238, 0x00),
    (Page12.page, 239, 246, 0xFF),
    (Page13.page, 144, 191, 0x00),
    (Page13.page, 206, 213, 0xFF),
    (Page14.page, 128, 255, 0x00),
    (vdm.Page2C.page, 128, 255, 0x00),
    (vdm.Page2D.page, 128, 255, 0x00),
    (Page9F.page, 128, 255, 0x00),
)
"""Bytes that a reset sets, and to what."""


class ModuleTwin(PagedTwin):
    """A module with CMIS, as its image has it at first: states, configuration, light, diagnostics, VDM and CDB.

    It lives by ``clock``, and its states last ``pace`` times as long as the image advertises at most. Nothing of it
    runs by itself: time that has passed is lived through at the next access. ``light``, ``host_signal``, ``reset`` and
    ``insert`` are what a person does at a module board.
    """

    def __init__(
        self,
        image: Image | CmisImage,
        clock: Clock,
        *,
        pace: Decimal = PACE,
        management_init: Decimal = MANAGEMENT_INIT,
        page_change: Decimal = Decimal(0),
        long_reads: bool | None = None,
        described: Cdb | None = None,
    ) -> None:
        if isinstance(image, CmisImage):
            described, image = described or image.cdb, image.image()
        memory = image.memory("twin")
        module = CmisTransceiver(memory)
        flat = bool(image.page(LOWER_MEMORY)[2] & 0x80)
        if long_reads is None:
            long_reads = flat or image.page(Page01.page)[123] & 3 != 1
        super().__init__(image, clock, CMIS_VIEWS, page_change=page_change, long_reads=long_reads)
        self.pages = frozenset(image.pages)
        self.flat, self.pace, self.management_init = flat, pace, management_init
        self.born = self.time
        self.around = Surroundings()
        banks = banks_of(memory)
        self.banks = 0 if flat else banks.value if isinstance(banks, Reading) else 1
        applications = module.applications
        self.applications = applications.value if isinstance(applications, Reading) else ()
        self.module = ModuleStates(self.registers, self.agenda, self.now, self.lasts)
        self.paths = DataPaths(
            self.registers,
            self.agenda,
            self.now,
            self.lasts,
            self.applications,
            self.banks,
            before_4_0=self.registers.byte(Lower, 1) < code_of_revision("4.0"),
            module_wide_disable=not flat and bool(self.registers.byte(Page01, 151) & 1),
        )
        self.configuration = Configuration(self.registers, self.agenda, self.now, self.paths)
        self.optics = Optics(self.registers, self.module, self.paths, self.around, flat=flat)
        self.tuning = Tuning(self.registers, self.agenda, self.now, self.paths)
        self.diagnostics = Diagnostics(self.registers, self.agenda, self.now, self.around, self.banks)
        self.samples = Samples(self.registers, self.agenda, self.now, self.around, self.banks)
        self.password = Password(self.registers)
        self.commands = Commands(self.registers, self.agenda, self.now, self.password, described)
        self.fresh = {page: bytes(held) for page, held in image.pages.items()}
        """The pages as they were at first."""
        self.second: int | None = None

    # what a person does

    def light(self, on: bool) -> None:
        """Connect or cut the optical input."""
        self.settle()
        self.around.light = on
        self.disturbed()

    def host_signal(self, on: bool) -> None:
        """Give or cut the electrical input."""
        self.settle()
        self.around.host_signal = on
        self.disturbed()

    def warm(self, celsius: Decimal) -> None:
        """Make the module warmer, or colder, than it was at first."""
        self.settle()
        self.around.warmer = int(celsius * 256)
        self.disturbed()

    def low_power_pin(self, on: bool) -> None:
        """Assert or release LowPwrRequestHW."""
        self.settle()
        self.module.low_power_pin = on
        self.disturbed()

    def loop_fiber(self, on: bool) -> None:
        """Lead the module's light back to it."""
        self.settle()
        self.diagnostics.fiber_looped = on
        self.disturbed()

    def fail_with(self, cause: int) -> None:
        """Let the module fail, with a cause of OIF-CMIS 8.2 (L:41)."""
        self.settle()
        self.module.fault(cause)
        self.disturbed()

    def reset(self) -> None:
        """Pulse the reset pin."""
        self.agenda.clear()
        self.time = self.clock.now()
        self.silent_until = self.time + self.management_init
        kept = bytes(self.registers.page(Page03)) if Page03.page in self.pages else b""
        for page, held in self.fresh.items():
            self.registers.image.page(page)[:] = held
        if kept:
            self.registers.page(Page03)[:] = kept
        self.shown = {0xA0: Page(0x00)}
        if self.flat:
            return
        for page, first, last, value in CLEARED:
            for bank in range(self.banks):
                where = banked(page, bank if page.number >= 0x10 else 0)
                if where in self.pages:
                    self.registers.page(where)[first - page.first : last - page.first + 1] = bytes([value]) * (
                        last - first + 1
                    )
        self.registers.set_byte(Lower, 26, DEFAULT_CONTROLS)
        self.registers.set_number(Lower, 126, 0)
        self.configure_default()
        for part in (self.paths, self.tuning, self.diagnostics, self.samples, self.commands):
            part.reset()
        self.password.open = False
        self.module.state = ""
        self.agenda.at(self.silent_until, "boot", lambda: self.module.enter(LOW_POWER))
        self.registers.touched = True

    def insert(self) -> None:
        """Pull the module and plug it in again."""
        self.reset()

    def disturbed(self) -> None:
        self.registers.touched = True
        self.settle()

    def configure_default(self) -> None:
        """Application 1 on every lane that it may run on, staged and active."""
        if not self.applications:
            return
        for bank in range(self.banks):
            free = set(range(LANES))
            for first in starts(self.applications[0].host_lane_assignment):
                lanes = lanes_of(self.applications[0], first)
                if lanes is None or not set(lanes[0]) <= free:
                    continue
                free -= set(lanes[0])
                for lane in lanes[0]:
                    for page, byte in ((Page10, SET_0), (Page11, 206)):
                        self.registers.set_byte(page, byte + lane, 1 << 4 | first << 1, bank)

    # what follows

    def now(self) -> Decimal:
        return self.time

    def lasts(self, name: str) -> Decimal:
        """Seconds that a state takes here: a part of the duration that page 01h advertises at most."""
        register = Page01.registers()
        code = next(one for one in register if one.name == f"max_duration_{name}")
        word = code.read(Page01(self.registers.image.memory("twin")))
        bound = cmis.DURATION_BOUNDS.get(word.value, UNBOUNDED) if isinstance(word, Reading) else UNBOUNDED
        return bound * self.pace

    def react(self) -> None:
        if not self.flat and self.module.state:
            state = ""
            while state != self.module.state:
                state = self.module.state
                low_power = self.module.low_power_requested or state == FAULT
                self.paths.react(ready=state == READY, low_power=low_power)
                self.module.react(paths_down=self.paths.down)
            self.tuning.react()
        second = int(self.time - self.born)
        if self.registers.touched or second != self.second:
            self.second, self.registers.touched = second, False
            self.optics.update(Decimal(second))
            self.samples.update(Decimal(second))
            self.diagnostics.update()

    def refresh(self, page: Page) -> None:
        if page.number == LOWER:
            self.summarize()
        elif page.number == Page14.page.number:
            self.diagnostics.window(page.bank)
        elif page.number == Page12.page.number:
            flags = self.registers.page(page)[231 - HALF : 239 - HALF]
            self.registers.set_byte(page, 230, sum(1 << lane for lane, flag in enumerate(flags) if flag))

    def summarize(self) -> None:
        """The summary of flags by bank, and whether the interrupt is asserted."""
        if self.flat:
            return
        asserted = self.unmasked(LOWER_MEMORY, 8, 6, LOWER_MEMORY, 31)
        for bank in range(self.banks):
            told = 0
            for flags in FLAGS:
                page, masks = banked(flags.page, bank), banked(flags.mask_page, bank)
                if page in self.pages and self.unmasked(page, flags.first, flags.size, masks, flags.mask):
                    asserted = True
                    told |= 0 if flags.summary is None else 1 << flags.summary
            if bank < 4:
                self.registers.set_byte(Lower, 4 + bank, told)
        held = self.registers.byte(Lower, 3)
        self.registers.set_byte(Lower, 3, held & ~1 | int(not asserted))

    def unmasked(self, page: Page, first: int, size: int, mask_page: Page, mask: int) -> bool:
        flags = self.registers.page(page)[first - page.first :][:size]
        masks = self.registers.page(mask_page)[mask - mask_page.first :][:size]
        return any(flag & ~held for flag, held in zip(flags, masks, strict=True))

    # what the host does

    def has(self, page: Page) -> bool:
        return page in self.pages

    def answer(self, device: int) -> None:
        super().answer(device)
        if self.commands.busy:
            raise TransportError("no acknowledge: a command runs in the foreground")

    def protected(self, page: Page) -> str:
        closed = page.number == Page03.page.number and not self.password.open
        return "the page needs the host password" if closed else ""

    def longest_write(self, page: Page) -> int:
        if page.number == Page9F.page.number or page.number in range(0xA0, 0xB0):
            return min(HALF, SHORT * (1 + self.registers.byte(Page01, Page01.cdb_length_extension.byte)))
        return SHORT

    def written(self, page: Page, byte: int, raw: bytes) -> None:
        places = dict(enumerate(raw, byte))
        if page.number == LOWER:
            self.written_lower(places)
            return
        self.follow(page, places)
        if page.number < 0x10 or not self.registers.byte(Lower, 26) & BROADCAST:
            return
        for bank in range(self.banks):
            other = banked(page._replace(bank=0), bank)
            if bank != page.bank and other in self.pages:
                self.keep(other, byte, raw)
                self.follow(other, places)

    def follow(self, page: Page, places: dict[int, int]) -> None:
        """What written bytes of a page set off."""
        match page.number:
            case 0x10:
                for trigger, (first, apply) in TRIGGERS.items():
                    lanes = places.get(trigger, 0)
                    if lanes and (first == SET_0 or self.registers.byte(Page01, 162) & 0x20):
                        apply(self.configuration, page.bank, first, lanes)
            case 0x12:
                self.tuning.asked(page.bank, set(places))
            case 0x13:
                self.diagnostics.control(page.bank, set(places))
            case 0x14 if 128 in places:
                self.diagnostics.select(page.bank)
            case 0x2F if 144 in places:
                self.samples.request(page.bank, places[144])
            case 0x9F if 129 in places:
                self.commands.triggered(page.bank)

    def written_lower(self, places: dict[int, int]) -> None:
        if places.get(26, 0) & SOFTWARE_RESET and not self.flat:
            self.reset()
            return
        if ENTRY in places:
            self.password.enter(bytes(self.registers.page(LOWER_MEMORY)[ENTRY - 3 : ENTRY + 1]))
        if CHANGE in places:
            new = bytes(self.registers.page(LOWER_MEMORY)[CHANGE - 3 : CHANGE + 1])
            if not self.password.change(new):
                self.refuse(LOWER_MEMORY, CHANGE - 3, new, "the password cannot be changed to this one, or not now")
