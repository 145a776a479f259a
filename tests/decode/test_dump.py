"""Every form of a dump reads as the same memory, and a damaged one is one clear line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decode import sff8636
from harness.decode.build import CmisImage, Sff8472Image, Sff8636Image, as_json
from harness.decode.document import document
from harness.decode.dump import each_module, hex_lines, read_dump
from harness.decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import transceiver
from harness.errors import InputError
from harness.reading import Absence, Missing, Reading

CMIS = CmisImage().memory("module")
QSFP = Sff8636Image().memory("module")
SFP = Sff8472Image().memory("module")
LINEAR = (LOWER_MEMORY, Page(0x00), Page(0x01), Page(0x02))


def joined(memory: Memory, *pages: Page) -> bytes:
    return b"".join(memory.pages.get(page) or bytes(128) for page in pages)


def json_form(memory: Memory) -> bytes:
    return json.dumps(as_json(memory)).encode()


def lines(held: bytes, form: str, first: int = 0) -> str:
    return "".join(
        form.format(first + start, held[start : start + 16].hex(" ")) + "\n" for start in range(0, len(held), 16)
    )


def ethtool(held: bytes) -> bytes:
    return ("Offset\t\tValues\n------\t\t------\n" + lines(held, "0x{:04x}:\t\t{} ")).encode()


def i2cdump(held: bytes) -> bytes:
    heading = "     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f    0123456789abcdef\n"
    return (heading + lines(held, "{:02x}: {}    .?ab cd ef......")).encode()


def hexdump_c(held: bytes) -> bytes:
    """As ``hexdump -C`` prints it, with a line of its own where lines repeat."""
    printed, before, starred = [], b"", False
    for start in range(0, len(held), 16):
        row = held[start : start + 16]
        if row == before:
            if not starred:
                printed.append("*")
            starred = True
            continue
        before, starred = row, False
        printed.append(f"{start:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')}  |................|")
    return ("\n".join([*printed, f"{len(held):08x}"]) + "\n").encode()


def xxd(held: bytes) -> bytes:
    rows = (held[start : start + 16] for start in range(0, len(held), 16))
    return "".join(f"{16 * n:08x}: {row.hex(' ', -2)}  ................\n" for n, row in enumerate(rows)).encode()


def sonic_lines(held: bytes, first: int) -> str:
    rows = (held[start : start + 16] for start in range(0, len(held), 16))
    return "".join(
        f"        {first + 16 * n:08x} {row[:8].hex(' ')}  {row[8:].hex(' ')} |................|\n"
        for n, row in enumerate(rows)
    )


def sfputil(memory: Memory, upper: int = 0x80) -> bytes:
    """As ``sfputil show eeprom-hexdump`` prints pages of a CMIS or SFF-8636 module."""
    printed = "EEPROM hexdump for port Ethernet0\n"
    for page, held in memory.pages.items():
        half = "Lower" if page == LOWER_MEMORY else "Upper"
        printed += f"        {half} page {max(page.number, 0):x}h\n"
        first = upper if half == "Upper" else 0
        printed += "        Error: Failed to read EEPROM\n" if held is None else sonic_lines(held, first)
        printed += "\n"
    return printed.encode()


def sfputil_sfp(memory: Memory) -> bytes:
    """As ``sfputil show eeprom-hexdump`` prints an SFP."""
    return (
        "EEPROM hexdump for port Ethernet256 page 0h\n        A0h dump\n"
        + sonic_lines(joined(memory, A0_LOWER, A0_UPPER), 0)
        + "\n        A2h dump (lower 128 bytes)\n"
        + sonic_lines(joined(memory, A2_LOWER), 0)
        + "\n        A2h dump (upper 128 bytes) page 0h\n"
        + sonic_lines(joined(memory, A2_UPPER), 0x80)
    ).encode()


@pytest.mark.parametrize(
    ("held", "whole"),
    [
        pytest.param(json_form(CMIS), CMIS, id="JSON of a CMIS module"),
        pytest.param(json_form(SFP), SFP, id="JSON of an SFP"),
        pytest.param(b"\xef\xbb\xbf" + json_form(QSFP), QSFP, id="JSON with a byte order mark"),
        pytest.param(sfputil(CMIS), CMIS, id="sfputil of a CMIS module"),
        pytest.param(sfputil(CMIS, upper=0), CMIS, id="sfputil with upper pages numbered from 0"),
        pytest.param(sfputil(QSFP), QSFP, id="sfputil of a QSFP28"),
        pytest.param(sfputil_sfp(SFP), SFP, id="sfputil of an SFP"),
        pytest.param(b"admin@leaf1:~$ sudo sfputil show eeprom-hexdump\r\n" + sfputil(CMIS), CMIS, id="with a prompt"),
    ],
)
def test_form_with_page_names_reads_as_the_whole_memory(held: bytes, whole: Memory) -> None:
    assert read_dump(held, "module").pages == whole.pages
    assert document(transceiver(read_dump(held, "module"))) == document(transceiver(whole))


def hexdump_words(held: bytes) -> bytes:
    """As ``hexdump`` prints it on a little-endian host: words of two bytes."""
    rows = (held[start : start + 16] for start in range(0, len(held), 16))
    words = (" ".join(row[at : at + 2].ljust(2, b"\0")[::-1].hex() for at in range(0, len(row), 2)) for row in rows)
    return ("".join(f"{16 * n:07x} {row}\n" for n, row in enumerate(words)) + f"{len(held):07x}\n").encode()


def digits(held: bytes) -> bytes:
    """As ``xxd -p`` prints it."""
    return "".join(held[start : start + 30].hex() + "\n" for start in range(0, len(held), 30)).encode()


def intel_hex(held: bytes) -> bytes:
    """As ``objcopy -O ihex`` writes it."""

    def record(address: int, kind: int, data: bytes) -> str:
        raw = bytes([len(data)]) + address.to_bytes(2, "big") + bytes([kind]) + data
        return f":{(raw + bytes([-sum(raw) & 0xFF])).hex().upper()}\n"

    rows = (record(start, 0, held[start : start + 16]) for start in range(0, len(held), 16))
    return ("".join(rows) + record(0, 1, b"")).encode()


FORMS_WITHOUT_NAMES = [bytes, ethtool, i2cdump, hexdump_c, hexdump_words, xxd, digits, intel_hex]


@pytest.mark.parametrize("form", FORMS_WITHOUT_NAMES)
@pytest.mark.parametrize(
    ("memory", "pages"),
    [
        pytest.param(CMIS, LINEAR[:1], id="CMIS 128"),
        pytest.param(CMIS, LINEAR[:2], id="CMIS 256"),
        pytest.param(CMIS, LINEAR[:3], id="CMIS 384"),
        pytest.param(CMIS, LINEAR, id="CMIS 512"),
        pytest.param(CMIS, (LOWER_MEMORY, *(Page(number) for number in range(0x14))), id="CMIS up to page 13h"),
        pytest.param(QSFP, (LOWER_MEMORY, *(Page(number) for number in range(4))), id="SFF-8636 640"),
        pytest.param(SFP, (A0_LOWER,), id="SFF-8472 128"),
        pytest.param(SFP, (A0_LOWER, A0_UPPER), id="SFF-8472 256"),
        pytest.param(SFP, (A0_LOWER, A0_UPPER, A2_LOWER), id="SFF-8472 384"),
        pytest.param(SFP, (A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER), id="SFF-8472 512"),
    ],
)
def test_form_without_page_names_is_laid_out_as_the_kernel_does(
    form: Callable[[bytes], bytes], memory: Memory, pages: tuple[Page, ...]
) -> None:
    held = joined(memory, *pages)
    assert dict(read_dump(form(held), "module").pages) == {page: memory.pages.get(page) or bytes(128) for page in pages}


EMPTY = b"EEPROM hexdump for port Ethernet8\n        SFP EEPROM not detected\n\n"


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(sfputil(CMIS) + EMPTY, id="an empty cage behind"),
        pytest.param(EMPTY + sfputil(CMIS), id="an empty cage before"),
        pytest.param(b"Fri Nov 20 09:00:00 UTC 2026\n" + sfputil(CMIS), id="a clock before"),
        pytest.param(b"[root@host ~]# sfputil\n" + sfputil(CMIS) + b"[root@host ~]# \n", id="prompts of another shell"),
        pytest.param(b"# sfputil\n" + sfputil(CMIS) + b"#", id="prompts of a bare shell"),
        pytest.param(json_form(CMIS).replace(b'"0:', b'"0x'), id="pages with a prefix and without a bank"),
    ],
)
def test_one_module_reads_whatever_stands_around_it(held: bytes) -> None:
    assert read_dump(held, "module").pages == CMIS.pages


@pytest.mark.parametrize(
    ("pages", "states", "taken"),
    [
        pytest.param((0, 1, 2, 0x10, 0x11), b"\x44" * 4, (0x10, 0x11), id="768 bytes with states of lanes"),
        pytest.param((0, 1, 2, 0x10, 0x11), b"\x00" * 4, (3, 4), id="768 bytes without"),
        pytest.param((0, 1, 2, 0x10), b"\x44" * 4, (3,), id="640 bytes"),
    ],
)
def test_what_follows_page_02h_of_a_nameless_dump_is_a_guess_that_is_named(
    pages: tuple[int, ...], states: bytes, taken: tuple[int, ...]
) -> None:
    held = bytearray(joined(CMIS, LOWER_MEMORY, *map(Page, pages)))
    held[640:644] = states[: len(held[640:644])]
    module = transceiver(read_dump(bytes(held), "module"))
    assert set(module.memory.pages) == {*LINEAR, *map(Page, taken)}
    assert module.guess.startswith("pages without names: what follows page 02h is taken as")
    assert document(module)["guess"] == module.guess


def test_identifier_that_nobody_knows_is_a_module_where_page_00h_repeats_it() -> None:
    held = bytearray(joined(CMIS, *LINEAR[:2]))
    held[0] = held[128] = 0x80
    held[222] ^= 0xFF
    assert read_dump(bytes(held), "module").pages[LOWER_MEMORY] == bytes(held[:128])


def test_null_page_and_page_that_sfputil_failed_to_read_are_failed_reads() -> None:
    partly = Memory("module", {**CMIS.pages, Page(0x11): None})
    assert read_dump(json_form(partly), "module").pages == partly.pages
    assert read_dump(sfputil(partly), "module").pages == partly.pages


def test_banked_page_keeps_its_bank() -> None:
    held = json.dumps({"pages": {"lower": "00" * 128, "1:11": "11" * 128, "12": "22" * 128}}).encode()
    assert set(read_dump(held, "module").pages) == {LOWER_MEMORY, Page(0x11, 1), Page(0x12)}


def test_output_for_all_ports_is_taken_apart_by_port() -> None:
    both = b"prompt$ sfputil\n" + sfputil(CMIS) + sfputil(QSFP).replace(b"Ethernet0", b"Ethernet8")
    modules = list(each_module(both.decode()))
    assert [(port, line) for port, line, _ in modules] == [
        ("Ethernet0", 2),
        ("Ethernet8", 2 + sfputil(CMIS).count(b"\n")),
    ]
    assert [read_dump(text.encode(), port).pages for port, _, text in modules] == [CMIS.pages, QSFP.pages]


def test_single_page_of_ethtool_gives_its_offset_and_bytes() -> None:
    text = "Offset\t\tValues\n------\t\t------\n" + lines(bytes(range(128)), "0x{:04x}:\t\t{} ", 0x80)
    assert hex_lines(text, "module") == (0x80, bytes(range(128)))
    with pytest.raises(InputError, match="without headings"):
        hex_lines(sfputil(CMIS).decode(), "module")


def damaged(page: str, digits: object) -> bytes:
    pages: dict[str, object] = {**as_json(CMIS)["pages"], page: digits}
    return json.dumps({"pages": pages}).encode()


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (b"", "mod: empty, expected a dump of module memory"),
        (damaged("01", "0" * 255), "mod: page 01 has 255 hex digits, expected 256"),
        (damaged("01", ""), "mod: page 01 has 0 bytes, expected 128"),
        (damaged("01", "00" * 129), "mod: page 01 has 129 bytes, expected 128"),
        (damaged("0:11", "0g" * 128), "mod: page 0:11 has 'g' at digit 2, expected hex digits"),
        (damaged("01", 5), "mod: page 01 is not text, expected 256 hex digits"),
        (damaged("upper", "00" * 128), "mod: 'upper' is not a page, expected lower, 00, 0:11 or a0:lower"),
        (b'{"pages": ', "mod:1: not JSON at column 11: Expecting value"),
        (b'{"pages": "\xff"}', "mod: byte 11 is not UTF-8"),
        (b'{"pages": {}}', 'mod: no "pages", expected an object of page names and hex digits'),
        (b'{"slug": 1}', 'mod: no "pages", expected an object of page names and hex digits'),
        (b"{" * 100_000, "mod:1: not JSON at column 2"),
        (b'{"a":' * 100_000, "mod: JSON nested too deep"),
        (b'{"pages": {"lower": ' + b"9" * 5000 + b"}}", "mod: JSON with a number of too many digits"),
        (bytes(128 * 258), "mod: 33024 bytes, a module has 32896 at most"),
        (b"hello, world\n", "mod:1: not a line of a dump: 'hello, world', expected an offset and"),
        (b"\n\n", "mod: no line of bytes, expected a dump of module memory"),
        (ethtool(bytes(256)).replace(b"0x0020:", b"0x0030:"), "mod:5: offset 0x0030, expected 0x0020"),
        (ethtool(bytes(256)).replace(b"0x0000:", b"0x0080:"), "mod:3: begins at offset 0x0080, expected 0x0000"),
        (
            sfputil(CMIS) + sfputil(QSFP).replace(b"Ethernet0", b"Ethernet8"),
            "mod: modules of 2 ports (Ethernet0, Ethernet8), expected one: keep the lines of one port",
        ),
        (
            b"EEPROM hexdump for port Ethernet8\n        SFP EEPROM not detected\n",
            "mod:1: no module at port Ethernet8: 'SFP EEPROM not detected'",
        ),
        (b"[" + json_form(CMIS) + b"]", 'mod: no "pages", expected an object of page names and hex digits'),
        (damaged("11", "00" * 128), "mod: page 11 is page 11h, which is there a second time"),
        (b"00112\n", "mod: 5 hex digits, expected two for each byte"),
        (b"a5" * 128 + b"\n", "mod: not a dump: identifier 0xa5 is not a module's and no checksum fits"),
        (sfputil(CMIS) + sfputil(CMIS).partition(b"\n")[2], "lower memory a second time"),
        (b"EEPROM hexdump for port Ethernet0\n        Lower page 0h\n", "mod: no line of bytes"),
        (
            b"EEPROM hexdump for port Ethernet0\n Lower page 0h\n Upper page 0h\n" + ethtool(bytes(128)),
            "mod:2: lower memory has 0 bytes, expected 128",
        ),
        (b"Page 11h\n" + ethtool(bytes(256)), "mod:1: page 11h has 256 bytes, expected 128"),
        (b"Lower memory\n" + ethtool(bytes(256)), "mod:1: lower memory has 256 bytes, expected 128"),
        (b"Page 11h\n" + lines(bytes(32), "0x{:04x}: {}", 0x90).encode(), "mod:2: begins at offset 0x0090"),
        (
            i2cdump(bytes(256)) + i2cdump(bytes(256)),
            "mod:18: a second dump without a heading, expected one",
        ),
        (b"# i2cdump -y 1 0x51\n" + i2cdump(bytes(272)), "mod:1: 272 bytes of one address, expected 256"),
        (b":10000000" + b"00" * 10 + b"\n", "mod:1: a record of 9 bytes, which says that it has 16"),
        (intel_hex(bytes(256)).replace(b"00F0\n", b"00F1\n", 1), "mod:1: checksum F1h, expected F0h"),
        (intel_hex(bytes(16)) + b"\n:00zz", "mod: not a dump: identifier 0x00"),
        (intel_hex(bytes(16)).partition(b":00000001")[0] + b":00zz\n", "mod:2: not a record of Intel HEX: ':00zz'"),
        (b":00000001FF\n", "mod: no record of bytes, expected a dump of module memory"),
        (b":020000040001F9\n" + intel_hex(bytes(16)), "mod: address 0x1000f, a module has 32896 bytes at most"),
        (b":0100000018E7\n:0100000019E6\n", "mod:2: address 0x0000 a second time, with another byte"),
        (b":0100000018E7\n:0100020019E4\n", "mod: no byte at address 0x0001, which stands before 0x0002"),
        (b":0100000618E1\n", "mod:1: a record of type 06h with 1 bytes is not known"),
    ],
)
def test_damaged_dump_is_one_line_with_file_and_place(held: bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read_dump(held, "mod")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("mod:")


def test_file_is_named_by_its_path(tmp_path: Path) -> None:
    good = tmp_path / "module.bin"
    good.write_bytes(joined(CMIS, *LINEAR))
    assert read_dump(good).evidence == str(good)
    assert read_dump(good, "leaf1/Ethernet0").evidence == "leaf1/Ethernet0"
    with pytest.raises(InputError, match=r"absent\.json: cannot be read: No such file"):
        read_dump(tmp_path / "absent.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_dump(tmp_path)


FORMS = [json_form(CMIS), sfputil(CMIS), sfputil_sfp(SFP), ethtool(joined(CMIS, *LINEAR)), joined(CMIS, *LINEAR)]


@given(st.sampled_from(FORMS), st.integers(0, 20000), st.binary(max_size=8), st.booleans())
def test_damaged_or_cut_dump_decodes_or_is_refused_in_one_line(held: bytes, at: int, noise: bytes, cut: bool) -> None:
    at %= len(held)
    broken = held[:at] if cut else held[:at] + noise + held[at + len(noise) :]
    try:
        memory = read_dump(broken, "mod")
    except InputError as error:
        assert str(error).startswith("mod:")
        assert "\n" not in str(error)
    else:
        document(transceiver(memory))


@given(st.binary(max_size=2000) | st.text(max_size=400).map(str.encode))
def test_anything_at_all_decodes_or_is_refused_in_one_line(held: bytes) -> None:
    try:
        memory = read_dump(held, "mod")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        document(transceiver(memory))


@pytest.mark.parametrize(
    ("held", "pages", "note"),
    [
        pytest.param(
            joined(CMIS, *LINEAR)[:127],
            {LOWER_MEMORY: joined(CMIS, LOWER_MEMORY)[:127]},
            "127 bytes; lower memory ends at byte 126",
            id="127 bytes of a binary",
        ),
        pytest.param(
            joined(CMIS, *LINEAR)[:300],
            {page: joined(CMIS, page)[: 44 if page == Page(0x01) else 128] for page in LINEAR[:3]},
            "300 bytes; page 01h ends at byte 171",
            id="300 bytes of a binary",
        ),
        pytest.param(
            ethtool(joined(CMIS, *LINEAR))[:1000],
            {page: joined(CMIS, page)[: 11 if page == Page(0x01) else 128] for page in LINEAR[:3]},
            "267 bytes; page 01h ends at byte 138",
            id="ethtool, cut within a line",
        ),
        pytest.param(
            digits(joined(QSFP, *LINEAR[:2])[:200]),
            {LOWER_MEMORY: joined(QSFP, LOWER_MEMORY), Page(0x00): joined(QSFP, Page(0x00))[:72]},
            "200 bytes; page 00h ends at byte 199",
            id="digits",
        ),
        pytest.param(
            intel_hex(joined(QSFP, *LINEAR[:2])[:200]).rpartition(b":")[0],
            {LOWER_MEMORY: joined(QSFP, LOWER_MEMORY), Page(0x00): joined(QSFP, Page(0x00))[:72]},
            "no end record; page 00h ends at byte 199",
            id="Intel HEX without its last record",
        ),
        pytest.param(
            joined(SFP, A0_LOWER, A0_UPPER, A2_LOWER)[:356],
            {
                A0_LOWER: joined(SFP, A0_LOWER),
                A0_UPPER: joined(SFP, A0_UPPER),
                A2_LOWER: joined(SFP, A2_LOWER)[:100],
            },
            "356 bytes; A2h ends at byte 99",
            id="an SFP whose A2h ends early",
        ),
        pytest.param(
            damaged("01", "00" * 100),
            {**CMIS.pages, Page(0x01): bytes(100)},
            "page 01h ends at byte 227",
            id="a short page in JSON",
        ),
        pytest.param(
            sfputil(QSFP).rpartition(b"        000000f0")[0],
            {**QSFP.pages, Page(0x03): joined(QSFP, Page(0x03))[:112]},
            "page 03h ends at byte 239",
            id="sfputil, cut before its last line",
        ),
        pytest.param(
            sfputil(QSFP) + b"        Upper page 20h\n",
            dict(QSFP.pages),
            "page 20h has a heading and no bytes",
            id="sfputil, cut behind a heading",
        ),
    ],
)
def test_page_that_ends_early_is_kept_as_far_as_it_goes(
    held: bytes, pages: dict[Page, bytes | None], note: str
) -> None:
    memory = read_dump(held, "mod")
    assert dict(memory.pages) == pages
    assert memory.note == note
    assert note in transceiver(memory).guess


def test_module_of_127_bytes_says_what_it_can_and_why_it_cannot_say_the_rest() -> None:
    module = transceiver(read_dump(joined(CMIS, LOWER_MEMORY)[:127], "mod"))
    assert isinstance(module.temperature, Reading)
    assert isinstance(module.vendor_name, Missing)
    assert module.vendor_name.why is Absence.NOT_RECORDED


def silenced(held: bytes, *places: int) -> bytes:
    """An i2cdump in which bytes did not answer."""
    rows = i2cdump(held).decode().splitlines()
    for at in places:
        row, column = rows[at // 16 + 1], 4 + 3 * (at % 16)
        rows[at // 16 + 1] = f"{row[:column]}XX{row[column + 2 :]}"
    return ("\n".join(rows) + "\n").encode()


def test_byte_that_did_not_answer_ends_its_page_and_no_number_stands_for_it() -> None:
    held = joined(QSFP, *LINEAR[:2])
    memory = read_dump(silenced(held, 60, 61, 200), "mod")
    assert dict(memory.pages) == {LOWER_MEMORY: held[:60], Page(0x00): held[128:200]}
    assert memory.note.split("; ") == [
        "lower memory ends at byte 59: byte 60 did not answer (XX)",
        "page 00h ends at byte 199: byte 200 did not answer (XX)",
    ]
    lost = read_dump(silenced(held, 128), "mod")
    assert lost.pages[Page(0x00)] is None
    assert "page 00h: byte 128 did not answer" in lost.note
    unselected = read_dump(silenced(held, 127), "mod")
    assert dict(unselected.pages) == {LOWER_MEMORY: held[:127]}
    assert "which page bytes 128-255 are is not known" in unselected.note


BANNER = (
    b"No size specified (using byte-data access)\nWARNING! This program can confuse your I2C bus, cause data loss and "
    b"worse!\nI will probe file /dev/i2c-3, address 0x50, mode byte\nContinue? [Y/n] y\n"
)


def i2cdump_words(held: bytes) -> bytes:
    """As ``i2cdump ... w`` prints it: at each offset the word that begins there, low byte first."""
    rows = ["     0,8  1,9  2,a  3,b  4,c  5,d  6,e  7,f"]
    for start in range(0, len(held), 8):
        words = (f"{(held + held[:1])[at + 1]:02x}{held[at]:02x}" for at in range(start, start + 8))
        rows.append(f"{start:02x}: {' '.join(words)} ")
    return ("\n".join(rows) + "\n").encode()


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(BANNER + i2cdump(joined(QSFP, *LINEAR[:2])), id="with its warning"),
        pytest.param(b"# i2cdump -y 3 0x50 b\n" + i2cdump(joined(QSFP, *LINEAR[:2])), id="with its command"),
        pytest.param(b"# i2cdump 3 0x50\n" + BANNER + i2cdump(joined(QSFP, *LINEAR[:2])), id="with both"),
        pytest.param(i2cdump_words(joined(QSFP, *LINEAR[:2])), id="in words"),
    ],
)
def test_i2cdump_reads_whatever_its_mode(held: bytes) -> None:
    memory = read_dump(held, "mod")
    assert (dict(memory.pages), memory.note) == ({page: QSFP.pages[page] for page in LINEAR[:2]}, "")


def test_i2cdump_gives_the_page_that_was_selected() -> None:
    held = bytearray(joined(QSFP, LOWER_MEMORY, Page(0x03)))
    held[127] = 3
    memory = read_dump(i2cdump(bytes(held)), "mod")
    assert dict(memory.pages) == {LOWER_MEMORY: bytes(held[:128]), Page(0x03): bytes(held[128:])}
    assert memory.note == "i2cdump reads the page that byte 127 selects: page 03h"
    banked = bytearray(joined(CMIS, LOWER_MEMORY, Page(0x11)))
    banked[126:128] = b"\x01\x11"
    assert Page(0x11, 1) in read_dump(i2cdump(bytes(banked)), "mod").pages
    moved = bytearray(joined(QSFP, *LINEAR[:2]))
    moved[127] = 3
    assert Page(0x00) in read_dump(i2cdump(bytes(moved)), "mod").pages, "its checksum says that it is page 00h"


def test_i2cdump_of_a_range_keeps_its_columns() -> None:
    blank = "     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f    0123456789abcdef\n"
    partly = read_dump(f"{blank}00: 11 08 00                                           ab.\n".encode(), "mod")
    assert dict(partly.pages) == {LOWER_MEMORY: b"\x11\x08\x00"}
    with pytest.raises(InputError, match="mod:2: begins at offset 0x0002"):
        read_dump(f"{blank}00:       00 01                                           ab\n".encode(), "mod")


def test_both_addresses_of_an_sfp_are_one_module() -> None:
    held = b"# i2cdump -y 1 0x50\n" + i2cdump(joined(SFP, A0_LOWER, A0_UPPER))
    held += b"# i2cdump -y 1 0x51\n" + i2cdump(joined(SFP, A2_LOWER, A2_UPPER))
    assert read_dump(held, "mod").pages == SFP.pages
    alone = read_dump(b"# i2cdump -y 1 0x51\n" + i2cdump(joined(SFP, A2_LOWER, A2_UPPER)), "mod")
    assert set(alone.pages) == {A2_LOWER, A2_UPPER}


def headed(memory: Memory, lower: str, upper: str) -> bytes:
    """Pages under headings of another form."""
    printed = ""
    for page, held in memory.pages.items():
        heading = lower if page == LOWER_MEMORY else upper.format(page=max(page.number, 0), bank=page.bank)
        printed += heading + "\n" + lines(held or b"", "{:04x}: {}", page.first)
    return printed.encode()


@pytest.mark.parametrize(
    ("held", "whole"),
    [
        pytest.param(headed(CMIS, "Lower memory", "Page {page:02X}h"), CMIS, id="Page 11h"),
        pytest.param(headed(CMIS, "lower page", "Bank {bank} page 0x{page:02x}:"), CMIS, id="Bank 0 page 0x11:"),
        pytest.param(headed(CMIS, "Lower Memory:", "Upper Page {page:x}h"), CMIS, id="Upper Page 11h"),
        pytest.param(headed(CMIS, "Lower memory", "Page {page:02X}h, bank {bank}"), CMIS, id="Page 11h, bank 0"),
        pytest.param(
            b"A0h\n" + ethtool(joined(SFP, A0_LOWER, A0_UPPER)) + b"A2h\n" + ethtool(joined(SFP, A2_LOWER, A2_UPPER)),
            SFP,
            id="A0h and A2h",
        ),
        pytest.param(
            b"".join(
                f"# ethtool -m eth0 page 0x{page.number:02x} bank 0 offset 0x80 length 128 hex on\n"
                f"{lines(held or b'', '0x{:04x}: {}', page.first)}".encode()
                for page, held in CMIS.pages.items()
                if page != LOWER_MEMORY
            )
            + b"Lower memory\n"
            + ethtool(joined(CMIS, LOWER_MEMORY)),
            CMIS,
            id="one command of ethtool for each page",
        ),
    ],
)
def test_heading_names_its_page(held: bytes, whole: Memory) -> None:
    assert dict(read_dump(held, "mod").pages) == dict(whole.pages)


def listing_of_xr(memory: Memory, port: str = "FortyGigE0/2/0/0") -> str:
    """As IOS-XR prints a module, with what it decoded between the pages; offsets run on over the pages it prints."""
    printed, offset = f"PHY data for interface: {port}\n\n        Xcvr Type: QSFP28\n", 0
    for page, held in memory.pages.items():
        name = "Lower Memory" if page == LOWER_MEMORY else f"Upper Memory Page {page.number:02x}"
        printed += f"MSA Data ({name})\n"
        for start in range(0, 128, 16):
            row = (held or b"")[start : start + 16]
            printed += f"0x{offset + start:04x}: {row[:8].hex(' ')} : {row[8:].hex(' ')}\n"
        printed += "\n        CLEI Code: NONE\n           0             N/A     0.000 mAmps\n"
        offset += 128
    return printed


def test_listing_of_ios_xr_reads_as_its_pages() -> None:
    assert dict(read_dump(listing_of_xr(QSFP).encode(), "mod").pages) == dict(QSFP.pages)
    both = listing_of_xr(QSFP) + listing_of_xr(QSFP, "FortyGigE0/2/0/1")
    with pytest.raises(InputError, match="modules of 2 ports"):
        read_dump(both.encode(), "mod")


def test_recorded_listing_of_ios_xr_says_what_the_router_decoded(recordings: Path) -> None:
    text = (recordings / "cli/cisco_iosxr/show-controllers-all-phy/ntc-3.txt").read_text()
    port, _, part = next(each_module(text))
    module = transceiver(read_dump(part.encode(), port))
    assert module.management == "sff8636"
    assert [page.number for page in module.memory.pages] == [-1, 0, 2, 3]
    for value, shown in ((module.temperature, "26.941"), (module.vcc, "3.295"), (module.vendor_sn, "FIS182100SW")):
        assert isinstance(value, Reading)
        assert str(value.value).startswith(shown)
    clei = sff8636.Page02(module.memory).clei
    assert isinstance(clei, Reading)
    assert clei.value == "COUIA9JCAB"


def test_intel_hex_keeps_the_pages_that_it_has_and_follows_its_base_addresses() -> None:
    held = joined(QSFP, *(LOWER_MEMORY, *(Page(number) for number in range(4))))
    records = intel_hex(held).decode().splitlines()
    sparse = "\n".join([*records[:16], *records[32:]])
    memory = read_dump(sparse.encode(), "mod")
    assert dict(memory.pages) == {page: QSFP.pages[page] for page in (LOWER_MEMORY, Page(0x00), Page(0x03))}
    segmented = ":020000020010EC\n" + intel_hex(held[256:384]).decode()
    both = "\n".join(records[:16]) + "\n" + segmented
    assert read_dump(both.encode(), "mod").pages[Page(0x01)] == held[256:384]


IDENTIFIERS = st.sampled_from([0x03, 0x11, 0x18, 0x19, 0x1E])


@given(IDENTIFIERS, st.binary(min_size=30, max_size=600), st.sampled_from(FORMS_WITHOUT_NAMES))
def test_form_without_page_names_gives_back_the_bytes_that_were_written(
    identifier: int, rest: bytes, form: Callable[[bytes], bytes]
) -> None:
    held = bytearray(bytes([identifier]) + rest)
    if len(held) > 127:
        held[127] = 0
    memory = read_dump(form(bytes(held)), "mod")
    assert b"".join(part or b"" for part in memory.pages.values()) == bytes(held)
    first = A0_LOWER if identifier == 0x03 else LOWER_MEMORY
    assert next(iter(memory.pages)) == first


NAMED = st.dictionaries(
    st.sampled_from([*(Page(number) for number in (0x01, 0x02, 0x03, 0x10, 0x11, 0x20, 0xFF)), Page(0x11, 1)]),
    st.binary(min_size=128, max_size=128),
    max_size=3,
)
NAMED_FORMS: list[Callable[[Memory], bytes]] = [
    json_form,
    sfputil,
    lambda memory: headed(memory, "Lower memory", "Bank {bank} page {page:02X}h"),
]


@given(st.binary(min_size=128, max_size=128), NAMED, st.sampled_from(NAMED_FORMS))
def test_form_with_page_names_gives_back_the_pages_that_were_written(
    lower: bytes, upper: dict[Page, bytes], form: Callable[[Memory], bytes]
) -> None:
    pages = {LOWER_MEMORY: lower, **upper}
    if form is sfputil:
        pages.pop(Page(0x11, 1), None)  # it prints no bank
    assert dict(read_dump(form(Memory("module", pages)), "mod").pages) == pages


ALPHABET = st.text('0123456789abcdefABCDEFxX:h \n\tPageBankLowertinU*.{}[]"', max_size=300)


@given(ALPHABET)
def test_text_that_looks_like_a_dump_decodes_or_is_refused_in_one_line(text: str) -> None:
    try:
        memory = read_dump(text.encode(), "mod")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        document(transceiver(memory))
