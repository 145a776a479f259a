"""Fiber, cable and light: connector, length, wavelength, technology (OIF-CMIS 8.2 to 8.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from ...decode import codes
from ...decode.memory import Page
from ...decode.transceiver import CmisTransceiver
from ...limit import Range, not_applicable
from ...reading import Absence, Missing, Reading, Value, derive
from ...units import Unit
from ...verdict import Finding
from ..common import hexadecimal
from ..rule import UNREAD, Ask, Level, Needs
from .table import (
    ACTIVE_CABLE,
    DUPLEX,
    MULTIMODE,
    PARALLEL,
    PASSIVE_COPPER,
    SINGLE_MODE,
    byte_of,
    ended_by,
    first_application,
    media_name,
    not_separable,
    rule,
    separable,
    without_pages,
)

OPTICAL_PIGTAIL, COPPER_PIGTAIL, INSEPARABLE = 0x0B, 0x21, 0x23
MPO: Final = (0x0C, 0x0D, 0x27, 0x28)
PAIR: Final = (0x01, 0x07, 0x09, 0x25, 0x26)
"""Connectors with one fiber each way, or several of them side by side: SC, LC, MU, CS, SN."""

BANDS: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (re.compile(r"SWDM|BiDi|[SV]R\d\.2"), "840", "953"),
    (re.compile(r"[SV]R"), "840", "868"),
    (re.compile(r"ZR|OFEC|DWDM|LR1-20|8[0-9]{2}ZR|FOIC|FLEXO|XR\d"), "1525", "1610"),
    (re.compile(r"(FR|LR|ER|WDM|FR4-500)-?\d*[48]|CWDM|LR4|ER4|FR8|LR8"), "1260", "1340"),
    (re.compile(r"DR|FR1?|LR1?|PSM"), "1295", "1325"),
)
"""Wavelengths in nm by the name of the media interface (IEEE 802.3 and the MSAs); the first that fits."""

TECHNOLOGY_BANDS: Final[tuple[tuple[str, str, str], ...]] = (
    ("850 nm", "820", "960"),
    ("1310 nm", "1255", "1360"),
    ("1490 nm", "1470", "1510"),
    ("1550 nm", "1500", "1620"),
    ("C-band", "1525", "1570"),
    ("L-band", "1565", "1625"),
)
"""Nominal wavelengths, in nm, that a transmitter technology may have."""

KINDS: Final = {MULTIMODE: ("VCSEL",), SINGLE_MODE: ("VCSEL", "another laser"), PASSIVE_COPPER: ("copper",)}
"""Kinds of technology by media type; an active cable may have any."""


@rule("CM-19", "OIF-CMIS 8.3; SFF-8024 table 4-3")
def connector(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The connector is one that the media interface can use: pigtails for cables, MPO for parallel, LC for duplex."""
    media, name = module.media_type, media_name(module)
    found = derive(module.connector, hexadecimal)
    if isinstance(media, Missing):
        yield ask.one_of(*map(hexadecimal, PAIR)).judge(media, at="connector")
    elif media.value in (PASSIVE_COPPER, ACTIVE_CABLE):
        yield ask.one_of(*map(hexadecimal, (OPTICAL_PIGTAIL, COPPER_PIGTAIL, INSEPARABLE))).judge(found, at="connector")
    elif isinstance(name, Reading) and PARALLEL.search(name.value):
        yield ask.one_of(*map(hexadecimal, MPO)).judge(found, at=f"connector of {name.value}")
    elif isinstance(name, Reading) and DUPLEX.search(name.value):
        yield ask.one_of(*map(hexadecimal, PAIR)).judge(found, at=f"connector of {name.value}")
    else:
        fibers = (code for code, row in codes.tables().connectors.items() if row.kind in ("fiber", "pigtail"))
        copper = COPPER_PIGTAIL
        yield ask.one_of(*(hexadecimal(code) for code in fibers if code != copper)).judge(found, at="connector")


