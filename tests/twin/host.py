"""A host that operates a simulated module: pages selected, bytes read and written, time that passes."""

from __future__ import annotations

from decimal import Decimal

from harness.clock import SimulatedClock
from harness.decode.build import CmisImage
from harness.decode.cmis import DATA_PATH_STATES, Lower, Page11
from harness.decode.fields import Lanes, Parts
from harness.decode.memory import LOWER, LOWER_MEMORY, Memory, Page
from harness.reading import Reading
from harness.twin.module import ModuleTwin

LANES_CONTROL, LANES_STATUS = Page(0x10), Page(0x11)


class Host:
    """A module and whoever uses it."""

    def __init__(self, image: CmisImage | None = None, **options: object) -> None:
        self.clock = SimulatedClock()
        self.twin = ModuleTwin(image or CmisImage(), self.clock, **options)  # type: ignore[arg-type]

    def wait(self, seconds: str) -> None:
        self.clock.wait(Decimal(seconds))

    def select(self, page: Page) -> None:
        if page.number != LOWER:
            self.twin.write(0xA0, 126, bytes([page.bank, page.number]))

    def read(self, page: Page, byte: int, size: int = 1) -> bytes:
        self.select(page)
        return self.twin.read(0xA0, byte, size)

    def write(self, page: Page, byte: int, *values: int) -> None:
        self.select(page)
        self.twin.write(0xA0, byte, bytes(values))

    def module_state(self) -> str:
        state = Lower(self.lower()).module_state
        assert isinstance(state, Reading)
        return state.value

    def lower(self) -> Memory:
        """State and monitors, without touching the flags."""
        raw = self.read(LOWER_MEMORY, 0, 8) + bytes(6) + self.read(LOWER_MEMORY, 14, 114)
        return Memory("host", {LOWER_MEMORY: raw})

    def states(self) -> list[str]:
        """Data path states of bank 0, without touching the flags."""
        raw = self.read(LANES_STATUS, 128, 4)
        return [DATA_PATH_STATES[raw[lane // 2] >> 4 * (lane % 2) & 0xF] for lane in range(8)]

    def status(self, register: Parts[str] | Lanes[int]) -> list[str]:
        """A register of page 11h that no read clears, one word per lane."""
        image = bytearray(128)
        image[:6] = self.read(LANES_STATUS, 128, 6)
        image[154 - 128 :] = self.read(LANES_STATUS, 154, 102)
        memory = Memory("host", {LANES_STATUS: bytes(image)})
        return [str(one.value) if isinstance(one, Reading) else "" for one in register.read(Page11(memory))]

    def until(self, state: str, longest: str, lanes: slice = slice(0, 8)) -> Decimal:
        """Seconds until all these lanes are in a state, polled every 5 ms."""
        start = self.clock.now()
        while set(self.states()[lanes]) != {state}:
            assert self.clock.now() - start <= Decimal(longest), f"{self.states()} after {longest} s, not {state}"
            self.wait("0.005")
        return self.clock.now() - start

    def flags(self, byte: int) -> int:
        """A byte of lane flags, which the read clears."""
        return self.read(LANES_STATUS, byte)[0]

    def clear(self) -> None:
        """Read all flags once."""
        self.read(LOWER_MEMORY, 8, 6)
        self.read(LANES_STATUS, 134, 20)
