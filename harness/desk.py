"""Desk qualification before a purchase (ASIC-10): which platforms take a module, at which modes, and why not.

Everything here follows from one module dump and the requirement tables; no port is asked.  A module without CMIS
advertises no applications, so its rate is taken from its nominal bit rate and its lanes, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from .breakout import children
from .breakout import plain as plain_mode
from .decode.dump import read_dump
from .decode.transceiver import Transceiver, transceiver
from .errors import InputError, NoLimit
from .lab.inventory import DevicePlan
from .lab.load import load
from .limit import Choice
from .offers import Offer, offered, possible, together
from .reading import Absence, Missing, Reading, Value, shown
from .requirements.load import load_requirements
from .requirements.lookup import Requirements
from .requirements.rows import LaneRate

PAM4_LANES = ((Decimal(100), "QSFP112"), (Decimal(50), "QSFP56"))
QSFP_CMIS = "QSFP-CMIS"
UNKNOWN = "Unknown"  # identifier 00h
OTHER_TOP = {"OSFP": "OSFP-RHS", "OSFP-RHS": "OSFP"}


@dataclass(frozen=True, slots=True)
class Fit:
    """One platform's, or NIC's, answer for one module."""

    device: str
    host: str  # platform or NIC
    asic: str
    cage: str
    fits: bool | None  # None: cannot be decided from a dump
    modes: tuple[str, ...]
    why: tuple[str, ...]  # why not, or what is not known

    @property
    def outcome(self) -> str:
        if self.fits is None:
            return "NOT-MEASURED"
        return "PASS" if self.fits and self.modes else "FAIL"

    def document(self) -> dict[str, Any]:
        return {
            "device": self.device, "host": self.host, "asic": self.asic, "cage": self.cage, "outcome": self.outcome,
            "fits": self.fits, "modes": list(self.modes), "why": list(self.why),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """A module, as its dump tells it, against every platform of a lab."""

    dump: str
    module: str
    offers: tuple[str, ...]
    note: str
    fits: tuple[Fit, ...]

    def document(self) -> dict[str, Any]:
        return {
            "check": "ASIC-10", "dump": self.dump, "module": self.module, "offers": list(self.offers),
            "note": self.note, "platforms": [fit.document() for fit in self.fits],
        }  # fmt: skip


def desk(dump: str, module: Transceiver, devices: Iterable[DevicePlan], require: Requirements) -> Desk:
    """Every device's answer, in the order of the lab file."""
    offers, note = offered(module)
    form = form_factor(module, offers)
    fits = tuple(fit(device, form, offers, require) for device in devices)
    told = (form, module.vendor_name, module.vendor_pn, module.vendor_rev)
    name = " ".join(shown(value.value) for value in told if isinstance(value, Reading) and value.value)
    notes = "; ".join(filter(None, (module.guess, note)))
    return Desk(dump, name or "unnamed module", tuple(offer.name for offer in offers), notes, fits)


def form_factor(module: Transceiver, offers: tuple[Offer, ...]) -> Value[str]:
    """The form factor; an identifier that several generations of QSFP share is told apart by the fastest lane."""
    told = module.form_factor
    if isinstance(told, Reading) and told.value == UNKNOWN:
        return Missing(Absence.RESERVED, told.source, "the identifier names no form factor")
    if isinstance(told, Missing) or told.value != QSFP_CMIS:
        return told
    fastest = max((offer.rate.gbps for offer in offers), default=Decimal(0))
    name = next((name for least, name in PAM4_LANES if fastest > least), "QSFP28")
    return Reading(name, told.source)


def fit(
    device: DevicePlan,
    form: Value[str],
    offers: tuple[Offer, ...],
    require: Requirements,
    *,
    tops: Mapping[str, str] = OTHER_TOP,
) -> Fit:
    """One device's answer: its cage first, then its modes.  ``tops``: form factors that the one told may be as well."""
    try:
        asic, cages, modes, rates = host(device, require)
    except NoLimit as gap:
        return Fit(device.name, device.platform or device.nic or "", "", "", None, (), (str(gap),))
    if isinstance(form, Missing):
        return Fit(
            device.name,
            device.platform or device.nic or "",
            asic,
            ", ".join(cages),
            None,
            (),
            (f"form factor: {form}",),
        )
    cage, why_not = best_cage(cages, form.value, require, tops)
    answer = {"device": device.name, "host": device.platform or device.nic or "", "asic": asic}
    if cage is None:
        return Fit(**answer, cage=", ".join(cages), fits=False, modes=(), why=why_not)
    lanes = require.cage(cage).lanes
    found = {mode: possible(plain_mode(mode), lanes, offers, rates) for mode in modes}
    good = tuple(mode for mode, reasons in found.items() if not reasons)
    why = () if good else together(reason for reasons in found.values() for reason in reasons)
    if not offers:
        return Fit(**answer, cage=cage, fits=None, modes=(), why=("what it offers a host is not known",))
    top = (f"if its top is that of {cage}: the identifier does not tell",) if good and form.value in tops else ()
    return Fit(**answer, cage=cage, fits=True, modes=good, why=(*why, *top))


def host(device: DevicePlan, require: Requirements) -> tuple[str, tuple[str, ...], tuple[str, ...], Choice[LaneRate]]:
    """A device's ASIC or NIC, its cages, the modes it offers and the lanes it drives."""
    if device.nic is not None:
        nic = require.nic(device.nic)
        return nic.name, nic.cages, nic.modes, nic.lane_rates
    if device.platform is None:
        raise NoLimit(f"{device.name} has neither a platform nor a NIC")
    platform = require.platform(device.platform)
    asic = require.asic(device.asic.value if device.asic else platform.asic)
    modes = sorted(platform.offers.allowed, key=lambda mode: (-speed(mode), mode))
    return asic.name, (require.platform_cage(device.platform),), tuple(modes), asic.lane_rates


def speed(mode: str) -> Decimal:
    first = children(mode, 8)
    return first[0].speed_gbps if first else Decimal(0)


def best_cage(
    cages: Iterable[str], form: str, require: Requirements, tops: Mapping[str, str]
) -> tuple[str | None, tuple[str, ...]]:
    """The cage that takes a form factor, else why none does.  An OSFP may have either top."""
    why: list[str] = []
    for cage in cages:
        if {form, tops.get(form, form)} & require.cage_accepts(cage).allowed:
            return cage, ()
        adapter = require.cage(cage).adapters.get(form, "none")
        via = f"; adapter: {adapter}" if adapter != "none" else ""
        why.append(f"{form} does not go into {cage}{via}")
    return None, tuple(why)


def answers(lab_file: Path, dumps: Iterable[Path]) -> tuple[tuple[Desk, ...], tuple[str, ...]]:
    """The answers for every dump, and which files were no dump: the others are still answered."""
    lab = load(lab_file)
    require = load_requirements(lab.profile, as_of=lab.as_of or datetime.now(UTC))
    hosts = [device for device in lab.devices.values() if device.kind in ("switch", "host")]
    desks: list[Desk] = []
    faults: list[str] = []
    for dump in dumps:
        try:
            module = transceiver(read_dump(dump))
        except InputError as bad:
            faults.append(str(bad))
        else:
            desks.append(desk(dump.name, module, hosts, require))
    return tuple(desks), tuple(faults)
