"""What others read out of a recorded module beside what we read: one rule for each key of their answers.

An answer is a tree of JSON. Its leaves have keys as ``facts.sonic.get_rx_los[3]``, lanes from 1; ``[]`` is the length
of a list, ``{}`` the numbers that are the keys of a mapping. A text that is itself a tree is taken apart.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from harness.decode import codes
from harness.decode.build import json_key
from harness.decode.module import Transceiver
from harness.reading import Absence, Missing, Reading
from harness.units import mw_to_dbm

Ours: TypeAlias = Callable[..., Any]
"""Our value, of the module and the numbers in the key."""

Agree: TypeAlias = Callable[[Any, Any], bool]
"""Whether our value and theirs are the same."""

NOTHING = (None, "N/A", "None.None", "-inf")
"""How they write that there is no value."""

UNUSED = frozenset({Absence.NOT_ADVERTISED, Absence.NOT_AVAILABLE, Absence.BEYOND_REVISION})
ZEROS = ("", "0.0", "Undefined", "Unknown", "no", ())
RESERVED = ("reserved", "Unknown")


@dataclass(frozen=True)
class Rule:
    """How one key is compared; a number in the key of a rule is ``#``."""

    ours: Ours
    agree: Agree


Rules: TypeAlias = dict[str, Rule]


