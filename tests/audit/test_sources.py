"""What was not read decides nothing: with a page taken out no finding comes from it, and no rule passes over the gap.

A guess that happens to be right looks like a reading, so a page is also put back with other bytes: what was decided
without it has to stand whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from harness.audit.rule import Result
from harness.audit.run import audit
from harness.decode.memory import A0_LOWER, HALF, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import CmisTransceiver, Sff8472Transceiver, Sff8636Transceiver
from harness.twin import families
from harness.verdict import Finding, Outcome

KINDS = {"cmis": CmisTransceiver, "sff8636": Sff8636Transceiver, "sff8472": Sff8472Transceiver}
FAMILIES = (
    "800g-dr8", "400g-sr8", "400g-dr4", "400g-dr4-cmis3", "400g-zr", "1.6t-2xdr8-osfp-xd", "800g-dac", "800g-aec",
    "100g-sr4", "25g-sr",
)  # fmt: skip

PLACE = re.compile(
    r"(?:bank (?P<bank>\d+) )?page (?P<page>[0-9A-F]{2})h|lower memory|(?P<device>A[02])h(?: page (?P<of>..)h)?"
)
BYTE = re.compile(r" bytes? (\d+)")
UNREAD = re.compile(r"\((?:page|bank|lower|A[02]h)[^()]* (?:not in the evidence|read failed)\)")
"""What a source says of an advertising bit that was not read, beside the register that was."""


@cache
def pages(family: str) -> Mapping[Page, bytes]:
    return {page: bytes(raw) for page, raw in families.family(family).image().pages.items()}


def results(family: str, held: Mapping[Page, bytes | None]) -> Mapping[str, Result]:
    module = KINDS[families.family(family).management](Memory(family, held))
    return {result.rule.id: result for result in audit(module)}


@cache
def whole(family: str) -> Mapping[str, Result]:
    return results(family, pages(family))


def cited(finding: Finding) -> Iterator[Page]:
    """The pages that a finding's source names."""
    where = UNREAD.sub("", finding.source.where)
    for found in PLACE.finditer(where):
        byte = BYTE.match(where, found.end())
        upper = byte is not None and int(byte[1]) >= HALF
        if found["device"]:
            device = int(found["device"], 16)
            yield Page(int(found["of"] or 0, 16) if upper or found["of"] else -1, 0, device, True)
        else:
            yield Page(int(found["page"], 16), int(found["bank"] or 0)) if found["page"] else LOWER_MEMORY


def decided(result: Result) -> Iterator[Finding]:
    return (finding for finding in result.findings if finding.outcome is not Outcome.NOT_MEASURED)


ROWS = [(family, page) for family in FAMILIES for page in pages(family)]


@pytest.mark.parametrize(("family", "page"), ROWS, ids=lambda part: str(part))
@pytest.mark.parametrize("left", ["absent", "failed"])
def test_without_a_page_nothing_is_decided_from_it(family: str, page: Page, left: str) -> None:
    held: dict[Page, bytes | None] = dict(pages(family))
    del held[page]
    if left == "failed":
        held[page] = None
    for id, result in results(family, held).items():
        before = whole(family)[id]
        known = {(finding.at, finding.measured, finding.outcome) for finding in before.findings}
        for finding in decided(result):
            assert page not in cited(finding), f"{id}: {finding}"
            other_grounds = finding.outcome is Outcome.NOT_APPLICABLE and before.outcome == "does not apply"
            assert other_grounds or (finding.at, finding.measured, finding.outcome) in known, f"{id}: {finding}"
        if result.outcome in ("holds", "does not apply") and before.outcome != "does not apply":
            lost = {finding.at for finding in before.findings} - {finding.at for finding in result.findings}
            assert not lost, f"{id} {result.outcome}"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_source_of_a_finding_names_a_page_that_was_read(family: str) -> None:
    for result in whole(family).values():
        for finding in decided(result):
            assert set(cited(finding)) <= pages(family).keys(), str(finding)


def test_a_cited_place_is_recognized() -> None:
    assert Page(0x11, 1) in {page for result in whole("1.6t-2xdr8-osfp-xd").values() for one in result.findings
                             for page in cited(one)}  # fmt: skip
    assert A0_LOWER in {page for result in whole("25g-sr").values() for one in result.findings for page in cited(one)}


OTHERWISE = (b"\x00" * HALF, b"\x55" * HALF)
"""What a page is made to hold in place of what it does."""

GUESSED = frozenset({"CM-73"})
"""Descriptors of VDM speak for themselves where what advertises their pages was not read."""


@pytest.mark.parametrize(("family", "page"), [row for row in ROWS if row[1].number > 0], ids=lambda part: str(part))
def test_what_was_decided_without_a_page_stands_whatever_the_page_holds(family: str, page: Page) -> None:
    without = {**pages(family)}
    del without[page]
    before = results(family, without)
    for raw in OTHERWISE:
        for id, result in results(family, {**pages(family), page: raw}).items():
            if id in GUESSED:
                continue
            assert before[id].outcome != "holds" or result.outcome not in ("breached", "warns"), id
            outcomes = {finding.at: finding.outcome for finding in decided(before[id])}
            for finding in decided(result):
                if finding.outcome is not Outcome.NOT_APPLICABLE:
                    assert outcomes.get(finding.at, finding.outcome) is finding.outcome, f"{id}: {finding}"
