"""Secrets out of answers before they reach a disk.

What is taken out is replaced by ``<redacted>``, so that a reader sees that something stood there.
"""

from __future__ import annotations

import re

GONE = "<redacted>"
SHORTEST = 4
"""A password shorter than this would take half of an answer with it."""

KEYS = (
    r"pass(?:word|wd|phrase)?|secret|community|psk|pre[-_]?shared[-_]?key|private[-_]?key|api[-_]?key|auth(?:entication)?[-_]key|"
    r"token|tacplus[-_]?passkey|passkey|radius[-_]?key|snmp_?rocommunity|snmp_?rwcommunity|bgp_?password|md5"
)

WORDS = r"password|secret|community|tacacs-server key|radius-server key|key-string"

RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S), GONE),
    # "password": "x"   and   'secret': 'x'
    (re.compile(rf"""(?i)(["'](?:[\w-]*[-_])?(?:{KEYS})["']\s*:\s*)(["'])(?:\\.|(?!\2).)*\2"""), rf"\1\2{GONE}\2"),
    # password = x, password: x
    (re.compile(rf"(?im)(\b(?:{KEYS})\b[ \t]*[:=][ \t]*)(?!<redacted>)([^\s,;\"'{{}}\[\]]+)"), rf"\1{GONE}"),
    # secret 5 x, community x, key 7 x
    (re.compile(rf"(?im)(\b(?:{WORDS})\b[ \t]+(?:\d[ \t]+)?)(?!<redacted>)(\S+)"), rf"\1{GONE}"),
    # crypt(3) hashes and bearer credentials wherever they stand
    (re.compile(r"\$(?:1|2[abxy]?|5|6|y|argon2\w*)\$[^\s:\"',]+"), GONE),
    (re.compile(r"(?i)(\bbearer[ \t]+)[\w.~+/=-]{8,}"), rf"\1{GONE}"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s@]+(@)"), rf"\1{GONE}\2"),
)


def redact(text: str) -> str:
    """The text without its secrets; the same text where it has none."""
    for pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return text


class Redactor:
    """Takes secrets out: what looks like one, and the very passwords that a run has used."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def hide(self, secret: str) -> None:
        """From now on this text is taken out wherever it stands."""
        if len(secret) >= SHORTEST:
            self._known.add(secret)

    def text(self, text: str) -> str:
        for secret in tuple(self._known):
            text = text.replace(secret, GONE)
        return redact(text)

    def body(self, raw: bytes) -> bytes:
        """Bytes of an answer without their secrets, in whatever encoding they are."""
        try:
            return self.text(raw.decode("utf-8")).encode("utf-8")
        except UnicodeDecodeError:
            return self.text(raw.decode("latin-1")).encode("latin-1")
