"""Which code a rate on so many lanes requires, and what the words of a NOS mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harness.errors import NoLimit
from harness.reading import Reading, Source
from harness.requirements.lookup import Requirements
from harness.verdict import Outcome, Standing

D = Decimal
KP4, KR4 = "RS(544,514)", "RS(528,514)"
EITHER = "RS(544,514) clause 91 or 161"


@pytest.mark.parametrize(
    ("speed", "lanes", "pmd", "code", "clause", "bins", "t"),
    [
        (1600, 8, None, KP4, "175", 16, 15),
        (800, 8, "800GBASE-DR8", KP4, "172", 16, 15),
        (800, 4, None, KP4, "172", 16, 15),
        (400, 8, "400GBASE-DR4", KP4, "119", 16, 15),
        (400, 4, "400GBASE-VR4", KP4, "119", 16, 15),
        (200, 4, None, KP4, "119", 16, 15),
        (200, 2, None, KP4, "119", 16, 15),
        (100, 4, "100GBASE-SR4", KR4, "91", 8, 7),
        (100, 4, None, KR4, "91", 8, 7),
        (100, 2, None, KP4, "91", 16, 15),
        (100, 1, "100GBASE-DR", EITHER, "161", 16, 15),
        (100, 4, "100GBASE-LR4", "none", "88", 0, 0),
        (100, 4, "100GBASE-DR", "none", "140", 0, 0),
        (50, 1, None, KP4, "134", 16, 15),
        (25, 1, None, KR4, "108", 8, 7),
        (40, 4, None, "none", "74", 0, 0),
    ],
)
def test_the_required_code(
    require: Requirements, speed: int, lanes: int, pmd: str | None, code: str, clause: str, bins: int, t: int
) -> None:
    rule = require.fec(D(speed), lanes, pmd)
    assert rule.code == code
    assert clause in rule.clause
    assert (rule.bins, rule.t) == (bins, t)
    assert rule.code in rule.allowed


@pytest.mark.parametrize(
    ("word", "speed", "lanes", "code"),
    [
        ("rs", 400, 8, KP4),
        ("rs", 400, 4, KP4),
        ("RS", 800, 8, KP4),
        ("rs", 100, 4, KR4),
        ("rs", 100, 2, KP4),
        ("rs", 100, 1, EITHER),
        ("rs", 25, 1, KR4),
        ("rs", 50, 1, KP4),
        ("rs", 50, 2, KR4),
        ("fc", 25, 1, "BASE-R"),
        ("fc", 10, 1, "BASE-R"),
        ("none", 400, 8, "none"),
        ("off", 100, 4, "none"),
        ("kr4", 400, 8, KR4),
        ("fec119", 400, 8, KP4),
        ("Standard  RS-FEC (544,514)", 400, 4, KP4),
        ("Standard LL RS-FEC (272,257+1)", 100, 2, "RS(272,257)"),
        ("rs544-2xN", 100, 1, "RS(544,514) clause 161"),
        ("kp4", 100, 1, EITHER),
        ("auto", 400, 8, None),
        ("N/A", 400, 8, None),
        ("", 400, 8, None),
        ("turbo", 400, 8, None),
        ("rs", 401, 8, None),
        ("rs", 10, 1, None),
        ("rs", 40, 4, None),
    ],
)
def test_words_are_resolved_by_rate_and_lanes(
    require: Requirements, word: str, speed: int, lanes: int, code: str | None
) -> None:
    assert require.fec_code(word, D(speed), lanes) == code


@pytest.mark.parametrize(
    ("speed", "lanes", "code", "outcome"),
    [
        (400, 8, KP4, Outcome.PASS),
        (400, 8, KR4, Outcome.FAIL),
        (400, 8, "none", Outcome.FAIL),
        (100, 4, KR4, Outcome.PASS),
        (100, 4, "none", Outcome.FAIL),
        (100, 1, EITHER, Outcome.PASS),
        (100, 1, "RS(544,514) clause 161", Outcome.PASS),
        (25, 1, "none", Outcome.PASS),
    ],
)
def test_a_rule_judges_a_code(require: Requirements, speed: int, lanes: int, code: str, outcome: Outcome) -> None:
    reading = Reading(code, Source("leaf1/show-interfaces-fec-status", "line 3"))
    assert require.fec(D(speed), lanes).choice.judge(reading).outcome is outcome


@pytest.mark.parametrize(
    ("near", "far", "outcome"),
    [
        (KP4, KP4, Outcome.PASS),
        (KP4, KR4, Outcome.FAIL),
        (EITHER, EITHER, Outcome.PASS),
        (EITHER, "RS(544,514) clause 161", Outcome.PASS),
        ("RS(544,514) clause 91", EITHER, Outcome.PASS),
        ("RS(544,514) clause 91", "RS(544,514) clause 161", Outcome.FAIL),
        ("RS(272,257)", KP4, Outcome.FAIL),
        ("none", "none", Outcome.PASS),
        ("BASE-R", "none", Outcome.FAIL),
        ("vendor code", "vendor code", Outcome.PASS),
    ],
)
def test_both_ends_run_one_code(require: Requirements, near: str, far: str, outcome: Outcome) -> None:
    assert require.fec_peers(near).judge(Reading(far, Source("leaf1"))).outcome is outcome


@pytest.mark.parametrize(
    ("speed", "lanes", "codewords", "line"),
    [(400, 8, "7.8125e7", "425e9"), (800, 8, "1.5625e8", "850e9"), (100, 4, "1.953125e7", "103.125e9")],
)
def test_codewords_and_bits_a_second(require: Requirements, speed: int, lanes: int, codewords: str, line: str) -> None:
    rule = require.fec(D(speed), lanes)
    assert rule.codewords_per_second == D(codewords)
    assert rule.bits_per_second == D(line)


def test_standings_of_rules(require: Requirements) -> None:
    assert require.fec(D(400), 8).standing is Standing.CITED
    assert require.fec(D(1600), 8).standing is Standing.DRAFT
    ber = require.codes[KP4].pre_fec_ber
    assert ber is not None
    assert (ber.max, ber.standing) == (D("2.4e-4"), Standing.CITED)


def test_a_rate_that_no_rule_has(require: Requirements) -> None:
    with pytest.raises(NoLimit, match="no FEC rule for 400 Gb/s on 3 lanes"):
        require.fec(D(400), 3)
