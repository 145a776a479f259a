"""A command of Arista EOS that answers as JSON where it is asked to, and as text else: the same fields either way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..cells import Schema
from ..entry import refusal
from ..text import NotThis, Page, Parsed, properties
from .lines import Listing

Reads = Callable[[Page], Parsed]


@dataclass(frozen=True, slots=True)
class Both:
    """How both forms are read; a form that is not known is refused."""

    json: Reads | None
    text: Reads | Listing | None
    fields: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ("interface",)

    def read(self, page: Page) -> Parsed:
        if page.json():
            if self.json is None:
                raise NotThis("its JSON is not known", page.lines[0].number)
            return self.json(page)
        if self.text is None:
            raise refusal(page, "not JSON, and its text is not known")
        if not isinstance(self.text, Listing):
            return self.text(page)
        parsed = self.text.read(page)
        if parsed is None:
            wanted = " or ".join(
                ", ".join(one.pattern.split("|")[0] for one in table.columns if one.must) for table in self.text.tables
            )
            raise refusal(page, f"no table with a column {wanted}")
        return parsed

    def schema(self) -> Schema:
        text = self.text.fields() if isinstance(self.text, Listing) else {}
        return properties({**text, **self.fields}, self.required)
