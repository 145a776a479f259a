"""What judging the recordings of real hardware showed of checks, each on a subject made for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks import asic, cmis, conformance, fec, fiber
from harness import Absence, Unit
from harness.assemble import host_lanes_of
from harness.check import Check
from harness.decode.told import Told, ToldTransceiver
from harness.reading import Reading, Source
from harness.requirements.lookup import Requirements
from harness.testing import (
    cable_link,
    cage_plan,
    copper,
    decimal,
    gone,
    module,
    module_plan,
    port,
    port_plan,
    reading,
    requirements,
    switch_cage,
)
from harness.verdict import Outcome

PROFILES = Path(__file__).parents[2] / "lab_configs" / "profiles"


@pytest.fixture(scope="module")
def require() -> Requirements:
    return requirements(PROFILES / "ai-backend.toml")


def outcome(check: Check, subject: Any, require: Requirements) -> Outcome:
    verdict = check(subject, require)
    assert not verdict.error, verdict.error
    return verdict.outcome


@pytest.mark.parametrize("word", ["Unplugged", "XCVR not inserted"])
def test_a_cage_that_is_planned_empty_and_is_empty_has_nothing_to_accept(word: str, require: Requirements) -> None:
    empty = switch_cage(plan={"module": None}, ports=(port(seen={"error_status": reading(word)}),))
    planned = switch_cage(ports=(port(seen={"error_status": reading(word)}),))
    assert outcome(asic.module_accepted, empty, require) is Outcome.NOT_APPLICABLE
    assert outcome(asic.module_accepted, planned, require) is Outcome.FAIL


def test_what_a_system_complains_of_counts_in_a_cage_that_is_planned_empty(require: Requirements) -> None:
    hot = switch_cage(plan={"module": None}, ports=(port(seen={"error_status": reading("High temperature")}),))
    assert outcome(asic.module_accepted, hot, require) is Outcome.FAIL


def test_without_a_declared_module_the_profile_still_limits_the_error_ratio(require: Requirements) -> None:
    bare = module(pmd="")
    bare = replace(bare, plan=None)
    ends: dict[str, Any] = {"module": bare, "cage": cage_plan(module=None)}
    assert outcome(fec.pre_fec_ber, port(**ends), require) is Outcome.NOT_MEASURED
    bad = tuple(replace(sample, pre_fec_ber=decimal("2.5E-2")) for sample in port().seen.fec_samples)
    assert outcome(fec.pre_fec_ber, port(seen={"fec_samples": bad}, **ends), require) is Outcome.FAIL


def test_bins_that_stay_empty_do_not_tell_the_code(require: Requirements) -> None:
    bins = Reading((10**9, 5, *[0] * 14), Source("test"))
    used = fec.bins_shown(bins, 0, 8)
    assert not isinstance(used, Reading)
    assert used.why is Absence.NOT_AVAILABLE
    beyond = fec.bins_shown(replace(bins, value=(*bins.value[:-1], 1)), 0, 8)
    assert isinstance(beyond, Reading)
    assert beyond.value == 16
    short = fec.bins_shown(replace(bins, value=bins.value[:8]), 0, 16)
    assert isinstance(short, Reading)
    assert short.value == 8


def test_a_cable_of_an_optical_pmd_is_held_to_the_reach_of_its_kind(require: Requirements) -> None:
    plan = module_plan(kind="aoc", pmd="400GBASE-SR4")
    link = cable_link()
    near, far = link.ends
    aoc = replace(link, ends=(replace(near, module=copper(plan=plan)), replace(far, module=copper(plan=plan))))
    assert outcome(fiber.type_and_length, aoc, require) is Outcome.PASS
    assert outcome(fiber.type_and_length, replace(aoc, length=reading("900", Unit.METRE)), require) is not Outcome.PASS


@pytest.mark.parametrize(
    ("lanes", "used", "module", "held"), [(1, 1, "SFP28", 1), (4, 4, None, 4), (8, 4, "QSFP112", 4), (None, 1, None, 8)]
)
def test_a_cage_has_the_lanes_of_its_platform(lanes: int | None, used: int, module: str | None, held: int) -> None:
    plan = module_plan(form_factor=module) if module else None
    cage = cage_plan(lanes=lanes, module=plan, ports=(port_plan(lanes=tuple(range(1, used + 1))),))
    assert host_lanes_of(cage) == held


def test_a_module_of_whose_management_nothing_was_told_is_not_let_off(require: Requirements) -> None:
    told = ToldTransceiver(Told(evidence="leaf1: show", identifier=reading(0x18), form_factor=reading("QSFP-DD")))
    for check in (cmis.revision, cmis.telemetry, conformance.advertised):
        assert outcome(check, replace(module(), seen=told), require) is Outcome.NOT_MEASURED
    foreign = ToldTransceiver(Told(evidence="leaf1: show", identifier=reading(0x06)))
    assert outcome(cmis.telemetry, replace(module(), seen=foreign), require) is Outcome.NOT_APPLICABLE


def test_what_a_system_does_not_show_may_not_be_advertised() -> None:
    silent = (gone(Absence.NOT_AVAILABLE), gone(Absence.NOT_AVAILABLE))
    assert conformance.measures("bias", silent, needed=True).outcome is Outcome.FAIL
    assert conformance.measures("bias", silent, needed=True, told=True).outcome is Outcome.NOT_MEASURED
