"""The lab file against its JSON Schema, as one clear line: what was expected, what was found, where."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from ..errors import LabError
from .yaml12 import Node

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

SCHEMA: Final = Path(__file__).with_name("schema.json")

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | Decimal | bool | None"

_SECRET: Final = re.compile(
    r"pass(word|phrase|wd)?$|secret|token|credential|community|private_?key|api_?key", re.IGNORECASE
)
_KINDS: Final = {
    "string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
    "array": "a list", "object": "a mapping",
}  # fmt: skip
_SECTIONS: Final = frozenset({"devices", "links", "racks", "parts", "waivers", "paths", "trunks", "cages", "ports"})


def validate(document: Node, *, overrides: bool, of: str | None = None) -> None:
    """LabError for the first line that breaks the schema or one definition of it; where it overrides, null removes."""
    _refuse_secrets(document)
    instance = plain(document, overrides)
    against = _validator(overrides, of)
    if problems := [_located(problem, document) for problem in against.iter_errors(cast(Any, instance))]:
        line, _, message, file = min(problems, key=lambda p: (p[0], p[1]))
        raise LabError(message, file=file, line=line)


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where something known is close, else nothing."""
    close = difflib.get_close_matches(found, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def plain(node: Node, overrides: bool = False) -> Plain:
    """What a node holds, without its lines; where it overrides, without what null removes."""
    value = node.value
    if isinstance(value, dict):
        kept = {key: child for key, child in value.items() if not (overrides and child.value is None)}
        return {key: plain(child, overrides) for key, child in kept.items()}
    if isinstance(value, list):
        return [plain(item, overrides) for item in value]
    return value


def _located(problem: ValidationError, document: Node) -> tuple[int, int, str, str]:
    node, where = document, []
    for step in problem.absolute_path:
        children = node.value
        if isinstance(children, dict):
            node = children[str(step)]
        elif isinstance(children, list) and isinstance(step, int):
            node = children[step]
        where.append(str(step) if not isinstance(step, int) else f"item {step + 1}")
    line, message = _message(problem, node)
    shown = _where(where)
    return line, -len(where), f"{shown}: {message}" if shown else message, node.file.path


def _where(steps: list[str]) -> str:
    """``leaf1 cages 1-8: fec``: the subject, then the key."""
    words = [step for place, step in enumerate(steps) if place or step not in _SECTIONS or len(steps) == 1]
    if len(words) < 2 or steps[-2] in _SECTIONS:
        return " ".join(words)
    return f"{' '.join(words[:-1])}: {words[-1]}"


def _message(problem: ValidationError, node: Node) -> tuple[int, str]:
    schema: Mapping[str, Any] = problem.schema if isinstance(problem.schema, Mapping) else {}
    kind, expected = str(problem.validator), problem.validator_value
    if kind == "additionalProperties" and isinstance(node.value, dict):
        known = list(schema.get("properties", {}))
        unknown = next(
            key
            for key in node.value
            if key not in known and not any(re.search(pattern, key) for pattern in schema.get("patternProperties", {}))
        )
        return node.value[unknown].line, f"unknown key {unknown!r}{did_you_mean(unknown, known)}"
    if kind == "required" and isinstance(node.value, dict):
        absent = next(key for key in _strings(expected) if key not in node.value or node.value[key].value is None)
        return node.line, f"{absent} is missing"
    if kind == "type":
        kinds = [expected] if isinstance(expected, str) else list(_strings(expected))
        if kinds == ["string", "number"]:
            kinds = ["string"]
        return node.line, f"{' or '.join(_KINDS[k] for k in kinds)} was expected, found {_found(node)}"
    if kind == "enum":
        known = list(_strings(expected))
        near = did_you_mean(node.text, known)
        return node.line, f"one of {', '.join(known)} was expected, found {_found(node)}{near}"
    if kind == "pattern" and schema.get("examples"):
        return node.line, f"something like {schema['examples'][0]} was expected, found {_found(node)}"
    bounds = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
    if kind in bounds:
        return node.line, f"{bounds[kind]} {expected} was expected, found {_found(node)}"
    if kind in ("minItems", "maxItems") and isinstance(node.value, list):
        bound = "at least" if kind == "minItems" else "at most"
        return node.line, f"{bound} {expected} items were expected, found {len(node.value)}"
    if kind == "minLength":
        return node.line, "it is empty"
    return node.line, problem.message


def _found(node: Node) -> str:
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, list):
        return "a list"
    return "nothing" if node.value is None else repr(node.text)


def _strings(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []


def _refuse_secrets(node: Node) -> None:
    """A key that holds a secret is refused before anything is said about it, and its value is never repeated."""
    for name, device in _entries(node, "devices").items():
        reach = _entries(device, "reach")
        for key, value in (_entries(device) | reach).items():
            if _SECRET.search(key):
                elsewhere = "use an agent, the environment or the keyring"
                raise value.error(f"{name}: {key}: a lab file keeps no secrets; {elsewhere}")
        for key, value in reach.items():
            if re.search(r"[^@/\s]:[^@/\s]+@", value.text):
                raise value.error(f"{name}: {key}: a lab file keeps no secrets, found one before the @")


def _entries(node: Node, *keys: str) -> dict[str, Node]:
    """The mapping at the end of some keys; empty where there is none."""
    for key in keys:
        entries = node.value if isinstance(node.value, dict) else {}
        if key not in entries:
            return {}
        node = entries[key]
    return node.value if isinstance(node.value, dict) else {}


@cache
def _validator(overrides: bool, of: str | None) -> Validator:
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    if of is not None:
        return Draft202012Validator({"$ref": f"#/$defs/{of}", "$defs": schema["$defs"]})
    if overrides:
        for definition in schema["$defs"].values():
            definition.pop("required", None)
    return Draft202012Validator(schema)
