"""Proofs of what a buyer signs for beyond warranty, MTBF and delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from checks import procure
from harness.history import Sighting
from harness.lab.inventory import ChangeNotice, DocumentPlan, SecondSource
from harness.model import Part
from harness.reading import Absence, Reading, Source
from harness.testing import LAB, gone, module, part, proofs, reading, switch_cage

FILE = Source("archive rack1-2026-05-01")
EARLIER = datetime(2026, 5, 1, tzinfo=UTC)


def source(**said: Any) -> SecondSource:
    told = {
        "number": "BO-800-2DR4", "vendor": "Bolt Optics", "evidence": "rack1-2026-05-01", "owner": "A. Engineer",
        "qualified": date(2026, 5, 4), "at": LAB, **said,
    }  # fmt: skip
    return SecondSource(**told)


def lots(
    now: str = "3.7", earlier: str = "3.7", *, revision: str = "A", notices: tuple[ChangeNotice, ...] = ()
) -> Part:
    """A part with a module of today and one that an earlier archive saw."""
    seen = module(seen={"firmware_active": reading(now), "vendor_rev": reading(revision)})
    before = Sighting("rack1", "leaf9:Ethernet0", EARLIER, "AO0009", "AO-800-2DR4", earlier, "A", FILE)
    return replace(
        part(notices=notices), cages=(switch_cage(module=seen),), earlier=Reading((before,), Source("--history"))
    )


def notice(after: str, what: str = "firmware") -> ChangeNotice:
    return ChangeNotice("PCN-26-07", what, "3.7", after, date(2026, 8, 1), LAB)


def document(name: str = "RoHS", expires: date | None = None) -> DocumentPlan:
    return DocumentPlan(name, "doc-7", expires, LAB)


UNREAD = lots()
UNREAD = replace(
    UNREAD,
    cages=(switch_cage(module=module(seen={"firmware_active": gone(), "vendor_rev": reading("A")})),),
)

PROOFS = [
    *proofs(
        procure.second_source,
        passes={
            "another part of another vendor, with a report": part(sources=(source(),)),
            "the second of two is qualified": part(sources=(source(evidence=None), source())),
        },
        fails={
            "the part itself": part(sources=(source(number="AO-800-2DR4"),)),
            "the same vendor": part(sources=(source(vendor="Acme Optics"),)),
            "qualified next year": part(sources=(source(qualified=date(2027, 3, 1)),)),
        },
        undecided={
            "none is named": part(second_source=None),
            "one is named and nothing proves it": part(second_source="BO-800-2DR4"),
            "nobody wrote down the report": part(sources=(source(evidence=None),)),
            "nobody wrote down the day": part(sources=(source(qualified=None),)),
        },
    ),
    *proofs(
        procure.quantity,
        passes={"60 in use and 4 spare": part()},
        fails={
            "one too few": part(quantity=63),
            "far too many": part(quantity=600),
            "no spare": part(quantity=60, spares=0),
        },
        undecided={"nobody wrote down how many were ordered": part(quantity=None)},
    ),
    *proofs(
        procure.changes,
        passes={
            "one firmware and one revision, then and now": lots(),
            "a new firmware that was notified": lots("3.8", notices=(notice("3.8.0"),)),
        },
        fails={
            "a new firmware, not notified": lots("3.8"),
            "an older one than before, not notified": lots("3.6"),
            "a notice of another firmware": lots("3.9", notices=(notice("3.8.0"),)),
            "a new revision, not notified": lots(revision="B2", notices=(notice("3.8.0"),)),
        },
        undecided={
            "a module that did not answer": UNREAD,
            "the earlier archives could not be read": replace(lots(), earlier=gone(Absence.UNREADABLE)),
        },
        does_not_apply={"no earlier archives": part()},
    ),
    *proofs(
        procure.documents,
        passes={
            "both on file, by name alone": part(certificates=frozenset({"RoHS", "Telcordia GR-468"})),
            "both on file, one valid for another year": part(
                documents=(document(expires=date(2027, 11, 20)), document("Telcordia GR-468"))
            ),
        },
        fails={
            "no report after GR-468": part(certificates=frozenset({"RoHS"})),
            "another standard": part(certificates=frozenset({"RoHS", "Telcordia GR-326"})),
            "run out in January": part(documents=(document(expires=date(2026, 1, 31)), document("Telcordia GR-468"))),
        },
        undecided={"nothing is on file": part()},
    ),
]
