"""The constants of buffers_defaults: pools, profiles and the cable length that is taken for granted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .remarks import Notes, Remark
from .tree import Members, Node

SIZES: Final = {
    "ingress_lossless_pool_size": ("ingress_lossless_pool", "size"),
    "ingress_lossless_pool_xoff": ("ingress_lossless_pool", "xoff"),
    "ingress_lossy_pool_size": ("ingress_lossy_pool", "size"),
    "egress_lossless_pool_size": ("egress_lossless_pool", "size"),
    "egress_lossy_pool_size": ("egress_lossy_pool", "size"),
}
"""Constants that are the size of a pool."""

_SET: Final = re.compile(r"\{%-?\s*set\s+(?P<name>\w+)\s*=\s*(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote)\s*-?%\}")


@dataclass(frozen=True, slots=True)
class Pool:
    """A buffer pool; sizes in bytes."""

    name: str
    line: int
    type: str  # "ingress" | "egress" | "both"
    mode: str  # "dynamic" | "static"
    size: int | None
    xoff: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A buffer profile."""

    name: str
    line: int
    pool: str
    size: int
    dynamic_th: int | None
    static_th: int | None
    xon: int | None
    xoff: int | None
    xon_offset: int | None


@dataclass(frozen=True, slots=True)
class BuffersFile:
    """The constants of a buffers_defaults file."""

    file: str
    default_cable_m: Decimal | None
    settings: Mapping[str, str]
    pools: tuple[Pool, ...]
    profiles: tuple[Profile, ...]
    remarks: tuple[Remark, ...] = ()


def read(node: Node, notes: Notes) -> BuffersFile:
    """The constants, where they were taken out as JSON."""
    top = Members(node, notes, "")
    told = top.sub("settings") if top.has("settings") else None
    settings = {key: str(one.value) for key, one in told.each()} if told else {}
    pools = tuple(pool(name, one, notes) for name, one in section(top, "BUFFER_POOL"))
    profiles = tuple(profile(name, one, notes) for name, one in section(top, "BUFFER_PROFILE"))
    if top.has("source"):
        top.node("source")
    top.done()
    checked(pools, profiles, notes)
    of_name = {one.name: one for one in pools}
    for key, (name, what) in SIZES.items():
        held = getattr(of_name.get(name), what, None)
        if key in settings and held is not None and settings[key] != str(held):
            line = of_name[name].line
            notes.contradiction("pool-size", line, name, f"{what} is {held}, the settings have {settings[key]}")
    return BuffersFile(notes.file, cable(settings, node.line, notes), settings, pools, profiles, notes.found)


def read_template(text: str, notes: Notes) -> BuffersFile:
    """The constants that a template sets; its pools and profiles are made when it is rendered."""
    settings = {found["name"]: found["value"] for found in _SET.finditer(text)}
    if not settings and "{%" not in text:
        raise notes.unreadable(1, "no template: it sets and includes nothing")
    return BuffersFile(notes.file, cable(settings, 1, notes), settings, (), (), notes.found)


def cable(settings: Mapping[str, str], line: int, notes: Notes) -> Decimal | None:
    if "default_cable" not in settings:
        return None
    found = re.fullmatch(r"([0-9]{1,6})m", settings["default_cable"])
    if found is None:
        raise notes.unreadable(line, f"default_cable: 5m was expected, found {settings['default_cable']!r}")
    return Decimal(found[1])


def section(top: Members, key: str) -> list[tuple[str, Node]]:
    return list(top.sub(key).each()) if top.has(key) else []


def pool(name: str, node: Node, notes: Notes) -> Pool:
    told = Members(node, notes, name)
    found = Pool(
        name, node.line, told.text_or("type", ""), told.text_or("mode", ""),
        told.whole_or("size"), told.whole_or("xoff"),
    )  # fmt: skip
    if told.has("percentage"):
        told.node("percentage")
    told.done()
    return found


def profile(name: str, node: Node, notes: Notes) -> Profile:
    told = Members(node, notes, name)
    found = Profile(
        name, node.line, unbracketed(told.text("pool")), told.whole("size") if told.has("size") else 0,
        told.whole_or("dynamic_th"), told.whole_or("static_th"),
        told.whole_or("xon"), told.whole_or("xoff"), told.whole_or("xon_offset"),
    )  # fmt: skip
    for other in ("headroom_type", "packet_discard_action"):
        if told.has(other):
            told.node(other)
    told.done()
    return found


def unbracketed(reference: str) -> str:
    """The row that a reference names: ``[BUFFER_POOL|ingress_lossless_pool]`` as older releases write it."""
    return reference.strip("[]").rpartition("|")[2]


def checked(pools: tuple[Pool, ...], profiles: tuple[Profile, ...], notes: Notes) -> None:
    """What cannot be of pools and profiles."""
    names = {one.name for one in pools}
    for one in pools:
        if one.size is not None and one.xoff is not None and one.xoff > one.size:
            notes.contradiction("pool-size", one.line, one.name, f"xoff {one.xoff} is more than its size {one.size}")
    for profile in profiles:
        if pools and profile.pool not in names:
            notes.contradiction("no-such-row", profile.line, profile.name, f"no pool {profile.pool!r}")
        if profile.dynamic_th is not None and profile.static_th is not None:
            notes.contradiction("threshold", profile.line, profile.name, "it has a dynamic and a static threshold")
