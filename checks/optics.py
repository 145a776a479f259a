"""Signal quality of optical modules, as a laboratory measured it."""

from __future__ import annotations

from typing import Final

from harness import Findings, OpticalModule, Reading, Requirements, check, not_applicable

NRZ: Final = "NRZ"


@check("OPT-01 optics.tdecq", tags=("acceptance",))
def tdecq(module: OpticalModule, require: Requirements) -> Findings:
    """Every transmit lane keeps its TDECQ under the PMD's maximum and the buyer's, uncertainty allowed for."""
    pmd = require.pmd(module.pmd)
    if pmd.modulation == NRZ:
        yield not_applicable(
            Reading(module.pmd, module.cage.at), because=f"TDECQ is defined for PAM4; {pmd.name} is {NRZ}"
        )
        return
    limits = require.lab_limits("tdecq", pmd=module.pmd)
    for lane in module.media_lanes:
        yield from limits.judge(lane.tdecq, at=lane)