def leaves(node: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a tree with its key."""
    if isinstance(node, str) and node.startswith("{"):
        node = ast.literal_eval(node)
    if isinstance(node, dict):
        if node and all(re.fullmatch(r"\d+", str(name)) for name in node):
            yield f"{key}{{}}", tuple(sorted(map(int, node)))
        for name, held in node.items():
            yield from leaves(held, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        yield f"{key}[]", len(node)
        for number, held in enumerate(node, 1):
            yield from leaves(held, f"{key}[{number}]")
    else:
        yield key, node


def nulls(node: Any, key: str = "") -> set[str]:
    """Dotted paths of what is null in a document; elements of lists count from 1."""
    if isinstance(node, dict):
        held = {name: value for name, value in node.items() if name != "absent"}
        return set().union(*(nulls(value, f"{key}.{name}" if key else name) for name, value in held.items()))
    if isinstance(node, list):
        return set().union(*(nulls(value, f"{key}.{place}") for place, value in enumerate(node, 1)))
    return {key} if node is None else set()


class Table:
    """The rules of one management interface."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self.patterns = [(key, re.compile(re.escape(key).replace(r"\#", r"(\d+)"))) for key in rules if "#" in key]
        self.find = cache(self.found)

    def found(self, key: str) -> tuple[str, tuple[int, ...]] | None:
        """The key of the rule for a key of theirs, and the numbers in it."""
        if key in self.rules:
            return key, ()
        for name, pattern in self.patterns:
            if matched := pattern.fullmatch(key):
                return name, tuple(map(int, matched.groups()))
        return None


@dataclass(frozen=True)
class Compared:
    """One leaf with both values."""

    key: str
    rule: str
    ours: Any
    theirs: Any
    same: bool


def compare(table: Table, module: Transceiver, expected: Mapping[str, Any]) -> Iterator[Compared]:
    """Every leaf that a rule is for."""
    for key, theirs in leaves(expected):
        if found := table.find(key):
            rule = table.rules[found[0]]
            ours = rule.ours(module, *found[1])
            yield Compared(key, found[0], ours, theirs, rule.agree(ours, theirs))


def expected_of(path: Path) -> dict[str, Any]:
    """What others read of a recorded module."""
    held: dict[str, Any] = json.loads((path.parent / "expected" / path.name).read_text())
    return held


def bare(value: Any) -> Any:
    """A reading's value; a Missing stays one."""
    return value.value if isinstance(value, Reading) else value


def absent(value: Any, theirs: Any) -> bool:
    """Whether a Missing of ours is what theirs means.

    They read registers that the module does not advertise, and show the zeros that stand there; a reserved code has no
    word with them either.
    """
    if theirs in NOTHING:
        return True
    if value.why is Absence.RESERVED:
        return isinstance(theirs, str) and theirs.startswith(RESERVED)
    return value.why in UNUSED and (theirs in ZEROS or (not isinstance(theirs, str) and theirs == 0))


def agreeing(same: Agree) -> Agree:
    """A comparison of values, with what is said of absent ones before it."""

    def agree(ours: Any, theirs: Any) -> bool:
        held = bare(ours)
        if isinstance(held, Missing):
            return absent(held, theirs)
        return theirs not in (None, "N/A", "None.None") and same(held, theirs)

    return agree


@agreeing
def same(ours: Any, theirs: Any) -> bool:
    """Equal; numbers to the three digits after the point that they keep."""
    if isinstance(ours, Decimal):
        return not isinstance(theirs, str) and abs(ours - Decimal(str(theirs))) <= Decimal("0.0005")
    return type(ours) is type(theirs) and bool(ours == theirs)


@agreeing
def same_ratio(ours: Any, theirs: Any) -> bool:
    """Equal to six digits, whatever the size."""
    wanted = Decimal(str(theirs))
    return abs(Decimal(ours) - wanted) <= abs(wanted) * Decimal("0.000005")


@agreeing
def same_text(ours: Any, theirs: Any) -> bool:
    """Equal but for the padding, which they keep."""
    return bool(ours.strip(" \0") == theirs.strip(" \0"))


@agreeing
def same_date(ours: Any, theirs: Any) -> bool:
    """YYMMDD and lot, which they write as ``20YY-MM-DD lot``; a blank date is their ``20--``."""
    return bool(ours.replace("\0", "").replace(" ", "") == re.sub(r"[-\s\0]", "", theirs).removeprefix("20"))


@agreeing
def same_dbm(ours: Any, theirs: Any) -> bool:
    """Milliwatts of ours beside their dBm: 0 mW is their ``-inf``."""
    if theirs == "-inf":
        return bool(ours == 0)
    return abs(mw_to_dbm(ours) - Decimal(str(theirs))) <= Decimal("0.0006")


def dark_or_dbm(ours: Any, theirs: Any) -> bool:
    """Milliwatts of ours beside the dBm of ``spec_decode``, which has none for 0 mW."""
    if theirs is None:
        return isinstance(ours, Missing) or ours.value == 0
    return same_dbm(ours, theirs)


@agreeing
def same_dbm_of_rounded(ours: Any, theirs: Any) -> bool:
    """Milliwatts of ours beside dBm that they derive from milliwatts with three digits after the point."""
    if theirs == "-inf":
        return bool(ours < Decimal("0.0005"))
    return same_dbm(ours, theirs) or any(
        same_dbm(round(ours, 3) + step, theirs) for step in (Decimal(0), Decimal("0.001"), Decimal("-0.001"))
    )


def words(spellings: Mapping[str, Any]) -> Agree:
    """Words of a code: ours, or that word of theirs which a table says is the same."""

    @agreeing
    def same_words(ours: Any, theirs: Any) -> bool:
        return bool(spellings.get(theirs, theirs) == ours)

    return same_words


def word_lists(spellings: Mapping[str, str]) -> Agree:
    """Words of the bits that are set; theirs are joined by commas, and ``Unknown`` where there is none."""

    @agreeing
    def same_lists(ours: Any, theirs: Any) -> bool:
        theirs_split = () if theirs in ("Unknown", "") else theirs.split(",")
        return sorted(ours) == sorted(spellings.get(word, word) for word in theirs_split)

    return same_lists


def nothing(ours: Any, theirs: Any) -> bool:
    """They give nothing as a whole, and all of ours is Missing."""
    return theirs is None and all(isinstance(value, Missing) for value in ours)


def plain(**rules: Ours) -> Rules:
    """Keys that are compared as they are."""
    return {key: Rule(ours, same) for key, ours in rules.items()}


def under(prefix: str, rules: Mapping[str, Rule]) -> Rules:
    """Rules whose keys begin with a prefix."""
    return {f"{prefix}.{key}": rule for key, rule in rules.items()}


def lanes(key: str, ours: Callable[[Any], Any], agree: Agree = same, count: int = 8) -> Rules:
    """A list with an element for each of the first ``count`` lanes, or nothing as a whole."""
    return {
        key: Rule(lambda module: ours(module)[:count], nothing),
        f"{key}[]": Rule(lambda module: len(ours(module)[:count]), same),
        f"{key}[#]": Rule(lambda module, lane: ours(module)[lane - 1], agree),
    }


def numbered(key: str, name: str, ours: Callable[[Any], Any], agree: Agree = same) -> Rules:
    """A mapping with a numbered name for each lane, or nothing as a whole."""
    return {
        key: Rule(ours, nothing),
        f"{key}.{name}": Rule(lambda module, lane: ours(module)[lane - 1], agree),
    }


def every(values: Any) -> Any:
    """Whether all lanes are set; the Missing of lane 1 where there is one."""
    return values[0] if isinstance(values[0], Missing) else all(bare(value) for value in values)


def mask(values: Any) -> Any:
    """Lanes that are set as a bitmap, lane 1 in bit 0; the Missing of lane 1 where there is one."""
    return (
        values[0] if isinstance(values[0], Missing) else sum(bare(value) << lane for lane, value in enumerate(values))
    )


def mapped(value: Any, into: Callable[[Any], Any]) -> Any:
    """Something that follows from a reading; a Missing stays one."""
    return into(value.value) if isinstance(value, Reading) else value


def steps(value: Any, step: str) -> Any:
    """A number as the count of its steps that the register holds."""
    return mapped(value, lambda number: int(number / Decimal(step)))


def raw(value: Any) -> Any:
    """The bytes that a reading came from as a number."""
    return int(value.source.raw, 16) if isinstance(value, Reading) else value


def thresholds(key: str, quantity: str, agree: Agree = same) -> Rules:
    """The four thresholds of a quantity as ``spec_decode`` names them."""
    return {
        f"{key}.{quantity}.{theirs}": Rule(
            lambda module, limit=limit: getattr(module.thresholds[quantity], limit), agree
        )
        for theirs, limit in (
            ("high_alarm", "high_alarm"),
            ("low_alarm", "low_alarm"),
            ("high_warn", "high_warning"),
            ("low_warn", "low_warning"),
        )
    }


QUANTITIES = {
    "temp": ("temperature_c", same),
    "vcc": ("vcc_v", same),
    "txpower": ("tx_power_mw", same_dbm),
    "rxpower": ("rx_power_mw", same_dbm),
    "txbias": ("tx_bias_ma", same),
}


def sonic_thresholds(quantities: Mapping[str, tuple[str, Agree]] = QUANTITIES) -> Rules:
    """Thresholds as SONiC names them, powers in dBm."""
    key = "facts.sonic.get_transceiver_threshold_info"
    rules = {
        key: Rule(lambda module: [value for quad in module.thresholds.values() for _, value in quad.items()], nothing)
    }
    for name, (quantity, agree) in quantities.items():
        for limit in ("high_alarm", "low_alarm", "high_warning", "low_warning"):

            def ours(module: Any, quantity: str = quantity, limit: str = limit) -> Any:
                quad = module.thresholds.get(quantity)
                return module.undefined if quad is None else getattr(quad, limit)

            rules[f"{key}.{name}{limit.replace('_', '')}"] = Rule(ours, agree)
    return rules


def sonic_monitors(power: Agree) -> Rules:
    """Monitors as SONiC names them in its table of sensors, powers in dBm."""
    key = "facts.sonic.get_transceiver_dom_real_value"

    def of(module: Any) -> list[Any]:
        return [module.temperature, module.vcc, *module.tx_bias, *module.tx_power, *module.rx_power]

    def lane_of(name: str) -> Ours:
        def ours(module: Any, lane: int) -> Any:
            values = getattr(module, name)
            return values[lane - 1] if lane <= len(values) else module.undefined

        return ours

    return {
        key: Rule(of, nothing),
        **under(key, plain(temperature=lambda m: m.temperature, voltage=lambda m: m.vcc)),
        f"{key}.tx#bias": Rule(lane_of("tx_bias"), same),
        f"{key}.tx#power": Rule(lane_of("tx_power"), power),
        f"{key}.rx#power": Rule(lane_of("rx_power"), power),
    }


def checksums(*names: str) -> Rules:
    """The checksums of the pages in their order."""
    rules: Rules = {}
    for place, name in enumerate(names):

        def of(module: Any, place: int = place) -> Any:
            return module.checksums[place]

        def status(module: Any, place: int = place) -> Any:
            return mapped(module.checksums[place].ok, lambda right: "ok" if right else "bad")

        rules |= under(
            f"checksums.{name}",
            {
                "range": Rule(lambda module, of=of: of(module).covers, same),
                "stored": Rule(lambda module, of=of: of(module).stored, same),
                "computed": Rule(lambda module, of=of: of(module).computed, same),
                "status": Rule(status, same),
            },
        )
    return rules


def vendor(prefix: str, names: Mapping[str, str], agree: Agree = same) -> Rules:
    """The vendor's fields under their names."""
    return {
        f"{prefix}.{theirs}": Rule(
            lambda module, ours=ours: getattr(module, ours), same_date if ours == "date_code" else agree
        )
        for theirs, ours in names.items()
    }


def word_of(value: Any, into: Any) -> Any:
    """The word of a code; RESERVED where it has none."""
    if isinstance(value, Missing):
        return value
    word = into(value.value)
    return Missing(Absence.RESERVED, value.source) if word is None else word


def identifier_name(code: int) -> str | None:
    row = codes.identifier(code)
    return None if row is None else row.name


def identifier_short(code: int) -> str | None:
    row = codes.identifier(code)
    return None if row is None else row.short


def connector_name(code: int) -> str | None:
    row = codes.connector(code)
    return None if row is None else row.name


def page_names(module: Transceiver) -> list[str]:
    return [json_key(page) for page in module.memory.pages]


def blank_pages(module: Transceiver) -> list[str]:
    return [json_key(page) for page, held in module.memory.pages.items() if held == bytes(128)]


COMMON: Rules = {
    "pages_present[]": Rule(lambda module: len(page_names(module)), same),
    "pages_present[#]": Rule(lambda module, place: page_names(module)[place - 1], same),
    "pages_all_zero[]": Rule(lambda module: len(blank_pages(module)), same),
    "pages_all_zero[#]": Rule(lambda module, place: blank_pages(module)[place - 1], same),
    "management": Rule(lambda module: module.management, same),
    **vendor(
        "facts.vendor",
        {
            "name": "vendor_name",
            "pn": "vendor_pn",
            "sn": "vendor_sn",
            "rev": "vendor_rev",
            "oui": "vendor_oui",
            "date": "date_code",
        },
        same_text,
    ),
    **vendor("facts.sonic", {"get_model": "vendor_pn", "get_serial": "vendor_sn"}, same_text),
    **vendor(
        "facts.sonic.get_transceiver_info",
        {
            "vendor_rev": "vendor_rev",
            "serial": "vendor_sn",
            "manufacturer": "vendor_name",
            "model": "vendor_pn",
            "vendor_date": "date_code",
            "vendor_oui": "vendor_oui",
        },
        same_text,
    ),
    **{
        f"spec_decode.{name}": Rule(lambda module, name=name: getattr(module, name), same)
        for name in ("vendor_name", "vendor_oui", "vendor_pn", "vendor_rev", "vendor_sn", "date_code")
    },
    "spec_decode.identifier_hex": Rule(lambda module: mapped(module.identifier, "{:02x}".format), same),
    "spec_decode.identifier_page00_hex": Rule(lambda module: mapped(module.identifier_copy, "{:02x}".format), same),
    "spec_decode.connector_code": Rule(lambda module: module.connector, same),
}
"""Keys that mean the same of every management interface."""

UNCOMPARED: Mapping[str, str] = {
    "slug": "the name of the recording",
    "pages_sha256": "binds the answers to the recording, not to a decoder",
    "oracle.tool": "names the other decoder",
    "oracle.commit": "names the other decoder",
    "oracle.factory_choice": "names a class of the other decoder",
    "oracle.api_used": "names a class of the other decoder",
    "oracle_notes[]": "prose on the other decoder; what it says is in the tables of differences",
    "oracle_notes[#]": "prose on the other decoder; what it says is in the tables of differences",
    "pages_wanted_but_absent[]": "what the other decoder asked for; pages_present is compared",
    "pages_wanted_but_absent[#]": "what the other decoder asked for; pages_present is compared",
    "facts.vdm": "compared in test_vdm.py, instance by instance",
    "facts.sonic.get_cable_length_type": "a constant of the other decoder",
    "facts.sonic.get_transceiver_info.encoding": "a constant of the other decoder: CMIS has no such register",
    "facts.sonic.get_transceiver_info.ext_rateselect_compliance": "a constant of it: CMIS has no such register",
    "facts.sonic.get_transceiver_info.nominal_bit_rate": "a constant of it: CMIS has no such register",
    "facts.sonic.get_transceiver_info.application_advertisement": "a constant of it: the SFF maps have no Applications",
    "facts.sonic.get_power_override_support": "a constant of it: CMIS has no such register",
}
"""Keys that no rule is for, and why; those of one management interface may be compared in another."""
