"""Profiles that inherit from others, and limits that are not asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.limit import Limits, Range
from harness.reading import Absence, Missing, Reading, Source
from harness.requirements.inherit import chain
from harness.requirements.load import document, load_requirements
from harness.requirements.lookup import Requirements
from harness.units import Unit
from harness.verdict import Outcome, Standing

from .conftest import AS_OF, PROFILE

D = Decimal
Family = Callable[..., Path]
SOURCE = Source("leaf1", "line 1")
PROFILES = sorted(PROFILE.parent.glob("*.toml"))


@pytest.fixture
def family(tmp_path: Path) -> Family:
    """A profile of a few lines that inherits from another of a few lines, and that one from the default profile."""

    def write(child: str = "", parent: str = "", base: str = "") -> Path:
        text = PROFILE.read_text(encoding="utf-8")
        (tmp_path / "ai-backend.toml").write_text(text + base, encoding="utf-8")
        head = 'name = "{0}"\ntitle = "{0}"\ninherits = "{1}"\n'
        (tmp_path / "site.toml").write_text(head.format("site", "ai-backend") + parent, encoding="utf-8")
        (tmp_path / "row.toml").write_text(head.format("row", "site") + child, encoding="utf-8")
        return tmp_path / "row.toml"

    return write


def loaded(file: Path) -> Requirements:
    return load_requirements(file, as_of=AS_OF)


def refused(file: Path) -> str:
    with pytest.raises(LabError) as caught:
        loaded(file)
    assert caught.value.exit_status == 2
    return str(caught.value).removeprefix(f"{file.parent}/")


# --- inheritance --------------------------------------------------------------------------------------------------


def test_a_profile_that_says_nothing_asks_what_it_inherits(family: Family, require: Requirements) -> None:
    heir = loaded(family()).profile
    assert (heir.name, heir.names) == ("row", ("row", "site", "ai-backend"))
    assert [Path(file).name for file in heir.files] == ["row.toml", "site.toml", "ai-backend.toml"]
    for section in ("cmis", "dom", "fec", "optics", "roce", "link", "fiber", "power", "procure", "soak"):
        mine, its = getattr(heir, section), getattr(require.profile, section)
        assert mine == its or section in ("power",), section  # whose line of module_watts is told with its number
    assert heir.power.watts == require.profile.power.watts


def test_the_nearest_profile_has_the_last_word_and_its_limit_is_its_own(family: Family) -> None:
    file = family(
        '[fec]\npre_fec_ber = { max = 1e-6, unit = "" }\n',
        '[fec]\npre_fec_ber = { max = 1e-5, unit = "" }\nconfidence = 0.99\n'
        '[dom]\nspread_tx = { max = 2, unit = "dB" }\n',
    )
    profile = loaded(file).profile
    assert (profile.fec.pre_fec_ber.max, profile.fec.pre_fec_ber.clause) == (D("1e-6"), "profile row")
    assert profile.fec.pre_fec_ber.standing is Standing.BUYER  # and no longer an operator's, as the inherited one
    assert profile.fec.confidence == D("0.99")
    assert (profile.dom.spread_tx.max, profile.dom.spread_tx.clause) == (D(2), "profile site")
    assert profile.dom.spread_rx.clause == "profile ai-backend"
    assert profile.fec.uncorrectable.standing is Standing.OPERATOR


def test_the_gate_on_pre_fec_ber_is_that_of_the_nearest_profile(family: Family) -> None:
    require = loaded(family('[fec]\npre_fec_ber = { max = 1e-6, unit = "" }\n'))
    gates = require.bounds_on("pre_fec_ber", "400GBASE-DR4")
    assert [(gate.range.max, gate.profile) for gate in gates] == [(D("1e-6"), "row")]


ER = '[[limit]]\nquantity = "er"\npmd = ["400GBASE-DR*"]\nmin = {}\nunit = "dB"\nclause = "order {}"\n'


def test_limits_on_quantities_add_up_and_the_same_one_replaces(family: Family) -> None:
    tdecq = '[[limit]]\nquantity = "tdecq"\nlane_gbps = [50, 100]\nmax = 3.0\nunit = "dB"\nclause = "order 9"\n'
    require = loaded(family(tdecq, ER.format(4, 7)))
    said = [(bound.quantity, bound.range.clause, bound.profile) for bound in require.profile.bounds]
    assert sorted(said) == [
        ("er", "order 7", "site"),
        ("pre_fec_ber", "published operator gate, FBOSS (normal operation)", "ai-backend"),
        ("tdecq", "order 9", "row"),
    ]


APPROVED = """
[[approved]]
platform = "SN5600"
vendor = "ACME"
number = "{}"
evidence = "report 17"
owner = "optics"
expires = 2026-12-31
"""


def test_approved_modules_add_up_and_an_empty_list_drops_them(family: Family) -> None:
    several = family(APPROVED.format("C"), APPROVED.format("B"), APPROVED.format("A"))
    assert [entry.number for entry in loaded(several).profile.approved] == ["A", "B", "C"]
    dropped = family("approved = []\n", APPROVED.format("B"), APPROVED.format("A"))
    assert loaded(dropped).profile.approved == ()


def test_a_vouch_of_an_inherited_profile_holds(family: Family) -> None:
    vouch = (
        '\n[[vouch]]\nstanding = "recalled"\nrow = "400GBASE-VR4"\nquantity = "tdecq"\nwho = "A. Reader"\n'
        'document = "table 167-7"\ndate = 2026-05-04\n'
    )
    assert loaded(family(base=vouch)).limits("tdecq", pmd="400GBASE-VR4").ranges[0].standing is Standing.BUYER
    wrong = refused(family(base=vouch.replace("VR4", "VR9")))
    assert wrong.startswith("ai-backend.toml:")
    assert "the vouch of A. Reader lifts nothing" in wrong


@pytest.mark.parametrize(
    ("child", "parent", "says"),
    [
        ("[dom]\nspred_tx = 3\n", "", "row.toml:5: dom.spred_tx: unknown key"),
        ("", "[dom]\nspred_tx = 3\n", "site.toml:5: dom.spred_tx: unknown key"),
        ("[dom]\nspread_rx = 3\n", "\n[dom]\nspread_tx = 3\n", "site.toml:6: dom.spread_tx: expected a table, found 3"),
        ("dom = 3\n", "", "row.toml:4: dom: expected a table, found 3"),
        (ER.format(4, 7), ER.format('"4"', 8).replace("er\"", "tecq\""), "site.toml:7: limit.1.min: expected a number"),
        ("[roce]\ncnp_priority = 3\n", "[roce]\npriority = 3\n", "row.toml:5: roce.cnp_priority: priority 3 car"),
        ("dommage = 3\n", "", "row.toml:4: dommage: unknown key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(family: Family, child: str, parent: str, says: str) -> None:
    assert refused(family(child, parent)).startswith(says)


def test_a_circle_is_refused(family: Family, tmp_path: Path) -> None:
    file = family()
    base = tmp_path / "ai-backend.toml"
    base.write_text('inherits = "site"\n' + base.read_text(encoding="utf-8"), encoding="utf-8")
    said = refused(file)
    assert said == "ai-backend.toml:1: inherits: a circle of profiles: site -> ai-backend -> site"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ('"nobody"', "site.toml:3: inherits: no profile 'nobody' beside this one: expected "),
        ('"../ai-backend"', "site.toml:3: inherits: expected the name of a profile beside this one"),
        ("3", "site.toml:3: inherits: expected the name of a profile beside this one, found 3"),
    ],
)
def test_whom_nobody_finds_is_told(family: Family, tmp_path: Path, word: str, says: str) -> None:
    file = family()
    site = tmp_path / "site.toml"
    site.write_text(site.read_text(encoding="utf-8").replace('"ai-backend"', word), encoding="utf-8")
    assert refused(file).startswith(says)


# --- what is not asked for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reading",
    [
        Reading(D(9), SOURCE, Unit.DB),
        Reading(D("NaN"), SOURCE, Unit.DB),
        Reading(D(9), SOURCE, Unit.DBM),
        Missing(Absence.NOT_RECORDED, SOURCE),
    ],
)
def test_a_limit_that_is_not_asked_for_judges_nothing_and_says_by_which_line(
    family: Family, reading: Reading[Decimal] | Missing
) -> None:
    limit = loaded(family('[dom]\nspread_tx = "not asked"\n')).profile.dom.spread_tx
    assert (limit.asked, limit.min, limit.max, limit.unit) == (False, None, None, Unit.DB)
    finding = limit.judge(reading, at="spread of Tx power")
    assert (finding.outcome, finding.at, finding.measured) == (
        Outcome.NOT_APPLICABLE, "spread of Tx power", "not asked",
    )  # fmt: skip
    assert finding.source.evidence == "profile row, line 5, dom.spread_tx"
    assert [one.outcome for one in Limits((limit,)).judge(reading)] == [Outcome.NOT_APPLICABLE]


def test_words_that_are_not_asked_for_judge_nothing(family: Family) -> None:
    trust = loaded(family('[roce]\ntrust = "not asked"\n')).profile.roce.trust
    assert trust.judge(Reading("pcp", SOURCE)).outcome is Outcome.NOT_APPLICABLE
    assert trust.said() == {}


def test_a_class_temperature_that_is_not_asked_for_has_no_margin_taken_off(family: Family) -> None:
    limit = loaded(family('[dom]\nclass_temperature = "not asked"\n')).profile.dom.class_temperature
    assert (limit.asked, limit.max) == (False, None)


def test_lossless_ethernet_may_not_be_asked_for(family: Family, require: Requirements) -> None:
    roce = loaded(family('[roce]\nlossless_priorities = "not asked"\n')).profile.roce
    assert (roce.asked, roce.lossless, roce.dscp_to_tc, roce.tc_to_pg, roce.tc_to_queue) == (
        False, frozenset(), {}, {}, {},
    )  # fmt: skip
    judged = roce.no_drop.judge(Reading(frozenset({4}), SOURCE))
    assert judged.outcome is Outcome.NOT_APPLICABLE
    assert judged.source.evidence == "profile row, line 5, roce.lossless_priorities"
    assert require.profile.roce.asked


def test_the_pmds_own_limit_on_ber_stays_where_the_operators_is_not_asked_for(family: Family) -> None:
    require = loaded(family('[fec]\npre_fec_ber = "not asked"\n'))
    assert [limit.max for limit in require.ranges("pre_fec_ber", "400GBASE-DR4", monitor=False)] == [D("2.4e-4")]


@pytest.mark.parametrize("key", ["[dom]\ndark", "[link]\nskew"])
def test_what_others_need_has_to_be_said(family: Family, key: str) -> None:
    assert "expected a limit: it cannot be 'not asked'" in refused(family(f'{key} = "not asked"\n'))


def test_what_a_module_may_draw_is_asked_rate_by_rate(family: Family) -> None:
    file = family('[power]\nmodule_watts = { 400 = { max = 12, unit = "W" }, 800 = "not asked" }\n')
    power = loaded(file).profile.power
    assert (power.module_watts(D(400)).max, power.module_watts(D(400)).clause) == (D(12), "profile row")
    for rate in (800, 1600, 100):
        assert power.module_watts(D(rate)).judge(Reading(D(99), SOURCE, Unit.WATT)).outcome is Outcome.NOT_APPLICABLE
    assert refused(family("[power]\nmodule_watts = { slow = 3 }\n")).startswith("row.toml:5: power.module_watts.slow: ")


# --- limits of a buyer --------------------------------------------------------------------------------------------


def test_a_buyer_may_ask_for_what_no_standard_limits_of_pmds_that_it_names(family: Family) -> None:
    rlm = '[[limit]]\nquantity = "rlm"\n{}min = 0.95\nunit = ""\nclause = "order 7"\n'
    named = loaded(family(rlm.format('pmd = ["*DR4"]\n')))
    assert named.limited("rlm", pmd="400GBASE-DR4")
    assert [limit.min for limit in named.lab_limits("rlm", pmd="400GBASE-DR4").ranges if isinstance(limit, Range)] == [
        D("0.95")
    ]
    assert not named.limited("rlm", pmd="400GBASE-FR4")
    assert not loaded(family(rlm.format(""))).limited("rlm", pmd="400GBASE-DR4")
    assert not named.limited("tdecq", pmd="400GBASE-CR4")


def test_a_buyers_limit_may_be_vouched_for_where_it_stands(family: Family) -> None:
    limit = ER.format(4, 7) + 'standing = "recalled"\nvouch = { who = "A. Reader", document = "table 124-6" }\n'
    (bound,) = (bound for bound in loaded(family(limit)).profile.bounds if bound.quantity == "er")
    assert bound.range.standing is Standing.BUYER
    assert bound.range.clause == "order 7; vouched for by A. Reader with table 124-6"


# --- the profiles that are there ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.stem)
def test_every_profile_is_read_and_is_called_as_its_file(file: Path) -> None:
    profile = loaded(file).profile
    assert profile.name == file.stem
    assert profile.title
    assert profile.by
    words = " ".join(each.text for each in chain(file, document).documents)
    assert not re.search(r"[^\x00-\x7f°]", words)


def test_the_profile_of_the_standards_asks_for_nothing_else() -> None:
    profile = loaded(PROFILE.with_name("ieee.toml")).profile
    for section in ("cmis", "dom", "fec", "optics", "roce", "link", "power", "procure", "soak"):
        held = getattr(profile, section)
        for name in held.__dataclass_fields__:
            limit = getattr(held, name)
            if isinstance(limit, Range) and limit.asked:
                said = f"{section}.{name}"
                assert said in ("dom.dark", "fec.tail", "link.skew", "power.cage_margin"), said
    assert not profile.bounds
    assert not profile.roce.asked


def test_articles_for_buyers_ask_too_little_of_dr4_and_the_standard_decides() -> None:
    require = loaded(PROFILE.with_name("procurement.toml"))
    standard, article = require.ranges("tdecq", "400GBASE-DR4", monitor=False)
    assert (standard.max, article.max) == (D("3.4"), D("3.9"))
    assert article.note == "profile is looser: 3.9 dB against 3.4 dB"
    watts = require.profile.power
    assert (watts.module_watts(D(400)).max, watts.module_watts(D(800)).max) == (D(14), D(18))
    assert require.profile.cmis.min_revision(D(800)).min == 5
    assert require.profile.procure.lead_time.max == 16


def test_infiniband_and_linear_modules_are_asked_no_more_than_they_can_show() -> None:
    assert not loaded(PROFILE.with_name("ib-ndr.toml")).profile.roce.asked
    linear = loaded(PROFILE.with_name("lpo.toml")).profile
    assert not linear.cmis.vdm
    assert not linear.dom.snr_media.asked
    assert linear.fec.pre_fec_ber.asked


@pytest.mark.parametrize("name", ["rack3", "mixed"])
def test_the_profile_of_a_lab_says_what_was_proved_where(name: str) -> None:
    require = loaded(PROFILE.with_name(f"{name}.toml"))
    entries = require.approved("x86_64-arista_7060x6_64pe", "Northwind Optics", "NW-O8-2DR4")
    assert [(entry.firmware, entry.nos, entry.linear) for entry in entries] == [
        (frozenset({"2.4.1"}), "202505.1", False)
    ]
    assert not require.approved("SN5600", "NORTHWIND OPTICS", "NW-Q4-DR4")
    linear = {entry.number for entry in require.profile.approved if entry.linear}
    assert linear == ({"NW-O8-LPO-2DR4"} if name == "rack3" else set())
    assert all(entry.expires > AS_OF.date() for entry in require.profile.approved)
