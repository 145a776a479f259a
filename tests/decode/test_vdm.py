"""VDM: what descriptors announce, what samples, thresholds and flags say of it, and what is missing and why."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.decode import cmis
from harness.decode.cmis import vdm
from harness.decode.cmis.vdm import Format, Observation, Side, Statistic
from harness.decode.document import document, rows
from harness.decode.dump import read_dump
from harness.decode.memory import LOWER_MEMORY, Image, Memory, Page
from harness.decode.transceiver import CmisTransceiver, transceiver
from harness.reading import Absence, Missing, Reading, Value
from harness.units import Unit
from tests.recordings import recorded

BER, ESNR, LTP, LASER = 15, 5, 7, 4


def advertising(groups: int = 1, *, revision: str = "5.3", banks: int = 0, supported: bool = True) -> Image:
    """A module with VDM and nothing else."""
    image = Image()
    cmis.Lower.identifier.write(image, 0x19)
    cmis.Lower.revision.write(image, revision)
    cmis.Page01.vdm_supported.write(image, supported)
    cmis.Page01.banks.write(image, banks)
    for bank in range((1, 2, 4)[banks]):
        vdm.Page2F.groups.write(image, groups, bank=bank)
        for number in (*range(0x20, 0x20 + groups), *range(0x24, 0x24 + groups), *range(0x28, 0x28 + groups)):
            image.page(Page(number, bank))
        image.page(Page(0x2C, bank))
        image.page(Page(0x2D, bank))
    return image


def decoded(image: Image) -> CmisTransceiver:
    module = transceiver(image.memory("module"))
    assert isinstance(module, CmisTransceiver)
    return module


def without(image: Image, *gone: Page, failed: bool = False) -> CmisTransceiver:
    """The module with some pages not recorded, or their reading failed."""
    pages: dict[Page, bytes | None] = {page: bytes(held) for page, held in image.pages.items()}
    for page in gone:
        if failed:
            pages[page] = None
        else:
            del pages[page]
    return CmisTransceiver(Memory("module", pages))


def found(module: CmisTransceiver) -> tuple[Observation, ...]:
    assert isinstance(module.vdm, Reading), module.vdm
    return module.vdm.value


def held(value: Value[Any]) -> Any:
    """A reading's value, or why there is none."""
    return value.why if isinstance(value, Missing) else value.value


# --- the table of observables -------------------------------------------------------------------------------------

WORTH = [
    (1, 0x0064, "100", Unit.PERCENT),
    (2, 0x8001, "-100", Unit.PERCENT),
    (3, 0xFFFF, "-10", Unit.MHZ),
    (4, 0x2680, "38.5", Unit.CELSIUS),
    (5, 0x1510, "21.0625", Unit.DB),
    (6, 0x0100, "1", Unit.DB),
    (7, 0xFFFF, "255.99609375", Unit.DB),
    (8, 0x0001, "0.00390625", Unit.DB),
    (9, 0x0001, "1E-24", Unit.NONE),
    (15, 0x72E6, "7.42E-8", Unit.NONE),
    (16, 0x0800, "0", Unit.NONE),
    (23, 0x9064, "0.0001", Unit.NONE),
    (26, 0xC001, "1", Unit.NONE),
    (27, 0x000F, "15", Unit.NONE),
    (34, 0xFFFF, "65535", Unit.NONE),
    (77, 0x6590, "2.6", Unit.VOLT),
    (82, 0x1B58, "0.7", Unit.VOLT),
    (83, 0xBB80, "12", Unit.VOLT),
    (84, 0x07D0, "20", Unit.DBM),
    (128, 0xFFFF, "100", Unit.PERCENT),
    (133, 0x3333, "20", Unit.PERCENT),
    (134, 0xFFFE, "-2", Unit.PS_PER_NM),
    (135, 0x0002, "40", Unit.PS_PER_NM),
    (136, 0x006A, "1.06", Unit.PS),
    (137, 0x1AF4, "69", Unit.PS2),
    (138, 0x0009, "0.9", Unit.DB),
    (139, 0x0153, "33.9", Unit.DB),
    (140, 0x009C, "15.6", Unit.DB),
    (141, 0xFF84, "-124", Unit.MHZ),
    (142, 0x8000, "50.0007629511", Unit.PERCENT),
    (143, 0xFF36, "-2.02", Unit.DBM),
    (144, 0xFF31, "-2.07", Unit.DBM),
    (145, 0xFED7, "-2.97", Unit.DBM),
    (146, 0x0003, "3", Unit.KRAD_PER_S),
    (147, 0x00A0, "16", Unit.DB),
]


