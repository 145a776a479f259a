"""The memory pages of a simulated module, written through the registers that read them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ..decode.build import AdvertisedApplication, CmisImage, Identity, Limits, seal_cmis
from ..decode.cmis import MEDIA_TECHNOLOGIES, Page00, Page01
from ..decode.fields import code_of
from ..decode.memory import LOWER_MEMORY, Image, Page
from .world import LANES, Module, application_starts, milliwatts

CLASS_WATTS: Final = tuple(map(Decimal, ("1.5", "3.5", "7", "8", "10", "12", "14")))
"""Most that each power class may draw; above it is class 8 (QSFP-DD and OSFP hardware specifications)."""

ATTENUATION: Final = (
    Page00.attenuation_5_ghz,
    Page00.attenuation_7_ghz,
    Page00.attenuation_12g9_hz,
    Page00.attenuation_25g8_hz,
)
DB_PER_METRE: Final = (Decimal("2.2"), Decimal("2.7"), Decimal("3.8"), Decimal("5.6"))


def memory(module: Module) -> dict[int, bytes]:
    """The pages that the module has by number, -1 for lower memory; damage included."""
    image = _image(module)
    for page, byte, bit in module.flips:
        held = image.page(Page(page))
        held[byte - Page(page).first] ^= 1 << bit
    return {page.number: bytes(held) for page, held in image.pages.items()}


def _image(module: Module) -> Image:
    kind = module.kind
    used = min(module.host_lanes, LANES)
    powers = [milliwatts(lane.tx) for lane in module.lanes], [milliwatts(lane.rx) for lane in module.lanes]
    image = CmisImage(
        identifier=module.identifier,
        revision=module.revision,
        identity=Identity(module.vendor, module.oui, module.number, "A1", module.serial, module.date_code),
        applications=tuple(
            AdvertisedApplication(host, media, wide, narrow, starts, starts)
            for host, media, wide, narrow in kind.apps
            for starts in (application_starts(wide, used),)
        ),
        media_type=kind.media,
        media_technology=code_of(MEDIA_TECHNOLOGIES, kind.technology),
        connector=kind.connector,
        power_class=next((n for n, most in enumerate(CLASS_WATTS, 1) if module.watts <= most), 8),
        max_power=str(module.watts),
        cable_length=str(_length(module.length_m)),
        media_lanes_unsupported=0xFF & ~((1 << used) - 1),
        firmware_active=_version(module.firmware),
        firmware_inactive=_version(module.firmware),
        module_state=module.state,
        fault_cause=module.fault_cause,
        flat_memory=kind.flat,
        wavelength=str(min(kind.near_nm, default=0)),
        temperature=str(module.celsius),
        vcc=str(module.volts),
        tx_power=_texts(powers[0]),
        rx_power=_texts(powers[1]),
        tx_bias=_texts([lane.bias for lane in module.lanes]),
        thresholds={name: _limits(module, name) for name in MONITORS},
        unmonitored=frozenset() if kind.optical else frozenset({"tx_power_mw", "rx_power_mw", "tx_bias_ma"}),
        dp_state=module.data_path,
        config_status=["ConfigSuccess" if app else "ConfigUndefined" for app, _ in module.active],
        active=module.active,
        staged=module.staged,
        flags={name: _bits(lanes) for name, lanes in module.flags.items()},
        module_flags=dict.fromkeys(module.module_flags, True),
        controls={name: _bits(lanes) for name, lanes in module.controls.items()},
    ).image()
    Page00.far_end_configuration.write(image, module.far_end)
    if kind.flat:
        for register, loss in zip(ATTENUATION, DB_PER_METRE, strict=True):
            register.write(image, (loss * module.length_m).to_integral_value())
    elif kind.smf_m:
        Page01.smf_length.write(image, Decimal(kind.smf_m))
    elif kind.om4_m:
        Page01.om4_length.write(image, Decimal(kind.om4_m))
        Page01.om3_length.write(image, Decimal(kind.om4_m * 3 // 5))
    seal_cmis(image)
    return image


MONITORS: Final = {
    "temperature_c": "temperature_c",
    "vcc_v": "vcc_v",
    "tx_power_mw": "tx_power_dbm",
    "rx_power_mw": "rx_power_dbm",
    "tx_bias_ma": "tx_bias_ma",
}


def _limits(module: Module, name: str) -> Limits:
    values = module.thresholds[MONITORS[name]]
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
