"""Proofs of what is asked about the fiber plant beyond type, connectors and loss."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from checks import fiber
from harness.lab.fibertests import Tester
from harness.lab.inventory import CablingRow, TrunkPlan
from harness.reading import Reading
from harness.testing import (
    CABLES,
    LAB,
    fiber_test,
    gone,
    link,
    media_lane,
    module,
    nic_port,
    optical_port,
    port,
    proofs,
    reading,
    two_rails,
)
from harness.units import Unit

DARK = reading("-40", Unit.DBM)
NEAR, FAR = "leaf1:Ethernet0", "gpu1:eth0"


def faces(*, near: dict[str, Any] | None = None, far: dict[str, Any] | None = None) -> dict[str, Any]:
    """Both end faces inspected, with these overrides."""
    return {
        "tests": (
            fiber_test(Tester.END_FACE, **{"end": NEAR, **(near or {})}),
            fiber_test(Tester.END_FACE, **{"end": FAR, **(far or {})}),
        )
    }


def lanes(near: str = "", far: str = "", **lane: Any) -> dict[str, Any]:
    """Optics whose named lanes receive nothing: ``near="12"`` is lanes 1 and 2 of the near end."""

    def end(of: Any, dark: str) -> Any:
        every = tuple(media_lane(n, **({"rx_power": DARK} | lane if str(n) in dark else {})) for n in range(1, 5))
        return optical_port(of=of, media_lanes=every)

    return {"optics": (end(port(), near), end(nic_port(), far))}


def lit(tx: Any, rx: Any) -> dict[str, Any]:
    """Lane 3 of both ends sends and receives so much."""
    lane = {"tx_power": tx, "rx_power": rx}
    return {"optics": (optical_port(of=port(), lane=lane), optical_port(of=nic_port(), lane=lane))}


def measured(*losses: str, **overrides: Any) -> dict[str, Any]:
    tests = (fiber_test(loss=Reading(Decimal(loss), LAB, Unit.DB, Decimal("0.1")), **overrides) for loss in losses)
    return {"tests": tuple(tests)}


ROWS = [CablingRow(f"C{number}", *ends, LAB) for number, ends in enumerate(CABLES, 1)]

PROOFS = [
    *proofs(
        fiber.connectors,
        passes={"a module that tells its end face": link(near={"module": module(seen={"fiber_face": reading("APC")})})},
        fails={
            "pins meet pins": link(fiber={"pins": ("female", "male")}),
            "the module's own end face is flat": link(near={"module": module(seen={"fiber_face": reading("PC/UPC")})}),
        },
        undecided={"the pins are not declared": link(fiber={"pins": None})},
    ),
    *proofs(
        fiber.polarity,
        passes={
            "method B, and light on every lane": link(),
            "a straight trunk and one reversing patch": link(fiber={"elements": ("A", "B")}),
            "three reversing elements": link(fiber={"elements": ("B", "B", "B")}),
            "what is read of a transmitter does not matter where light arrives": link(
                **lit(gone(), reading("0", Unit.DBM))
            ),
        },
        fails={
            "method A: transmit meets transmit": link(fiber={"polarity": "A"}),
            "method C in a parallel channel": link(fiber={"polarity": "C"}),
            "two reversing elements": link(fiber={"elements": ("B", "B")}),
            "an even number of crossings between unlike connectors": link(
                fiber={"connectors": ("MPO-16", "MPO-12"), "elements": ("B", "B")}
            ),
            "one fiber is broken": link(**lanes(far="3")),
            "the halves are swapped": link(**lanes(near="12", far="12")),
            "no light either way": link(**lanes(near="1234", far="1234")),
        },
        undecided={
            "no polarity is declared": link(fiber={"polarity": None}),
            "a method that there is not": link(fiber={"polarity": "D"}),
            "a receiver was not read": link(**lit(reading("0", Unit.DBM), gone())),
            "a dark transmitter shows no way": link(**lit(DARK, DARK)),
            "one end has fewer lanes": link(
                optics=(optical_port(), optical_port(of=nic_port(), media_lanes=(media_lane(1),)))
            ),
        },
    ),
    *proofs(
        fiber.loss,
        passes={
            "a power meter measured 0.95 dB, and nothing is written beside the link": link(
                fiber={"loss_db": None}, **measured("0.95")
            ),
            "each fiber by itself": link(
                tests=tuple(fiber_test(fiber=number) for number in (1, 2, 3, 4, 9, 10, 11, 12))
            ),
        },
        fails={
            "a power meter measured 3.9 dB": link(**measured("3.9")),
            "the tester did not pass it": link(**measured("0.95", result=reading("fail"))),
        },
        undecided={"the tester's loss cannot be read": link(tests=(fiber_test(loss=gone()),))},
        warns={"more than two pairs of connectors lose": link(fiber={"mated_pairs": 1}, **measured("1.4"))},
    ),
    *proofs(
        fiber.end_faces,
        passes={
            "both passed": link(**faces()),
            "fiber by fiber": link(
                tests=tuple(
                    fiber_test(Tester.END_FACE, end=end, fiber=number)
                    for end in (NEAR, FAR)
                    for number in (1, 2, 3, 4, 9, 10, 11, 12)
                )
            ),
        },
        fails={
            "the far one did not": link(**faces(far={"result": reading("fail")})),
            "by another standard": link(**faces(near={"standard": reading("in-house")})),
        },
        undecided={
            "nobody looked": link(),
            "nobody looked at the far one": link(tests=faces()["tests"][:1]),
            "fiber 12 has no result": link(
                tests=(
                    *(fiber_test(Tester.END_FACE, end=NEAR, fiber=number) for number in (1, 2, 3, 4, 9, 10, 11)),
                    fiber_test(Tester.END_FACE, end=FAR),
                )
            ),
            "the standard is not named": link(**faces(near={"standard": gone()})),
        },
    ),
    *proofs(
        fiber.adds_up,
        passes={"trunk, labels and list": two_rails(), "no list": two_rails(cabling=())},
        fails={
            "more fibers than the trunk has": two_rails(trunks={"T1": TrunkPlan("T1", "OS2", 24, LAB)}),
            "multimode in a single-mode trunk": two_rails(fibers={"gpu1:eth0": {"type": "OM4"}}),
            "a trunk that there is not": two_rails(fibers={"gpu1:eth0": {"trunk": "T9"}}),
            "two links with one label": two_rails(fibers={"gpu1:eth0": {"label": "C2"}}, cabling=()),
            "two rows with one label": two_rails(cabling=(CablingRow("C2", *CABLES[0], LAB), *ROWS[1:])),
            "the list has another far end": two_rails(
                cabling=(CablingRow("C1", "gpu1:eth0", "leaf2:Ethernet4", LAB), *ROWS[1:])
            ),
            "a link that is not on the list": two_rails(cabling=tuple(ROWS[1:])),
            "a link that is on it twice": two_rails(cabling=(*ROWS, CablingRow("C9", *CABLES[0], LAB))),
            "another label than on the link": two_rails(fibers={"gpu1:eth0": {"label": "X1"}}),
        },
        undecided={"a row without a label": two_rails(cabling=(CablingRow("", *CABLES[0], LAB), *ROWS[1:]))},
        does_not_apply={
            "neither trunks, labels nor a list": two_rails(
                trunks={}, cabling=(), fibers={a: {"trunk": None, "label": None} for a, _ in CABLES}
            ),
        },
    ),
]