@pytest.mark.parametrize(("id", "code", "number", "unit"), WORTH, ids=lambda value: str(value))
def test_bits_of_an_observable_are_worth_what_the_document_says(id: int, code: int, number: str, unit: Unit) -> None:
    kind = vdm.observable(id)
    assert (kind.number(code), kind.unit) == (Decimal(number), unit)


@pytest.mark.parametrize("kind", vdm.OBSERVABLES.values(), ids=lambda kind: f"{kind.id} {kind.name}")
def test_every_observable_writes_what_it_reads(kind: vdm.Observable) -> None:
    for code in (0, 1, 2, 0x0777, 0x1234, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF):
        number = kind.number(code)
        assert isinstance(number, Decimal)
        assert kind.number(kind.code(number)) == number
        assert kind.format is Format.F16 or kind.code(number) == code


def test_ids_of_the_table_are_those_of_the_document() -> None:
    assert sorted(vdm.OBSERVABLES) == [*range(1, 35), *range(77, 85), *range(128, 148)]


NAMED = [
    (9, "pre-FEC BER minimum, media input", "pre_fec_ber", Side.MEDIA, Statistic.MINIMUM),
    (12, "pre-FEC BER maximum, host input", "pre_fec_ber", Side.HOST, Statistic.MAXIMUM),
    (15, "pre-FEC BER current, media input", "pre_fec_ber", Side.MEDIA, Statistic.CURRENT),
    (22, "FERC average, host input", "ferc", Side.HOST, Statistic.AVERAGE),
    (25, "FERC total accumulated, media input", "ferc", Side.MEDIA, Statistic.TOTAL),
    (34, "SEWmax current, host input", "sew_max", Side.HOST, Statistic.CURRENT),
    (6, "eSNR, host input", "esnr", Side.HOST, Statistic.CURRENT),
    (104, "vendor observable 104", "", Side.UNSTATED, Statistic.UNSTATED),
    (63, "unknown observable 63", "", Side.UNSTATED, Statistic.UNSTATED),
    (148, "clock recovery loop", "", Side.UNSTATED, Statistic.UNSTATED),
]


@pytest.mark.parametrize(("id", "name", "quantity", "side", "statistic"), NAMED, ids=[name for _, name, *_ in NAMED])
def test_observable_says_what_where_and_which_statistic(
    id: int, name: str, quantity: str, side: Side, statistic: Statistic
) -> None:
    kind = vdm.observable(id)
    assert (kind.name, kind.quantity, kind.side, kind.statistic) == (name, quantity, side, statistic)


