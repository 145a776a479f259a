"""CDB: messages and their check codes, status bytes, and what the replies of the queries tell."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from harness.decode import cmis
from harness.decode.cmis import cdb
from harness.decode.document import document, rows
from harness.decode.memory import LOWER_MEMORY, Image, Memory, Page
from harness.decode.transceiver import CmisTransceiver
from harness.reading import Absence, Missing, Reading, Source, Value
from harness.units import Unit

P9F = Page(0x9F)
ORIGIN = Source("module", "page 9Fh bytes 128-255")


def held(value: Value[Any]) -> Any:
    """A reading's value, or why there is none."""
    return value.why if isinstance(value, Missing) else value.value


def module(page: bytes | None = None, *, status: int = 0x01, instances: int = 1, bank: int = 0) -> CmisTransceiver:
    """A module with CDB whose page 9Fh holds a message."""
    image = Image()
    cmis.Lower.identifier.write(image, 0x19)
    cmis.Lower.revision.write(image, "5.2")
    image.put(Page(0x01), 163, bytes([instances << 6]))
    image.put(LOWER_MEMORY, 37 + bank, bytes([status]))
    if page is not None:
        image.put(P9F._replace(bank=bank), 128, page)
    return CmisTransceiver(image.memory("module"))


def first(decoded: CmisTransceiver) -> cdb.CdbMessage:
    assert isinstance(decoded.cdb, Reading), decoded.cdb
    return decoded.cdb.value[0]


def answer(command: int, payload: bytes) -> Any:
    """The reply as registers, out of a module that is done with the command."""
    reply = first(module(cdb.reply(cdb.query(command), payload))).reply
    assert isinstance(reply, Reading), reply
    return reply.value


# --- messages -----------------------------------------------------------------------------------------------------

CHECKS = [(0x0040, 0xBF), (0x0041, 0xBE), (0x0042, 0xBD), (0x0102, 0xFC), (0x0107, 0xF7), (0x0004, 0xFB)]


@pytest.mark.parametrize(("command", "check"), CHECKS, ids=[f"{command:04X}h" for command, _ in CHECKS])
def test_check_code_of_a_query_without_payload(command: int, check: int) -> None:
    page = cdb.query(command)
    assert len(page) == 128
    assert page[:8] == command.to_bytes(2, "big") + bytes([0, 0, 0, check, 0, 0])


def test_check_code_covers_lengths_and_local_payload_and_not_the_extended_one() -> None:
    page = cdb.query(0x0104, bytes.fromhex("00000010"), epl_length=0x0800)
    assert page[:12].hex() == "0104080004de000000000010"
    assert page[5] == 0xFF - (0x01 + 0x04 + 0x08 + 0x04 + 0x10)


def test_query_is_written_with_its_command_last() -> None:
    page = cdb.query(0x0000, b"\x00\x0a")
    assert cdb.writes(page) == ((130, page[2:10]), (128, b"\x00\x00"))


def test_request_reads_what_a_query_writes() -> None:
    sent = cdb.request(Reading(cdb.query(0x0101, bytes(range(120)), epl_length=256), ORIGIN))
    assert held(sent) == cdb.Request(0x0101, bytes(range(120)), 256)


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (bytes.fromhex("00400000 00be 0000".replace(" ", "")).ljust(128, b"\0"), "check code BEh, the bytes have BFh"),
        (bytes.fromhex("0040000079bf0000").ljust(128, b"\0"), "the local payload is longer than the page"),
        (b"\x00\x40", "the local payload is longer than the page"),
        (cdb.query(0x0040, bytes(16))[:20], "the local payload is longer than the page"),
    ],
    ids=["wrong check code", "payload of 121 bytes", "page of two bytes", "page that ends early"],
)
def test_request_that_is_not_well_formed_is_unreadable(raw: bytes, detail: str) -> None:
    said = cdb.request(Reading(raw, ORIGIN))
    assert isinstance(said, Missing)
    assert (said.why, said.detail) == (Absence.UNREADABLE, detail)


def test_message_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="121 bytes of LPL"):
        cdb.query(0x0103, bytes(121))
    with pytest.raises(ValueError, match="2049 of EPL"):
        cdb.query(0x0104, epl_length=2049)
    with pytest.raises(ValueError, match="a reply of 121 bytes"):
        cdb.reply(cdb.query(0x0040), bytes(121))


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (0x0000, "Query Status"),
        (0x0041, "Firmware Management Features"),
        (0x0100, "Get Firmware Info"),
        (0x0204, "performance monitoring command 0204h"),
        (0x03FF, "BERT and diagnostics command 03FFh"),
        (0x4002, "versatile control set command 4002h"),
        (0x8001, "unknown command 8001h"),
    ],
)
def test_command_has_its_name_or_that_of_its_family(command: int, name: str) -> None:
    assert cdb.command_name(command) == name


