"""What runs inside the kernel: our I2C transport on i2c-stub and on adapters of our own.

    python -m tests.kernel.guest DIRECTORY        writes DIRECTORY/results.json, judged outside

Every function whose name begins with ``on_`` is one scene; what it returns is its result.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from smbus2 import SMBus

from harness.clock import WallClock
from harness.decode.build import CmisImage, as_json
from harness.decode.memory import LOWER_MEMORY, PAGE_00
from harness.errors import TransportError
from harness.transports import i2c
from harness.transports.registers import Registers
from harness.twin.families import family
from harness.twin.module import ModuleTwin
from harness.twin.plug import Twin, plugged
from tests.kernel.adapter import EVERYTHING, SMBUS_BLOCKS, SMBUS_BYTES, Adapter, ModuleChip, MuxChip
from tests.transports.boards import SimulatedCalendar, Told, asked, board, pages

SHARE = Path(sys.argv[1])
STUB = "0"
FAMILY = "400g-dr4"


def settled(name: str = FAMILY, serial: str = "K1") -> Twin:
    """A module that has started and for which no time passes any more."""
    clock = SimulatedCalendar()
    module = plugged(family(name).build(serial), clock)
    clock.wait(Decimal(30))
    module.settle()
    return module


def shown(module: Twin) -> dict[str, str | None]:
    """The pages of a module as they stand, before anybody reads them."""
    return as_json(module.memory())["pages"]


@contextmanager
def reached(told: Told, **reach: str) -> Iterator[Registers]:
    registers = i2c.connect(board(**reach), told.terms)
    try:
        yield registers
    finally:
        registers.close()


def told(scene: str) -> Told:
    directory = SHARE / scene
    directory.mkdir(exist_ok=True)
    return Told(directory)


def read(registers: Registers, text: str = "read everything") -> dict[str, str | None]:
    (answer,) = registers.ask([asked(text)])
    assert answer.status == 0, answer.error
    return pages(answer.body)


def refused(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except TransportError as error:
        return f"{type(error).__name__}: {error}"
    return "not refused"


def filled() -> dict[str, str | None]:
    """Write a module's image into i2c-stub, byte by byte, and give it back."""
    image = family(FAMILY).image("K0")
    with SMBus(int(STUB)) as bus:
        for page, held in sorted(image.pages.items(), key=lambda one: one[0] == PAGE_00):
            if page != LOWER_MEMORY:
                bus.write_byte_data(0x50, 127, page.number)
            for byte, value in enumerate(held, page.first):
                if page != LOWER_MEMORY or byte != 127:
                    bus.write_byte_data(0x50, byte, value)
        bus.write_byte_data(0x50, 127, 0)
    return as_json(image.memory("image"))["pages"]


# --- i2c-stub -----------------------------------------------------------------------------------------------------


def on_stub() -> dict[str, Any]:
    image, journal = filled(), told("stub")
    with reached(journal, bus=STUB) as registers:
        found = read(registers)
        other = refused(lambda: registers.guard.bus.read(0xA2, 0, 1))
    notes = [line["text"] for line in journal.lines("note")]
    return {"image": image, "found": found, "notes": notes, "other": other, "wire": journal.wire}


def on_stub_owned_by_a_driver() -> dict[str, Any]:
    filled()
    new, gone = (Path(f"/sys/bus/i2c/devices/i2c-{STUB}/{name}_device") for name in ("new", "delete"))
    new.write_text("24c02 0x50")
    try:
        refusal = refused(lambda: i2c.connect(board(bus=STUB), told("owned").terms))
        with reached(told("forced"), bus=STUB, force="true") as registers:
            found = read(registers, "read identity")
        file = Path(f"/sys/bus/i2c/devices/{STUB}-0050/eeprom").read_bytes()
    finally:
        gone.write_text("0x50")
    return {"refusal": refusal, "found": found, "file": file.hex()}


def on_no_such_bus() -> dict[str, str]:
    def tried(**reach: str) -> str:
        return refused(lambda: i2c.connect(board(**reach), told("nothing").terms))

    Path(f"/dev/i2c-{STUB}").chmod(0o600)
    os.seteuid(65534)
    try:
        denied = refused(lambda: i2c.opened(board(), f"/dev/i2c-{STUB}", force=False))
    finally:
        os.seteuid(0)
    return {"missing": tried(bus="99"), "other": tried(device="/dev/null"), "denied": denied}


# --- adapters of our own ------------------------------------------------------------------------------------------


