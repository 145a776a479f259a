"""What a cage offers: told by the switch, else by the lab, else by the project's table, each with its standing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from checks import asic, breakout
from harness import offers
from harness.assemble import Assembly
from harness.evidence import Evidence
from harness.lab.inventory import CagePlan, DevicePlan, Lab
from harness.lab.load import load
from harness.model import SwitchCage
from harness.reading import Absence, Missing, Reading, Source
from harness.requirements.load import load_requirements
from harness.requirements.lookup import Requirements
from harness.testing import port, reading, switch_cage
from harness.units import Unit
from harness.verdict import Outcome, Standing

PROFILE = Path(__file__).resolve().parent.parent / "lab_configs" / "profiles" / "ai-backend.toml"
UNTOLD = Missing(Absence.NOT_AVAILABLE, Source("leaf1"), "the system does not tell modes")
LAB = """\
name: small
profile: profile.toml
FACTS
devices:
  leaf1: {platform: PLATFORM, nos: NOS, every_cage: {mode: 1x400G}, cages: {CAGE: {}}}
"""


@pytest.fixture(scope="module")
def require() -> Requirements:
    return load_requirements(PROFILE, as_of=datetime(2026, 6, 30, tzinfo=UTC))


@pytest.fixture
def lab(tmp_path: Path) -> Callable[..., Lab]:
    """A lab with one switch and one cage."""

    def write(platform: str, nos: str, cage: str = "1", facts: str = "") -> Lab:
        (tmp_path / "profile.toml").write_text("", encoding="utf-8")
        text = LAB.replace("PLATFORM", platform).replace("NOS", nos).replace("CAGE", cage).replace("FACTS", facts)
        (tmp_path / "lab.yaml").write_text(text, encoding="utf-8")
        return load(tmp_path / "lab.yaml")

    return write


def only(lab: Lab) -> tuple[CagePlan, DevicePlan]:
    device = lab.devices["leaf1"]
    return device.cages[0], device


FACTS = (
    "platform_facts:\n"
    "  {}: {{source: bench, by: A. Person, cages: {{1: {{modes: [8x100G], watts: 30, form_factor: OSFP-RHS}}}}}}"
)


def test_what_the_switch_tells_goes_first(lab: Callable[..., Lab], require: Requirements) -> None:
    told = Reading(frozenset({"1x800G"}), Source("leaf1/platform.json", "line 3"))
    plan, device = only(lab("DCS-7060X6-64PE", "eos", facts=FACTS.format("DCS-7060X6-64PE")))
    assert offers.modes(told, plan, device, require) == (told, Standing.STRUCTURAL)


def test_then_what_the_lab_tells(lab: Callable[..., Lab], require: Requirements) -> None:
    plan, device = only(lab("DCS-7060X6-64PE", "eos", facts=FACTS.format("DCS-7060X6-64PE")))
    modes, standing = offers.modes(UNTOLD, plan, device, require)
    assert modes == Reading(frozenset({"8x100G"}), Source("lab.yaml", "line 4, from bench, by A. Person"))
    assert standing is Standing.BUYER
    watts, form = offers.watts(plan, device, require), offers.form_factor(plan, device, require)
    assert isinstance(watts, Reading)
    assert isinstance(form, Reading)
    assert (watts.value, form.value) == (Decimal(30), "OSFP-RHS")
    assert "by A. Person" in str(watts.source)


@pytest.mark.parametrize(
    ("platform", "nos", "cage", "mode", "absent", "standing"),
    [
        ("DCS-7060X6-64PE", "eos", "1", "2x400G", "1x10G", Standing.RECALLED),
        ("N9364E-SG2-O", "nxos", "64", "8x100G", "8x200G", Standing.RECALLED),
        ("SN5600", "nvue", "1", "4x200G", "1x25G", Standing.RECALLED),
        ("QFX5240-64OD", "junos", "0", "1x800G", "1x10G", Standing.RECALLED),
        ("8101-32FH", "iosxr", "31", "4x100G", "1x800G", Standing.RECALLED),
        ("x86_64-nvidia_sn5600-r0", "nvue", "64", "2x400G", "8x100G", Standing.DATASHEET),
    ],
)
def test_then_the_row_of_the_table_with_its_standing(
    platform: str, nos: str, cage: str, mode: str, absent: str, standing: Standing, lab: Callable[..., Lab],
    require: Requirements,
) -> None:  # fmt: skip
    modes, found = offers.modes(UNTOLD, *only(lab(platform, nos, cage)), require)
    assert isinstance(modes, Reading)
    assert mode in modes.value
    assert absent not in modes.value
    assert found is standing
    assert modes.source.evidence == "platforms.toml"
    assert modes.source.where.startswith(platform)


def test_a_system_that_tells_modes_is_not_told_for(lab: Callable[..., Lab], require: Requirements) -> None:
    gone = Missing(Absence.NOT_RECORDED, Source("leaf1"), "platform.json was not recorded")
    plan, device = only(lab("x86_64-nvidia_sn5600-r0", "sonic"))
    assert offers.modes(gone, plan, device, require) == (gone, Standing.STRUCTURAL)


def test_a_platform_that_nobody_knows_stays_as_the_switch_left_it(
    lab: Callable[..., Lab], require: Requirements
) -> None:
    facts = "platform_facts:\n  BOX-9: {source: s, by: b, cages: {1: {lanes: 8}}}"
    plan, device = only(lab("BOX-9", "nxos", facts=facts))
    assert offers.modes(UNTOLD, plan, device, require) == (UNTOLD, Standing.STRUCTURAL)
    assert isinstance(offers.form_factor(plan, device, require), Missing)
    assert isinstance(offers.watts(plan, device, require), Missing)


@pytest.mark.parametrize(
    ("mode", "lanes", "lane_gbps", "fitting"),
    [
        ("1x800G", 8, 100, True), ("8x100G", 8, 100, True), ("1x10G", 1, 10, True), ("2x100G", 8, 100, True),
        ("1x10G", 8, 100, False), ("8x100G", 4, 100, False), ("1x1600G", 8, 100, False), ("no mode", 8, 100, False),
    ],
)  # fmt: skip
def test_modes_of_a_whole_platform_that_may_be_a_cages(mode: str, lanes: int, lane_gbps: int, fitting: bool) -> None:
    assert offers.fits(mode, lanes, Decimal(lane_gbps)) is fitting


def test_a_small_cage_has_its_own_form_factor(lab: Callable[..., Lab], require: Requirements) -> None:
    text = lab("SN5600", "nvue", "65: {mode: 1x25G}, 64")
    small, large = sorted(text.devices["leaf1"].cages, key=lambda one: one.name, reverse=True)
    forms = [offers.form_factor(one, text.devices["leaf1"], require) for one in (small, large)]
    assert [form.value for form in forms if isinstance(form, Reading)] == ["SFP28", "OSFP"]


def test_assembly_asks_in_this_order(lab: Callable[..., Lab], require: Requirements) -> None:
    platform = "x86_64-arista_7060x6_64pe"
    made = lab(platform, "sonic", facts=FACTS.format(platform))
    cage = Assembly(made, Evidence(None), require).subject(SwitchCage, "leaf1:Ethernet0")
    told = Source("lab.yaml", "line 4, from bench, by A. Person")
    assert (cage.modes, cage.modes_standing) == (Reading(frozenset({"8x100G"}), told), Standing.BUYER)
    assert (cage.watts, cage.form_factor) == (Reading(Decimal(30), told, Unit.WATT), Reading("OSFP-RHS", told))


# --- the checks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [(Standing.STRUCTURAL, Outcome.FAIL), (Standing.BUYER, Outcome.FAIL), (Standing.RECALLED, Outcome.WARN)],
)
def test_a_mode_beyond_a_recalled_row_warns_and_does_not_fail(
    standing: Standing, outcome: Outcome, require: Requirements
) -> None:
    cage = switch_cage(modes=reading(frozenset({"8x100G"})), modes_standing=standing)
    findings = [*asic.mode_offered.body(cage, require), *breakout.mode.body(cage, require)]
    beyond = [finding.outcome for finding in findings if finding.outcome is not Outcome.PASS]
    assert beyond == [outcome] * 3, "two ports, and the configured mode"


def test_the_verdict_quotes_the_source(require: Requirements) -> None:
    told = Reading(frozenset({"8x100G"}), Source("lab.yaml", "line 4, from bench, by A. Person"))
    cage = switch_cage(modes=told, modes_standing=Standing.BUYER)
    clauses = {finding.clause for finding in asic.mode_offered.body(cage, require)}
    assert clauses == {"modes of the platform on this cage; lab.yaml line 4, from bench, by A. Person"}


def test_an_asic_that_the_lab_tells_is_the_one_that_is_judged(lab: Callable[..., Lab], require: Requirements) -> None:
    facts = "platform_facts:\n  x86_64-nvidia_sn5600-r0: {source: label, by: A, asic: Spectrum-3}"
    device = lab("x86_64-nvidia_sn5600-r0", "sonic", facts=facts).devices["leaf1"]
    limit = asic.serdes(port(device=device), require)
    assert "Spectrum-3 by lab.yaml line 4, from label, by A" in limit.clause
    findings = list(asic.serdes_drives.body(port(device=device), require))
    assert Outcome.PASS not in {finding.outcome for finding in findings[1:]}
