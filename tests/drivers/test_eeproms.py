"""Module memory out of files on the device: what real ``od`` prints of real files, and what becomes of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.decode.memory import HALF, LOWER, Page
from harness.drivers import driver, eeproms
from harness.errors import InputError, LabError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.model import DeviceFacts
from harness.reading import Absence, Missing, Reading
from harness.transports import bundle
from harness.twin import families

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles" / "ai-backend.toml"

SWITCH = """\
name: small
profile: {profile}
devices:
  leaf1: {{platform: x86_64-arista_7060x6_64pe, nos: {nos}, eeproms: "{eeproms}", cages: {{{cages}: {{mode: 1x800G}}}}}}
"""
PAGED, FLAT, SFF8636, SFP = "800g-dr8", "800g-dac", "100g-cwdm4", "25g-sr"


def switch(tmp_path: Path, nos: str = "sonic", cages: str = "1-2") -> DevicePlan:
    file = tmp_path / "lab.yaml"
    path = f"{tmp_path}/{{cage}}-0050"
    file.write_text(SWITCH.format(profile=PROFILE, nos=nos, cages=cages, eeproms=path), "utf-8")
    return load(file).devices["leaf1"]


def kept(family: str) -> bytes:
    """A module as optoe keeps it: lower memory, then page after page of bank 0; an SFP's A0h, then A2h."""
    pages = families.family(family).image().pages
    order = {page: bytes(held) for page, held in pages.items() if not page.bank}
    if any(page.sfp for page in order):
        return b"".join(order.get(page, bytes(HALF)) for page in eeproms.SFP)
    last = max(page.number for page in order)
    flat = bool(order[Page(LOWER)][2] & 0x80) and family == FLAT
    numbers = range(LOWER, 1 if flat else last + 1)
    return b"".join(order.get(Page(number), order[Page(0)]) for number in numbers)


def asked(device: DevicePlan, directory: Path, commands: Iterable[Ask]) -> DeviceFacts:
    """The facts of a device whose shell was asked by one script a sample."""
    recorder = Recorder(directory / "evidence", origin=Origin.SIMULATED, made_by="test")
    every = [ask for ask in commands if ask.text.startswith("od ")]
    for sample in (1, 2):
        asks = [ask for ask in every if ask.sample == sample]
        for ask, frame in zip(asks, run([ask.text for ask in asks]), strict=True):
            at = NOON + timedelta(minutes=sample)
            recorder.append(Answer(ask, frame.out, frame.status, at, stderr=frame.err.decode()))
    return driver(device.nos).decode(device, Evidence(directory / "evidence"))


def run(commands: Sequence[str]) -> list[bundle.Frame]:
    mark = bundle.mark()
    told = subprocess.run(bundle.script(commands, mark), shell=True, capture_output=True, timeout=20, check=True)
    frames = bundle.Frames(mark)
    done = frames.feed(told.stdout, told.stderr)
    return sorted(done, key=lambda frame: frame.number)


@pytest.mark.parametrize("nos", ["sonic", "linux"])
@pytest.mark.parametrize("family", [PAGED, "800g-aec", "400g-zr"])
def test_the_pages_are_those_of_the_module(tmp_path: Path, nos: str, family: str) -> None:
    device = switch(tmp_path, nos)
    for cage in "12":
        (tmp_path / f"{cage}-0050").write_bytes(kept(family))
    facts = asked(device, tmp_path, driver(nos).asks(device))
    right = families.family(family).image()
    for port in (cage.ports[0].name for cage in device.cages):
        seen, again = facts.modules[port], facts.again[port]
        wanted = {
            page for page in right.pages if not page.bank and page.number in (LOWER, 0, 1, 2, 0x10, 0x11, 0x13, 0x20)
        }
        for page in wanted:
            assert seen.memory.pages[page] == bytes(right.pages[page]), page
        assert again.seen.vendor_sn == Reading(*_of(again.seen.vendor_sn, seen.vendor_sn))
        assert again.apart == Reading(60, *_rest(again.apart))


def _of(second: object, first: object) -> tuple[object, object]:
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    return first.value, second.source


def _rest(value: object) -> tuple[object, object]:
    assert isinstance(value, Reading)
    return value.source, value.unit


def test_a_file_of_flat_memory_ends_after_page_00h(tmp_path: Path) -> None:
    device = switch(tmp_path)
    for cage in "12":
        (tmp_path / f"{cage}-0050").write_bytes(kept(FLAT))
    assert len(kept(FLAT)) == 2 * HALF
    seen = asked(device, tmp_path, driver("sonic").asks(device)).modules["Ethernet0"]
    assert isinstance(seen.vendor_sn, Reading)
    assert isinstance(seen.flat_memory, Reading)
    assert seen.flat_memory.value
    assert isinstance(seen.temperature, Missing)


@pytest.mark.parametrize(("family", "management"), [(SFF8636, "sff8636"), (SFP, "sff8472")])
def test_older_modules_are_laid_out_by_their_own_map(tmp_path: Path, family: str, management: str) -> None:
    device = switch(tmp_path, "linux")
    for cage in "12":
        (tmp_path / f"{cage}-0050").write_bytes(kept(family))
    port = device.cages[0].ports[0].name
    seen = asked(device, tmp_path, driver("linux").asks(device)).modules[port]
    assert seen.management == management
    assert isinstance(seen.temperature, Reading)
    assert isinstance(seen.thresholds["temperature_c"].high_alarm, Reading)


