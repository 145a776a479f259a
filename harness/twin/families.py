"""Families of modules: a profile each, in families.toml, from which the memory of a healthy module is written."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from ..decode.build import (
    CMIS_DURATIONS,
    AdvertisedApplication,
    Cdb,
    CmisImage,
    Firmware,
    Identity,
    Limits,
    Observed,
    Sff8472Image,
    Sff8636Image,
)
from ..decode.cmis import LANES
from ..decode.memory import Image
from ..units import dbm_to_mw

TABLE: Final = Path(__file__).with_name("families.toml")
MERGED: Final = frozenset({"registers", "durations", "lengths", "aux", "cdb"})
"""Tables of which a profile says only what differs; an empty one says that there is nothing of the kind."""

VENDOR: Final = "SIMULATED"
OUI: Final = "02-50-46"
"""Locally administered, so nobody's."""

DATE_CODE: Final = "26010501"

SPREAD_DB: Final = tuple(map(Decimal, ("0.1", "-0.2", "0.3", "0", "-0.3", "0.2", "-0.1", "0.1")))
"""How the power of lanes 1 to 8 differs from what the profile says; further banks repeat it."""

ALARM_DB: Final = Decimal(1)
"""How far an alarm stands beyond its warning."""

MW_STEP: Final = Decimal("0.0001")

VCC: Final = "3.29"
VCC_MIN: Final = "3.12"
VCC_LIMITS: Final[Limits] = ("3.465", "3.135", "3.432", "3.168")
"""Alarms at 5 % from 3.3 V, which the hardware specifications let a host give, warnings at 4 %."""

TEMPERATURE_LIMITS: Final[Limits] = ("75", "-5", "70", "0")
BIAS_SHARES: Final = ("1.5", "0.4", "1.4", "0.5")
NO_LIMITS: Final[Limits] = ("0", "0", "0", "0")

Profile: TypeAlias = Mapping[str, Any]
AnyImage: TypeAlias = CmisImage | Sff8636Image | Sff8472Image


@dataclass(frozen=True, slots=True)
class Family:
    """What the modules of one part number have in common."""

    name: str
    title: str
    management: str  # "cmis", "sff8636", "sff8472"
    form_factor: str
    pmd: str  # as the tables of requirements name it; empty for a cable
    far_family: str  # what sits at the other end of an active cable; empty where nothing does
    serial: str  # of the module that nobody named; both ends of a cable share all but the last letter
    profile: Profile

    def image(self, serial: str = "") -> Image:
        """The memory of a healthy module; ``serial`` is its vendor's serial number."""
        return self.build(serial).image()

    def build(self, serial: str = "") -> AnyImage:
        """What that memory is written from; ``dataclasses.replace`` makes of it a module that is not so healthy."""
        identity = Identity(VENDOR, OUI, self.profile["part"], "A1", serial or self.serial, DATE_CODE)
        return BUILDERS[self.management](self.profile, identity)


def names() -> tuple[str, ...]:
    """The families, in the order of the table."""
    return tuple(table())


def family(name: str) -> Family:
    """One family; KeyError where the table has none of that name."""
    return table()[name]


def families() -> tuple[Family, ...]:
    """All of them."""
    return tuple(table().values())


@cache
def table() -> Mapping[str, Family]:
    """All families by name."""
    rows = held()["family"]
    order = list(rows)
    found = {}
    for name in rows:
        profile = resolved(name)
        far = profile.get("far_family", "")
        number = min(order.index(name), order.index(far) if far else len(order)) + 1
        found[name] = Family(
            name,
            profile["title"],
            profile["management"],
            profile["form_factor"],
            profile["pmd"],
            far,
            f"PF{number:08d}{profile.get('end', '')}",
            profile,
        )
    return found


