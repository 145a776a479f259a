"""Speed of decoding a module, as figures and as ratios of what was measured side by side.

    python bench/decode.py [--dump FILE] [--family 800g-2xfr4] [--sonic CHECKOUT] [--rounds 9] [--growth]

Times are CPU times of one module. Seconds drift with the machine: trust the ratios, which are medians of rounds in
which all candidates take turns. A floor is minimal code for the same bytes, not a product.

What "columns" are measured as, from dear to cheap:

- first: a kind of module that nobody has seen; the layout is made
- pages forgotten: the layout is known, no page is; every byte is decoded
- fleet: many modules of one type; serial number, monitors and samples of VDM differ from module to module
- again: the very same bytes

The views and the document are of a module that was read just now: nothing of its memory is remembered.

The bus is counted on simulated modules, at 400 kHz without stretching. ``whole pages`` is what the same pages would
take as one write of the page and one read of 128 bytes each. ``--growth`` decodes fleets of 100 and of 1000 modules.

``--sonic`` is a checkout of sonic-net/sonic-platform-common; its sonic_xcvr decodes the same pages through its public
interface: information, firmware versions, DOM, flags, thresholds, status, loopback, VDM. Fresh makes the API for each
module, as for one that was plugged in; warm asks the same API again. Its sleeps are counted, not slept, and its writes
are dropped: no firmware version is answered, for no module is there to carry out the command. Pages that the image does
not have read as zeros, so that it answers zeros where "columns" say "not recorded". Its loggers stay silent where
sonic_py_common is not installed. Reads are counted in a pass of their own, not while time is taken.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import importlib.util
import math
import random
import statistics
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from harness.clock import SimulatedClock
from harness.decode import columns as bulk
from harness.decode.bus import Transaction
from harness.decode.columns import MONITORS, Columns, columns, poll
from harness.decode.document import document
from harness.decode.dump import read_dump
from harness.decode.memory import HALF, LOWER, Memory, Page
from harness.decode.reader import Scope, read_module
from harness.decode.transceiver import transceiver
from harness.reading import Absence
from harness.twin.families import family
from harness.twin.plug import plugged

FLEET = 200
"""Modules of one type: more than pages are remembered, so that only equal pages help."""

GROWN = (100, 1000)
"""Modules of the fleets that show how time grows."""

ON_THE_BUS = ("800g-2xfr4", "100g-sr4", "25g-sr")
"""A family of each memory map."""

GOALS = {"columns, pages forgotten": 320, "poll, pages forgotten": 150}
"""CPU time of a module, in us, that should not be exceeded."""

GETTERS = (
    "get_transceiver_info",
    "get_transceiver_info_firmware_versions",
    "get_transceiver_dom_real_value",
    "get_transceiver_dom_flags",
    "get_transceiver_threshold_info",
    "get_transceiver_status",
    "get_transceiver_status_flags",
    "get_transceiver_loopback",
    "get_transceiver_vdm_real_value",
    "get_transceiver_vdm_thresholds",
    "get_transceiver_vdm_flags",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dump", type=Path, help="a dump in any form that is read; instead of --family")
    parser.add_argument("--family", default="800g-2xfr4", help="the family whose healthy module is decoded")
    parser.add_argument("--sonic", type=Path, help="a checkout of sonic-platform-common to compare with")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--growth", action="store_true", help="decode fleets of 100 and of 1000 modules too")
    asked = parser.parse_args()
    memory = read_dump(asked.dump) if asked.dump else family(asked.family).image().memory(asked.family)
    started = time.process_time()
    held = columns(memory)
    first = time.process_time() - started
    fleet = list(varied(memory, FLEET))
    recorded = sum(1 for page in memory.pages.values() if page)
    there = sum(not isinstance(value, Absence) for value in held.values)
    print(f"{memory.evidence}: {transceiver(memory).document}, {recorded} pages read")
    print(f"{len(held)} columns, {there} of them with a value; a poll has {len(poll(memory))}\n")
    floor, values = generated(memory)
    candidates: dict[str, tuple[Callable[[], object], int]] = {
        f"floor: generated code, {values} numbers of two bytes": (floor, 1),
        "views: every register touched": (lambda: touched(unasked(memory)), 1),
        "document": (lambda: document(transceiver(unasked(memory))), 1),
        "columns, pages forgotten": (lambda: forgetful(columns, memory), 1),
        "columns, fleet": (lambda: [columns(one) for one in fleet], FLEET),
        "columns, again": (lambda: columns(memory), 1),
        "poll, pages forgotten": (lambda: forgetful(poll, memory), 1),
        "poll, fleet": (lambda: [poll(one) for one in fleet], FLEET),
        "poll, again": (lambda: poll(memory), 1),
    }
    if asked.sonic is not None:
        candidates.update(sonic(asked.sonic, memory, held))
    else:
        print("sonic_xcvr: not measured, no checkout given (--sonic)\n")
    times = rounds(candidates, asked.rounds)
    report(times, len(held), first)
    on_the_bus()
    if asked.growth:
        growth(memory)


def rounds(candidates: Mapping[str, tuple[Callable[[], object], int]], count: int) -> dict[str, list[float]]:
    """CPU seconds of one module, of every candidate in each of several rounds."""
    repeats = {}
    for name, (work, _) in candidates.items():
        work()
        started = time.process_time()
        work()
        once = max(1e-6, time.process_time() - started)
        repeats[name] = max(1, int(0.02 / once))
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(count):
        for name, (work, modules) in candidates.items():
            gc.collect()
            started = time.process_time()
            for _ in range(repeats[name]):
                work()
            times[name].append((time.process_time() - started) / repeats[name] / modules)
    return times


def report(times: Mapping[str, list[float]], count: int, first: float) -> None:
    base = next(iter(times.values()))
    rivals = [name for name in times if name.startswith("sonic")]
    heads = "".join(f"{name.split(',')[1].strip() + ' is':>16}" for name in rivals)
    print(f"{'CPU time of a module':<52}{'min us':>10}{'median us':>11}{'to floor':>10}{heads}")
    for name, taken in times.items():
        ratio = statistics.median(mine / floor for mine, floor in zip(taken, base, strict=True))
        rival = "".join(
            f"{statistics.median(a / b for a, b in zip(times[r], taken, strict=True)):>14.1f} x" for r in rivals
        )
        print(f"{name:<52}{1e6 * min(taken):>10.1f}{1e6 * statistics.median(taken):>11.1f}{ratio:>9.2f}x{rival}")
    print(f"{'columns, first module of its kind in this process':<52}{1e6 * first:>10.1f}")
    for rival in rivals:
        for ours in ("columns, pages forgotten", "columns, fleet"):
            each = sorted(a / b for a, b in zip(times[rival], times[ours], strict=True))
            spread = f"{each[0]:.1f} to {each[-1]:.1f} in {len(each)} rounds"
            print(f"{rival} / {ours}: {statistics.median(each):.1f} ({spread})")
    forgotten = min(times["columns, pages forgotten"])
    print(f"\ncolumns, pages forgotten: {1e9 * forgotten / count:.0f} ns for each of {count} columns")
    for name, goal in GOALS.items():
        spent, floor = 1e6 * min(times[name]), 1e6 * min(base)
        outcome = "holds" if spent <= goal else "MISSED"
        print(f"goal of {name}: {goal} us: {outcome}, {spent:.0f} us, {spent / floor:.2f}x the floor")


def on_the_bus() -> None:
    """What reading a module costs on its bus, whole and as a poll of a module that is known."""
    heads = "".join(f"{head:>14}" for head in ("transactions", "page changes", "bytes", "ms", "whole pages"))
    print(f"\n{'On the bus':<38}{heads}")
    for name in ON_THE_BUS:
        twin = plugged(family(name).build(), SimulatedClock())
        known = read_module(twin).memory
        for scope in (Scope.EVERYTHING, Scope.POLL):
            got = read_module(twin, scope, known=None if scope is Scope.EVERYTHING else known)
            traffic, pages = got.traffic, {*got.memory.pages}
            taken, whole = traffic.seconds(), seconds_of_whole_pages(pages)
            print(
                f"{f'{name}, {scope.name.lower()}':<38}{len(traffic.transactions):>14}{traffic.page_changes:>14}"
                f"{traffic.bytes_read:>14}{1000 * taken:>14.1f}{taken / whole:>13.2f}x"
            )


def seconds_of_whole_pages(pages: set[Page]) -> Decimal:
    """The wire time of reading each page whole, and of selecting those that can be selected."""
    read, change = Transaction(False, 0xA0, HALF, HALF).bits, Transaction(True, 0xA0, HALF - 1, 1).bits
    selected = sum(page.number != LOWER for page in pages)
    return Decimal(len(pages) * read + selected * change) / 400_000


def growth(memory: Memory) -> None:
    """CPU time of fleets of several sizes; where it grows with their number, the time of a module stays."""
    works: dict[str, Callable[[Memory], object]] = {
        "columns": columns,
        "document": lambda one: document(transceiver(one)),
    }
    print(f"\n{'Growth':<38}" + "".join(f"{f'{count} modules':>20}" for count in GROWN) + f"{'a module':>14}")
    for name, work in works.items():
        times = []
        for count in GROWN:
            fleet = list(varied(memory, count))
            gc.collect()
            started = time.process_time()
            for one in fleet:
                work(one)
            times.append(time.process_time() - started)
        each = [1e6 * taken / count for taken, count in zip(times, GROWN, strict=True)]
        shown = "".join(f"{1000 * t:>8.0f} ms {us:>6.0f} us" for t, us in zip(times, each, strict=True))
        print(f"{name:<38}{shown}{each[-1] / each[0]:>13.2f}x")


def generated(memory: Memory) -> tuple[Callable[[], object], int]:
    """Code that makes a number of every two bytes and keeps them in a tuple: what no decoder in Python can undercut."""
    lines, values = ["def floor(pages):"], 0
    for number, page in enumerate(held for held in memory.pages.values() if held):
        numbers = ", ".join(f"p[{at}] << 8 | p[{at + 1}]" for at in range(0, len(page) - 1, 2))
        lines += [f"    p = pages[{number}]", f"    t{number} = ({numbers})"]
        values += len(page) // 2
    names: dict[str, Any] = {}
    exec("\n".join([*lines, "    return " + " + ".join(f"t{n}" for n in range(len(lines) // 2))]), names)
    pages = [held for held in memory.pages.values() if held]
    return lambda: names["floor"](pages), values


def unasked(memory: Memory) -> Memory:
    """The same pages, of which nothing was asked yet."""
    return replace(memory)


def touched(memory: Memory) -> list[object]:
    """Every register of the pages that the module lists, read one by one."""
    module = transceiver(memory)
    return [register.read(view) for view in module.views for register in type(view).registers()]


def forgetful(decode: Callable[[Memory], object], memory: Memory) -> object:
    """A decoding that finds no page remembered; forgetting is a part of the time."""
    for held in bulk.REGISTER_MAPS.values():
        for section in held.registers:
            section.memo.clear()
    for answers in (bulk.VDM_BY_CONTROL, bulk.VDM_BY_LIKENESS):
        for instances in answers.known.values():
            for one in instances:
                if isinstance(one, bulk.Instances):
                    one.memo.clear()
    return decode(memory)


def varied(memory: Memory, count: int) -> Iterator[Memory]:
    """Modules of one type: the last bytes of serial number, monitors and samples differ."""
    chance, held = random.Random(1), poll(memory)
    last = [
        (where.page, where.byte + where.size - 1)
        for name, where in zip(held.names, held.places, strict=True)
        if where.size > 1
        and (name.partition("[")[0].rpartition(".")[2] in MONITORS or name.endswith((".sample", "_sn")))
    ]
    for _ in range(count):
        pages = {page: bytearray(raw) for page, raw in memory.pages.items() if raw}
        for page, byte in last:
            if page in pages and byte - page.first < len(pages[page]):
                pages[page][byte - page.first] = chance.randrange(0x30, 0x3A)
        yield Memory(memory.evidence, {page: bytes(raw) for page, raw in pages.items()})


def sonic(checkout: Path, memory: Memory, held: Columns) -> dict[str, tuple[Callable[[], object], int]]:
    """The same pages decoded by sonic_xcvr, fresh and warm; nothing where the checkout cannot be used."""
    try:
        factory = imported(checkout).XcvrApiFactory
    except ImportError as error:
        print(f"sonic_xcvr: not measured, {checkout} cannot be imported: {error}\n")
        return {}
    image = linear(memory)
    asked: list[tuple[int, int]] = []
    dropped: list[int] = []
    slept: list[float] = []

    def read(offset: int, size: int) -> bytearray:
        return image[offset : offset + size]

    def counted(offset: int, size: int) -> bytearray:
        asked.append((offset, size))
        return read(offset, size)

    def write(offset: int, size: int, raw: object) -> bool:
        dropped.append(offset)
        return True

    def sleep(seconds: Any) -> None:
        slept.append(float(seconds))

    def cycle(api: Any, reader: Callable[[int, int], bytearray] = read) -> tuple[Any, dict[str, object]]:
        real, time.sleep = time.sleep, sleep
        try:
            api = api or factory(reader, write).create_xcvr_api()
            return api, {} if api is None else {getter: answer(api, getter) for getter in GETTERS}
        finally:
            time.sleep = real

    api = None
    for name in ("first", "second"):
        for count in (asked, dropped, slept):
            count.clear()
        api, answers = cycle(api, counted)
        if api is None:
            print("sonic_xcvr: not measured, it has no API for this module\n")
            return {}
        single = sum(size == 1 for _, size in asked)
        total, distinct = sum(size for _, size in asked), len({at for o, n in asked for at in range(o, o + n)})
        print(
            f"sonic_xcvr, {name} cycle: {len(asked)} reads ({single} of one byte), {total} bytes ({distinct} distinct),"
        )
        print(f"  {len(dropped)} writes, {len(slept)} sleeps of {sum(slept):.1f} s in all")
    given = [value for one in answers.values() if isinstance(one, dict) for value in one.values()]
    refused = [f"{getter} ({one})" for getter, one in answers.items() if not isinstance(one, dict)]
    there = sum(one != "N/A" for one in given)
    print(f"sonic_xcvr: {type(api).__name__}, {len(given)} keys, {there} of them with a value")
    print(f"  not counted: {'; '.join(refused) or 'nothing'}")
    compared, apart = agreement(answers, held, memory)
    print(f"  {compared - len(apart)} of {compared} values compared with columns agree {'; '.join(apart[:4])}\n")
    api, _ = cycle(None)
    return {"sonic_xcvr, fresh": (lambda: cycle(None), 1), "sonic_xcvr, warm": (lambda: cycle(api), 1)}


def imported(checkout: Path) -> types.ModuleType:
    """The factory of a checkout, without what its package imports for fans and power supplies."""
    package = types.ModuleType("sonic_platform_base")
    package.__path__ = [str(checkout / "sonic_platform_base")]
    sys.modules["sonic_platform_base"] = package
    if importlib.util.find_spec("sonic_py_common") is None:
        for name in ("sonic_py_common", "sonic_py_common.syslogger", "sonic_py_common.logger"):
            sys.modules[name] = types.ModuleType(name)
            vars(sys.modules[name]).update(SysLogger=Silent, Logger=Silent)
    return importlib.import_module("sonic_platform_base.sonic_xcvr.xcvr_api_factory")


class Silent:
    """Stands for a logger of SONiC: takes every call and every attribute, and says nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __getattr__(self, name: str) -> Silent:
        return Silent()

    def __call__(self, *_: object, **__: object) -> None:
        return None