# --- status -------------------------------------------------------------------------------------------------------

STATUSES = [
    (0x81, True, False, False, "busy: captured"),
    (0x82, True, False, False, "busy: checking"),
    (0x83, True, False, False, "busy: executing"),
    (0xC3, True, False, False, "busy: executing"),
    (0x01, False, False, True, "done"),
    (0x03, False, False, False, "aborted"),
    (0x41, False, True, False, "failed: unknown command"),
    (0x42, False, True, False, "failed: parameter out of range or not supported"),
    (0x43, False, True, False, "failed: previous command not aborted"),
    (0x44, False, True, False, "failed: checking timed out"),
    (0x45, False, True, False, "failed: wrong check code"),
    (0x46, False, True, False, "failed: password"),
    (0x47, False, True, False, "failed: not in this operating state"),
    (0x6A, False, True, False, "failed: code 2Ah"),
    (0xB0, True, False, False, "busy: code 30h"),
]


@pytest.mark.parametrize(
    ("code", "busy", "failed", "done", "words"), STATUSES, ids=[f"{row[0]:02X}h" for row in STATUSES]
)
def test_status_byte_in_words(code: int, busy: bool, failed: bool, done: bool, words: str) -> None:
    status = held(first(module(status=code)).status)
    assert (status.busy, status.failed, status.done, str(status)) == (busy, failed, done, words)


@pytest.mark.parametrize("code", [0x00, 0x02, 0x04, 0x40, 0x48, 0x5F, 0x80, 0x84])
def test_status_code_that_is_not_listed_is_reserved_and_keeps_its_byte(code: int) -> None:
    status = first(module(status=code)).status
    assert isinstance(status, Missing)
    assert (status.why, status.source.raw) == (Absence.RESERVED, f"0x{code:02x}")


def test_status_codes_that_only_a_failure_may_have_are_reserved_elsewhere() -> None:
    assert [cdb.Status(code).listed for code in (0x20, 0x30, 0x60, 0xA0, 0xB0)] == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("status", "why", "detail"),
    [
        (0x83, Absence.NOT_ANSWERED, "busy: executing"),
        (0x03, Absence.NOT_ANSWERED, "aborted"),
        (0x41, Absence.READ_FAILED, "failed: unknown command"),
        (0x00, Absence.RESERVED, ""),
    ],
)
def test_there_is_no_reply_before_the_status_says_done(status: int, why: Absence, detail: str) -> None:
    said = first(module(cdb.reply(cdb.query(0x0040), bytes(36)), status=status))
    assert isinstance(said.reply, Missing)
    assert (said.reply.why, said.reply.detail) == (why, detail)
    assert said.reply.source.where == "lower memory byte 37"


def test_request_is_there_while_the_module_is_busy_and_gone_once_it_replied() -> None:
    page = cdb.query(0x0000, b"\x00\x0a")
    assert held(first(module(page, status=0x83)).request) == cdb.Request(0, b"\x00\x0a", 0)
    replied = first(module(cdb.reply(page, b"\x01\x01"))).request
    assert isinstance(replied, Missing)
    assert (replied.why, replied.detail) == (Absence.NOT_RECORDED, "the reply stands in its place")


# --- instances ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "instances"), [(1, 1), (2, 2)])
def test_module_has_as_many_instances_as_it_advertises(code: int, instances: int) -> None:
    assert len(held(module(instances=code).cdb)) == instances


@pytest.mark.parametrize("code", [0, 3])
def test_module_without_cdb_points_at_the_register(code: int) -> None:
    said = module(instances=code).cdb
    assert isinstance(said, Missing)
    assert (said.why, said.detail, said.source.where) == (
        Absence.NOT_ADVERTISED,
        "01h:163",
        "page 01h byte 163 bits 7-6",
    )


def test_second_instance_is_bank_1_with_a_status_of_its_own_although_there_are_no_lanes_in_it() -> None:
    decoded = module(cdb.reply(cdb.query(0x0000), b"\x01\x01"), instances=2, bank=1)
    one, two = held(decoded.cdb)
    assert (one.instance, held(one.status), held(one.reply)) == (1, Absence.RESERVED, Absence.NOT_RECORDED)
    assert (two.instance, held(two.command), held(two.name)) == (2, 0, "Query Status")
    assert held(held(two.reply).status) == "host password accepted"
    assert held(two.reply).status.source.where == "bank 1 page 9Fh byte 137"