def on_adapters() -> dict[str, Any]:
    """The same module by everything that an adapter can do."""
    found = {}
    for number, (name, functions, longest) in enumerate(
        (
            ("I2C_RDWR", EVERYTHING, 8192),
            ("I2C_RDWR of 32 bytes", EVERYTHING, 33),
            ("SMBus blocks", SMBUS_BYTES | SMBUS_BLOCKS, 8192),
            ("SMBus bytes", SMBUS_BYTES, 8192),
        ),
        10,
    ):
        module = settled()
        before, journal = shown(module), told(f"adapter{number}")
        adapter = Adapter(number, {0x50: ModuleChip(module)}, functions=functions, longest=longest)
        with reached(journal, bus=str(number)) as registers:
            found[name] = {
                "before": before,
                "found": read(registers, "read everything" if functions != SMBUS_BYTES else "read identity"),
                "sizes": sorted({size for _, size in adapter.read}),
                "reads": len(adapter.read),
                "written": adapter.written,
                "notes": [line["text"] for line in journal.lines("note")],
                "wire": journal.wire,
            }
    return found


def on_banks() -> dict[str, Any]:
    """A module whose lanes stand in two banks, by both ways of writing bank and page."""
    found = {}
    for number, functions in ((20, EVERYTHING), (21, SMBUS_BYTES | SMBUS_BLOCKS)):
        module = settled("1.6t-2xdr8-osfp-xd")
        before, adapter = shown(module), Adapter(number, {0x50: ModuleChip(module)}, functions=functions)
        with reached(told(f"banks{number}"), bus=str(number)) as registers:
            found[str(number)] = {"before": before, "found": read(registers), "written": adapter.written}
    return found


def on_slow_pages() -> dict[str, Any]:
    """A module that does not answer for 10 ms after each change of its page."""
    built = family(FAMILY).build("K2")
    assert isinstance(built, CmisImage)
    module = ModuleTwin(built, WallClock(), page_change=Decimal("0.01"))
    Adapter(30, {0x50: ModuleChip(module)})
    with reached(told("slow"), bus="30") as registers:
        found = read(registers)
    return {"missing": [page for page, held in found.items() if held is None or len(held) != 256], "pages": len(found)}


def on_sfp() -> dict[str, Any]:
    module = settled("25g-sr")
    before = shown(module)
    Adapter(31, {0x50: ModuleChip(module), 0x51: ModuleChip(module, 0xA2)})
    with reached(told("sfp"), bus="31") as registers:
        return {"before": before, "found": read(registers)}


def on_absent() -> dict[str, Any]:
    adapter = Adapter(32, {})
    with reached(told("absent"), bus="32") as registers:
        (absent,) = registers.ask([asked("read everything")])
        adapter.fails = [errno.ETIMEDOUT] * 9
        (stuck,) = registers.ask([asked("read everything", 2)])
        left = len(adapter.fails)
        adapter.fails = [errno.EAGAIN] * 2
        (lost,) = registers.ask([asked("read everything", 3)])
    return {
        "absent": [absent.status, absent.error],
        "stuck": [stuck.status, stuck.error],
        "tried": 9 - left,
        "lost": [lost.status, lost.error],
    }


def on_owned() -> dict[str, str]:
    """An adapter whose address a driver has: I2C_RDWR would go through without a word."""
    adapter = Adapter(33, {0x50: ModuleChip(settled())}, owned=frozenset({0x50}))
    words = refused(lambda: i2c.connect(board(bus="33"), told("owned33").terms))
    return {"refusal": words, "arrived": str(adapter.read + adapter.written)}


def on_guarded() -> dict[str, Any]:
    """What may not be written does not arrive; what is unlocked does."""
    module = settled()
    adapter, journal = Adapter(34, {0x50: ModuleChip(module)}), told("guarded")
    tries = [(0xA0, 26, b"\x08"), (0xA0, 31, b"\xff"), (0xA0, 122, bytes(4)), (0xA0, 127, b"\x10\xff"),
             (0xA0, 128, b"\xff"), (0xA2, 127, b"\x00"), (0xE0, 0, b"\x01")]  # fmt: skip
    with reached(journal, bus="34") as registers:
        guard = registers.guard
        words = [refused(lambda one=one: guard.write(*one)) for one in tries]  # type: ignore[misc]
        quiet = list(adapter.written)
        guard.write(0xA0, 127, b"\x10")
        words.append(refused(lambda: guard.write(0xA0, 128, b"\xff")))
        (timed,) = registers.ask([asked("time start")])
        arrived = list(adapter.written)
    device = board(maintenance=True, bus="34")
    journal.unlocked = frozenset({"disruptive"})
    registers = i2c.connect(device, journal.terms)
    adapter.forget()
    registers.guard.write(0xA0, 26, b"\x50")
    registers.close()
    return {
        "refusals": words,
        "quiet": quiet,
        "arrived": arrived,
        "timed": timed.error,
        "unlocked": adapter.written,
        "wire": journal.wire,
    }