def test_a_file_that_is_not_there_is_missing_with_what_the_device_said(tmp_path: Path) -> None:
    device = switch(tmp_path)
    (tmp_path / "1-0050").write_bytes(kept(PAGED))
    facts = asked(device, tmp_path, driver("sonic").asks(device))
    gone = facts.modules["Ethernet8"].vendor_sn
    assert isinstance(facts.modules["Ethernet0"].vendor_sn, Reading)
    assert isinstance(gone, Missing)
    assert "No such file or directory" in str(gone.source)


def test_a_page_that_cannot_be_read_takes_only_its_own_span_with_it(tmp_path: Path) -> None:
    device = switch(tmp_path, cages="1")
    (tmp_path / "1-0050").write_bytes(kept(PAGED)[: HALF * 8])  # the file ends before the lanes
    seen = asked(device, tmp_path, driver("sonic").asks(device)).modules["Ethernet0"]
    assert isinstance(seen.vendor_sn, Reading)
    (state, *_) = seen.dp_state
    assert isinstance(state, Missing)
    assert state.why is Absence.READ_FAILED


@pytest.mark.parametrize("nos", ["sonic", "linux"])
def test_without_files_none_is_asked_for_and_with_them_nothing_else_reads_modules(tmp_path: Path, nos: str) -> None:
    device = switch(tmp_path, nos)
    texts = [ask.text for ask in driver(nos).asks(device)]
    assert any(text.startswith("od ") for text in texts)
    assert not any("eeprom-hexdump" in text or "ethtool -m" in text for text in texts)
    file = tmp_path / "lab.yaml"
    file.write_text(file.read_text("utf-8").replace(f'eeproms: "{tmp_path}/{{cage}}-0050", ', ""), "utf-8")
    plain = load(file).devices["leaf1"]
    assert not any(ask.text.startswith("od ") for ask in driver(nos).asks(plain))


@pytest.mark.parametrize("nos", ["sonic", "linux"])
def test_everything_that_is_asked_may_be_sent(tmp_path: Path, nos: str) -> None:
    device = switch(tmp_path, nos)
    permit = driver(nos).session(device).permit
    for ask in driver(nos).asks(device):
        permit.check(ask.text)
    assert not permit.allows("od -An -v -tx1 -w128 -j 0 -N 512 /sys/x;reboot")


def test_64_cages_take_two_round_trips(tmp_path: Path) -> None:
    device = switch(tmp_path, cages="1-64")
    asks = [ask for ask in driver("sonic").asks(device) if ask.text.startswith("od ")]
    first, second = ([ask.text for ask in asks if ask.sample == sample] for sample in (1, 2))
    assert (len(first), len(second)) == (64 * len(eeproms.SPANS), 64 * len(eeproms.TWICE))
    assert len(list(bundle.scripts(first))) == 1
    assert len(list(bundle.scripts(second))) == 1


PAGE = " 00" * HALF


@pytest.mark.parametrize(
    ("text", "size"),
    [("", 0), (" 0a ff\n", 2), (PAGE + "\n", HALF), (PAGE + "\n" + PAGE + "\n 01\n", 2 * HALF + 1)],
    ids=["nothing", "two bytes", "a page", "two pages and a byte"],
)
def test_bytes_as_od_prints_them(text: str, size: int) -> None:
    assert len(eeproms.octets(text)) == size


@pytest.mark.parametrize(
    "text",
    [
        " 0a f\n",
        " 0A\n",
        "0a\n",
        "0000000 0a\n",
        " 0a  0b\n",
        " 0a\n 0b\n",
        PAGE + " 00\n",
        "*\n",
        "od: /sys/x: Permission denied\n",
    ],
    ids=["half", "capitals", "no blank", "address", "two blanks", "short line", "long line", "repeat", "error"],
)
def test_what_is_not_as_od_prints_it_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="line 1: "):
        eeproms.octets(text)


@pytest.mark.parametrize(
    ("path", "said"),
    [("sys/{cage}", "an absolute path was expected"), ("/sys/eeprom", "one file for 2 cages; say {cage}")],
)
def test_a_path_that_cannot_be_meant_is_refused(tmp_path: Path, path: str, said: str) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(SWITCH.format(profile=PROFILE, nos="sonic", cages="1-2", eeproms=path), "utf-8")
    with pytest.raises(LabError, match=said.replace("{", r"\{")):
        load(file)


def test_more_bytes_than_were_asked_for_are_no_answer(tmp_path: Path) -> None:
    device = switch(tmp_path, cages="1")
    recorder = Recorder(tmp_path / "evidence", origin=Origin.SIMULATED, made_by="test")
    command = eeproms.command(device, device.cages[0], eeproms.IDENTITY)
    body = "".join(PAGE + "\n" for _ in range(5)).encode()
    recorder.append(Answer(Ask("leaf1", Kind.CLI, command), body, 0, NOON))
    gone = driver("sonic").decode(device, Evidence(tmp_path / "evidence")).modules["Ethernet0"].vendor_sn
    assert isinstance(gone, Missing)
    assert "640 bytes, 512 were asked for" in str(gone.source)
