"""Secrets out of answers before they reach a disk.

What is taken out is replaced by ``<redacted>``, so that a reader sees that something stood there.
"""

from __future__ import annotations

import re

GONE = "<redacted>"

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
