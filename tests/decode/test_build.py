"""What an image says is what a module written from it reads as, whatever page it stands on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from harness.decode import cmis, sff8472, sff8636
from harness.decode.build import (
    AdvertisedApplication,
    Cdb,
    CmisImage,
    Firmware,
    Limits,
    Observed,
    Sff8472Image,
    Sff8636Image,
    seal_cmis,
)
from harness.decode.cmis import cdb, vdm
from harness.decode.memory import LOWER_MEMORY, Page
from harness.decode.transceiver import transceiver
from harness.reading import Absence, Missing, Reading

BER: Limits = ("2.4e-4", "0", "2.4e-5", "0")
SNR: Limits = ("40", "17", "38", "19")
RETIMED = ("vdm_supported", "diagnostics_supported", "page_15_supported", "staged_set_1_supported", "tunable")
TWO_BANKS = CmisImage(
    tx_power=("1.2",) * 8 + ("0.9",) * 8,
    rx_power=("1.1",) * 8 + ("0.8",) * 8,
    tx_bias=("60",) * 8 + ("61",) * 8,
    dp_state=("DPActivated",) * 8 + ("DPInitialized",) * 8,
    config_status=("ConfigSuccess",) * 8 + ("ConfigRejected",) * 8,
    active=((1, 0),) * 8 + ((2, 0),) * 8,
    staged=((1, 0),) * 16,
    flags={"rx_los": [False] * 8 + [True] + [False] * 7},
)


def held(value: Any) -> Any:
    """The values, absences by their reason; lanes as a list."""
    if isinstance(value, tuple):
        return [held(one) for one in value]
    return value.value if isinstance(value, Reading) else value.why.value


def raw(image: Any, page: Page, byte: int, size: int = 1) -> int:
    """Bytes as they stand, as a number."""
    taken = image.memory("module").take(page, byte, size)
    assert isinstance(taken, Reading)
    return int.from_bytes(taken.value, "big")


@pytest.mark.parametrize(
    ("image", "page", "byte", "size", "number"),
    [
        pytest.param(CmisImage(lengths={"smf": "2000"}), Page(1), 132, 1, 20, id="2 km of SMF is 20 x 100 m"),
        pytest.param(CmisImage(lengths={"om4": "100"}), Page(1), 134, 1, 50, id="OM4 counts 2 m"),
        pytest.param(CmisImage(lengths={"om2": "30"}), Page(1), 136, 1, 30, id="OM2 counts 1 m"),
        pytest.param(CmisImage(wavelength="1311"), Page(1), 138, 2, 26220, id="wavelength counts 0.05 nm"),
        pytest.param(CmisImage(wavelength_tolerance="6.5"), Page(1), 140, 2, 1300, id="tolerance counts 0.005 nm"),
        pytest.param(CmisImage(vcc_min="3.12"), Page(1), 150, 1, 156, id="least supply counts 20 mV"),
        pytest.param(CmisImage(case_temperature_min="-5"), Page(1), 147, 1, 0xFB, id="case temperature is signed"),
        pytest.param(CmisImage(hardware_revision="2.7"), Page(1), 130, 2, 0x0207, id="hardware revision 2.7"),
        pytest.param(CmisImage(attenuation=["4", "5", "7"]), Page(0), 204, 4, 0x04050700, id="three attenuations"),
        pytest.param(CmisImage(far_end_configuration=12), Page(0), 211, 1, 12, id="far end of a 4x2 breakout"),
        pytest.param(
            CmisImage(durations={"dp_init": "< 1 min", "dp_deinit": "< 5 s"}), Page(1), 144, 1, 0x79, id="durations"
        ),
        pytest.param(CmisImage(cdb=Cdb(instances=2, epl_pages=8)), Page(1), 163, 1, 0xA5, id="two instances, 8 pages"),
        pytest.param(CmisImage(advertises=["tx_fault_flag"]), Page(1), 157, 1, 1, id="one flag is advertised"),
        pytest.param(CmisImage(advertises=()), Page(1), 155, 2, 0, id="no control is advertised"),
        pytest.param(
            CmisImage(aux={"tec_current_percent": ("-50", ("90", "-90", "80", "-80"))}),
            LOWER_MEMORY,
            18,
            2,
            0x10000 - 16384,
            id="a TEC current is a signed share of 32767",
        ),
        pytest.param(
            CmisImage(aux={"laser_temperature_c": ("52", ("62", "42", "59", "45"))}),
            Page(2),
            152,
            2,
            62 * 256,
            id="laser temperature is the second auxiliary monitor",
        ),
        pytest.param(TWO_BANKS, Page(1), 142, 1, 0x20 | 1, id="two banks are code 1"),
        pytest.param(TWO_BANKS, Page(0x11, 1), 154, 2, 9000, id="lane 9 is the first of bank 1"),
        pytest.param(TWO_BANKS, Page(0x11, 1), 128, 1, 0x77, id="the states of bank 1 are its own"),
        pytest.param(TWO_BANKS, Page(0x11, 0), 147, 1, 0, id="a flag of lane 9 is not in bank 0"),
        pytest.param(TWO_BANKS, Page(0x11, 1), 147, 1, 1, id="a flag of lane 9 is bit 0 of bank 1"),
        pytest.param(
            CmisImage(advertises=["staged_set_1_supported"]), Page(0x10), 180, 1, 0x10, id="set 1 is staged like set 0"
        ),
        pytest.param(CmisImage(advertises=()), Page(0x10), 180, 1, 0, id="set 1 is blank where there is none"),
        pytest.param(
            Sff8636Image(registers={"Page00": {"om4_length": "100"}}), Page(0), 146, 1, 50, id="a register of SFF-8636"
        ),
    ],
)
def test_a_register_holds_what_the_document_says(
    image: CmisImage | Sff8636Image, page: Page, byte: int, size: int, number: int
) -> None:
    assert raw(image, page, byte, size) == number


def test_sixteen_lanes_read_back_as_sixteen() -> None:
    module = transceiver(TWO_BANKS.memory("module"))
    assert held(module.tx_power) == [Decimal("1.2")] * 8 + [Decimal("0.9")] * 8
    assert held(module.dp_state) == ["DPActivated"] * 8 + ["DPInitialized"] * 8
    assert held(module.active_application) == [1] * 8 + [2] * 8


ABSENT = [
    pytest.param(CmisImage(), Page(0x20), id="VDM"),
    pytest.param(CmisImage(), Page(0x9F), id="CDB"),
    pytest.param(CmisImage(), Page(0x04), id="laser capabilities"),
    pytest.param(CmisImage(advertises=()), Page(0x13), id="diagnostics"),
    pytest.param(CmisImage(flat_memory=True, cdb=Cdb(), advertises=RETIMED), Page(0x01), id="anything of flat memory"),
    pytest.param(CmisImage(), Page(0x11, 1), id="a second bank"),
    pytest.param(CmisImage(advertises=RETIMED, vdm=[Observed(5, 1, "22")]), Page(0x21), id="a second group of VDM"),
    pytest.param(CmisImage(cdb=Cdb()), Page(0xA0), id="extended payload"),
    pytest.param(CmisImage(revision="3.0", cdb=Cdb()), Page(0x9F), id="CDB of CMIS 3.0"),
]


@pytest.mark.parametrize(("image", "page"), ABSENT)
def test_a_page_that_is_not_advertised_is_not_there(image: CmisImage, page: Page) -> None:
    assert page not in image.image().pages


@pytest.mark.parametrize(
    ("image", "pages"),
    [
        pytest.param(CmisImage(), (1, 2, 0x10, 0x11, 0x13, 0x14), id="by default"),
        pytest.param(CmisImage(advertises=RETIMED), (0x04, 0x12, 0x13, 0x14, 0x15, 0x20, 0x2C, 0x2F), id="of a laser"),
        pytest.param(CmisImage(cdb=Cdb(epl_pages=2)), (0x9F, 0xA0, 0xA1), id="of CDB with two extended pages"),
    ],
)
def test_every_page_that_is_advertised_is_there(image: CmisImage, pages: tuple[int, ...]) -> None:
    assert {Page(number) for number in pages} <= image.image().pages.keys()


def test_nothing_that_a_module_with_everything_advertises_is_unrecorded() -> None:
    memory = CmisImage(advertises=(*RETIMED, "page_03_supported"), cdb=Cdb(instances=2)).memory("module")
    for view in cmis.VIEWS:
        for register in view.registers():
            values = register.read(view(memory))
            for value in values if isinstance(values, tuple) else (values,):
                elsewhere = view.__name__.startswith("Page14")  # the window shows what another selector chooses
                absent = isinstance(value, Missing) and value.why in (Absence.NOT_RECORDED, Absence.READ_FAILED)
                assert not absent or elsewhere, (view, register.name)


@pytest.mark.parametrize("revision", ["4.0", "5.0", "5.4"])
def test_every_checksum_is_right_whatever_is_written(revision: str) -> None:
    image = CmisImage(revision=revision, advertises=RETIMED, registers={"Page04": {"grid_75_ghz_supported": True}})
    module = transceiver(image.memory("module"))
    assert [one.page for one in module.checksums] == ["00", "01", "02", "04"]
    assert all(held(one.ok) for one in module.checksums)


def test_a_checksum_is_right_again_after_sealing() -> None:
    image = CmisImage(advertises=RETIMED).image()
    image.put(Page(4), 130, b"\x12")
    assert not held(transceiver(image.memory("module")).checksums[3].ok)
    seal_cmis(image)
    assert held(transceiver(image.memory("module")).checksums[3].ok)


REGISTERS: list[Any] = [
    pytest.param({"Page01": {"cooled_transmitter": True}}, Page(1), 145, 1, 0x80, id="a bit"),
    pytest.param({"Page01": {"tx_input_eq_max": "10"}}, Page(1), 153, 1, 10, id="a number in its unit"),
    pytest.param({"Page01": {"tx_squelch_method": "Pav"}}, Page(1), 155, 1, 0x60, id="a word beside a bit"),
    pytest.param({"Page10": {"staged_tx_cdr": True}}, Page(0x10), 160, 1, 0xFF, id="one value is of every lane"),
    pytest.param({"Page12": {"channel": [-72, 6]}}, Page(0x12), 136, 4, 0xFFB80006, id="a list begins with lane 1"),
    pytest.param(
        {"Page13": {"host_generator_patterns": ["PRBS31Q", "SSPRQ"]}}, Page(0x13), 132, 2, 0x0110, id="a set of words"
    ),
    pytest.param({"Lower": {"fiber_face": "APC"}}, LOWER_MEMORY, 61, 1, 2, id="lower memory"),
]


@pytest.mark.parametrize(("registers", "page", "byte", "size", "number"), REGISTERS)
def test_any_register_is_written_by_its_name(
    registers: dict[str, dict[str, object]], page: Page, byte: int, size: int, number: int
) -> None:
    assert raw(CmisImage(advertises=("tunable",), registers=registers), page, byte, size) == number


@pytest.mark.parametrize("registers", [{"Page99": {"tunable": True}}, {"Page01": {"tunnable": True}}])
def test_a_register_that_is_none_is_named(registers: dict[str, dict[str, object]]) -> None:
    with pytest.raises(KeyError, match=r"Page99|tunnable"):
        CmisImage(registers=registers).image()


def test_a_register_of_every_bank_is_written_in_every_bank() -> None:
    image = CmisImage(tx_power=("1",) * 16, registers={"Page10": {"staged_rx_cdr": True}})
    assert [raw(image, Page(0x10, bank), 161) for bank in (0, 1)] == [0xFF, 0xFF]


def observed(image: CmisImage) -> list[tuple[int, int, int | None, int, Any, list[Any]]]:
    """Instance, type, lane, set, sample and thresholds of every observation."""
    found = vdm.observations(image.memory("module"), image.banks).found
    assert isinstance(found, Reading)
    return [
        (
            one.instance,
            one.observable.id,
            one.lane,
            one.threshold_set,
            held(one.sample),
            [held(limit) for _, limit in one.thresholds.items()],
        )
        for one in found.value
    ]


def test_observables_read_back_with_lane_sample_and_limits() -> None:
    image = CmisImage(
        advertises=("vdm_supported",),
        vdm=[
            Observed(15, 1, "2e-8", BER),
            Observed(5, 8, "22.5", SNR),
            Observed(16, 3, "1e-9", BER),
            Observed(83, 0, "12"),
        ],
    )
    ber, snr = [Decimal("2.4E-4"), 0, Decimal("2.4E-5"), 0], [40, 17, 38, 19]
    assert observed(image) == [
        (1, 15, 1, 0, Decimal("2E-8"), ber),
        (2, 5, 8, 1, Decimal("22.5"), snr),
        (3, 16, 3, 0, Decimal("1E-9"), ber),
        (4, 83, None, 2, 12, [0, 0, 0, 0]),
    ]


def test_the_sixty_fifth_observable_begins_a_group_with_sets_of_its_own() -> None:
    many = [Observed(5, 1 + lane % 8, "22", SNR) for lane in range(64)] + [Observed(15, 1, "2e-8", BER)]
    image = CmisImage(advertises=("vdm_supported",), vdm=many)
    assert observed(image)[64] == (65, 15, 1, 0, Decimal("2E-8"), [Decimal("2.4E-4"), 0, Decimal("2.4E-5"), 0])
    assert raw(image, Page(0x2F), 128) & 3 == 1
    assert Page(0x29) in image.image().pages


def test_an_observable_of_lane_nine_stands_in_bank_one() -> None:
    image = CmisImage(
        advertises=("vdm_supported",), tx_power=("1",) * 16, vdm=[Observed(5, 9, "21", SNR), Observed(2, 0, "18")]
    )
    assert [(kind, lane) for _, kind, lane, *_ in observed(image)] == [(2, None), (5, 9)]
    assert raw(image, Page(0x20, 1), 128, 2) == 0x0005


def test_a_group_has_room_for_sixteen_sets() -> None:
    limits: list[Limits] = [(str(high), "0", "1", "0") for high in range(2, 19)]
    sixteen = [Observed(5, 1, "1", one) for one in limits[:16]]
    assert [row[3] for row in observed(CmisImage(advertises=("vdm_supported",), vdm=sixteen))] == list(range(16))
    with pytest.raises(ValueError, match="threshold set 16"):
        CmisImage(advertises=("vdm_supported",), vdm=[*sixteen, Observed(5, 1, "1", limits[16])]).image()


COMMANDS = Cdb(a=Firmware("2.4", 118, "image A"), b=Firmware("2.3", 97), max_completion_ms=5000)


def replied(command: int) -> cdb.Reply:
    """What a host reads after it asked the command."""
    image = CmisImage(cdb=Cdb(a=COMMANDS.a, b=COMMANDS.b, max_completion_ms=5000, answered=command))
    message = cdb.message(image.memory("module"))
    assert held(message.command) == command
    assert isinstance(message.reply, Reading), message.reply
    return message.reply.value


REPLIES: list[tuple[int, Callable[[Any], Any], Any]] = [
    (0x0000, lambda reply: held(reply.status), "host password accepted"),
    (0x0040, lambda reply: sorted(held(reply.commands)), [0, 1, 2, 0x40, 0x41, 0x42]),
    (0x0040, lambda reply: held(reply.max_completion_time), 5000),
    (0x0041, lambda reply: held(reply.write_mechanism), "LPL"),
    (0x0041, lambda reply: held(reply.max_durations["copy"]), 5000),
    (0x0042, lambda reply: held(reply.bits), ()),
    (0x0100, lambda reply: held(reply.running), "A"),
    (0x0100, lambda reply: held(reply.committed), "A"),
    (0x0100, lambda reply: held(reply.running_version), "2.4.118"),
    (0x0100, lambda reply: held(reply.images["A"].text), "image A"),
    (0x0100, lambda reply: held(reply.images["B"].version), "2.3.97"),
    (0x0100, lambda reply: isinstance(reply.images["factory"].version, Missing), True),
]


@pytest.mark.parametrize(("command", "fact", "expected"), REPLIES)
def test_the_reply_to_a_command_says_what_the_module_can(
    command: int, fact: Callable[[Any], Any], expected: object
) -> None:
    assert fact(replied(command)) == expected


def test_a_module_that_was_asked_nothing_holds_no_reply() -> None:
    image = CmisImage(cdb=COMMANDS).image()
    assert not any(image.page(Page(0x9F)))
    assert image.page(LOWER_MEMORY)[37] == 0


def test_the_firmware_of_a_reply_is_found_in_the_pages() -> None:
    memory = CmisImage(cdb=Cdb(a=Firmware("2.4", 118), answered=0x0100)).memory("module")
    told = cdb.firmware(cdb.messages(memory))
    assert isinstance(told, Reading)
    assert held(told.value.running_version) == "2.4.118"


def test_more_than_eight_applications_go_on_in_page_01() -> None:
    one = AdvertisedApplication(0x50, 0x1C, 4, 4, 0x11, 0x11)
    image = CmisImage(applications=(one,) * 9)
    assert raw(image, Page(1), 223, 4) == one.descriptor
    assert raw(image, Page(1), 227, 1) == 0xFF


def test_registers_of_sff_8472_are_written_before_its_checksums() -> None:
    image = Sff8472Image(registers={"A0": {"om4_length": "100"}})
    module = transceiver(image.memory("module"))
    assert held(sff8472.A0(module.memory).om4_length) == 100
    assert all(held(one.ok) for one in module.checksums)


def test_registers_of_sff_8636_are_written_before_its_checksums() -> None:
    image = Sff8636Image(registers={"Page00": {"tx_cdr_present": True}, "Lower": {"tx_cdr_on": True}})
    module = transceiver(image.memory("module"))
    assert held(sff8636.Page00(module.memory).tx_cdr_present)
    assert all(held(one.ok) for one in module.checksums)
