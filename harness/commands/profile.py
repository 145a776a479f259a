"""``plugfest profile``: what a lab is held to, limit by limit, and who says so."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from ..errors import LabError, UsageError
from ..report.checklist import table
from ..requirements.effective import Effective, of_pmd, of_profile
from ..requirements.inherit import Chain, chain
from ..requirements.load import document, load_requirements
from ..requirements.lookup import Requirements
from ..verdict import Outcome, Standing

SHIPPED: Final = Path(__file__).resolve().parents[2] / "lab_configs" / "profiles"
PLACES: Final = (Path("lab_configs/profiles"), Path("profiles"), SHIPPED)
"""Where a profile is looked for that is named without its path."""

WEAK: Final = frozenset(standing.value for standing in Standing if standing.beyond is Outcome.WARN)
LOOSER: Final = "profile is looser"


def show(args: argparse.Namespace) -> int:
    """Every limit that a profile brings about."""
    profile = chain(named(args.profile), document)
    require = load_requirements(Path(profile.file), as_of=datetime.now(UTC))  # no limit depends on the day
    names = [pmd_named(require, args.pmd)] if args.pmd else [*require.pmds, *require.cables]
    asked = [] if args.pmd else list(of_profile(profile))
    kept = [limit for name in names for limit in of_pmd(require, name)]
    if args.json:
        print(
            json.dumps(
                {
                    "profile": require.profile.name,
                    "title": require.profile.title,
                    "by": require.profile.by or None,
                    "inherits": list(profile.names[1:]),
                    "files": list(require.profile.files),
                    "limits": [limit.document() for limit in (*asked, *kept)],
                },
                indent=1,
            )
        )
    else:
        print("\n".join(lines(profile, require, asked, kept)))
    return 0


def every(args: argparse.Namespace) -> int:
    """The profiles that can be named; status 2 where one of them cannot be read."""
    files = sorted(args.directory.glob("*.toml")) if args.directory else profiles()
    if args.directory and not args.directory.is_dir():
        raise UsageError(f"{args.directory}: no such directory")
    found: list[tuple[Chain, Path]] = []
    faults: list[LabError] = []
    for file in files:
        try:
            found.append((chain(file, document), file))
        except LabError as wrong:
            faults.append(wrong)
    heads = ("profile", "title", "inherits", "by", "file")
    rows = [
        (one.names[0], told(one, "title"), ", ".join(one.names[1:]), told(one, "by"), str(file)) for one, file in found
    ]
    if args.json:
        print(json.dumps([dict(zip(heads, row, strict=True)) for row in rows], indent=1))
    elif rows:
        print(table(rows, heads))
    for fault in faults:
        print(f"plugfest: {fault}", file=sys.stderr)
    return UsageError.exit_status if faults else 0


def told(profile: Chain, key: str) -> str:
    return str(profile.tree.get(key, ""))


def profiles() -> list[Path]:
    """Every profile that can be named, by name; what is nearer hides what is farther."""
    by_name: dict[str, Path] = {}
    for place in PLACES:
        for file in sorted(place.glob("*.toml")):
            by_name.setdefault(file.stem, file)
    return [by_name[name] for name in sorted(by_name)]


def named(word: str) -> Path:
    """The file of a profile, by its path or its name."""
    if word.endswith(".toml") or Path(word).is_file():
        return Path(word)
    files = {file.stem: file for file in profiles()}
    if word not in files:
        raise UsageError(f"no profile {word!r}{near(word, files) or one_of(files)}")
    return files[word]


def pmd_named(require: Requirements, word: str) -> str:
    """A PMD of the tables, a trade name of one, or a kind of cable."""
    if word.upper() in require.cables:
        return word.upper()
    name = require.aliases.get(word, word)
    if name not in require.pmds:
        raise UsageError(f"no PMD {word!r}{near(word, [*require.pmds, *require.aliases, *require.cables])}")
    return name


def near(word: str, words: Iterable[str]) -> str:
    found = get_close_matches(word, list(words), 3, 0.5)
    return f"; near are {', '.join(found)}" if found else ""


def one_of(words: Iterable[str]) -> str:
    held = ", ".join(words)
    return f"; there are {held}" if held else f"; none is in {' or '.join(map(str, PLACES[:2]))}"


# --- text ---------------------------------------------------------------------------------------------------------


def lines(
    profile: Chain, require: Requirements, asked: Sequence[Effective], kept: Sequence[Effective]
) -> Iterator[str]:
    yield f"{require.profile.name}: {require.profile.title}"
    if require.profile.by:
        yield f"by {require.profile.by}"
    for name, file in zip(profile.names, require.profile.files, strict=True):
        yield f"  {name}: {file}"
    if asked:
        yield ""
        rows = [(one.name, one.value, one.standing, one.whence, one.clause, remark(one)) for one in asked]
        yield table(rows, ("asked", "value", "standing", "from", "clause", "remark"))
    yield ""
    heads = ("of", "limit", "value", "standing", "from", "clause", "remark")
    yield table(
        [(one.of, one.name, one.value, one.standing, one.whence, one.clause, remark(one)) for one in kept], heads
    )
    weak = sum(one.standing in WEAK for one in (*asked, *kept))
    yield ""
    yield f"{len(asked) + len(kept)} limits and words; beyond {weak} of them is a warning and no failure"
    yield "nobody here held the standards' own texts: standing says how each number is known"
    if looser := sum(one.note.startswith(LOOSER) for one in kept):
        yield f"{looser} where the profile is looser than the standard: the standard decides"


def remark(one: Effective) -> str:
    vouched = f"vouched for by {one.vouched}" if one.vouched else ""
    return "; ".join(filter(None, (vouched, one.note)))
