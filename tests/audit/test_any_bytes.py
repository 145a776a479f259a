"""The audit of whatever bytes: every rule comes to an outcome, and nothing raises."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.audit.context import NOTHING_SAID, Context
from harness.audit.rule import OUTCOMES
from harness.audit.run import RULES, audit
from harness.decode.memory import A0_LOWER, A2_LOWER, HALF, LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import CmisTransceiver, Sff8472Transceiver, Sff8636Transceiver
from harness.reading import Reading, Source
from harness.units import Unit

TOLD: Context = Context(
    cage_watts=Reading(Decimal(10), Source("test"), Unit.WATT),
    bus_khz=Reading(Decimal(400), Source("test"), Unit.KHZ),
    inlet=Reading(Decimal(23), Source("test"), Unit.CELSIUS),
)
CMIS_PAGES = (LOWER_MEMORY, *(Page(number) for number in (0, 1, 2, 4, *range(0x10, 0x16), *range(0x20, 0x30), 0x9F)))
KINDS = (
    (CmisTransceiver, CMIS_PAGES),
    (Sff8636Transceiver, (LOWER_MEMORY, Page(0x00), Page(0x03))),
    (Sff8472Transceiver, (A0_LOWER, A2_LOWER)),
)
TYPICAL = bytes((0x00, 0x01, 0x11, 0x44, 0x7F, 0x80, 0xFF))


def pages(random: Random, numbers: tuple[Page, ...]) -> dict[Page, bytes | None]:
    """Pages of random bytes, of sentinels, short ones and failed ones."""
    held: dict[Page, bytes | None] = {}
    for page in numbers:
        kind = random.randrange(8)
        if kind == 0:
            held[page] = None
        elif kind == 1:
            held[page] = random.randbytes(random.randrange(HALF))
        elif kind == 2:
            held[page] = bytes([random.choice(TYPICAL)]) * HALF
        elif kind > 3:
            held[page] = bytes(random.choice(TYPICAL) for _ in range(HALF))
        else:
            held[page] = random.randbytes(HALF)
    return held


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from(KINDS))
def test_every_rule_comes_to_an_outcome(random: Random, kind: tuple[type, tuple[Page, ...]]) -> None:
    make, numbers = kind
    module, later = (make(Memory("random", pages(random, numbers))) for _ in range(2))
    for context in (NOTHING_SAID, TOLD):
        results = audit(module, context, later=later, fleet=(later,))
        assert [result.rule for result in results] == list(RULES[module.management])
        assert {result.outcome for result in results} <= set(OUTCOMES)