def test_second_instance_of_a_module_with_one_is_not_advertised() -> None:
    gone = cdb.Page9F(module(instances=1).memory, 1).gone()
    assert gone is not None
    assert (gone.why, gone.detail) == (Absence.NOT_ADVERTISED, "01h:163.7-6")


def test_page_that_was_not_recorded_leaves_the_status() -> None:
    said = first(module())
    assert str(held(said.status)) == "done"
    assert [held(value) for value in (said.command, said.request, said.reply)] == [Absence.NOT_RECORDED] * 3


def test_advertising_that_was_not_recorded_leaves_the_first_page_to_speak_for_itself() -> None:
    pages = module(cdb.reply(cdb.query(0x0000), b"\x01\x00")).memory.pages
    kept = {page: raw for page, raw in pages.items() if page.number != 0x01}
    assert [held(held(one.reply).status) for one in held(CmisTransceiver(Memory("module", kept)).cdb)] == ["booting"]
    del kept[P9F]
    assert held(CmisTransceiver(Memory("module", kept)).cdb) is Absence.NOT_RECORDED


# --- replies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({7: 0x00}, "reply: check code 00h, the bytes have FDh"),
        ({8: 0x02}, "reply: check code FDh, the bytes have FCh"),
        ({6: 121}, "a reply of 121 bytes does not fit into 120"),
        ({6: 240}, "the reply stands in the extended payload, which is not read"),
    ],
    ids=["wrong check code", "changed byte", "length of 121", "extended payload"],
)
def test_reply_that_is_not_well_formed_is_unreadable(change: dict[int, int], detail: str) -> None:
    page = bytearray(cdb.reply(cdb.query(0x0000), b"\x01\x01"))
    assert page[7] == 0xFD
    for place, byte in change.items():
        page[place] = byte
    said = first(module(bytes(page))).reply
    assert isinstance(said, Missing)
    assert (said.why, said.detail) == (Absence.UNREADABLE, detail)


def test_page_that_ends_before_its_reply_is_unreadable() -> None:
    whole = cdb.reply(cdb.query(0x0000), b"\x01\x01")
    for size in (0, 4, 7, 9):
        assert held(cdb.read_reply(Reading(whole[:size], ORIGIN), "module")) is Absence.UNREADABLE


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (0x00, "booting"),
        (0x01, "host password accepted"),
        (0x10, "module password accepted"),
        (0x81, "module password accepted"),
        (0x22, Absence.RESERVED),
    ],
)
def test_query_status(raw: int, word: object) -> None:
    assert held(answer(0x0000, bytes([1, raw])).status) == word


def test_module_features_list_the_commands_and_the_longest_time() -> None:
    payload = bytearray(36)
    for command in (0x00, 0x01, 0x07, 0x40, 0x41, 0xFF):
        payload[2 + command // 8] |= 1 << command % 8
    payload[34:] = (5000).to_bytes(2, "big")
    reply = answer(0x0040, bytes(payload))
    assert held(reply.commands) == {0x00, 0x01, 0x07, 0x40, 0x41, 0xFF}
    assert (held(reply.max_completion_time), reply.max_completion_time.unit) == (5000, Unit.MS)


@pytest.mark.parametrize(("flags", "factor"), [(0x07, 1), (0x8F, 10)], ids=["as they stand", "times ten"])
def test_firmware_features_have_their_durations(flags: int, factor: int) -> None:
    durations = b"".join(number.to_bytes(2, "big") for number in (100, 200, 300, 400, 65535))
    reply = answer(0x0041, bytes([0, flags, 112, 0xFF, 15, 0x11, 0x01, 1]) + durations)
    assert {name: held(value) for name, value in reply.max_durations.items()} == {
        "start": 100 * factor,
        "abort": 200 * factor,
        "write": 300 * factor,
        "complete": 400 * factor,
        "copy": 65535 * factor,
    }
    assert reply.max_durations["copy"].unit is Unit.MS
    assert isinstance(held(reply.max_durations["copy"]), Decimal)
    assert (held(reply.start_payload_size), held(reply.erased_byte), held(reply.length_extension)) == (112, 0xFF, 15)
    bits = (reply.full_readback, reply.skipping_erased_blocks, reply.copy_supported, reply.abort_supported)
    assert [held(bit) for bit in bits] == [flags == 0x8F, True, True, True]
    assert held(reply.hitless_restart) is True


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (0x00, "none"),
        (0x01, "LPL"),
        (0x10, "EPL"),
        (0x11, "LPL and EPL"),
        (0x02, "EPL"),
        (0x03, "LPL and EPL"),
        (0x04, Absence.RESERVED),
    ],
)
def test_both_codings_of_the_write_mechanism_are_read(code: int, word: object) -> None:
    assert held(answer(0x0041, bytes([0, 0, 0, 0, 0, code, code, 0]) + bytes(10)).write_mechanism) == word


