"""Every form of a dump reads as the same memory, and a damaged one is one clear line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.decode.build import CmisImage, Sff8472Image, Sff8636Image, as_json
from harness.decode.document import document
from harness.decode.dump import each_module, hex_lines, read_dump
from harness.decode.memory import A0_LOWER, A0_UPPER, A2_LOWER, A2_UPPER, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import transceiver
from harness.errors import InputError

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
    return "".join(f"{16 * n:08x}: {row.hex(' ', 2)}  ................\n" for n, row in enumerate(rows)).encode()


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
    words = (" ".join(row[at : at + 2][::-1].hex() for at in range(0, 16, 2)) for row in rows)
    return ("".join(f"{16 * n:07x} {row}\n" for n, row in enumerate(words)) + f"{len(held):07x}\n").encode()


def digits(held: bytes) -> bytes:
    """As ``xxd -p`` prints it."""
    return "".join(held[start : start + 30].hex() + "\n" for start in range(0, len(held), 30)).encode()


@pytest.mark.parametrize("form", [bytes, ethtool, i2cdump, hexdump_c, hexdump_words, xxd, digits])
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
        (damaged("01", "00" * 100), "mod: page 01 has 100 bytes, expected 128"),
        (damaged("01", "0" * 255), "mod: page 01 has 255 hex digits, expected 256"),
        (damaged("01", ""), "mod: page 01 has 0 bytes, expected 128"),
        (damaged("0:11", "0g" * 128), "mod: page 0:11 has 'g' at digit 2, expected hex digits"),
        (damaged("01", 5), "mod: page 01 is not text, expected 256 hex digits"),
        (damaged("upper", "00" * 128), "mod: 'upper' is not a page, expected lower, 00, 0:11 or a0:lower"),
        (b'{"pages": ', "mod:1: not JSON at column 11: Expecting value"),
        (b'{"pages": "\xff"}', "mod: byte 11 is not UTF-8"),
        (b'{"pages": {}}', 'mod: no "pages", expected an object of page names and hex digits'),
        (b'{"slug": 1}', 'mod: no "pages", expected an object of page names and hex digits'),
        (b"{" * 100_000, "mod:1: not JSON at column 2"),
        (b'{"a":' * 100_000, "mod: JSON nested too deep"),
        (joined(CMIS, *LINEAR)[:300], "mod: 300 bytes, expected whole pages of 128: page 3 has 44 bytes"),
        (bytes(128 * 258), "mod: 33024 bytes, a module has 32896 at most"),
        (b"hello, world\n", "mod:1: not a line of a dump: 'hello, world'"),
        (b"\n\n", "mod: no line of bytes, expected a dump of module memory"),
        (ethtool(joined(CMIS, *LINEAR))[:1000], "mod: 267 bytes, expected whole pages of 128: page 3 has 11 bytes"),
        (ethtool(bytes(256)).replace(b"0x0020:", b"0x0030:"), "mod:5: offset 0x0030, expected 0x0020"),
        (ethtool(bytes(256)).replace(b"0x0000:", b"0x0080:"), "mod:3: begins at offset 0x0080, expected 0x0000"),
        (i2cdump(bytes(256)).replace(b"10: 00 00", b"10: XX XX"), "mod:3: a byte reads XX"),
        (sfputil(CMIS)[:-200], "page 13h has"),
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
