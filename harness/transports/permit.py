"""What may be sent: commands that a driver declares, with places for arguments that can hold nothing but a name.

    Permit.of("show version", "ethtool -m {port} hex on page {page} bank 0x0 offset 0x80 length 0x80")

Everything else is refused before it reaches a wire, shell metacharacters first of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..errors import TransportError

ARGUMENTS: Final[Mapping[str, str]] = {
    "port": r"[A-Za-z][A-Za-z0-9_]*(?:[./:-][A-Za-z0-9_]+)*",  # Ethernet1/9, swp1s0, Eth1-1
    "hex": r"0x[0-9a-fA-F]{1,4}",
    "number": r"[0-9]{1,6}",
    "name": r"[A-Za-z0-9][A-Za-z0-9_.-]*",
    # absolute, never upwards, and not where an open acts (/dev/watchdog) or secrets are kept (/etc/shadow)
    "path": r"(?!/(?:dev|proc|etc|root|home)(?:/|$))(?:/(?!\.\.?(?:/|$))[A-Za-z0-9_.+@:-]+)+",
    "channel": r"(?:[A-Za-z]{0,8}[0-9]{1,3}[A-Za-z]?|[A-Z])",  # 1A, CHAN1A, FUNC1, 3, B
}
"""What an argument of each kind may be: no blank, no quote, nothing that a shell would read as its own."""

PLACE: Final = re.compile(r"\{([a-z]+)\}")
FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f;&|<>`$(){}\[\]!'\\~\n\r]")
"""A declared command that needs one of these is declared with it as it stands; an argument never has one."""


@dataclass(frozen=True)
class Permit:
    """The commands of one driver."""

    templates: tuple[str, ...] = ()

    @classmethod
    def of(cls, *templates: str) -> Permit:
        for template in templates:
            for kind in PLACE.findall(template):
                if kind not in ARGUMENTS:
                    raise ValueError(f"{template!r}: no argument is a {kind!r}; there are {', '.join(ARGUMENTS)}")
        return cls(tuple(templates))

    def __add__(self, other: Permit) -> Permit:
        return Permit(self.templates + other.templates)

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(template for template in self.templates if not PLACE.search(template))

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern(template) for template in self.templates if PLACE.search(template))

    def allows(self, text: str) -> bool:
        """Whether a text is a declared command with its places filled in."""
        return text in self._exact or any(one.fullmatch(text) for one in self._patterns)

    def check(self, text: str) -> None:
        """TransportError where a text is not to be sent."""
        if not self.allows(text):
            bad = FORBIDDEN.search(text)
            why = f": {bad[0]!r} is never part of an argument" if bad else ""
            raise TransportError(f"not sent: {text!r} is no command that the driver declares{why}")


def pattern(template: str) -> re.Pattern[str]:
    """What texts a template allows."""
    parts = PLACE.split(template)
    fixed, kinds = parts[::2], parts[1::2]
    places = [f"(?:{ARGUMENTS[kind]})" for kind in kinds] + [""]
    return re.compile("".join(re.escape(text) + place for text, place in zip(fixed, places, strict=True)), re.ASCII)


def refused(permit: Permit, texts: Iterable[str]) -> list[str]:
    """The texts that a permit does not allow."""
    return [text for text in texts if not permit.allows(text)]
