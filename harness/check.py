"""``@check`` turns a generator of findings into a Check.

The annotation of the first parameter says which subjects the check applies to; the first line of the docstring is the
line of the checklist.  A check is a plain callable: no pytest, no input, no output.
"""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeVar, get_type_hints

from .errors import NoLimit, PlugfestError, PluginError
from .verdict import NOBODY, Finding, Verdict

S = TypeVar("S")
Findings = Iterator[Finding]
HEADING = re.compile(r"[A-Z]+-\d+ [a-z]+\.[a-z0-9-]+")


@dataclass(frozen=True)
class Check:
    """One question, the kind of subject it is asked about, and how it is answered."""

    id: str  # "OPT-01"
    name: str  # "optics.tdecq"
    subject: type
    title: str
    text: str
    tags: tuple[str, ...]
    body: Callable[..., Findings]
    module: str

    def __call__(self, subject: Any, require: Any) -> Verdict:
        """The verdict on one subject."""
        return self.decide(str(subject), lambda: subject, require)

    def decide(self, name: str, find: Callable[[], Any], require: Any) -> Verdict:
        """The verdict on the subject that ``find`` makes.

        A bug in the check, in a decoder or in a driver, and a missing limit too, is an ERROR and keeps what was found.
        A fault of the user's files is raised.
        """
        findings: list[Finding] = []
        error = ""
        about: Mapping[str, str] = NOBODY
        try:
            subject = find()
            about = getattr(subject, "about", NOBODY)
            findings.extend(self.body(subject, require))
        except NoLimit as gap:
            error = str(gap)
        except PlugfestError:
            raise
        except Exception as bug:  # the only broad except: a bug of ours is not a fault of the device
            error = told(bug)
        return Verdict(self.id, self.name, name, tuple(findings), error, about)


def told(bug: Exception) -> str:
    """A bug with where it happened, in file names that are the same on every machine."""
    frames = traceback.extract_tb(bug.__traceback__)[1:]
    places = [f"  {PurePath(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([f"{type(bug).__name__}: {bug}", *places])


def check(heading: str, *, tags: tuple[str, ...] = ()) -> Callable[[Callable[[S, Any], Findings]], Check]:
    """``@check("OPT-01 optics.tdecq")``: the id that stands in archives, and the name that people say."""
    if not HEADING.fullmatch(heading):
        raise PluginError(f"check heading {heading!r}: expected an id and a name, such as 'OPT-01 optics.tdecq'")
    id, _, name = heading.partition(" ")

    def wrap(body: Callable[[S, Any], Findings]) -> Check:
        first = next(iter(inspect.signature(body).parameters))
        text = inspect.getdoc(body) or ""
        title = text.partition("\n")[0]
        if not title:
            raise PluginError(f"check {id} has no docstring; its first line is the line that the checklist prints")
        return Check(id, name, get_type_hints(body)[first], title, text, tags, body, body.__module__)

    return wrap