ORDER = (
    ("high", "alarm", "HAlarm", "halarm"),
    ("low", "alarm", "LAlarm", "lalarm"),
    ("high", "warning", "HWarn", "hwarn"),
    ("low", "warning", "LWarn", "lwarn"),
)
VDM = {5: "esnr_media_input", 6: "esnr_host_input", 15: "prefec_ber_curr_media_input", 16: "prefec_ber_curr_host_input"}


def agreement(answers: Mapping[str, object], held: Columns, memory: Memory) -> tuple[int, list[str]]:
    """How many values that both name were compared, and which differ; what one of the two lacks is left out.

    sonic_xcvr rounds monitors and thresholds to three decimals, so half of the last is allowed there.
    """
    theirs: dict[str, Any] = {}
    for getter in GETTERS:
        one = answers[getter]
        theirs.update({f"{getter}.{k}": v for k, v in one.items()} if isinstance(one, dict) else {})
    ours: dict[str, Any] = dict(zip(held.names, held.values, strict=True))
    pairs: list[tuple[str, str, str, bool]] = [
        ("dom_real_value", "temperature", "lower.temperature", False),
        ("dom_real_value", "voltage", "lower.vcc", False),
    ]
    for at, (side, kind, flag, _) in enumerate(ORDER, 1):
        for mine, yours in (("temperature", "temp"), ("vcc", "vcc"), ("tx_power", "txpower"), ("rx_power", "rxpower")):
            pairs.append(("threshold_info", f"{yours}{side}{kind}", f"02h.{mine}[{at}]", mine.endswith("power")))
        for mine, yours in (("temperature", "temp"), ("vcc", "vcc")):
            pairs.append(("dom_flags", f"{yours}{flag}", f"lower.{mine}_{side}_{kind}", False))
        for lane in range(1, 9):
            for mine, yours in (("tx_power", "tx{}power"), ("rx_power", "rx{}power"), ("tx_bias", "tx{}bias")):
                pairs.append(("dom_flags", yours.format(lane) + flag, f"11h.{mine}_{side}_{kind}[{lane}]", False))
    for lane in range(1, 9):
        for mine, yours in (("tx_power", "tx{}power"), ("rx_power", "rx{}power")):
            pairs.append(("dom_real_value", yours.format(lane), f"11h.{mine}[{lane}]", True))
        for mine, yours in (("rx_los", "rx{}los"), ("rx_cdr_lol", "rx{}cdrlol"), ("tx_los", "tx{}los_hostlane")):
            pairs.append(("status_flags", yours.format(lane), f"11h.{mine}[{lane}]", False))
        for mine, yours in (("tx_output_valid", "tx{}OutputStatus"), ("rx_output_valid", "rx{}OutputStatusHostlane")):
            pairs.append(("status", yours.format(lane), f"11h.{mine}[{lane}]", False))
    described = {p.number: raw for p, raw in memory.pages.items() if raw and p.bank == 0 and 0x20 <= p.number < 0x24}
    for number, raw in described.items():
        for instance in range(len(raw) // 2):
            name, lane = VDM.get(raw[2 * instance + 1]), raw[2 * instance] % 16 + 1
            mine = f"vdm[{64 * (number - 0x20) + instance + 1}]"
            pairs.append(("vdm_real_value", f"{name}{lane}", f"{mine}.sample", False))
            for side, kind, _, short in ORDER:
                pairs.append(("vdm_flags", f"{name}_{short}{lane}", f"{mine}.{side}_{kind}_flag", False))
    compared, apart = 0, []
    for getter, key, column, power in pairs:
        their, our = theirs.get(f"get_transceiver_{getter}.{key}", "N/A"), ours.get(column)
        if their == "N/A" or our is None or isinstance(our, Absence):
            continue
        mine_too = float(our) if not power else 10 * math.log10(our) if our else -math.inf
        compared += 1
        rounded = 0.0 if getter.startswith("vdm") else 6e-4
        if not math.isclose(their, mine_too, rel_tol=1e-9, abs_tol=rounded):
            apart.append(f"{key} {their} is not {column} {mine_too}")
    return compared, apart


def answer(api: Any, getter: str) -> object:
    """What a getter answers, or in words why it does not."""
    if not hasattr(api, getter):
        return "no such getter"
    try:
        return getattr(api, getter)()
    except (NotImplementedError, AttributeError, KeyError, TypeError, ValueError) as error:
        return type(error).__name__


def linear(memory: Memory) -> bytearray:
    """The pages of bank 0 as optoe lays them out: page p of a QSFP at 128 (p + 1), A2h of an SFP after A0h."""
    image = bytearray(HALF * 258)
    for page, held in memory.pages.items():
        if held and page.bank == 0:
            at = place(page)
            image[at : at + len(held)] = held
    return image


def place(page: Page) -> int:
    second = 2 * HALF if page.sfp and page.device == 0xA2 else 0
    return second if page.number == LOWER else second + HALF * (page.number + 1)


if __name__ == "__main__":
    main()
