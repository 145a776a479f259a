"""XML and JSON of Junos as one tree, in which every element knows its line.

``| display json`` has the elements of ``| display xml``, each as a list of objects whose text is under ``data``; with
``export-format json ietf`` a leaf is its plain value.  Both become the same ``Node``, so that one reader serves both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from ..cells import Json, Kind, Record
from ..labels import slug
from ..positions import Document, Member
from ..text import Line, NotThis, Page, Parsed, Unparsed, shortened

_DECLARATION: Final = re.compile(r"<\?xml[^>]*\?>")
_FORBIDDEN: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)")
_PREFIX: Final = re.compile(r"[</ ]([A-Za-z][\w.-]{0,30}):[A-Za-z]")
_AROUND: Final = re.compile(
    r"\{(?:master|backup|primary|secondary|linecard|local)[^}]{0,40}\}"
    r"|[\w.-]{1,64}@[\w.-]{1,64}(?::\w{1,8})?[>#%](?: .*)?|\.{0,3}<?SNIP>?\.{0,3}"
    r"|\[edit[^\[\]]{0,200}\]|Last login: .{0,200}|--- JUNOS .{0,200}|\]\]>\]\]>"
)
"""Lines of a session that are no part of an answer: a greeting, which routing engine speaks, a prompt and command."""
_REFUSAL: Final = re.compile(
    r"(?:error: .*|syntax error.*|unknown command\.?|\^|missing argument\.?|invalid .*|permission denied.*)",
    re.IGNORECASE,
)
_WRAPPERS: Final = frozenset({"answer", "rpc-reply", "multi-routing-engine-results", "multi-routing-engine-item"})
_BESIDE: Final = frozenset({"cli", "re-name", "banner", "attributes"})
_ERRORS: Final = frozenset({"rpc-error", "error"})


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its text where it is a leaf, else its children."""

    name: str
    line: int
    text: str = ""
    attributes: Mapping[str, str] | None = None
    children: Sequence[Node] = ()

    def all(self, name: str) -> Iterator[Node]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)

    def said(self, name: str) -> str | None:
        """The text of the first child of a name."""
        child = self.first(name)
        return None if child is None else child.text

    def attribute(self, name: str) -> str | None:
        return (self.attributes or {}).get(name)


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole answer, and what of it was ambiguous."""

    root: Node
    lines: Sequence[str]
    unparsed: tuple[Unparsed, ...] = ()

    def line(self, number: int) -> Unparsed:
        return Unparsed(number, self.lines[number - 1].strip() if 0 < number <= len(self.lines) else "")

    def items(self, *containers: str) -> Iterator[tuple[str | None, Node]]:
        """The elements that hold the answer, each with the member of the chassis that gave it.

        Raises ``NotThis`` where there is none, or where the device gave an error instead.
        """
        found = list(_items(self.root, containers, None))
        if not found:
            names = [child.name for child in self.root.children]
            raise NotThis(f"no <{'> or <'.join(containers)}>, but {', '.join(names) or 'nothing'}", self.root.line)
        yield from found


def _items(node: Node, containers: Sequence[str], member: str | None) -> Iterator[tuple[str | None, Node]]:
    for child in node.children:
        if child.name in containers and child.text:
            raise NotThis(f"<{child.name}> is {shortened(child.text)} and holds nothing", child.line)
        if child.name in containers:
            yield member, child
        elif child.name in _WRAPPERS:
            yield from _items(child, containers, child.said("re-name") or member)
        elif child.name in _ERRORS or (child.name == "output" and "error" in child.text.lower()):
            said = child.said("error-message") or child.said("message") or child.text
            raise NotThis(f"the device said {shortened(said)}", child.line)


def tree_of(page: Page) -> Tree | None:
    """The answer as a tree; None where it is text."""
    lines = spoken(page)
    first = lines[0].text.lstrip()[:1] if lines else ""
    if first not in ("<", "{", "["):
        return None
    start, end = lines[0].number, lines[-1].number
    whole = page.whole.split("\n")
    text = "\n".join(whole[start - 1 : end]).rstrip().removesuffix("]]>]]>")
    if first == "<":
        return Tree(_xml(text, start), whole)
    document = Document("\n" * (start - 1) + text)
    try:
        children = tuple(node for member in document.members() for node in _of_json(document, member))
    except RecursionError:
        raise NotThis("JSON that is nested deeper than any device's", start) from None
    return Tree(Node("answer", document.first, children=children), whole, document.unparsed())


def spoken(page: Page) -> Sequence[Line]:
    """The lines of an answer without what a session has around it; ``NotThis`` where the device refused the command."""
    lines = list(page.lines)
    while lines and _AROUND.fullmatch(lines[0].text.strip()):
        del lines[0]
    while lines and _AROUND.fullmatch(lines[-1].text.strip()):
        del lines[-1]
    if not lines:
        raise NotThis("an empty answer")
    for line in lines[:3]:
        if _REFUSAL.fullmatch(line.text.strip()):
            raise NotThis(f"the device refused it: {shortened(line.text)}", line.number)
    return lines


# --- XML ----------------------------------------------------------------------------------------------------------


def _xml(text: str, start: int) -> Node:
    """The elements of a text that may have several roots, and prefixes that nobody declared.

    No entity is expanded, no file and no address is opened, and a tree deeper or larger than any device's is refused.
    """
    if forbidden := _FORBIDDEN.search(text):
        raise NotThis("XML with a document type, which no device sends", start + text.count("\n", 0, forbidden.start()))
    text = _DECLARATION.sub("", text, count=1)
    prefixes = sorted({prefix for prefix in _PREFIX.findall(text) if prefix not in ("xml", "xmlns")})
    declared = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in prefixes)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(f"<answer{declared}>{text}</answer>".encode(), parser)
    except etree.XMLSyntaxError as error:
        line = start - 1 + (error.lineno or 1)
        raise NotThis(f"not XML that can be read: {error.msg}", line) from None
    return _of_xml(root, start - 1)


def _of_xml(element: etree._Element, above: int) -> Node:
    children = tuple(_of_xml(child, above) for child in element if isinstance(child.tag, str))
    attributes = {_local(str(name)): str(value) for name, value in element.attrib.items()}
    text = "" if children else " ".join("".join(str(part) for part in element.itertext()).split())
    line: Any = element.sourceline
    return Node(_local(str(element.tag)), above + int(line or 1), text, attributes, children)


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


# --- JSON ---------------------------------------------------------------------------------------------------------


def _of_json(document: Document, member: Member) -> Iterator[Node]:
    """The elements of a member: one of each object of its list."""
    name = _local(member.name)
    if isinstance(member.value, list):
        for item in document.members(member):
            yield _object(document, name, item)
    elif member.name not in ("attributes", "@", "data"):
        yield _object(document, name, member)


def _object(document: Document, name: str, member: Member) -> Node:
    value = member.value
    if not isinstance(value, dict):
        return Node(name, member.line, _word(value))
    held = value.get("attributes", value.get("@"))
    attributes = {_local(key): _word(said) for key, said in held.items()} if isinstance(held, dict) else {}
    if set(value) <= {"data", "attributes"}:
        return Node(name, member.line, _word(value.get("data")), attributes)
    children = tuple(node for inner in document.members(member) for node in _of_json(document, inner))
    return Node(name, member.line, "", attributes, children)


def _word(value: Json) -> str:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None or isinstance(value, dict | list) else " ".join(str(value).split())


# --- from elements to records -------------------------------------------------------------------------------------

Leaves = Mapping[str, tuple[tuple[str, ...], Kind]]
"""What leaf elements become: by name, the fields and how the text is read."""

Branches = Mapping[str, Callable[["Gathering", Record, Node], None]]
"""What other elements become: by name, what writes their fields."""


def leaves(**rows: tuple[str, Kind]) -> Leaves:
    """A table of leaves; an underscore in a name stands for the hyphen of the element."""
    return {name.replace("_", "-"): (tuple(fields.split()), kind) for name, (fields, kind) in rows.items()}


class Gathering:
    """Records that are being made of one tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.records: list[Record] = []
        self.unparsed: list[Unparsed] = list(tree.unparsed)

    def strange(self, node: Node) -> None:
        self.unparsed.append(self.tree.line(node.line))

    def take(self, record: Record, node: Node, known: Leaves, branches: Branches | None = None) -> None:
        """Write what the children of an element say; those that nobody knows go under ``other``."""
        for child in node.children:
            if branches and child.name in branches:
                branches[child.name](self, record, child)
            elif child.name in known and not child.children:
                fields, kind = known[child.name]
                values = kind.read(child.text)
                if values is None or any(field in record for field in fields):
                    self.strange(child)
                else:
                    record |= dict(zip(fields, values, strict=True))
            elif child.name not in _BESIDE:
                self.other(record, child)

    def keep(self, record: Record, node: Node, name: str) -> None:
        """Add a record; one without the name that it goes by is strange."""
        if isinstance(record.get(name), str):
            self.records.append(record)
        else:
            self.strange(node)

    def other(self, record: Record, node: Node) -> None:
        held = record.setdefault("other", {})
        if isinstance(held, dict):
            _keep(held, node)

    def parsed(self) -> Parsed:
        return Parsed(tuple(self.records), tuple(sorted(self.unparsed, key=lambda one: one.line)))


def _keep(held: dict[str, Json], node: Node) -> None:
    """An element under its name; a second of one name makes a list."""
    value: Json = loose(node)
    name = slug(node.name)
    if name not in held:
        held[name] = value
    elif isinstance(there := held[name], list):
        there.append(value)
    else:
        held[name] = [there, value]


def loose(node: Node) -> Json:
    """An element as plain values, as it stands."""
    if not node.children:
        return node.text or None
    held: dict[str, Json] = {}
    for child in node.children:
        _keep(held, child)
    return held


def count_of(node: Node, name: str) -> int | None:
    """The whole number in a child of a name, None where there is none."""
    text = node.said(name)
    return int(text) if text and re.fullmatch(r"[0-9]{1,24}", text) else None
