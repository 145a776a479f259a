"""No pass without a measurement on EOS, NX-OS and NVUE: each answer gone, refused, empty or cut in the middle.

``SECOND_SOURCES`` names the few verdicts that a second answer carries, and which.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from harness.drivers import answers, driver
from harness.engine import Bench, Owed, open_lab
from harness.evidence import Ask, Evidence
from harness.model import DeviceFacts
from harness.reading import Missing, Reading
from harness.verdict import Finding, Outcome, Verdict
from tests import test_no_false_pass as rack3

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "fixtures" / "mixed"
DEVICES = ("leaf2", "spine1", "spine2")
SAME = ("swp1", "swp2s1")
"""Ports of spine2 of which the same is asked as of swp2s0."""

REFUSALS = (
    "% Invalid input detected at '^' marker.\n",
    "Command authorization failed\n",
    "Error: The requested item does not exist.\n",
)
"""As devices refuse that tell no exit status."""

PARTS = (0.4, 0.8)
"""How much of an answer has come before it is cut."""

SECOND_SOURCES = {
    ("show inventory | json", "CMIS-15"): "the serial number that the transceivers' detail shows",
    ("show inventory | json", "LNK-05"): "the serial number that the transceivers' detail shows",
    ("show interfaces | json", "BRK-02"): "the lanes of the PMA",
    ("show interfaces phy detail | json", "BRK-05"): "the word for the code in the error correction",
    ("show interfaces phy detail | json", "FEC-04"): "the word for the code in the error correction",
    ("show interfaces phy detail | json", "FEC-01"): "the word for the code in the error correction",
    ("show interfaces phy detail | json", "FEC-02"): "the word for the code in the error correction",
    ("show interfaces phy detail | json", "FEC-03"): "the word for the code in the error correction",
    ("show lldp neighbors detail | json", "BRK-04"): "the far end's LLDP",
    ("lldpctl -f json0", "BRK-04"): "the far end's LLDP",
    (
        "show priority-flow-control counters detail | json",
        "ROCE-09",
    ): "the frames of all priorities together, of which one priority has no more",
    ("nv show interface -o json", "ASIC-03"): "ethtool's speed and lanes",
    ("nv show interface -o json", "BRK-07"): "ethtool's speed",
    ("nv show interface link phy health -o json", "FEC-11"): "the ratios of the lanes that the module observes",
    ("nv show interface link phy health histogram -o json", "FEC-06"): "the switch's own ratio, held against it",
}


@cache
def bench() -> Bench:
    return open_lab(ROOT / "lab_configs" / "mixed.yaml")


@cache
def healthy() -> Mapping[Owed, Verdict]:
    return {owed: bench().judge(owed) for owed in bench().plan}


@pytest.fixture(scope="module", autouse=True)
def each_answer_is_parsed_once() -> Iterator[None]:
    """A parser is a pure function, and all answers but one are the same each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "parse", cache(answers.parse))
        yield


def asked() -> Iterator[Ask]:
    """Every question to a switch; of spine2 those of the port that stands for the others."""
    for name in DEVICES:
        device = bench().lab.devices[name]
        for ask in dict.fromkeys(driver(device.nos).asks(device)):
            if not any(word.startswith(SAME) for word in ask.text.split()):
                yield ask


@cache
def lines() -> tuple[Mapping[str, object], ...]:
    return tuple(json.loads(line) for line in (STORE / "index.jsonl").read_text("utf-8").splitlines())


def body(of: Ask) -> bytes:
    (file,) = (str(said["file"]) for said in lines() if rack3.key(said) == (of.device, of.text, of.sample))
    return (STORE / file).read_bytes()


