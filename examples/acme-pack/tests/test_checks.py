"""The proofs of ACME's checks: each passes, fails, and stays undecided."""

from __future__ import annotations

from pathlib import Path

import pytest
from acme_pack.checks.optics import bias_reserve, short_copper

from harness import Requirements
from harness.testing import cable_link, gone, optical_port, prove, reading, requirements
from harness.units import Unit

PROFILE = Path(__file__).parents[1] / "lab" / "profiles" / "acme.toml"


@pytest.fixture(scope="module")
def require() -> Requirements:
    return requirements(PROFILE)


def test_bias_reserve(require: Requirements) -> None:
    prove(
        bias_reserve,
        require,
        passes={"85 mA under a warning at 130 mA": optical_port()},
        fails={"lane 3 at its warning": optical_port(lane={"tx_bias": reading("130", Unit.MA)})},
        undecided={"lane 3 was not read": optical_port(lane={"tx_bias": gone()})},
    )


def test_short_copper(require: Requirements) -> None:
    prove(
        short_copper,
        require,
        passes={"1 m at 100G a lane": cable_link(length=reading("1", Unit.METRE))},
        fails={"2 m, which the trade sells": cable_link(length=reading("2", Unit.METRE))},
        undecided={"nobody says how long it is": cable_link(length=gone())},
    )