@rule("CM-20", "OIF-CMIS 8.3")
def cable_length(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A cable assembly states its length, a module with separable media states none."""
    stated = derive(byte_of(module, Page(0x00), 202), lambda raw: "a length" if raw & 0x3F else "none")
    apart = separable(module)
    if isinstance(apart, Missing):
        yield ask.one_of("none").judge(apart, at="cable length")
    else:
        yield ask.one_of("none" if apart.value else "a length").judge(stated, at="cable length")


@rule("CM-21", "OIF-CMIS 8.3", Level.SHOULD)
def attenuation(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A passive copper cable states its attenuation, which grows with frequency."""
    if ended := ended_by(derive(module.media_type, PASSIVE_COPPER.__eq__), ask, because="not a passive copper cable"):
        yield ended
        return
    for place, (gigahertz, loss) in enumerate(module.attenuation.items()):
        if gigahertz in ("12.9", "25.8", "8", "16"):
            raw = byte_of(module, Page(0x00), 204 + place)
            yield ask.one_of(True).judge(derive(raw, bool), at=f"attenuation at {gigahertz} GHz is stated")
        if isinstance(loss, Reading):
            for lower, before in list(module.attenuation.items())[:place]:
                if isinstance(before, Reading):
                    limit = ask.at_least(before, Unit.DB)
                    yield limit.judge(loss, at=f"attenuation at {gigahertz} GHz above that at {lower} GHz")


@rule("CM-22", "OIF-CMIS 8.4; the PMD's wavelengths")
def wavelength(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The nominal wavelength is one of the PMD's."""
    if ended := without_pages(module) or not_separable(module, ask):
        yield ended
        return
    name, found = media_name(module), module.wavelength
    if isinstance(name, Missing):
        yield ask.at_most(name, Unit.NM).judge(found, at="wavelength")
        return
    pmd = ask.context.pmd
    if isinstance(pmd, Reading) and pmd.value.wavelengths:
        low, high = spanned(pmd.value.wavelengths)
        of, standing = pmd.value.name, ask.recalled  # the limit tables have it from memory
    else:
        band = next(((low, high) for pattern, low, high in BANDS if pattern.search(name.value)), None)
        if band is None:
            gone = Missing(Absence.NOT_DECLARED, name.source, f"no wavelengths are known of {name.value}")
            yield ask.at_most(gone, Unit.NM).judge(found, at="wavelength")
            return
        low, high, of, standing = *band, name.value, ask.standing
    yield replace(ask.within(low, high, Unit.NM), standing=standing).judge(found, at=f"wavelength of {of}")


def spanned(bands: tuple[Range, ...]) -> tuple[str, str]:
    """The span of several bands: a module with several wavelengths states one that is between them."""
    low = min((band.min for band in bands if band.min is not None), default=Decimal(0))
    high = max((band.max for band in bands if band.max is not None), default=Decimal(10000))
    return str(low), str(high)


@rule("CM-23", "OIF-CMIS 8.3, media interface technology", Level.SHOULD)
def technology(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The technology agrees with the media type and with the wavelength."""
    found, media = module.media_technology, module.media_type
    if isinstance(media, Missing) or isinstance(found, Missing):
        yield ask.same_as(media).judge(found, at="technology")
        return
    kind = "copper" if found.value.startswith("copper") else "VCSEL" if "VCSEL" in found.value else "another laser"
    wanted = KINDS.get(media.value, ("VCSEL", "another laser", "copper"))
    yield ask.one_of(*wanted).judge(Reading(kind, found.source), at=f"technology, {found.value}")
    length = module.wavelength
    band = next(((low, high) for word, low, high in TECHNOLOGY_BANDS if found.value.startswith(word)), None)
    if band is not None and (isinstance(length, Reading) or length.why in UNREAD):
        yield ask.within(*band, Unit.NM).judge(length, at=f"wavelength of {found.value}")


@rule("CM-24", "OIF-CMIS 8.4; the PMD's reach", Level.SHOULD)
def reach(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The fiber lengths cover the PMD's reach, and none of single-mode fiber is given by a multimode module."""
    if ended := without_pages(module) or not_separable(module, ask):
        yield ended
        return
    first, page = first_application(module), module.page01
    if isinstance(first, Missing):
        yield ask.at_least(first, Unit.METRE).judge(module.smf_length, at="length")
        return
    media = first.value.media
    multimode = derive(module.media_type, MULTIMODE.__eq__)
    longest = module.smf_length
    if isinstance(multimode, Reading) and multimode.value:
        yield ask.within(max="0", unit=Unit.METRE).judge(
            module.smf_length, at="single-mode length of a multimode module"
        )
        lengths = [one for one in (page.om3_length, page.om4_length, page.om5_length) if isinstance(one, Reading)]
        longest = max(lengths, key=lambda one: one.value) if lengths else page.om4_length
    if media is None or media.reach_m is None:
        yield not_applicable(
            Reading(first.value.media_id, first.source), because="no reach is known of the media interface", at="reach"
        )
    else:
        yield ask.within(str(media.reach_m), unit=Unit.METRE).judge(longest, at=f"length against {media.name}")


@rule("CM-89", "OIF-CMIS 8.2, fiber face type", Level.SHOULD, Needs.CONTEXT)
def fiber_face(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """The module's fiber face, PC/UPC or APC, is that of the plant."""
    if ended := not_separable(module, ask):
        yield ended
        return
    face: Value[str] = module.fiber_face
    yield ask.where_advertised(ask.same_as(ask.context.fiber_face), face, at="fiber face")
