"""What a lab file names beside itself: vendor records, cabling lists, trunks, and the design that it is held to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from harness.errors import LabError
from harness.lab.load import load, require_inputs
from harness.verdict import Standing

from .conftest import SMALL

Write = Callable[..., Path]

RECORD = """\
OPTIC:
  standing: datasheet
  warranty_years: 5
  power_class: 8
  documents: [{name: RoHS, reference: D-1, expires: 2028-12-31}]
  sources: [{number: X-1, vendor: OTHER, evidence: report-1, owner: A. Person, qualified: 2026-05-04}]
  notices: [{reference: PCN-1, what: firmware, before: 2.4.1, after: 2.5.0, notified: 2026-08-01}]
"""
NAMED = SMALL + "vendors: vendors.yaml\n"


def test_a_record_is_of_the_part_that_it_names(lab_file: Write) -> None:
    lab = load(lab_file(NAMED, vendors__yaml=RECORD))
    part = lab.parts["OPTIC"]
    assert (part.warranty_years, part.power_class, part.standing) == (Decimal(5), 8, Standing.DATASHEET)
    assert (part.documents[0].name, part.documents[0].expires) == ("RoHS", date(2028, 12, 31))
    assert (part.sources[0].number, part.sources[0].qualified) == ("X-1", date(2026, 5, 4))
    assert (part.notices[0].after, str(part.notices[0].at)) == ("2.5.0", "vendors.yaml line 7")
    assert str(part.at) == "lab.yaml line 23, record at vendors.yaml line 1"
    assert lab.parts["CABLE"].standing is None
    assert [file.name for file in lab.files] == ["lab.yaml", "vendors.yaml"]


def test_a_record_may_name_the_number(lab_file: Write) -> None:
    text = NAMED.replace("OPTIC: {vendor: MAKER,", "OPTIC: {vendor: MAKER, number: MK-8,")
    assert load(lab_file(text, vendors__yaml="MK-8: {warranty_years: 3}\n")).parts["OPTIC"].warranty_years == 3


def test_what_the_lab_file_says_goes_before_the_record(lab_file: Write) -> None:
    text = NAMED.replace("OPTIC: {vendor: MAKER,", "OPTIC: {vendor: MAKER, warranty_years: 1,")
    part = load(lab_file(text, vendors__yaml=RECORD)).parts["OPTIC"]
    assert (part.warranty_years, part.power_class) == (Decimal(1), 8)


def test_a_file_that_extends_another_overrides_its_records(lab_file: Write) -> None:
    over = "extends: base.yaml\nparts:\n  OPTIC: {warranty_years: 2, power_class: null}\n"
    part = load(lab_file(over, base__yaml=NAMED, vendors__yaml=RECORD)).parts["OPTIC"]
    assert (part.warranty_years, part.power_class, len(part.documents)) == (Decimal(2), None, 1)
    over = "extends: base.yaml\nvendors: other.yaml\n"
    other = "OPTIC: {warranty_years: 4}\n"
    part = load(lab_file(over, base__yaml=NAMED, vendors__yaml=RECORD, other__yaml=other)).parts["OPTIC"]
    assert (part.warranty_years, part.power_class) == (Decimal(4), 8)


def test_an_included_file_may_name_the_records(lab_file: Write) -> None:
    lab = load(lab_file(SMALL + "include: more.yaml\n", more__yaml="vendors: vendors.yaml\n", vendors__yaml=RECORD))
    assert lab.parts["OPTIC"].warranty_years == 5
    assert {file.name for file in lab.files} == {"lab.yaml", "more.yaml", "vendors.yaml"}


BAD_RECORDS = {
    "a part that is not there": ("OPTICS: {}\n", "vendors.yaml:1: no part 'OPTICS' in parts; did you mean 'OPTIC'?"),
    "an unknown key": (
        "OPTIC: {waranty_years: 5}\n",
        "vendors.yaml:1: OPTIC: unknown key 'waranty_years'; did you mean 'warranty_years'?",
    ),
    "what only the buyer says": ("OPTIC: {quantity: 5}\n", "vendors.yaml:1: OPTIC: unknown key 'quantity'"),
    "a day that is none": (
        "OPTIC: {documents: [{name: RoHS, reference: D-1, expires: 2026-02-30}]}\n",
        "vendors.yaml:1: part OPTIC documents: expires: a date like 2026-06-30 was expected, found '2026-02-30'",
    ),
}


@pytest.mark.parametrize(("text", "message"), BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_what_is_wrong_in_a_record_has_its_line(lab_file: Write, text: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        load(lab_file(NAMED, vendors__yaml=text))
    assert str(caught.value) == message


def test_two_records_that_contradict_each_other_are_refused(lab_file: Write) -> None:
    named = SMALL + "vendors: [one.yaml, two.yaml]\n"
    two = "OPTIC:\n  warranty_years: WRONG\n  mtbf_hours: 2000000\n"
    lab = load(lab_file(named, one__yaml=RECORD, two__yaml=two.replace("WRONG", "5")))
    assert lab.parts["OPTIC"].mtbf_hours == 2000000
    with pytest.raises(LabError) as caught:
        load(lab_file(named, one__yaml=RECORD, two__yaml=two.replace("WRONG", "3")))
    assert str(caught.value) == (
        "two.yaml:2: OPTIC: warranty_years contradicts what is said of the same part at one.yaml:3"
    )


def test_a_cabling_list_says_what_was_plugged_even_where_no_such_port_is_planned(lab_file: Write) -> None:
    named = SMALL + "cabling: [p2p.csv, other.csv]\n"
    rows = 'label,a,b\nL1,leaf1:Ethernet0,"gpu1,eth0"\nL2,leaf9:Ethernet4,gpu2:eth0\n'
    other = "label,a_device,a_port,b_device,b_port\nL3,leaf1,Ethernet4,gpu2,eth0\n"
    lab = load(lab_file(named, p2p__csv=rows, other__csv=other))
    assert [(row.label, row.a, row.b, str(row.at)) for row in lab.cabling] == [
        ("L1", "leaf1:Ethernet0", "gpu1:eth0", "p2p.csv line 2"),
        ("L2", "leaf9:Ethernet4", "gpu2:eth0", "p2p.csv line 3"),
        ("L3", "leaf1:Ethernet4", "gpu2:eth0", "other.csv line 2"),
    ]
    assert [file.name for file in lab.files] == ["lab.yaml", "p2p.csv", "other.csv"]


BAD_CABLING = {
    "an unknown column": ("label,a,b,c\n", "p2p.csv:1: unknown column 'c'; did you mean 'a'?"),
    "an end without a port": (
        "label,a,b\nL1,leaf1,gpu1:eth0\n",
        "p2p.csv:2: a: a port like leaf1:Ethernet0 was expected, found 'leaf1'",
    ),
    "half an end": ("label,a,b_device\nL1,x:1,gpu1\n", "p2p.csv:2: b, or b_device and b_port, is empty"),
    "an end twice": (
        "label,a,a_device,b\nL1,x:1,x,y:1\n",
        "p2p.csv:2: a, or a_device and a_port, was expected, not both",
    ),
    "no label": ("label,a,b\n,x:1,y:1\n", "p2p.csv:2: column label is empty"),
}


@pytest.mark.parametrize(("text", "message"), BAD_CABLING.values(), ids=BAD_CABLING)
def test_what_is_wrong_in_a_cabling_list_has_its_line(lab_file: Write, text: str, message: str) -> None:
    with pytest.raises(LabError) as caught:
        load(lab_file(SMALL + "cabling: p2p.csv\n", p2p__csv=text))
    assert str(caught.value).replace("; did you mean 'a'?", "") == message.replace("; did you mean 'a'?", "")


FIBER = (
    "fiber: {type: OS2, connectors: MPO-12, elements: [A, B], pins: [female, male], mated_pairs: 3, trunk: T1, "
    "label: 0042}"
)
OPTICAL = SMALL.replace(
    "  leaf1:Ethernet4--gpu2:eth0: {cable_m: 2}\n", f"  leaf1:Ethernet8--leaf1:Ethernet12: {{{FIBER}}}\n"
)
TRUNKS = "trunks: {T1: {type: OS2, fibers: 24}}\n"


def test_a_fiber_says_what_lies_between_its_ends(lab_file: Write) -> None:
    lab = load(lab_file(OPTICAL + TRUNKS))
    fiber = lab.links[1].fiber
    assert fiber is not None
    assert (fiber.elements, fiber.pins, fiber.mated_pairs) == (("A", "B"), ("female", "male"), 3)
    assert (fiber.trunk, fiber.label) == ("T1", "0042")
    assert (lab.trunks["T1"].type, lab.trunks["T1"].fibers) == ("OS2", 24)


def test_a_list_of_links_has_the_same_columns(lab_file: Write) -> None:
    text = OPTICAL.replace(f"  leaf1:Ethernet8--leaf1:Ethernet12: {{{FIBER}}}\n", "  csv: links.csv\n") + TRUNKS
    rows = (
        "a,b,fiber,connector_a,elements,pins_a,mated_pairs,trunk,label\n"
        "leaf1:Ethernet8,leaf1:Ethernet12,OS2,MPO-12,A B,female,3,T1,0042\n"
    )
    fiber = load(lab_file(text, links__csv=rows)).links[0].fiber
    assert fiber is not None
    assert (fiber.elements, fiber.pins, fiber.label) == (("A", "B"), ("female", "female"), "0042")


def test_a_trunk_that_is_not_declared_is_said(lab_file: Write) -> None:
    with pytest.raises(LabError) as caught:
        load(lab_file(OPTICAL + TRUNKS.replace("T1", "T10")))
    assert str(caught.value) == (
        "lab.yaml:18: link leaf1:Ethernet8--leaf1:Ethernet12: no trunk 'T1'; did you mean 'T10'?"
    )


def test_a_lossless_nic_port_is_on_the_rail_of_its_cage_where_the_design_has_rails(lab_file: Write) -> None:
    assert load(lab_file()).devices["gpu1"].ports[0].rail is None
    design = "design: {rails: 1, oversubscription: 1.5, load_balancing: dlb}\n"
    lab = load(lab_file(SMALL + design))
    assert [lab.devices[name].ports[0].rail for name in ("gpu1", "gpu2", "leaf1")] == [0, 0, None]
    assert lab.design is not None
    assert (lab.design.rails, lab.design.oversubscription, lab.design.hosts) == (1, Decimal("1.5"), None)
    told = SMALL.replace("mode: 1x400G, module", "mode: 1x400G, rail: 3, plane: 1, module")
    assert [(p.rail, p.plane) for p in load(lab_file(told + design)).devices["gpu1"].ports] == [(3, 1)]
    front = SMALL.replace("mtu: 9000, lossless: true", "mtu: 9000, lossless: false")
    assert load(lab_file(front + design)).devices["gpu1"].ports[0].rail is None


def test_a_rack_may_name_what_is_in_it(lab_file: Write) -> None:
    lab = load(lab_file(SMALL.replace("{budget_watts: 3000}", '{budget_watts: 3000, devices: "gpu[1-2]"}')))
    assert lab.racks[0].devices == ("leaf1", "gpu1", "gpu2")
    assert lab.devices["gpu2"].rack == "r1"
    with pytest.raises(LabError, match=r"^lab\.yaml:20: rack r1: no device 'gpu3'; did you mean 'gpu2'\?$"):
        load(lab_file(SMALL.replace("{budget_watts: 3000}", '{budget_watts: 3000, devices: "gpu[1-3]"}')))
    with pytest.raises(LabError, match=r"^lab\.yaml:21: rack r2: leaf1 is in rack r1 already$"):
        load(lab_file(SMALL.replace("3000}\n", "3000}\n  r2: {budget_watts: 1, devices: leaf1}\n")))


def test_fiber_tests_are_asked_for_when_they_are_needed(lab_file: Write) -> None:
    lab = load(lab_file(SMALL + "fiber_tests: [olts.csv]\n"))
    assert lab.fiber_tests == (Path("olts.csv"),)
    with pytest.raises(LabError, match=r"^lab\.yaml: fiber_tests olts\.csv: no such file$"):
        require_inputs(lab)