def cmis_image(profile: Profile, identity: Identity) -> CmisImage:
    """A module with CMIS, its first Application running on every lane that it can run on."""
    applications = tuple(AdvertisedApplication(*row) for row in profile["applications"])
    banks = -(-profile["host_lanes"] // LANES)
    running = started(applications[0], min(profile["host_lanes"], LANES)) * banks
    up = ["DPActivated" if application else "DPDeactivated" for application, _ in running]
    media_lanes = profile["media_lanes"]
    cdb = profile.get("cdb", {})
    monitored = not profile.get("unwatched", False) and not profile.get("flat", False)
    firmware = profile["firmware"]
    return CmisImage(
        identifier=profile["identifier"],
        revision=profile["revision"],
        identity=identity,
        applications=applications,
        media_type=profile["media_type"],
        media_technology=profile["media_technology"],
        connector=profile["connector"],
        power_class=profile["power_class"],
        max_power=profile["max_power"],
        cable_length=profile.get("cable_length", "0"),
        far_end_configuration=profile.get("far_end", 0),
        attenuation=profile.get("attenuation", ()),
        media_lanes_unsupported=0xFF & ~((1 << media_lanes) - 1),
        firmware_active=firmware,
        firmware_inactive=cdb.get("other", firmware),
        hardware_revision=profile["hardware"],
        flat_memory=profile.get("flat", False),
        wavelength=profile.get("wavelength", "0"),
        wavelength_tolerance=profile.get("wavelength_tolerance", "0"),
        lengths=profile.get("lengths", {}),
        vcc_min=VCC_MIN,
        durations={**CMIS_DURATIONS, **profile["durations"]},
        advertises=profile["advertises"],
        tx_bias_scale=profile.get("bias_scale", 0),
        temperature=profile.get("celsius", "0"),
        vcc=VCC,
        tx_power=powers(profile, media_lanes) if monitored else (),
        rx_power=powers(profile, media_lanes, Decimal(profile["loss_db"])) if monitored else (),
        tx_bias=biases(profile, media_lanes) if monitored else (),
        thresholds=limits(profile),
        unmonitored=frozenset() if monitored else OPTICAL,
        dp_state=up,
        config_status=["ConfigSuccess" if application else "ConfigUndefined" for application, _ in running],
        active=running,
        staged=running,
        aux={name: (row["value"], quad(row["limits"])) for name, row in profile.get("aux", {}).items()},
        vdm=tuple(
            observables(
                [*profile["vdm"], *profile["laser_vdm"]], places(profile["host_lanes"], media_lanes, applications[0])
            )
        ),
        cdb=commands(cdb, firmware) if cdb else None,
        registers=profile.get("registers", {}),
    )


def sff8636_image(profile: Profile, identity: Identity) -> Sff8636Image:
    """A module with SFF-8636."""
    return Sff8636Image(
        identifier=profile["identifier"],
        identity=identity,
        connector=profile["connector"],
        technology=profile["technology"],
        power_class=profile["power_class"],
        extended_compliance=profile["extended_compliance"],
        wavelength=profile["wavelength"],
        temperature=profile["celsius"],
        vcc=VCC,
        tx_power=powers(profile, profile["media_lanes"]),
        rx_power=powers(profile, profile["media_lanes"], Decimal(profile["loss_db"])),
        tx_bias=biases(profile, profile["media_lanes"]),
        thresholds=limits(profile),
        registers=profile.get("registers", {}),
    )


def sff8472_image(profile: Profile, identity: Identity) -> Sff8472Image:
    """A module with SFF-8472."""
    return Sff8472Image(
        identifier=profile["identifier"],
        identity=identity,
        connector=profile["connector"],
        extended_compliance=profile["extended_compliance"],
        power_level=profile["power_class"],
        wavelength=profile["wavelength"],
        temperature=profile["celsius"],
        vcc=VCC,
        tx_power=powers(profile, 1)[0],
        rx_power=powers(profile, 1, Decimal(profile["loss_db"]))[0],
        tx_bias=biases(profile, 1)[0],
        thresholds=limits(profile),
        registers=profile.get("registers", {}),
    )


BUILDERS: Final[Mapping[str, Callable[[Profile, Identity], AnyImage]]] = {
    "cmis": cmis_image,
    "sff8636": sff8636_image,
    "sff8472": sff8472_image,
}

OPTICAL: Final = frozenset({"tx_power_mw", "rx_power_mw", "tx_bias_ma"})


def started(application: AdvertisedApplication, lanes: int) -> list[tuple[int, int]]:
    """AppSel 1 and the first lane of its data path, from 0, for each host lane of a bank; 0 where it cannot run."""
    running = [(0, 0)] * LANES
    for start in starts(application.host_lane_assignment):
        for lane in range(start, min(start + application.host_lanes, lanes)):
            running[lane] = (1, start)
    return running


def starts(bitmap: int) -> list[int]:
    """The lanes, from 0, of a bitmap."""
    return [lane for lane in range(LANES) if bitmap >> lane & 1]


def powers(profile: Profile, lanes: int, loss: Decimal = Decimal(0)) -> list[str]:
    """What every media lane sends, or what arrives after a loss: mW, to the step of the register."""
    sent = Decimal(profile["tx"]) - loss
    shift = 3 if loss else 0
    return [str(dbm_to_mw(sent + SPREAD_DB[(lane + shift) % LANES]).quantize(MW_STEP)) for lane in range(lanes)]


def biases(profile: Profile, lanes: int) -> list[str]:
    """The bias current of every media lane, mA."""
    return [str(varied(profile["bias_ma"], lane)) for lane in range(lanes)]


def varied(about: str, lane: int) -> Decimal:
    """A value that differs a little from lane to lane, by one share for all that a lane has."""
    return Decimal(about) * (1 + SPREAD_DB[lane % LANES] / 20)


def limits(profile: Profile) -> Mapping[str, Limits]:
    """Thresholds of the monitors: power as the profile's ranges, bias about what it usually is."""
    bias = Decimal(profile.get("bias_ma", 0))
    return {
        "temperature_c": TEMPERATURE_LIMITS,
        "vcc_v": VCC_LIMITS,
        "tx_power_mw": power_limits(profile.get("tx_dbm")),
        "rx_power_mw": power_limits(profile.get("rx_dbm")),
        "tx_bias_ma": quad([str(bias * Decimal(share)) for share in BIAS_SHARES]),
    }


def power_limits(dbm: Sequence[str] | None) -> Limits:
    """Warnings inside a range of power and alarms beyond it, mW; zeros without a range."""
    if dbm is None:
        return NO_LIMITS
    low, high = map(Decimal, dbm)
    return quad(
        [
            str(dbm_to_mw(power).quantize(MW_STEP, rounding))
            for power, rounding in (
                (high + ALARM_DB, ROUND_CEILING),
                (low - ALARM_DB, ROUND_FLOOR),
                (high, ROUND_FLOOR),
                (low, ROUND_CEILING),
            )
        ]
    )


def quad(values: Sequence[str]) -> Limits:
    high_alarm, low_alarm, high_warning, low_warning = values
    return high_alarm, low_alarm, high_warning, low_warning


def observables(tables: Sequence[str], places: Mapping[str, Sequence[int]]) -> Iterator[Observed]:
    """The observables of VDM tables by name, as a healthy module has them.

    ``places`` are the lanes, from 1, that "media", "host", "media paths" and "host paths" stand for.
    """
    for name in tables:
        for row in held()["vdm"][name]["observables"]:
            for lane in places[row["of"]] if row["of"] != "module" else (0,):
                value = varied(row["value"], lane - 1) if lane else Decimal(row["value"])
                yield Observed(row["type"], lane, str(value), quad(row["limits"]))


def places(host_lanes: int, media_lanes: int, application: AdvertisedApplication) -> Mapping[str, Sequence[int]]:
    """Lanes, from 1, and the first lane of every data path of an Application."""
    return {
        "host": range(1, host_lanes + 1),
        "media": range(1, media_lanes + 1),
        "host paths": first_lanes(application.host_lane_assignment, host_lanes),
        "media paths": first_lanes(application.media_lane_assignment, media_lanes),
    }


def first_lanes(assignment: int, lanes: int) -> list[int]:
    """The lanes, from 1, on which data paths start; every bank has the same."""
    return [bank + start + 1 for bank in range(0, lanes, LANES) for start in starts(assignment) if bank + start < lanes]


def commands(row: Profile, version: str) -> Cdb:
    """What the module does with commands; image A runs."""
    return Cdb(
        background=row["background"],
        max_completion_ms=row["max_completion_ms"],
        a=Firmware(version, row["build"], VENDOR),
        b=Firmware(row["other"], row["other_build"], VENDOR),
    )


def resolved(name: str, section: str = "family") -> dict[str, Any]:
    """A profile with what it takes from those that it is like, families or bases."""
    row = dict(held()[section][name])
    merged: dict[str, Any] = {}
    for like in row.pop("like", ()):
        merged = over(merged, resolved(like, "family" if like in held()["family"] else "base"))
    return over(merged, row)


def over(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """A profile with another over it."""
    merged = dict(older)
    for key, value in newer.items():
        merged[key] = combined(merged.get(key, {}), value) if key in MERGED else value
    return merged


def combined(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """A table with another's entries over it; an empty one leaves nothing."""
    if not newer:
        return {}
    return {
        **older,
        **{
            key: combined(older[key], value) if isinstance(value, dict) and key in older else value
            for key, value in newer.items()
        },
    }


@cache
def held() -> Mapping[str, Any]:
    """The table as it is written."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))
