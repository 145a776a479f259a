"""The memory pages of a simulated module, written through the registers that read them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ..decode.build import (
    ADVERTISED,
    AdvertisedApplication,
    Cdb,
    CmisImage,
    Firmware,
    Identity,
    Limits,
    Observed,
    seal_cmis,
)
from ..decode.cmis import MEDIA_TECHNOLOGIES
from ..decode.cmis.vdm import observable
from ..decode.fields import code_of
from ..decode.memory import LOWER_MEMORY, Page
from ..twin.families import observables, places
from ..units import DARK_DBM
from .world import LANES, SAMPLE_SECONDS, Module, application_starts, milliwatts, share, spread

CLASS_WATTS: Final = tuple(map(Decimal, ("1.5", "3.5", "7", "8", "10", "12", "14")))
"""Most that each power class may draw; above it is class 8 (QSFP-DD and OSFP hardware specifications)."""

DB_PER_METRE: Final = tuple(map(Decimal, ("2.2", "2.7", "3.8", "5.6", "8.4")))
"""Loss of passive copper at 5, 7, 12.9, 25.8 and 53.125 GHz."""

RETIMED: Final = (
    *ADVERTISED,
    "tx_cdr_supported",
    "rx_cdr_supported",
    "tx_adaptive_eq_supported",
    "vdm_supported",
)
"""What every simulated module but passive copper advertises in page 01h."""

GET_FIRMWARE_INFO: Final = 0x0100
"""The command that a switch asks when a module is plugged in, so that its reply stands on page 9Fh (OIF-CMIS 9.7)."""

BER: Final = "pre_fec_ber"


def memory(module: Module, elapsed: int = 0) -> Mapping[int, bytes]:
    """The pages that the module has by number, -1 for lower memory, after so many seconds; damage included."""
    return _pages(pickle.dumps(module), elapsed)


@lru_cache(maxsize=4096)
def _pages(state: bytes, elapsed: int) -> Mapping[int, bytes]:
    """The pages of a module in this state: a device is asked page by page, and each time the image is the same."""
    module: Module = pickle.loads(state)
    image = built(drifted(module, elapsed) if elapsed else module).image()
    for number, byte, bit, value in module.registers:
        held = image.page(Page(number))
        at = byte - Page(number).first
        held[at] = value if bit is None else held[at] & ~(1 << bit) | value << bit
    if module.registers:
        seal_cmis(image)
    for number in module.echoes:
        image.pages[Page(number)] = bytearray(image.pages[Page(0x00)])
    for page, byte, bit in (*module.flips, *(module.late_flips if elapsed else ())):
        held = image.page(Page(page))
        held[byte - Page(page).first] ^= 1 << bit
    return MappingProxyType({page.number: bytes(held) for page, held in image.pages.items()})


PERIOD: Final = 99


def drifted(module: Module, elapsed: int) -> Module:
    """The module a while later: what its monitors measure has moved a little, and dark lanes are still dark."""
    if module.stuck:
        return module
    module = module.now(elapsed)
    names = module.where, 2
    late = elapsed - SAMPLE_SECONDS
    lanes = [
        replace(
            lane,
            tx=lane.tx if lane.tx <= DARK_DBM else _nudged(lane.tx, "0.03", "0.001", late, *names, number, "tx"),
            rx=lane.rx if lane.rx <= DARK_DBM else _nudged(lane.rx, "0.03", "0.001", late, *names, number, "rx"),
            bias=_nudged(lane.bias, "0.08", "0.002", late, *names, number, "bias") if lane.bias else lane.bias,
        )
        for number, lane in enumerate(module.lanes, 1)
    ]
    celsius = _nudged(module.celsius, "0.3", "0.01", late, *names, "celsius")
    volts = _nudged(module.volts, "0.002", "0.0001", late, *names, "volts")
    return replace(module, lanes=lanes, celsius=celsius, volts=volts)


def _nudged(value: Decimal, by: str, step: str, late: int, *names: object) -> Decimal:
    """A value near another and not the same, ``late`` seconds after the second sample of a fixture.

    It rises by a step a second and falls back after 99, so that it is not what it was after any usual window, nor after
    one that took a minute longer.
    """
    reach = PERIOD // 2 * Decimal(step)
    risen = spread(value, by, *names, step=step) - value + reach + late * Decimal(step)
    width = PERIOD * Decimal(step)
    near = value - reach + (risen % width + width) % width
    if near != value:
        return near
    return value + (reach if late else 0) + Decimal(step)  # beyond all others, so that it too is one of its own


def built(module: Module) -> CmisImage:
    """The registers of a module as they are now."""
    kind, gone = module.kind, module.unadvertised
    used = min(module.host_lanes, LANES)
    powers = [milliwatts(lane.tx) for lane in module.lanes], [milliwatts(lane.rx) for lane in module.lanes]
    applications = tuple(
        AdvertisedApplication(host, media, wide, narrow, starts, starts)
        for host, media, wide, narrow in (kind.apps if module.applications is None else module.applications)
        for starts in (application_starts(wide, used),)
    )
    return CmisImage(
        identifier=module.identifier,
        revision=module.revision,
        identity=Identity(module.vendor, module.oui, module.number, module.lot, module.serial, module.date_code),
        applications=applications,
        media_type=kind.media,
        media_technology=code_of(MEDIA_TECHNOLOGIES, kind.technology),
        connector=CONNECTORS[module.connector] if module.connector else kind.connector,
        power_class=next((n for n, most in enumerate(CLASS_WATTS, 1) if module.watts <= most), 8),
        max_power=str(module.watts),
        cable_length=str(_length(module.length_m)),
        media_lanes_unsupported=0xFF & ~((1 << used) - 1),
        firmware_active=_version(module.firmware),
        firmware_inactive=_version(module.firmware),
        module_state=module.state,
        fault_cause=module.fault_cause,
        flat_memory=kind.flat,
        far_end_configuration=module.far_end,
        attenuation=[str((loss * module.length_m).to_integral_value()) for loss in DB_PER_METRE] if kind.flat else (),
        wavelength=str(min(kind.near_nm, default=0)),
        lengths=_lengths(module),
        advertises=_advertises(module),
        temperature="0" if "temperature" in gone else str(module.celsius),
        vcc="0" if "vcc" in gone else str(module.volts),
        tx_power=() if "tx_power" in gone else _texts(powers[0]),
        rx_power=() if "rx_power" in gone else _texts(powers[1]),
        tx_bias=() if "tx_bias" in gone else _texts([lane.bias for lane in module.lanes]),
        thresholds={name: _limits(module, name) for name in MONITORS},
        unmonitored=_unmonitored(module),
        dp_state=module.data_path,
        config_status=["ConfigSuccess" if app else "ConfigUndefined" for app, _ in module.active],
        active=module.active,
        staged=module.staged,
        flags={name: _bits(lanes) for name, lanes in module.flags.items()},
        module_flags=dict.fromkeys(module.module_flags, True),
        controls={name: _bits(lanes) for name, lanes in module.controls.items()},
        vdm=[] if "vdm" in gone else [_own(module, one) for one in _observables(module, used)],
        cdb=_commands(module),
        registers={} if kind.flat else CDR_ON,
    )


CDR_ON: Final = {
    "Page10": {"staged_tx_cdr": True, "staged_rx_cdr": True, "staged_tx_adaptive_eq": True},
    "Page11": {"active_tx_cdr": True, "active_rx_cdr": True, "active_tx_adaptive_eq": True},
}


CONNECTORS: Final = {"LC": 0x07, "MPO-12": 0x0C, "CS": 0x25, "SN": 0x26, "MPO-2x12": 0x27, "MPO-16": 0x28}
"""SFF-8024, table 4-3."""

OWN_NAMES: Final = {
    "temperature_c": "temperature",
    "vcc_v": "vcc",
    "tx_power_mw": "tx_power",
    "rx_power_mw": "rx_power",
    "tx_bias_ma": "tx_bias",
}


def _advertises(module: Module) -> tuple[str, ...]:
    told = (*RETIMED, "rx_power_is_average") if module.kind.optical else RETIMED
    return tuple(name for name in told if name != "vdm_supported" or "vdm" not in module.unadvertised)


def _unmonitored(module: Module) -> frozenset[str]:
    usual = () if module.kind.optical else ("tx_power_mw", "rx_power_mw", "tx_bias_ma")
    return frozenset({*usual, *(name for name, own in OWN_NAMES.items() if own in module.unadvertised)})


def _observables(module: Module, host_lanes: int) -> Iterator[Observed]:
    host, media, wide, narrow = module.kind.apps[0]
    starts = application_starts(wide, host_lanes)
    application = AdvertisedApplication(host, media, wide, narrow, starts, starts)
    tables = ["retimed media", "retimed host"]
    if module.kind.technology.startswith("1310"):
        tables.append("uncooled laser")
    yield from observables(tables, places(host_lanes, module.kind.lanes, application))


def _own(module: Module, usual: Observed) -> Observed:
    """An observable as this module has it: its error ratio is that of its kind, and lanes differ a little."""
    if not usual.lane or not Decimal(usual.value):
        return usual
    kind = observable(usual.type)
    if kind.quantity == "esnr" and kind.side == "media" and usual.lane in module.snr:
        return replace(usual, value=str(module.snr[usual.lane]))
    if kind.quantity == BER and kind.side == "media" and usual.lane in module.vdm_ber:
        return replace(usual, value=str(module.vdm_ber[usual.lane]))
    about = Decimal(usual.value) * (Decimal("0.98") + share(module.where, kind.quantity, kind.side, usual.lane) / 25)
    if kind.quantity == BER and kind.side == "media":
        about *= module.kind.ber / USUAL_BER
    return replace(usual, value=str(about))


USUAL_BER: Final = Decimal("2.2e-8")
"""Current pre-FEC error ratio of a media lane in the table of families."""


def _lengths(module: Module) -> dict[str, str]:
    """Reach over the fiber that the kind is made for."""
    kind = module.kind
    if kind.smf_m:
        return {"smf": str(kind.smf_m)}
    return {"om4": str(kind.om4_m), "om3": str(kind.om4_m * 3 // 5)} if kind.om4_m else {}


def _commands(module: Module) -> Cdb:
    """Both banks have the image that runs, unless another is committed."""
    runs, other = _firmware(module.firmware), _firmware(module.committed or module.firmware)
    return Cdb(a=runs, b=other, committed="B" if module.committed else "A", answered=GET_FIRMWARE_INFO)


def _firmware(version: str) -> Firmware:
    build = "".join(version.split(".")[2:3])
    return Firmware(_version(version), int(build) if build.isdecimal() else 0)


MONITORS: Final = {
    "temperature_c": "temperature_c",
    "vcc_v": "vcc_v",
    "tx_power_mw": "tx_power_dbm",
    "rx_power_mw": "rx_power_dbm",
    "tx_bias_ma": "tx_bias_ma",
}


def _limits(module: Module, name: str) -> Limits:
    values = module.thresholds[MONITORS[name]]
    if OWN_NAMES[name] in module.unadvertised:
        return "0", "0", "0", "0"
    if name.endswith("_mw"):
        watts = [milliwatts(value) if any(values) and module.kind.optical else Decimal(0) for value in values]
        return str(watts[0]), str(watts[1]), str(watts[2]), str(watts[3])
    return str(values[0]), str(values[1]), str(values[2]), str(values[3])


def _version(text: str) -> str:
    """Major and minor number; the build of a longer version stands nowhere but in CDB."""
    return ".".join((*text.split("."), "0")[:2])


def _length(metres: Decimal) -> Decimal:
    """A length that the register can hold: tenths up to 6.3 m, then whole metres."""
    return metres.quantize(Decimal("0.1")) if metres <= Decimal("6.3") else metres.to_integral_value()


def _texts(values: Sequence[Decimal]) -> list[str]:
    return [str(value) for value in values]


def _bits(lanes: set[int]) -> list[bool]:
    return [lane in lanes for lane in range(1, LANES + 1)]


LOWER: Final = LOWER_MEMORY.number