@pytest.mark.parametrize(
    ("id", "number"), [(1, "-1"), (1, "65536"), (3, "327680"), (3, "-327690"), (15, "-1E-9"), (15, "3E10"), (104, "1")]
)
def test_number_that_16_bits_cannot_hold_is_refused(id: int, number: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        vdm.observable(id).code(Decimal(number))


# --- descriptors --------------------------------------------------------------------------------------------------


def test_plan_of_a_descriptor_page_lists_the_instances_in_use() -> None:
    page = bytes.fromhex("000500002f0fe7031264").ljust(128, b"\0")
    assert [(one.index, one.lane, one.threshold_set, one.observable.id) for one in vdm.plan(page)] == [
        (0, 1, 0, 5),
        (2, None, 2, 15),
        (3, 8, 14, 3),
        (4, 3, 1, 100),
    ]
    assert vdm.plan(page) is vdm.plan(bytes(page))
    assert vdm.plan(page[:3]) == vdm.plan(page)[:1]
    assert vdm.plan(b"") == ()


@pytest.mark.parametrize(("id", "lane", "set_"), [(256, 1, 0), (5, 0, 0), (5, 16, 0), (5, 1, 16), (-1, 1, 0)])
def test_descriptor_that_cannot_be_written_is_refused(id: int, lane: int, set_: int) -> None:
    with pytest.raises(ValueError, match="no descriptor"):
        vdm.descriptor(id, lane, set_)


def test_instance_has_its_sample_thresholds_flags_and_masks() -> None:
    image = advertising(groups=2)
    vdm.write_descriptor(image, 70, ESNR, lane=3, threshold_set=15)
    vdm.write_sample(image, 70, ESNR, Decimal("19.5"))
    vdm.write_thresholds(image, 70, ESNR, [Decimal(limit) for limit in ("30", "16", "28", "18")], 15)
    vdm.write_flags(image, 70, (False, True, False, True))
    vdm.write_masks(image, 70, (True, False, False, True))
    (one,) = found(decoded(image))
    assert (one.instance, one.bank, one.group, one.lane, one.threshold_set) == (70, 0, 1, 3, 15)
    assert one.name == "eSNR, media input, lane 3"
    assert isinstance(one.sample, Reading)
    assert (one.sample.value, one.sample.unit) == (Decimal("19.5"), Unit.DB)
    assert (one.sample.source.where, one.sample.source.raw) == ("page 25h bytes 138-139", "0x1380")
    assert [held(limit) for _, limit in one.thresholds.items()] == [30, 16, 28, 18]
    assert one.thresholds.low_alarm.source.where == "page 29h bytes 250-251"
    assert [held(flag) for _, flag in one.flags.items()] == [False, True, False, True]
    assert [held(mask) for _, mask in one.masks.items()] == [True, False, False, True]
    assert one.flags.high_alarm.source.where == "page 2Ch byte 162 bits 7-4"


FOUR = ("high_alarm", "low_alarm", "high_warning", "low_warning")


@pytest.mark.parametrize(
    ("instance", "raw", "raised"),
    [
        (1, 0x01, "high_alarm"),
        (1, 0x02, "low_alarm"),
        (1, 0x04, "high_warning"),
        (1, 0x08, "low_warning"),
        (2, 0x10, "high_alarm"),
        (2, 0x80, "low_warning"),
    ],
)
def test_odd_instance_has_the_low_half_of_its_flag_byte(instance: int, raw: int, raised: str) -> None:
    image = advertising()
    for number in (1, 2):
        vdm.write_descriptor(image, number, ESNR, lane=number)
    image.put(Page(0x2C), 128, bytes([raw]))
    for one in found(decoded(image)):
        on = [name for name, flag in one.flags.items() if held(flag)]
        assert on == ([raised] if one.instance == instance else [])
    assert tuple(name for name, _ in found(decoded(image))[0].flags.items()) == FOUR


def test_banks_have_instances_of_their_own_whose_lanes_go_on_counting() -> None:
    image = advertising(banks=1)
    vdm.write_descriptor(image, 1, BER, lane=8)
    vdm.write_descriptor(image, 1, BER, lane=1, bank=1)
    vdm.write_descriptor(image, 2, BER, bank=1)
    vdm.write_sample(image, 1, BER, Decimal("2.4E-6"), bank=1)
    vdm.write_flags(image, 1, (True, False, False, False), bank=1)
    ones = found(decoded(image))
    assert [(one.bank, one.instance, one.lane) for one in ones] == [(0, 1, 8), (1, 1, 9), (1, 2, None)]
    assert [held(one.sample) for one in ones] == [0, Decimal("2.4E-6"), 0]
    assert ones[1].sample.source.where == "bank 1 page 24h bytes 128-129"
    assert [held(one.flags.high_alarm) for one in ones] == [False, True, False]


def test_group_that_the_module_does_not_count_is_not_decoded() -> None:
    image = advertising(groups=3)
    for instance in (1, 65, 129):
        vdm.write_descriptor(image, instance, ESNR, lane=1)
    vdm.Page2F.groups.write(image, 2)
    assert [one.instance for one in found(decoded(image))] == [1, 65]
    gone = vdm.Page22(image.memory("module")).gone()
    assert gone is not None
    assert (gone.why, gone.detail) == (Absence.NOT_ADVERTISED, "2Fh:128.1-0")
    assert gone.source.where == "page 2Fh byte 128 bits 1-0"
    assert decoded(image).observations.gaps == ()


def test_control_page_tells_interval_and_freeze() -> None:
    image = advertising(groups=4)
    image.put(Page(0x2F), 129, bytes.fromhex("7530"))
    image.put(Page(0x2F), 144, bytes.fromhex("80c0"))
    page = vdm.Page2F(image.memory("module"))
    assert (held(page.groups), held(page.fine_interval)) == (4, Decimal(3000))
    assert [held(bit) for bit in (page.freeze_request, page.freeze_done, page.unfreeze_done)] == [True, True, True]
    assert held(page.power_supported) is Absence.BEYOND_REVISION


def test_access_of_the_pages_is_declared() -> None:
    assert vdm.Page2C.clears == frozenset(range(128, 256))
    assert vdm.Page2D.writable == frozenset(range(128, 256))
    assert vdm.Page2F.writable == {144}
    assert {view.page.number for view in vdm.VIEWS} == {*range(0x20, 0x2E), 0x2F}
    assert all(view.banked and view.since == "4.0" for view in vdm.VIEWS)
    assert set(vdm.VIEWS) <= set(cmis.PAGES)


# --- what there is not --------------------------------------------------------------------------------------------


def one_instance() -> Image:
    image = advertising()
    vdm.write_descriptor(image, 1, BER, lane=1)
    vdm.write_sample(image, 1, BER, Decimal("2E-6"))
    return image


def test_module_that_does_not_advertise_vdm_points_at_the_bit() -> None:
    said = decoded(advertising(supported=False)).vdm
    assert isinstance(said, Missing)
    assert (said.why, said.detail, said.source.where) == (
        Absence.NOT_ADVERTISED,
        "01h:142.6",
        "page 01h byte 142 bit 6",
    )


def test_module_with_flat_memory_has_no_vdm() -> None:
    image = one_instance()
    cmis.Lower.flat_memory.write(image, True)
    assert held(decoded(image).vdm) is Absence.NOT_ADVERTISED


def test_revision_before_4_0_has_no_vdm() -> None:
    assert held(decoded(advertising(revision="3.0")).vdm) is Absence.BEYOND_REVISION


@pytest.mark.parametrize(("failed", "why"), [(False, Absence.NOT_RECORDED), (True, Absence.READ_FAILED)])
@pytest.mark.parametrize(("page", "piece"), [(0x24, "sample"), (0x28, "thresholds"), (0x2C, "flags"), (0x2D, "masks")])
def test_page_that_was_not_read_leaves_its_own_piece_without_value(
    page: int, piece: str, failed: bool, why: Absence
) -> None:
    module = without(one_instance(), Page(page), failed=failed)
    (one,) = found(module)
    pieces = {
        "sample": {held(one.sample)},
        "thresholds": {held(value) for _, value in one.thresholds.items()},
        "flags": {held(value) for _, value in one.flags.items()},
        "masks": {held(value) for _, value in one.masks.items()},
    }
    assert pieces.pop(piece) == {why}
    assert not [value for values in pieces.values() for value in values if isinstance(value, Absence)]


def test_vdm_without_a_descriptor_page_has_no_instances_to_tell() -> None:
    module = without(one_instance(), Page(0x20))
    assert held(module.vdm) is Absence.NOT_RECORDED
    assert module.vdm.source.where == "page 20h bytes 128-255"


def test_descriptor_page_that_failed_is_a_gap_beside_what_was_read() -> None:
    image = advertising(groups=2)
    vdm.write_descriptor(image, 1, ESNR, lane=1)
    module = without(image, Page(0x21), failed=True)
    assert len(found(module)) == 1
    assert [(gap.why, gap.source.where) for gap in module.observations.gaps] == [
        (Absence.READ_FAILED, "page 21h bytes 128-255")
    ]
    assert document(module)["vdm_gaps"] == ["read failed (page 21h bytes 128-255)"]


def test_number_of_groups_that_was_not_read_is_a_gap_and_recorded_groups_are_decoded() -> None:
    module = without(one_instance(), Page(0x2F))
    assert [one.instance for one in found(module)] == [1]
    assert [gap.source.where for gap in module.observations.gaps] == ["page 2Fh byte 128 bits 1-0"]


def test_page_that_repeats_page_00h_is_no_descriptor_page_where_the_groups_were_not_read() -> None:
    image = one_instance()
    cmis.Page00.vendor_name.write(image, "SIMULATED")
    image.put(Page(0x21), 128, bytes(image.page(Page(0x00))))
    assert [one.instance for one in found(without(image, Page(0x2F)))] == [1]


def test_page_01h_that_was_not_read_leaves_what_the_pages_themselves_say() -> None:
    image = advertising(banks=1)
    vdm.write_descriptor(image, 1, BER, lane=1)
    vdm.write_descriptor(image, 1, BER, lane=1, bank=1)
    assert [one.lane for one in found(without(image, Page(0x01)))] == [1, 9]


@pytest.mark.parametrize("raw", [0xB805, 0xB032, 0xA9F4])
def test_ber_of_one_half_means_that_nothing_was_measured(raw: int) -> None:
    image = one_instance()
    image.put(Page(0x24), 128, raw.to_bytes(2, "big"))
    image.put(Page(0x28), 128, raw.to_bytes(2, "big"))
    (one,) = found(decoded(image))
    assert held(one.sample) is Absence.NOT_AVAILABLE
    assert one.sample.source.raw == f"0x{raw:04x}"
    assert held(one.thresholds.high_alarm) == Decimal("0.5")


def test_lowest_laser_temperature_means_that_nothing_was_measured() -> None:
    image = advertising()
    vdm.write_descriptor(image, 1, LASER, lane=1)
    image.put(Page(0x24), 128, bytes.fromhex("8000"))
    assert held(found(decoded(image))[0].sample) is Absence.NOT_AVAILABLE
    image.put(Page(0x24), 128, bytes.fromhex("8001"))
    assert held(found(decoded(image))[0].sample) == Decimal("-127.99609375")


def test_zero_and_saturated_samples_are_values() -> None:
    image = advertising()
    for instance, raw in ((1, "0000"), (2, "ffff")):
        vdm.write_descriptor(image, instance, LTP, lane=instance)
        image.put(Page(0x24), 126 + 2 * instance, bytes.fromhex(raw))
    assert [held(one.sample) for one in found(decoded(image))] == [0, Decimal("255.99609375")]


@pytest.mark.parametrize(
    ("id", "detail"),
    [
        (104, "the scale of vendor observable 104 is not known here"),
        (63, "the scale of unknown observable 63 is not known here"),
        (150, "the scale of SNR margin is not known here"),
    ],
)
def test_observable_without_a_known_scale_keeps_its_raw_bits(id: int, detail: str) -> None:
    image = advertising()
    vdm.write_descriptor(image, 1, id, lane=1)
    image.put(Page(0x24), 128, bytes.fromhex("acc2"))
    (one,) = found(decoded(image))
    assert isinstance(one.sample, Missing)
    assert (one.sample.why, one.sample.source.raw, one.sample.detail) == (Absence.RESERVED, "0xacc2", detail)
    assert held(one.thresholds.low_warning) is Absence.RESERVED
    assert held(one.flags.high_alarm) is False


@pytest.mark.parametrize(
    ("id", "revision", "expected"),
    [
        (25, "5.1", Absence.BEYOND_REVISION),
        (25, "5.2", Decimal("7E-24")),
        (27, "5.2", Absence.BEYOND_REVISION),
        (34, "5.3", Decimal(7)),
    ],
)
def test_observable_of_a_later_revision_has_no_value_yet(id: int, revision: str, expected: Any) -> None:
    image = advertising(revision=revision)
    vdm.write_descriptor(image, 1, id, lane=1)
    image.put(Page(0x24), 128, bytes.fromhex("0007"))
    (one,) = found(decoded(image))
    assert held(one.sample) == expected
    assert one.sample.source.raw == "0x0007"


@pytest.mark.parametrize("seed", range(12))
def test_nothing_raises_whatever_the_bytes_are(seed: int) -> None:
    chance = random.Random(seed)
    pages: dict[Page, bytes | None] = {
        Page(number, bank): chance.choice([None, chance.randbytes(chance.choice([0, 1, 7, 128, 128, 128]))])
        for number in (0x00, 0x01, *range(0x20, 0x30))
        for bank in (0, 1)
    }
    pages[LOWER_MEMORY] = bytes([0x19, 0x53, 0x00]) + chance.randbytes(125)
    module = CmisTransceiver(Memory("module", pages))
    for one in module.vdm.value if isinstance(module.vdm, Reading) else ():
        for piece in (one.thresholds, one.flags, one.masks):
            assert len(list(piece.items())) == len(fields(piece))
        assert one.sample.source.evidence == "module"
    document(module)
    assert list(rows(module))


# --- the document and the rows ------------------------------------------------------------------------------------


def test_document_has_every_instance_and_says_once_why_four_values_are_absent() -> None:
    module = without(one_instance(), Page(0x2C))
    content: Any = json.loads(json.dumps(document(module)))
    assert content["vdm"] == [
        {
            "instance": 1,
            "bank": 0,
            "type": 15,
            "name": "pre-FEC BER current, media input",
            "side": "media",
            "statistic": "current",
            "lane": 1,
            "threshold_set": 0,
            "unit": "",
            "sample": "0.000002",
            "thresholds": {"high_alarm": "0", "low_alarm": "0", "high_warning": "0", "low_warning": "0"},
            "flags": None,
            "masks": {"high_alarm": False, "low_alarm": False, "high_warning": False, "low_warning": False},
        }
    ]
    assert content["absent"]["vdm.1.flags"] == "not in the evidence (page 2Ch byte 128 bits 3-0)"


def test_rows_have_samples_raised_flags_and_each_threshold_set_once() -> None:
    image = advertising()
    for lane in (1, 2):
        vdm.write_descriptor(image, lane, ESNR, lane=lane, threshold_set=1)
    vdm.write_sample(image, 1, ESNR, Decimal(20))
    vdm.write_flags(image, 2, (False, False, False, True))
    listed = [row for row in rows(decoded(image)) if row[0].startswith("vdm")]
    assert [name for name, *_ in listed] == [
        "vdm 1 eSNR, media input, lane 1",
        *(f"vdm 1 eSNR, media input threshold set 1 {limit}" for limit in FOUR),
        "vdm 2 eSNR, media input, lane 2",
        "vdm 2 eSNR, media input, lane 2 low_warning",
    ]
    assert listed[0] == ("vdm 1 eSNR, media input, lane 1", "20", "dB", "0x1400", "page 24h bytes 128-129")


# --- recordings ---------------------------------------------------------------------------------------------------

SONIC_NAMES: Mapping[int, str] = {
    1: "Laser Age [%]",
    3: "Laser Frequency Error [MHz]",
    4: "Laser Temperature [C]",
    5: "eSNR Media Input [dB]",
    6: "eSNR Host Input [dB]",
    7: "PAM4 Level Transition Parameter Media Input [dB]",
    8: "PAM4 Level Transition Parameter Host Input [dB]",
    9: "Pre-FEC BER Minimum Media Input",
    10: "Pre-FEC BER Minimum Host Input",
    11: "Pre-FEC BER Maximum Media Input",
    12: "Pre-FEC BER Maximum Host Input",
    13: "Pre-FEC BER Average Media Input",
    14: "Pre-FEC BER Average Host Input",
    15: "Pre-FEC BER Current Value Media Input",
    16: "Pre-FEC BER Current Value Host Input",
    17: "Errored Frames Minimum Media Input",
    18: "Errored Frames Minimum Host Input",
    19: "Errored Frames Maximum Media Input",
    20: "Errored Frames Maximum Host Input",
    21: "Errored Frames Average Media Input",
    22: "Errored Frames Average Host Input",
    23: "Errored Frames Current Value Media Input",
    24: "Errored Frames Current Value Host Input",
    25: "FERC Total Accumulated Media Input",
    26: "FERC Total Accumulated Host Input",
    128: "Modulator Bias X/I [%]",
    129: "Modulator Bias X/Q [%]",
    130: "Modulator Bias Y/I [%]",
    131: "Modulator Bias Y/Q [%]",
    132: "Modulator Bias X_Phase [%]",
    133: "Modulator Bias Y_Phase [%]",
    134: "CD high granularity, short link [ps/nm]",
    135: "CD low granularity, long link [ps/nm]",
    136: "DGD [ps]",
    137: "SOPMD [ps^2]",
    138: "PDL [dB]",
    139: "OSNR [dB]",
    140: "eSNR [dB]",
    141: "CFO [MHz]",
    142: "EVM_modem [%]",
    143: "Tx Power [dBm]",
    144: "Rx Total Power [dBm]",
    145: "Rx Signal Power [dBm]",
    146: "SOP ROC [krad/s]",
    147: "MER [dB]",
}
"""The names that the expected facts have for our ids."""

DROPPED: Mapping[str, set[int]] = {
    "cmis-800g-2xfr4-osfp-fboss": {*range(100, 110)},
    "cmis-800g-zr-osfp-fboss": {100, *range(148, 153)},
}
"""Ids that the expected facts leave out, as their decoder drops what it does not know; ours are kept raw."""

NO_LANE_THERE = 16

VDM_RECORDINGS = [
    path for path in recorded("eeprom/cmis*.json") if '"vdm": ' in (path.parent / "expected" / path.name).read_text()
]


def expected_of(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((path.parent / "expected" / path.name).read_text())["facts"]
    return facts.get("vdm") or {}


@pytest.mark.parametrize("path", VDM_RECORDINGS, ids=lambda path: path.stem)
def test_recorded_module_agrees_with_what_others_read(path: Path) -> None:
    module = transceiver(read_dump(path.read_bytes(), "module"))
    assert isinstance(module, CmisTransceiver)
    expected = expected_of(path)
    ones = module.vdm.value if isinstance(module.vdm, Reading) else ()
    ours = {
        (SONIC_NAMES[one.observable.id], str(one.lane or NO_LANE_THERE)): one for one in ones if one.observable.known
    }
    wanted = {(name, lane): facts for name, lanes in expected.items() for lane, facts in lanes.items()}
    assert set(ours) == set(wanted)
    assert len(ours) == sum(one.observable.known for one in ones)
    assert {one.observable.id for one in ones if not one.observable.known} == DROPPED.get(path.stem, set())
    differing = [f"{name} {lane}" for (name, lane), facts in wanted.items() if not agrees(ours[name, lane], facts)]
    assert differing == []


def agrees(one: Observation, facts: Mapping[str, Any]) -> bool:
    """Value to the digits that the expectation keeps, and the flags, null where page 2Ch is not in the dump."""
    wanted = Decimal(str(facts["value"]))
    if not isinstance(one.sample, Reading) or abs(one.sample.value - wanted) > abs(wanted).scaleb(-5):
        return False
    flags = [value.value if isinstance(value, Reading) else None for _, value in one.flags.items()]
    return flags == facts["flags"]


def test_recordings_have_vdm_worth_comparing(recordings: Path) -> None:
    assert recordings.is_dir()
    assert sum(len(lanes) for path in VDM_RECORDINGS for lanes in expected_of(path).values()) > 250