def test_short_reply_leaves_its_last_registers_without_value_whatever_stands_behind_it() -> None:
    page = cdb.reply(cdb.query(0x0041), bytes(10))[:18].ljust(128, b"\xaa")
    reply = held(first(module(page)).reply)
    assert held(reply.start_raw) == 0
    assert held(reply.copy_raw) is Absence.NOT_RECORDED
    assert held(reply.max_durations["copy"]) is Absence.NOT_RECORDED


@pytest.mark.parametrize("command", [0x0042, 0x0043, 0x0044])
def test_feature_replies_list_their_bits(command: int) -> None:
    assert held(answer(command, bytes.fromhex("0081")).bits) == ("137.0", "137.7")


def test_reply_to_a_command_without_registers_is_its_bytes() -> None:
    reply = answer(0x8001, bytes.fromhex("dead"))
    assert held(reply.payload) == bytes.fromhex("dead")
    assert [(name, held(value)) for name, value in reply.facts()] == [("payload", "dead")]


def test_empty_reply_has_no_check_code_to_verify_and_no_values() -> None:
    page = bytearray(cdb.reply(cdb.query(0x0100)))
    page[7] = 0x5A
    reply = held(first(module(bytes(page))).reply)
    assert held(reply.running) is Absence.NOT_RECORDED
    assert held(reply.payload) == b""


# --- firmware -----------------------------------------------------------------------------------------------------


def images(status: int, present: int = 0b111) -> bytes:
    """A reply to 0100h: A is 1.2.259, B is 3.4.5, factory is 0.9.65535."""
    a = bytes([1, 2, 1, 3]) + b"first".ljust(32, b"\0")
    b = bytes([3, 4, 0, 5]) + b"second".ljust(32)
    factory = bytes([0, 9, 0xFF, 0xFF]) + b"works".ljust(32, b"\0")
    return bytes([status, present]) + a + b + factory


RUNS = [
    (0x03, "A", "A", "1.2.259", "1.2.259"),
    (0x30, "B", "B", "3.4.5", "3.4.5"),
    (0x21, "A", "B", "1.2.259", "3.4.5"),
    (0x12, "B", "A", "3.4.5", "1.2.259"),
    (0x00, "factory", Absence.NOT_AVAILABLE, "0.9.65535", Absence.NOT_AVAILABLE),
    (0x04, "factory", Absence.NOT_AVAILABLE, "0.9.65535", Absence.NOT_AVAILABLE),
    (0x40, "factory", Absence.NOT_AVAILABLE, "0.9.65535", Absence.NOT_AVAILABLE),
    (0x44, "factory", Absence.NOT_AVAILABLE, "0.9.65535", Absence.NOT_AVAILABLE),
    (0x02, Absence.NOT_AVAILABLE, "A", Absence.NOT_AVAILABLE, "1.2.259"),
    (0x11, Absence.UNREADABLE, Absence.NOT_AVAILABLE, Absence.UNREADABLE, Absence.NOT_AVAILABLE),
    (0x33, Absence.UNREADABLE, Absence.UNREADABLE, Absence.UNREADABLE, Absence.UNREADABLE),
    (0x05, "A", Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE),
]


@pytest.mark.parametrize(
    ("status", "running", "committed", "running_version", "committed_version"),
    RUNS,
    ids=[f"status {row[0]:02X}h" for row in RUNS],
)
def test_firmware_that_runs_and_that_is_committed(
    status: int, running: object, committed: object, running_version: object, committed_version: object
) -> None:
    decoded = module(cdb.reply(cdb.query(0x0100), images(status)))
    info = held(decoded.firmware_info)
    assert (held(info.running), held(info.committed)) == (running, committed)
    assert (held(decoded.firmware_running), held(decoded.firmware_committed)) == (running_version, committed_version)


def test_images_have_version_and_text_where_they_are_there_and_valid() -> None:
    info = answer(0x0100, images(0x43, present=0b011))
    told = {name: (held(image.version), held(image.text)) for name, image in info.images.items()}
    assert told == {
        "A": ("1.2.259", "first"),
        "B": (Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE),
        "factory": (Absence.NOT_AVAILABLE, Absence.NOT_AVAILABLE),
    }
    assert info.images["B"].version.detail == "the image is invalid"
    assert info.images["factory"].version.detail == "no information on the image"
    assert info.images["A"].version.source.where == "page 9Fh bytes 138-141"


