"""What desk qualification found out about a module, for a terminal."""

from __future__ import annotations

from ..decode.document import printable
from ..desk import Desk, Fit
from .checklist import table

HEADS = ("outcome", "device", "cage", "ASIC or NIC", "modes, or why not")


def text(one: Desk) -> str:
    """A module, and a line for each platform and NIC."""
    lines = [f"{one.dump}: {printable(one.module)}", f"offers: {'; '.join(one.offers) or 'nothing known'}"]
    if one.note:
        lines.append(f"note: {one.note}")
    return "\n".join([*lines, "", table(map(row, one.fits), HEADS)])


def row(answer: Fit) -> tuple[str, ...]:
    said = ", ".join(answer.modes) if answer.modes else "; ".join(answer.why)
    extra = f" ({'; '.join(answer.why)})" if answer.modes and answer.why else ""
    return answer.outcome, answer.device, answer.cage, answer.asic, f"{said}{extra}"
