"""The audit on recordings of real modules, and on every clean family."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.audit.rule import OUTCOMES, Needs
from harness.audit.run import RULES, audit, tally
from harness.decode.dump import read_dump
from harness.decode.transceiver import transceiver
from harness.twin import families

from ..recordings import recorded

FILES = [path for path in recorded("eeprom/*.json") if path.name != "index.json"]

KNOWN = {
    "cmis-200g-fr4-bad-page00-fboss": {"CM-08", "CM-12", "CM-19"},
    "cmis-400g-dr4-fboss": {"CM-08", "CM-12"},
    "cmis-400g-xdr4-arista-real": set(),
    "cmis-400g-dr4-innolight-tdp4cnh": set(),
    "cmis-400g-cr8-dac-amphenol-ndyyyf": {"CM-28"},
    "cmis-800g-aec-credo-fboss": {"CM-08", "CM-12"},
    "sff8636-100g-cwdm4-lumentum": set(),
    "sff8636-200g-cr4-dac-fboss": {"S36-03"},
    "sff8472-10g-sfp-fboss": {"S72-03", "S72-05", "S72-11"},
    "sff8472-25g-cr-amphenol": set(),
}
"""Rules of weight must that a recording breaches: pages that were doctored, and an Application that counts wrong."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_comes_to_one_outcome(path: Path) -> None:
    module = transceiver(read_dump(path))
    results = audit(module)
    assert [result.rule for result in results] == list(RULES[module.management])
    counts = tally(results)
    assert sum(counts.by_outcome.values()) == counts.of == len(results)
    for result in results:
        assert result.outcome in OUTCOMES
        assert bool(result.why) == (result.outcome == "not asked")


@pytest.mark.parametrize("path", [path for path in FILES if path.stem in KNOWN], ids=lambda path: path.stem)
def test_what_recordings_breach_is_known(path: Path) -> None:
    results = audit(transceiver(read_dump(path)))
    assert {result.rule.id for result in results if result.outcome == "breached"} == KNOWN[path.stem]


@pytest.mark.parametrize("family", families.names())
def test_a_clean_family_breaches_nothing_and_answers_what_a_dump_can(family: str) -> None:
    for result in audit(transceiver(families.family(family).image().memory(family))):
        assert result.outcome not in ("breached", "warns"), [str(finding) for finding in result.findings]
        assert result.rule.needs is not Needs.DUMP or result.outcome != "not asked", f"{result.rule.id}: {result.why}"