def test_reply_that_ends_after_image_b_says_nothing_of_the_factory_image() -> None:
    info = answer(0x0100, images(0x03)[:74])
    assert held(info.images["B"].version) == "3.4.5"
    assert held(info.images["factory"].version) is Absence.NOT_RECORDED


@pytest.mark.parametrize(
    ("page", "status", "why"),
    [
        (cdb.reply(cdb.query(0x0040), bytes(36)), 0x01, Absence.NOT_RECORDED),
        (cdb.reply(cdb.query(0x0100), images(3)), 0x41, Absence.READ_FAILED),
        (None, 0x01, Absence.NOT_RECORDED),
    ],
    ids=["another command was the last", "the command failed", "page 9Fh was not recorded"],
)
def test_firmware_is_not_made_up_where_nothing_told_of_it(page: bytes | None, status: int, why: Absence) -> None:
    decoded = module(page, status=status)
    assert held(decoded.firmware_info) is why
    assert held(decoded.firmware_running) is why
    assert held(decoded.firmware_committed) is why


def test_reply_is_written_through_the_registers_that_read_it() -> None:
    image = Image()
    cdb.FirmwareInfo.b_running.write(image, True)
    cdb.FirmwareInfo.b_present.write(image, True)
    cdb.FirmwareInfo.b_version.write(image, 7 << 24 | 8 << 16 | 9)
    cdb.ModuleFeatures.commands.write(image, frozenset({0x0040, 0x0041}), bank=1)
    payload = bytes(image.page(P9F))[8:]
    assert held(answer(0x0100, payload).running_version) == "7.8.9"
    assert held(answer(0x0040, bytes(image.page(P9F._replace(bank=1)))[8:44]).commands) == {0x0040, 0x0041}


# --- extended payload ---------------------------------------------------------------------------------------------


def test_extended_payload_is_read_across_its_pages() -> None:
    decoded = module()
    pages = {
        **decoded.memory.pages,
        Page(0xA0): bytes(range(128)),
        Page(0xA1): bytes(range(128, 256)),
        Page(0xA2): None,
    }
    memory = Memory("module", pages)
    assert held(cdb.extended_payload(memory, 200)) == bytes(range(200))
    assert held(cdb.extended_payload(memory, 5)) == bytes(range(5))
    assert held(cdb.extended_payload(memory, 257)) is Absence.READ_FAILED
    assert held(cdb.extended_payload(memory, 2049)) is Absence.UNREADABLE
    assert held(cdb.extended_payload(memory, 5, instance=2)) is Absence.NOT_ADVERTISED


# --- the document, and any bytes ----------------------------------------------------------------------------------


def test_document_has_status_command_and_reply() -> None:
    content: Any = json.loads(json.dumps(document(module(cdb.reply(cdb.query(0x0100), images(0x43, present=0b011))))))
    assert content["cdb"] == [
        {
            "instance": 1,
            "status": "done",
            "command": "Get Firmware Info",
            "reply": {
                "running": "A",
                "committed": "A",
                "image A": "1.2.259",
                "image A text": "first",
                "image B": None,
                "image B text": None,
                "image factory": None,
                "image factory text": None,
            },
        }
    ]
    assert content["absent"]["cdb.1.reply.image B"] == "reported as not available (the image is invalid)"


def test_rows_have_status_command_and_reply() -> None:
    listed = {name: value for name, value, *_ in rows(module(cdb.reply(cdb.query(0x0000), b"\x01\x01")))}
    assert (listed["cdb 1 status"], listed["cdb 1 command"]) == ("done", "Query Status")
    assert (listed["cdb 1 reply length"], listed["cdb 1 reply status"]) == ("1", "host password accepted")


@pytest.mark.parametrize("seed", range(20))
def test_nothing_raises_whatever_the_bytes_are(seed: int) -> None:
    chance = random.Random(seed)
    command = chance.choice([0x0000, 0x0040, 0x0041, 0x0042, 0x0100, 0x0101, chance.randrange(0x10000)])
    payload = chance.randbytes(chance.randrange(121))
    page = bytearray(cdb.reply(cdb.query(command), payload) if seed % 2 else chance.randbytes(128))
    decoded = module(bytes(page), status=chance.choice([0x01, chance.randrange(256)]), instances=chance.randrange(4))
    document(decoded)
    assert list(rows(decoded))
    for name in ("cdb", "firmware_info", "firmware_running", "firmware_committed"):
        assert isinstance(getattr(decoded, name), Reading | Missing)
