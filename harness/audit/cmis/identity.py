"""Who the module says it is: identifier, revision, texts, checksums (OIF-CMIS 8.2, 8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ...decode.memory import Page
from ...decode.transceiver import CMIS_IDENTIFIERS, CmisTransceiver
from ...limit import not_applicable
from ...reading import Missing, Reading, derive
from ...verdict import Finding
from .. import common
from ..common import hexadecimal
from ..rule import Ask, Level, Needs
from .table import rule, without_pages

MAY_BE_FLAT: Final = frozenset({3, 4})
"""Media types of cables, whose memory may be flat."""

NEWEST_MAJOR: Final = 5


@rule("CM-01", "OIF-CMIS 8.2; SFF-8024 table 4-1")
def identifier_known(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The identifier is one of a module with CMIS."""
    known = ask.one_of(*map(hexadecimal, CMIS_IDENTIFIERS))
    yield known.judge(derive(module.identifier, hexadecimal), at="identifier")


@rule("CM-02", "OIF-CMIS 8.3")
def identifier_copy(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Page 00h repeats the identifier of lower memory."""
    copied = ask.same_as(derive(module.identifier, hexadecimal))
    yield copied.judge(derive(module.identifier_copy, hexadecimal), at="identifier in page 00h")


@rule("CM-03", "SFF-8024 table 4-1", needs=Needs.CONTEXT)
def cage_match(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The module's form factor is one that goes into its cage."""
    yield from common.cage(module, ask)


@rule("CM-04", "OIF-CMIS 8.2")
def revision_plausible(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The revision is one that was published, and new enough for VDM and CDB where they are advertised."""
    major = derive(module.revision, lambda revision: Decimal(revision.partition(".")[0]))
    yield ask.within("3", str(NEWEST_MAJOR)).judge(major, at="major revision")
    instances = derive(module.page01.cdb_instances, bool)
    for name, advertised in (("VDM", module.page01.vdm_supported), ("CDB", instances)):
        at = f"major revision of a module with {name}"
        if isinstance(advertised, Missing):
            yield ask.where_advertised(ask.one_of(True), advertised, at=at)
        elif advertised.value:
            yield ask.within("4").judge(major, at=at)


@rule("CM-05", "buyer's least revision", Level.SHOULD, Needs.CONTEXT)
def revision_policy(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The revision is not below the least that the buyer takes."""
    yield ask.at_least(ask.context.min_revision).judge(derive(module.revision, Decimal), at="revision")


@rule("CM-06", "OIF-CMIS 6.3, 8.2")
def memory_model(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Memory is flat only in a cable, and a module with flat memory is always Ready."""
    flat, media = module.flat_memory, module.media_type
    if isinstance(flat, Missing):
        yield ask.one_of(False).judge(flat, at="flat memory")
    elif flat.value:
        cables = ask.one_of(*MAY_BE_FLAT, advice="an optical module has pages beyond 00h")
        yield cables.judge(media, at="media type of a module with flat memory")
        yield ask.one_of("ModuleReady").judge(module.module_state, at="state of a module with flat memory")
    else:
        yield ask.one_of(False).judge(flat, at="flat memory")


def page_checksum(module: CmisTransceiver, ask: Ask, page: str) -> Iterator[Finding]:
    found = next((one for one in module.checksums if one.page == page), None)
    if found is None:
        ended = without_pages(module) or not_tunable(module)
        yield ended or ask.one_of(True).judge(module.page01.tunable, at=f"page {page}h")
    else:
        yield common.fits(found, ask)


def not_tunable(module: CmisTransceiver) -> Finding | None:
    tunable = module.tunable
    if isinstance(tunable, Reading) and not tunable.value:
        return not_applicable(tunable, because="the laser is not tunable, so that there is no page 04h")
    return None


@rule("CM-08", "OIF-CMIS 8.3.11")
def checksum_00(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of page 00h fits its bytes."""
    yield from page_checksum(module, ask, "00")


@rule("CM-09", "OIF-CMIS 8.4")
def checksum_01(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of page 01h fits its bytes."""
    yield from page_checksum(module, ask, "01")


@rule("CM-10", "OIF-CMIS 8.5")
def checksum_02(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of page 02h fits its bytes."""
    yield from page_checksum(module, ask, "02")


@rule("CM-11", "OIF-CMIS 8.7")
def checksum_04(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The checksum of page 04h of a tunable module fits its bytes."""
    yield from page_checksum(module, ask, "04")


@rule("CM-12", "OIF-CMIS 8.3")
def vendor_strings(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The vendor's texts are printable ASCII, left-justified and padded with spaces; part and serial are not blank."""
    yield from common.texts(module, ask)


@rule("CM-13", "OIF-CMIS 8.3", Level.SHOULD)
def company_identifier(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The company identifier is set: neither all ones nor zero."""
    yield from common.company(module, ask)


@rule("CM-14", "OIF-CMIS 8.3", Level.SHOULD)
def date_code(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The date code is a day, and none to come; the lot after it may be blank."""
    yield from common.made(module, ask)


@rule("CM-15", "OIF-CMIS 8.3", Level.INFO)
def clei(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The CLEI code is ten printable characters, or blank."""
    raw = module.memory.take(Page(0x00), 190, 10)
    yield ask.one_of("a code", "blank").judge(derive(raw, clei_word), at="CLEI code")


def clei_word(raw: bytes) -> str:
    if not raw.strip(b"\0 "):
        return "blank"
    return "a code" if all(0x20 < byte <= 0x7E for byte in raw) else "neither a code nor blank"


@rule("CM-25", "OIF-CMIS 8.2")
def media_type(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The media type is one of the five that choose a table of media interfaces."""
    yield ask.one_of(*map(hexadecimal, range(1, 6))).judge(derive(module.media_type, hexadecimal), at="media type")


@rule("CM-91", "serial numbers are given once", Level.SHOULD, Needs.FLEET)
def duplicate_serial(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """No other module of the fleet has the same vendor and serial number."""
    yield from common.namesakes(module, ask)