def altered(of: Ask, directory: Path, said: bytes | None) -> Evidence:
    """What a device answered on record, with another answer to one question, or with none."""
    directory.mkdir()
    (directory / "evidence.json").write_text((STORE / "evidence.json").read_text("utf-8"), "utf-8")
    (directory / "answers").symlink_to(STORE / "answers")
    kept = [dict(line) for line in lines() if line["device"] == of.device]
    (line,) = (line for line in kept if rack3.key(line) == (of.device, of.text, of.sample))
    if said is None:
        kept.remove(line)
    else:
        (directory / "altered.txt").write_bytes(said)
        line |= {"file": "altered.txt", "sha256": hashlib.sha256(said).hexdigest(), "status": 0}
    (directory / "index.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in kept), "utf-8")
    return Evidence(directory)


def lame(of: Ask, evidence: Evidence) -> Bench:
    """A bench on such evidence; only the device that answered otherwise is decoded again."""
    one = Bench(bench().lab, evidence, bench().checks, as_of=bench().as_of)
    plan = one.lab.devices[of.device]
    facts, others = driver(plan.nos).decode(plan, evidence), bench().assembly.facts
    one.assembly.facts = cache(lambda name: facts if name == of.device else others(name))
    return one


Place = tuple[object, ...]


def values(of: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Every reading of some facts by its place; what tells when an answer came is not what it says."""
    if isinstance(of, Missing) or place[-1:] == ("apart",):
        return
    if isinstance(of, Reading):
        if isinstance(of.value, tuple) and any(map(is_dataclass, of.value)):
            yield place, tuple(getattr(one, "name", "") for one in of.value)
            yield from values(of.value, place)
        else:
            yield place, of.value
    elif isinstance(of, Mapping):
        for name, one in of.items():
            yield from values(one, (*place, name))
    elif isinstance(of, tuple):
        for number, one in enumerate(of):
            yield from values(one, (*place, getattr(one, "name", number)))
    elif is_dataclass(of):
        for field in fields(of):
            yield from values(getattr(of, field.name), (*place, field.name))


def cites(finding: Finding, of: Ask) -> bool:
    """Whether a finding rests on an answer, and not on one to a question that only begins alike."""
    if "ethtool -m" in of.text:
        return rack3.cites(finding, replace(of, text=of.text.removeprefix("sudo ")))
    return bool(stated(of).search(f"{finding.source} {finding.clause}"))


@cache
def stated(of: Ask) -> re.Pattern[str]:
    """An answer as a source names it."""
    longer = {one.text.removeprefix(of.text) for one in asked() if one.text.startswith(of.text)} - {""}
    not_these = "".join(f"(?!{re.escape(rest)})" for rest in sorted(longer))
    again = f" #{of.sample}" if of.sample > 1 else "(?! #)"
    return re.compile(re.escape(f"{of.device}: {of.text}") + not_these + again)


def resting_on(of: Ask) -> list[Owed]:
    return [
        owed
        for owed, verdict in healthy().items()
        if verdict.outcome is Outcome.PASS and any(cites(finding, of) for finding in verdict.findings)
    ]


def command(of: Ask) -> str:
    """A question without the port that it is asked of."""
    return of.text.replace(" swp2s0", "").removeprefix("sudo ")


@pytest.mark.parametrize("gone", tuple(asked()), ids=str)
def test_what_rests_on_an_answer_does_not_pass_without_it(gone: Ask, tmp_path: Path) -> None:
    without = lame(gone, altered(gone, tmp_path / "gone", None))
    for owed in resting_on(gone):
        now = without.judge(owed)
        assert not now.error, f"{owed}: {now.error}"
        second = SECOND_SOURCES.get((command(gone), owed.check.id))
        assert second or now.outcome is not Outcome.PASS, f"{owed} passes without {gone}:\n{now.grounds()}"
        assert now.outcome is not Outcome.FAIL, f"{owed} fails without {gone}:\n{now.grounds()}"
        stale = [f for f in now.findings if f.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE) and cites(f, gone)]
        assert not stale, f"{owed} still cites {gone}: {stale[0]}"


@pytest.mark.parametrize("of", tuple(asked()), ids=str)
def test_an_answer_that_is_refused_or_empty_tells_what_none_tells(of: Ask, tmp_path: Path) -> None:
    gone = dict(values(decoded(of, altered(of, tmp_path / "gone", None))))
    for number, said in enumerate(("", *REFUSALS)):
        told = dict(values(decoded(of, altered(of, tmp_path / str(number), said.encode()))))
        assert told == gone, f"{of} answered with {said!r}"
    was = dict(values(bench().assembly.facts(of.device)))
    others = {place: (was.get(place), value) for place, value in gone.items() if was.get(place) != value}
    assert not others, f"without {of} something else is read"


@pytest.mark.parametrize("of", tuple(asked()), ids=str)
def test_an_answer_that_is_cut_tells_nothing_else_than_the_whole_one(of: Ask, tmp_path: Path) -> None:
    was, whole = dict(values(bench().assembly.facts(of.device))), body(of)
    for part in PARTS:
        evidence = altered(of, tmp_path / str(part), whole[: int(part * len(whole))].rstrip(b"\n"))
        short = lame(of, evidence)
        others = {
            place: (was.get(place), value)
            for place, value in values(short.assembly.facts(of.device))
            if was.get(place) != value
        }
        assert not others, f"{of}, of which {part:.0%} came"
        for owed in resting_on(of):
            now = short.judge(owed)
            assert not now.error, f"{owed}: {now.error}"
            if now.outcome is Outcome.PASS:
                told, said = by_place(healthy()[owed]), by_place(now)
                if (command(of), owed.check.id) in SECOND_SOURCES:  # what it tells does not rest on the cut answer
                    new = [finding for place, finding in said.items() if place not in told]
                    assert not any(cites(finding, of) for finding in new), f"{owed}, {part:.0%} {of}"
                else:
                    assert said.keys() == told.keys(), f"{owed}, {part:.0%} {of}"


def by_place(verdict: Verdict) -> Mapping[tuple[str, str | None], Finding]:
    """The findings of a verdict by what they judge and what was measured there."""
    return {(finding.at, finding.measured): finding for finding in verdict.findings}


def decoded(of: Ask, evidence: Evidence) -> DeviceFacts:
    device = bench().lab.devices[of.device]
    return driver(device.nos).decode(device, evidence)