def on_mux() -> dict[str, Any]:
    one, two = settled(serial="ONE"), settled(serial="TWO")
    inner = MuxChip({0: {0x50: ModuleChip(two)}})
    outer = MuxChip({3: {0x50: ModuleChip(one)}, 5: {0x71: inner}})
    adapter, serials = Adapter(35, {0x70: outer}), {}
    for mux in ("0x70/3", "0x70/5,0x71/0", "0x70/2"):
        journal = told(f"mux{mux[5]}")
        with reached(journal, bus="35", mux=mux) as registers:
            (answer,) = registers.ask([asked("read identity")])
            during = [line["wire"] for line in journal.lines("sent")]
        found = pages(answer.body)["00"] if answer.status == 0 else None
        serials[mux] = [bytes.fromhex(found)[38:54].decode() if found else answer.error, during, outer.on, inner.on]
    adapter.chips = {0x70: MuxChip({}, broken=True)}
    broken = refused(lambda: i2c.connect(board(bus="35", mux="0x70/3"), told("mux").terms))
    adapter.chips = {}
    gone = refused(lambda: i2c.connect(board(bus="35", mux="0x70/3"), told("mux").terms))
    Adapter(36, {0x70: outer}, owned=frozenset({0x70}))
    kernel = refused(lambda: i2c.connect(board(bus="36", mux="0x70/3"), told("mux").terms))
    return {"serials": serials, "broken": broken, "gone": gone, "kernel": kernel}


def on_two_processes() -> dict[str, Any]:
    module = settled()
    Adapter(37, {0x50: ModuleChip(module)})
    held, may_end = os.pipe(), os.pipe()

    def hold() -> None:
        with Path("/dev/i2c-37").open("r+b", buffering=0) as bus:
            fcntl.flock(bus, fcntl.LOCK_EX)
            os.write(held[1], b"!")
            os.read(may_end[0], 1)

    other = forked(hold)
    os.read(held[0], 1)
    begun = time.monotonic()
    words = refused(lambda: i2c.connect(board(bus="37", connect_timeout_s="0.2"), told("lock").terms))
    waited = time.monotonic() - begun
    os.write(may_end[1], b"!")
    os.waitpid(other, 0)
    read_once(37)  # flags are clear from now on, so that all reads agree
    wanted = {**shown(module)}
    theirs, enough = SHARE / "theirs.json", SHARE / "enough"

    def keep_reading() -> None:
        found = []
        while len(found) < 2 or not enough.exists():
            found.append(read_in_turn(37))
        theirs.write_text(json.dumps(found))

    reader = forked(keep_reading)
    ours = [read_in_turn(37) for _ in range(3)]
    enough.touch()
    os.waitpid(reader, 0)
    reads = [ours, json.loads(theirs.read_text())]
    return {
        "words": words,
        "pid": other,
        "waited": waited,
        "reads": [len(one) for one in reads],
        "alike": [{**wanted, **found} == wanted for found in reads[0] + reads[1]],
    }


def forked(work: Callable[[], object]) -> int:
    """Another process that does some work and ends; the adapters stay with this one."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def read_once(number: int) -> dict[str, str | None]:
    with reached(told(f"read{os.getpid()}"), bus=str(number)) as registers:
        return read(registers)


def read_in_turn(number: int) -> dict[str, str | None]:
    """Read, and leave the bus alone for so long that whoever waits for it sees it free."""
    found = read_once(number)
    time.sleep(2 * float(i2c.LOCK_POLL))
    return found


def main() -> None:
    results: dict[str, Any] = {"seconds": {}}
    for name, scene in list(globals().items()):
        if name.startswith("on_"):
            begun = time.monotonic()
            results[name.removeprefix("on_")] = scene()
            results["seconds"][name.removeprefix("on_")] = round(time.monotonic() - begun, 2)
            (SHARE / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main()
