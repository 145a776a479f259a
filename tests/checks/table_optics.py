"""Proofs of what is asked of a laboratory's measurements."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from checks import optics
from harness.lab.measurements import Measurement
from harness.model import OpticalModule, Part
from harness.reading import Absence
from harness.testing import (
    CORNERS,
    NOON,
    decimal,
    gone,
    laboratory,
    measurement,
    media_lane,
    module,
    part,
    proofs,
    reading,
)


def measured(third: object = None, *, pmd: str = "800G-2xDR4", **values: str | None) -> OpticalModule:
    """A module of which a laboratory measured every lane; lane 3 with other values."""
    own = {"laboratory": laboratory(**values) if third is None else third, **({"tdecq": gone()} if third == {} else {})}
    lanes = tuple(media_lane(n, **(own if n == 3 else {"laboratory": laboratory()})) for n in range(1, 9))
    found = module(pmd=pmd, media_lanes=lanes)
    assert isinstance(found, OpticalModule)
    return found


def rows(**overrides: object) -> dict[str, tuple[Measurement, ...]]:
    """A lane whose TDECQ was measured in another way."""
    own = tuple(measurement(celsius=celsius, **overrides) for celsius in CORNERS)
    return {**laboratory(), "tdecq": own}


def running(ratio: object, tdecq: str = "2.4", unobserved: Absence = Absence.NOT_ADVERTISED) -> OpticalModule:
    lanes = tuple(media_lane(n, laboratory=laboratory(tdecq=tdecq)) for n in range(1, 9))
    found = module(media_lanes=lanes, ratios={"leaf1:Ethernet0": ratio}, seen={"vdm": gone(unobserved)})
    assert isinstance(found, OpticalModule)
    return found


def sampled(units: int, *, bad: int = 0, corners: tuple[str, ...] = CORNERS, needed: int = 60, **plan: object) -> Part:
    """A part of which some units were measured."""
    own = tuple(
        measurement(value="3.9" if unit < bad else "2.4", celsius=celsius, serial=reading(f"AO{unit:04}"))
        for unit in range(units)
        for celsius in corners
    )
    found = part(needed=needed, pmd="800G-2xDR4", **plan)
    return type(found)(name=found.name, about=found.about, plan=found.plan, needed=found.needed, measurements=own)


def aged(weeks: int) -> dict[str, object]:
    return {"calibrated": reading(NOON.date() - timedelta(weeks=4 + weeks))}


PROOFS = [
    *proofs(
        optics.tdecq,
        passes={"2.4 dB at three temperatures": measured()},
        fails={
            "3.5 dB in the heat alone": measured(
                {**laboratory(), "tdecq": (measurement(), measurement(value="3.5", celsius="70"))}
            )
        },
        undecided={"lane 3 was not measured": measured({})},
    ),
    *proofs(
        optics.tecq,
        passes={"2.1 dB against a recalled 4.4 dB": measured(pmd="800GBASE-VR8")},
        fails={},
        undecided={"lane 3 has no TECQ": measured(pmd="800GBASE-VR8", tecq=None)},
        warns={"4.8 dB against a recalled limit": measured(pmd="800GBASE-VR8", tecq="4.8")},
        does_not_apply={"no table has TECQ of DR4": measured()},
    ),
    *proofs(
        optics.transmitter,
        passes={"every quantity in its limits": measured()},
        fails={
            "3.1 dB of extinction ratio": measured(er="3.1"),
            "OMA above the highest": measured(oma_outer="4.6"),
            "OMA less TDECQ too low, each of them in order": measured(oma_outer="0.2", tdecq="2.9"),
        },
        undecided={
            "no extinction ratio of lane 3": measured(er=None),
            "no TDECQ to take from the OMA": measured(tdecq=None),
        },
    ),
    *proofs(
        optics.sensitivity,
        passes={"both measured": measured()},
        fails={"stressed sensitivity 1.8 dB short": measured(stressed_sensitivity="-0.1")},
        undecided={
            "nothing was measured": module(),
            "measured, but not on lane 3": measured(stressed_sensitivity=None),
        },
        warns={"sensitivity beyond a recalled limit": measured(sensitivity="-2.9")},
        does_not_apply={
            "only transmitters were measured": module(
                media_lanes=tuple(
                    media_lane(n, laboratory=laboratory(sensitivity=None, stressed_sensitivity=None))
                    for n in range(1, 9)
                )
            )
        },
    ),
    *proofs(
        optics.valid,
        passes={"calibrated 16 weeks before, on SSPRQ, at three temperatures": measured()},
        fails={
            "calibrated 60 weeks before": measured(rows(**aged(60))),
            "calibrated after it measured": measured(rows(**aged(-3))),
            "another pattern": measured(rows(pattern=reading("PRBS31Q"))),
            "0.6 dB uncertain": measured(rows(uncertainty="0.6")),
            "at room temperature alone": module(
                media_lanes=tuple(media_lane(n, laboratory={"tdecq": (measurement(),)}) for n in range(1, 9))
            ),
        },
        undecided={
            "lane 3 was not measured": measured({}),
            "no reference receiver": measured(rows(reference_receiver=gone())),
            "no instrument": measured(rows(instrument=gone())),
            "no calibration date": measured(rows(calibrated=gone())),
        },
    ),
    *proofs(
        optics.sample,
        passes={
            "ten units at three temperatures": sampled(10),
            "all four that the lab takes": sampled(4, needed=4, quantity=4),
        },
        fails={
            "three units of sixty": sampled(3),
            "never measured in the heat": sampled(10, corners=("0", "25")),
            "four of ten miss TDECQ": sampled(10, bad=4),
        },
        undecided={
            "no unit was measured": part(pmd="800G-2xDR4"),
            "one of four tells no serial number": replace(sampled(3, needed=4, quantity=4), untold=(gone(),)),
        },
        does_not_apply={
            "a cable": part(kind="aec", pmd="AEC"),
            "NRZ": part(pmd="100GBASE-SR4"),
        },
    ),
    *proofs(
        optics.in_situ,
        passes={"a BER of 3e-6 where 1.0 dB is left": running(decimal("3e-6"))},
        fails={},
        undecided={
            "the device told no BER": running(gone()),
            "the module's SNR was not read": running(decimal("3e-6"), unobserved=Absence.READ_FAILED),
            "no error was seen": running(decimal("0")),
            "no TDECQ was measured": module(
                media_lanes=tuple(media_lane(n, tdecq=gone()) for n in range(1, 9)),
                ratios={"leaf1:Ethernet0": decimal("3e-6")},
            ),
        },
        warns={"a TDECQ of 1.2 dB and a BER of 2.2e-4": running(decimal("2.2e-4"), tdecq="1.2")},
        does_not_apply={"a spare that the lab wants shut": module(up=False)},
    ),
]
