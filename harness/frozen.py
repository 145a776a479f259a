"""Frozen records that are made by the hundred thousand."""

from __future__ import annotations

from dataclasses import MISSING, fields
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")


def quick(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots, made and sent in half the time: its slots are set without asking who sets them.

    Above ``@dataclass(frozen=True, slots=True)``.  Fields may have plain defaults, and there are two at least, and no ``__post_init__``.
    """
    members = fields(cls)  # type: ignore[arg-type]
    if hasattr(cls, "__post_init__") or any(one.default_factory is not MISSING or one.kw_only for one in members):
        raise TypeError(f"{cls.__name__}: a factory, a keyword or more to do than to set fields")
    names = {f"set_{one.name}": vars(cls)[one.name].__set__ for one in members}
    names |= {f"default_{one.name}": one.default for one in members if one.default is not MISSING}
    takes = (one.name if one.default is MISSING else f"{one.name}=default_{one.name}" for one in members)
    sets = (f"    set_{one.name}(self, {one.name})" for one in members)
    made: dict[str, object] = {}
    exec("\n".join((f"def __init__(self, {', '.join(takes)}):", *sets)), names, made)  # as dataclasses does
    init = made["__init__"]
    setattr(init, "__annotations__", dict(cls.__init__.__annotations__))  # noqa: B010
    setattr(init, "__qualname__", f"{cls.__qualname__}.__init__")  # noqa: B010
    setattr(cls, "__init__", init)  # noqa: B010
    values = attrgetter(*(one.name for one in members))
    setattr(cls, "__reduce__", lambda self: (type(self), values(self)))  # noqa: B010
    return cls
