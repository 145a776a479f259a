"""``plugfest desk``: what is known of a part before it is bought, and which form factor or medium to buy."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from typing import Any

from ..advice import advise
from ..errors import UsageError
from ..report.desk import advice_text, sheet_text
from ..sheet import sheets


def run(args: argparse.Namespace) -> int:
    """Exit 0, whatever the verdicts are; 2 where something was not readable."""
    asked = {name: number(name, getattr(args, name)) for name in ("rate", "metres", "lane")}
    if args.advise:
        if args.dumps or args.part:
            raise UsageError("desk: --advise is of no part: ask for it by itself")
        answer = advise(args.lab, **asked)
        print(shown(answer.document()) if args.json else advice_text(answer))
        return 0
    if given := [f"--{name}" for name, value in asked.items() if value is not None]:
        raise UsageError(f"desk: {', '.join(given)} without --advise")
    found, faults = sheets(args.lab, args.dumps, args.part or ())
    if args.json:
        for one in found:
            print(shown(one.document()))
    elif found:
        print("\n\n\n".join(map(sheet_text, found)))
    elif not faults:
        raise UsageError(f"desk: {args.lab} has no parts: name dumps, or give it parts")
    for fault in faults:
        print(f"plugfest: {fault}", file=sys.stderr)
    return UsageError.exit_status if faults else 0


def number(name: str, word: str | None) -> Decimal | None:
    """A number of the command line: above 0."""
    if word is None:
        return None
    try:
        value = Decimal(word)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0:
        raise UsageError(f"--{name} {word}: expected a number above 0")
    return value


def shown(document: dict[str, Any]) -> str:
    """One line of JSON, in escapes where the output is not in a Unicode encoding."""
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(document, ensure_ascii=not unicode)
