"""Secrets out of answers before they reach a disk.

What is taken out is replaced by ``<redacted>``, so that a reader sees that something stood there.  A text without
secrets stays as it is, byte for byte; JSON stays JSON of the same shape, and a text keeps its lines, so that what a
parser says of a line still holds.

Bytes are searched, not letters: every encoding that has ASCII in it is understood.  Only lines that hold one of a few
words (``WORDS``) are looked at closely; the time grows with the length alone.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property, lru_cache
from typing import Final
from urllib.parse import quote

GONE: Final = "<redacted>"
SHORTEST: Final = 4
"""A password shorter than this would take half of an answer with it."""

Pattern = re.Pattern[bytes]
Match = re.Match[bytes]
Edit = tuple[int, int, bytes]
"""From where to where, and what stands there then."""

# --- which names are those of secrets -------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SECRET_WORDS: Final = _words(
    "password passwd passphrase passcode passkey secret psk token cak community apikey authkey privkey pwd pass "
    "credential credentials passwords secrets passphrases jwt"
)
"""A name that ends in one of these is that of a secret: ``bgp_password``, ``primary_cak``, ``adminPassword``."""

SECRET_PAIRS: Final = _words(
    "private-key privacy-key priv-key api-key auth-key authentication-key access-key shared-key secret-key "
    "preshared-key encryption-key session-key radius-key tacacs-key tacplus-key server-key md5-key ospf-key bgp-key "
    "key-octet key-string auth-sock"
)
SECRET_ENDINGS: Final = (
    "password", "passwd", "passphrase", "passkey", "secret", "community", "apikey", "authkey", "privkey", "sharedkey",
    "privatekey", "secretkey", "authtoken", "accesstoken", "authpass", "privpass", "userpass",
)  # fmt: skip
"""Of words that are written as one: ``snmprocommunity``."""

ATTRIBUTES: Final = _words("hash text string value enc encrypted plain plaintext cleartext base64 raw")
"""A secret with one of these behind it is still one: ``password_hash``."""

NOT_SECRET: Final = frozenset({"PWD", "OLDPWD"})  # the shell's directory
HARMLESS: Final = re.compile(
    rb"(?i)(?:none|null|nil|n/?a|-+|\*+|true|false|yes|no|not\b.*|enabled?|disabled?|required|configured|unset|set|)[.]?"
)
"""What stands in the place of a secret and is none."""

KEY_FILE: Final = re.compile(rb"/[\w.-]+(?:/[\w.-]+)+\.(?:key|pem|crt|cer|p12)")
"""Where a key is kept, not the key."""

PROSE: Final = frozenset(
    b"immediately now again takes "
    b"is was are be been has had have for of in on at to by from the a an and or as with without will would must "
    b"may can cannot should not no if when that this it its expires expired expiry changed change required "
    b"authentication auth encryption policy prompt mismatch failed failure invalid incorrect accepted denied aging "
    b"age history length recovery strength complexity configured configuration set unset protected protection file "
    b"files manager store storage name names field fields settings minimum maximum min max min-length max-length "
    b"using algorithm hash hashes chain id type generate rotation lifetime bucket buckets list lists group groups "
    b"string strings".split()
)
"""What follows the word ``password`` where a sentence speaks of one."""

_ROUTE: Final = (
    rb"[({\[]?(?:\d+:\d+(?::\d+)?|0x[0-9a-f]+:[^\s,]+|(?:rt|soo|ro|target|origin|color|bandwidth|encapsulation|lb):[^\s,]+"
    rb"|no-?export[\w-]*|no-?advertise|no-?peer|local-?as|internet|gshut|graceful-?shutdown|blackhole|accept-own[\w-]*"
    rb"|llgr-stale|no-llgr|both|extended|standard|large|all|additive)[)}\]]?"
)
BGP_COMMUNITY: Final = re.compile(rb"(?i) *" + _ROUTE + rb"(?:[, ]+" + _ROUTE + rb")*[, ]*")
SHAPE: Final = frozenset(b"string list type name standard extended large count members communities".split())
"""Members that an object of a routing community has: names, not secrets."""


@lru_cache(4096)
def secret_name(name: bytes) -> bool:
    """Whether what has this name is a secret."""
    text = name.decode("ascii", "replace")
    if text in NOT_SECRET:
        return False
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)]
    if "-".join(words[-2:]) in SECRET_PAIRS:
        return True
    while len(words) > 1 and words[-1] in ATTRIBUTES:
        words.pop()
    if not words:
        return False
    return (
        words[-1] in SECRET_WORDS
        or "-".join(words[-2:]) in SECRET_PAIRS
        or words[-1].endswith(SECRET_ENDINGS)
        or words[-3:] == ["pre", "shared", "key"]
    )


def harmless(name: bytes, value: bytes) -> bool:
    """Whether a value in the place of a secret is none."""
    if value.startswith(GONE[:-1].encode()) or HARMLESS.fullmatch(value):
        return True
    if name.lower() == b"pass" and re.fullmatch(rb"\d+|(?i:pass(?:ed)?|fail(?:ed)?)", value):
        return True  # what passed, or how often
    if name.lower().endswith(b"key") and KEY_FILE.fullmatch(value):
        return True
    return b"communit" in name.lower() and BGP_COMMUNITY.fullmatch(value) is not None


# --- one line -------------------------------------------------------------------------------------------------------

OUT: Final = GONE.encode()
VALUE: Final = rb"""(?P<v>"(?:[^"\\]|\\.)*"|'[^']*'|\S+)"""
KINDS: Final = (
    rb"(?:(?:level[ \t]+\d+|\d{1,2}[a-z]?|sha-?\d+|md5|scrypt|pbkdf2|encrypted|hidden|hash(?:ed)?|plain(?:-?text)?"
    rb"|clear(?:-?text)?|ascii(?:-text)?|hex(?:adecimal)?|text|value|key|local|remote|type[ \t]+\d+)[ \t]+)*"
)
"""What a command line has between ``secret`` and the secret."""


def line_rule(pattern: bytes) -> Pattern:
    return re.compile(rb"(?i)" + pattern)


COMMAND_LINES: Final[tuple[tuple[tuple[bytes, ...], Pattern], ...]] = (
    # username x secret sha512 $6$..; enable password 7 ..; neighbor 192.0.2.1 password ..; set ... hashed-password '..'
    (
        (b"pass", b"secret"),
        line_rule(rb"\b(?P<word>password|passwd|passphrase|secret)[ \t]+(?P<kind>" + KINDS + rb")" + VALUE),
    ),
    (
        (b"key-", b"pre-shared", b"keystring"),
        line_rule(
            rb"\b(?:key-?string|key-octet-string|pre-shared-key|primary-key|fallback-key)[ \t]+"
            rb"(?:address[ \t]+\S+[ \t]+)?" + KINDS + VALUE
        ),
    ),
    ((b"key",), line_rule(rb"\bkey[ \t]+(?:[05-9]|8[ab]|10|encrypted|hidden)[ \t]+" + VALUE)),
    # a MACsec key: its name, how it is written, itself
    ((b"key",), line_rule(rb"\bkey[ \t]+[0-9a-f]{2,64}[ \t]+(?:[05-9]|8[ab])[ \t]+" + VALUE)),
    (
        (b"key",),
        line_rule(
            rb"\b(?:tacacs|radius|tacplus|ldap|isakmp|macsec)\S{0,60}(?:[ \t]+\S+){0,12}?[ \t]+(?:key|passkey)[ \t]+"
            + KINDS
            + VALUE
        ),
    ),
    (
        (b"-key",),
        line_rule(
            rb"\b(?:message-digest-key|authentication-key|auth-key)[ \t]+(?:\d+[ \t]+(?=\S+[ \t]+\S))?"
            rb"(?:(?:type|md5|sha\d*|sha-\d+|hmac-\S+|aes\S*|value|encrypted|clear\S*|\d{1,2})[ \t]+(?=\S))*" + VALUE
        ),
    ),
    (
        (b"authentication",),
        line_rule(rb"\b(?P<word>authentication)[ \t]+(?:text|simple|md5)[ \t]+(?:(?:key|\d)[ \t]+)*" + VALUE),
    ),
    # SNMP: communities, trap hosts, users
    (
        (b"communit",),
        line_rule(
            rb"\bsnmp(?:-server)?(?:[ \t]+\S+){0,4}?[ \t]+(?:\w+-)?community(?:-map)?[ \t]+"
            rb"(?:(?:encrypted|clear|\d)[ \t]+)*" + VALUE
        ),
    ),
    ((b"community",), line_rule(rb"(?:^|[\s\"])(?:r[ow]|trap)community6?[ \t]+" + VALUE)),
    ((b"com2sec",), line_rule(rb"\bcom2sec6?[ \t]+\S+[ \t]+\S+[ \t]+" + VALUE)),
    ((b"trap", b"inform"), line_rule(rb"\b(?:trap2?sink|informsink)[ \t]+\S+[ \t]+" + VALUE)),
    (
        (b"snmp",),
        line_rule(
            rb"\bsnmp(?:-server)?[ \t]+host[ \t]+\S+(?:[ \t]+(?:traps?|informs?|vrf[ \t]+\S+|use-vrf[ \t]+\S+))*"
            rb"[ \t]+version[ \t]+(?:1|2c)[ \t]+" + VALUE
        ),
    ),
    (
        (b"snmp",),
        line_rule(
            rb"\bsnmp(?:-server)?[ \t]+host[ \t]+\S+[ \t]+"
            rb"(?!(?:traps?|informs?|version|vrf|use-vrf|source-interface|udp-port)\b)" + VALUE
        ),
    ),
    ((b"createuser",), line_rule(rb"\bcreateuser[ \t]+(?:-e[ \t]+\S+[ \t]+)?\S+[ \t]+(?:md5|sha\S*)[ \t]+" + VALUE)),
    (
        (b"createuser",),
        line_rule(rb"\bcreateuser[ \t].{0,300}?[ \t](?:aes\S*|des\S*)[ \t]+" + VALUE),
    ),
    (
        (b"snmp", b"usm"),
        line_rule(
            rb"\b(?<=[ \t])(?:auth|priv|encrypt)[ \t-]+(?:(?:md5|sha\S*|aes\S*|3des|des\S*|128|192|256|encrypted|clear"
            rb"|localized|[07])[ \t]+)+" + VALUE
        ),
    ),
    (
        (b"snmp",),
        line_rule(
            rb"\bsnmp\S{0,20}[ \t]+user[ \t].{0,300}?[ \t]priv[ \t]+(?!(?:md5|sha\S*|aes\S*|3?des\S*|128|192|256)[ \t])"
            + VALUE
        ),
    ),
    # credentials on a shell's command line
    (
        (b"curl", b"wget", b"http"),
        line_rule(rb"(?<=\s)(?:-u|--user|--proxy-user|-U)[ =]?[\"']?[^\s:\"']+:(?P<v>[^\s\"']+)"),
    ),
    ((b"sshpass",), line_rule(rb"\bsshpass[ \t]+-p[ \t]*" + VALUE)),
    (
        (b"snmp",),
        line_rule(rb"\bsnmp(?:walk|get|bulk\w+|set|table|getnext|trap|inform|status)\b.{0,400}?[ \t]-c[ \t]*" + VALUE),
    ),
    (
        (b"snmp",),
        line_rule(
            rb"\bsnmp(?:walk|get|bulk\w+|set|table|getnext|trap|inform|status)\b.{0,400}?[ \t](?-i:-A)[ \t]*" + VALUE
        ),
    ),
    (
        (b"snmp",),
        line_rule(
            rb"\bsnmp(?:walk|get|bulk\w+|set|table|getnext|trap|inform|status)\b.{0,400}?[ \t](?-i:-X)[ \t]*" + VALUE
        ),
    ),
    ((b"redis-cli", b"ipmitool"), line_rule(rb"\b(?:redis-cli|ipmitool)\b.{0,400}?[ \t](?-i:-a|-P)[ \t]*" + VALUE)),
    # a key file of ntpd
    (
        (b"md5", b"sha", b"aes"),
        line_rule(rb"^[ \t]*\d{1,5}[ \t]+(?:md5|m|sha\d*|aes\d+cmac)[ \t]+(?P<v>\S+)[ \t]*(?:#.*)?$"),
    ),
    (
        (b"authorization",),
        line_rule(
            rb"authorization[\"']?[ \t]*[:=][ \t]*[\"']?"
            rb"(?:basic|bearer|digest|token|apikey|negotiate|ntlm|aws4\S*)[ \t]+(?P<v>[^\s\"'][^\r\n\"']*)"
        ),
    ),
    ((b"cookie",), line_rule(rb"\b(?:set-)?cookie:[ \t]*(?P<v>[^\r\n\"']+)")),
    ((b"bearer",), line_rule(rb"\bbearer[ \t]+(?P<v>[\w.~+/=-]{8,})")),
    # what Junos itself marks
    ((b"secret-data",), line_rule(rb"[ \t](?P<v>\"[^\"]*\"|[^\s;]+);?[ \t]*##[ \t]*secret-data")),
)
"""Words of which a line must have one, and where in it the secret stands."""

FLAG: Final = re.compile(rb"""(?<=\s)--(?P<n>[A-Za-z][\w-]*)(?:=|[ \t]+)(?P<v>"[^"]*"|'[^']*'|[^\s"'-][^\s"']*)""")
NAME: Final = re.compile(
    rb"""(?:(?P<e>\\?)(?P<q>["'])(?P<quoted>[^"'\\]{1,80})(?P=e)(?P=q)"""
    rb"""|(?<![\w.-])(?P<plain>[A-Za-z_][\w.-]{0,63}(?:[ ][A-Za-z][\w.-]{0,63})?))"""
    rb"""[ \t]*(?P<sep>=>|:=|[:=])[ \t]*"""
)
ASSIGNED: Final = re.compile(
    rb"""\\"[^"\\]*\\"|[bru]?"(?:[^"\\]|\\.)*"|[bru]?'(?:[^'\\]|\\.)*'|(?![{\[|>"'])[^\s,;&"'<]+"""
)
WHOLE_LINE: Final = re.compile(
    rb"^[ \t]*(?:- |export |set |\* )?(?P<n>[A-Za-z_][\w.-]*(?: [A-Za-z][\w.-]*){0,2})[ \t]*(?P<sep>[:=])[ \t]*"
    rb"(?P<v>[^\s\"'{\[|>][^\r\n]*?)[ \t]*(?P<c>[ \t]#[^\r\n]*)?\r?$"
)
"""``password: three plain words`` of YAML, of an environment or of a table of one pair a line."""

FLAT: Final = re.compile(rb"(SNMP_COMMUNITY[|:])([^\s\"'|,]+)")
SHADOW: Final = re.compile(rb"^([a-z_][\w.-]*\$?:)(?![*!x]*:)([^:\s]+)((?::\d*){6}:\w*)\r?$")
JUNOS: Final = re.compile(rb"^([ \t]*)(community[ \t]+)(\"[^\"]*\"|[^\s;{\"]+)(?=[ \t]*(?:\{|;))")


def close(line: bytes, names: Names) -> bytes:
    """One line without its secrets."""
    if line.endswith(b"\r"):
        return close(line[:-1], names) + b"\r"
    low = line.lower()
    for words, pattern in COMMAND_LINES:
        if any(word in low for word in words):
            line = pattern.sub(Telling(), line)
            low = line.lower() if len(line) != len(low) else low
    if b"SNMP_COMMUNITY" in line:
        line = FLAT.sub(lambda m: m[1] + names.of(m[2]), line)
    if b":" in line or b"=" in line:
        line = _assigned(line)
    if b"--" in line:
        line = FLAG.sub(_flag, line)
    if line.count(b":") >= 8:
        line = SHADOW.sub(lambda m: m[1] + OUT + m[3], line)
    return line


class Telling:
    """Replaces the secrets of one line that one rule shows, from left to right."""

    def __init__(self) -> None:
        self._quotes = 0  # before this place of the line
        self._upto = 0

    def __call__(self, match: Match) -> bytes:
        start, end = match.span("v")
        self._quotes += match.string.count(b'"', self._upto, start)
        self._upto = start
        value = match["v"]
        before, after = match.string[match.start() : start], match.string[end : match.end()]
        if len(value) > 1 and value[:1] in (b'"', b"'") and value[-1:] == value[:1]:
            kept = value[-1:]
            before, value = before + value[:1], value[1:-1]
        else:
            value, kept = _bare(value, within_text=self._quotes % 2 == 1)
        if not value or value.startswith(OUT[:-1]) or HARMLESS.fullmatch(value) or _in_a_sentence(match, value):
            return match[0]
        return before + OUT + kept + after


def _bare(value: bytes, *, within_text: bool) -> tuple[bytes, bytes]:
    """A word, and what hangs behind it: punctuation, and within a text of JSON the rest of that text."""
    kept = b""
    if within_text:
        value, mark, rest = value.partition(b'"')
        bare = value.removesuffix(b"\\")
        value, kept = bare, value[len(bare) :] + mark + rest
    bare = value.rstrip(b";,")
    return bare, value[len(bare) :] + kept


def _in_a_sentence(match: Match, value: bytes) -> bool:
    groups = match.groupdict()
    if not groups.get("word"):
        return False
    return value[:1] in b"=:|({" or (not groups.get("kind") and value.rstrip(b".:)'\"").lower() in PROSE)


def _assigned(line: bytes) -> bytes:
    whole = WHOLE_LINE.match(line)
    if whole and secret_name(whole["n"]) and not _of_bare_pass(whole["n"], whole["sep"]):
        yaml = whole["sep"] == b":"
        if (yaml or whole["n"].isupper() or b" " not in whole["v"]) and not harmless(whole["n"], whole["v"]):
            return line[: whole.start("v")] + OUT + line[whole.end("v") :]
    edits = []
    for named in NAME.finditer(line):
        name = named["quoted"] or named["plain"]
        if secret_name(name) and not (named["plain"] and _of_bare_pass(name, named["sep"])):
            value = ASSIGNED.match(line, named.end())
            if value:
                edits.append((value.start(), value.end(), _instead(named, name, value[0])))
    return _edited(line, edits)


def _of_bare_pass(name: bytes, sep: bytes) -> bool:
    """``pass: 12`` counts what passed."""
    return sep == b":" and name.lower().split(b" ")[-1] in (b"pass", b"token", b"secret") and name[:1].isupper()


def _instead(named: Match, name: bytes, value: bytes) -> bytes:
    """What stands in the place of the value of a secret, in quotes where it was."""
    for mark in (b'\\"', b'"', b"'"):
        head, found, rest = value.partition(mark)
        if found and head in (b"", b"b", b"r", b"u") and rest.endswith(mark):
            inner = rest[: -len(mark)]
            return value if not inner or harmless(name, inner) else head + mark + OUT + mark
    bare = value.rstrip(b")}]>")
    if harmless(name, bare):
        return value
    json_number = named["q"] == b'"' and not named["e"]
    return (b'"' + OUT + b'"' if json_number else OUT) + value[len(bare) :]


def _flag(match: Match) -> bytes:
    if not secret_name(match["n"]) or harmless(match["n"], match["v"]):
        return match[0]
    return match[0][: match.start("v") - match.start()] + OUT


class Names:
    """Secrets that are names themselves, such as a community: different ones stay different."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    def of(self, secret: bytes) -> bytes:
        if secret.startswith(OUT[:-1]):
            return secret
        number = self._known.setdefault(secret, len(self._known) + 1)
        return OUT if number == 1 else b"%s %d>" % (OUT[:-1], number)


# --- what takes more than a line ------------------------------------------------------------------------------------

PRIVATE: Final = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
PRIVATE_END: Final = re.compile(rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
BREAK: Final = rb"(?:\\[rn]|\s)*"
ARMOUR: Final = re.compile(
    BREAK
    + rb"(?:(?:[\w-]{1,40}: [^\n\"\\]{0,200})?"
    + BREAK
    + rb"[A-Za-z0-9+/=]{16,}(?![A-Za-z0-9+/=]))*"
    + rb"(?:(?:\\[rn]|\s)[A-Za-z0-9+/=]{1,76}(?=[ \t]*(?:[\r\n\\\"]|$)))?"
)
LONGEST_KEY: Final = 16 * 1024

CRYPT: Final = re.compile(
    rb"\$(?:1|2[abxy]?|3|5|6|7|8|9|10|14|y|gy|sm3|md5|sha1|apr1|argon2\w*|scrypt|pbkdf2[\w-]*)\$[^\s:\"',;<>\\]{4,}"
)
"""Hashes of crypt(3), and the reversible ones of Junos."""

ANYWHERE: Final[tuple[tuple[tuple[bytes, ...], Pattern, bytes], ...]] = (
    ((b"$",), CRYPT, OUT),
    ((b"{SSHA", b"{SHA", b"{CRYPT}", b"{SMD5}"), re.compile(rb"\{(?:SSHA\d*|SHA\d*|CRYPT|SMD5)\}[\w+/=$.-]{12,}"), OUT),
    ((b"://",), re.compile(rb"(://[^/\s:@\"'<>]*:)[^/\s@\"'<>]+(?=@)"), rb"\1" + OUT),
    ((b"AKIA", b"ASIA"), re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), OUT),
    ((b"gho_", b"ghp_", b"ghu_", b"ghs_", b"ghr_"), re.compile(rb"\bgh[opusr]_[A-Za-z0-9]{16,}"), OUT),
    ((b"github_pat_",), re.compile(rb"\bgithub_pat_\w{16,}"), OUT),
    (
        (b"glpat-", b"gldt-", b"glrt-", b"glcbt-", b"glptt-", b"glft-", b"glsoat-", b"glagent-", b"gloas-"),
        re.compile(rb"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[\w.-]{12,}"),
        OUT,
    ),
    ((b"xox",), re.compile(rb"\bxox[abeoprs]-[\w-]{10,}"), OUT),
    ((b"AIza",), re.compile(rb"\bAIza[\w-]{35}"), OUT),
    ((b"sk-",), re.compile(rb"\bsk-[\w-]{20,}"), OUT),
    ((b"eyJ",), re.compile(rb"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"), OUT),
)
"""Texts of which one must be there, what shows the secret wherever it stands, and what stands there then."""

ELEMENT: Final = re.compile(rb"<((?:[\w.-]{1,40}:)?([\w.-]{1,80}))((?:\s[^<>]*)?)>([^<]*)(?=</\1\s*>)")
NAMED: Final = re.compile(rb"(<community>\s*<name>)([^<]*)(?=</name>)")

OPENED: Final = re.compile(rb"""(["'])([^"'\\]{1,80})\1\s*:\s*(?=[{\[])""")
TOKENS: Final = {
    b'"': re.compile(rb"\"(?:[^\"\\]|\\.)*\"|[{}\[\],]|:", re.S),
    b"'": re.compile(rb"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[{}\[\],]|:", re.S),
}
BLOCK: Final = re.compile(rb"^([ \t]*(?:- )?)([\"']?)([A-Za-z_][\w.-]*)\2[ \t]*:[ \t]*([|>][+-]?\d?)?[ \t]*\r?$")
RULES: Final = re.compile(rb"^[ \t]*(?:[-=]{2,}[ \t]+)+[-=]{2,}[ \t]*\r?$")
DELIMITERS: Final = (b",", b";", b"\t", b"|")
TITLE: Final = re.compile(rb"[ \t]*\"?[A-Za-z_][\w -]{0,40}\"?[ \t]*")

WORDS: Final = (
    b"pass", b"secret", b"communit", b"key", b"token", b"cak", b"psk", b"cred", b"cookie", b"bearer", b"snmp",
    b"authorization", b"authentication", b"pwd", b"com2sec", b"createuser", b"curl", b"wget", b"trap", b"usm", b"jwt",
    b"redis-cli", b"ipmitool", b"auth_sock", b"authsock", b" md5 ", b" m ", b" sha", b" aes", b"informsink",
)  # fmt: skip
"""A line without any of these holds no secret that its line alone would show."""

HEXDUMP: Final = re.compile(rb"[ \t]*(?:(?:0x)?[0-9A-Fa-f]{2,8}:?[ \t]+)?(?:(?:[0-9A-Fa-f]{2}){1,2}[ \t]+){8}")
"""A line of module memory: what looks like a word in its last column is chance, and the line has to stay whole."""

FIGURES: Final = b"0123456789abcdefABCDEF .|\t\r"


class Words:
    """A quick answer to whether any line of a text has a word.

    Most lines of a long answer stand in it many times, so each is looked at once, first without the letters of which
    module memory consists: it has a word without those letters, if it had the word.
    """

    def __init__(self, raw: bytes) -> None:
        self._lines = b"\n".join(set(raw.split(b"\n")))
        self._thin = self._lines.translate(None, FIGURES)

    @cached_property
    def _low(self) -> bytes:
        return self._lines.lower()

    @cached_property
    def _thin_low(self) -> bytes:
        return self._thin.lower()

    def have(self, word: bytes) -> bool:
        return thinned(word) in self._thin and word in self._lines

    def have_in_any_case(self, word: bytes) -> bool:
        return thinned(word) in self._thin_low and word in self._low


@cache
def thinned(word: bytes) -> bytes:
    return word.translate(None, FIGURES)


def redact_bytes(raw: bytes) -> bytes:
    """Bytes of a text in any encoding that has ASCII in it, without its secrets; the same where it has none."""
    names, words = Names(), Words(raw)
    if words.have(b"PRIVATE KEY"):
        raw = _without_private_keys(raw)
    for needles, pattern, instead in ANYWHERE:
        if any(map(words.have, needles)):
            raw = _replaced(raw, pattern, lambda found, instead=instead: found.expand(instead))  # type: ignore[misc]
    if words.have(b"</"):
        raw = _replaced(raw, ELEMENT, _element)
        raw = _replaced(raw, NAMED, lambda m: m[1] + names.of(m[2]))
    spans = _lines(raw, words)
    if not spans:
        return raw
    if b"{" in raw or b"[" in raw:
        edited = _edited(raw, list(_members(raw, spans, names)))
        if edited is not raw:
            raw = edited
            spans = _lines(raw, words)
    edited = _edited(raw, list(_blocks(raw, spans, names)))
    if edited is not raw:
        raw = edited
        spans = _lines(raw, words)
    return _edited(raw, [(a, b, close(raw[a:b], names)) for a, b in spans])


def _replaced(raw: bytes, pattern: Pattern, instead: Callable[[Match], bytes]) -> bytes:
    """Every place that shows a secret with what ``instead`` makes of it; module memory is left as it is."""
    return _edited(raw, [(*m.span(), instead(m)) for m in pattern.finditer(raw) if not _is_memory(raw, m.start())])


def _is_memory(raw: bytes, at: int) -> bool:
    return HEXDUMP.match(raw, raw.rfind(b"\n", 0, at) + 1) is not None


def redact(text: str) -> str:
    """The text without its secrets; the same text where it has none."""
    raw = text.encode("utf-8", "surrogatepass")
    clean = redact_bytes(raw)
    return text if clean == raw else clean.decode("utf-8", "surrogatepass")


def _edited(raw: bytes, edits: list[Edit]) -> bytes:
    """Bytes with some spans replaced, the very same object where nothing changes."""
    parts: list[bytes] = []
    at = 0
    for start, end, instead in sorted(edits):
        if start >= at and raw[start:end] != instead:
            parts += (raw[at:start], instead)
            at = end
    return b"".join((*parts, raw[at:])) if parts else raw


def _lines(raw: bytes, words: Words) -> list[tuple[int, int]]:
    """Begin and end of every line that has one of the words; a shadow file's too."""
    there = [word for word in (*WORDS, b":99999:") if words.have_in_any_case(word)]
    if not there:
        return []
    low = raw.lower()
    found: set[tuple[int, int]] = set()
    for word in there:
        at = low.find(word)
        while at >= 0:
            start = raw.rfind(b"\n", 0, at) + 1
            end = raw.find(b"\n", at)
            end = len(raw) if end < 0 else end
            found.add((start, end))
            at = low.find(word, end)
    return sorted(span for span in found if not HEXDUMP.match(raw, span[0]))


def _without_private_keys(raw: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while found := PRIVATE.search(raw, at):
        parts += (raw[at : found.start()], OUT)
        end = PRIVATE_END.search(raw, found.end(), found.end() + LONGEST_KEY)
        if end:
            lines = raw.count(b"\n", found.start(), end.end())
            at = end.end()
        else:  # cut short: what still looks like a key goes with it
            armour = ARMOUR.match(raw, found.end())
            at = armour.end() if armour else found.end()
            lines = raw.count(b"\n", found.start(), at)
        parts.append(b"\n" * lines)
    return b"".join((*parts, raw[at:]))


def _element(match: Match) -> bytes:
    value = match[4].strip()
    if not value or not secret_name(match[2]) or harmless(match[2], value):
        return match[0]
    return match[0][: match.start(4) - match.start()] + OUT


def _members(raw: bytes, spans: list[tuple[int, int]], names: Names) -> Iterator[Edit]:
    """Edits within objects and lists that have the name of a secret."""
    done = 0
    for start, end in spans:
        for opened in OPENED.finditer(raw, max(start, done), min(len(raw), end + 200)):
            if opened.start() >= done and secret_name(opened[2]):
                edits, done = _container(raw, opened, names)
                yield from edits


def _container(raw: bytes, opened: Match, names: Names) -> tuple[list[Edit], int]:
    """Walks one object or list to its end: names in it are secrets where it is one of communities, else its texts."""
    edits: list[Edit] = []
    stack: list[tuple[bytes, bytes]] = []  # the name and the bracket of every container that is open
    mark = opened[1]
    name, text = opened[2], None
    for token in TOKENS[mark].finditer(raw, opened.end()):
        kind = token[0][:1]
        if kind in (b"{", b"["):
            stack.append((name, kind))
            name, text = b"", None
        elif kind in (b"}", b"]"):
            _text_in(stack[-1], text, edits)
            stack.pop()
            name, text = b"", None
            if not stack:
                return edits, token.end()
        elif kind == b",":
            _text_in(stack[-1], text, edits)
            name, text = b"", None
        elif kind == b":":
            if text is not None:
                name = text[0][1:-1]
                if _of_communities(stack[-1]) and not _routing(name):
                    edits.append((text.start() + 1, text.end() - 1, names.of(name)))
            text = None
        else:
            text = token
    return edits, len(raw)


def _text_in(container: tuple[bytes, bytes], text: Match | None, edits: list[Edit]) -> None:
    """A text that stands directly in a container of secrets."""
    if text is None or not secret_name(container[0]) or _of_communities(container):
        return
    inner = text[0][1:-1]
    if inner and not harmless(container[0], inner):
        edits.append((text.start() + 1, text.end() - 1, OUT))


def _of_communities(container: tuple[bytes, bytes]) -> bool:
    return container[1] == b"{" and container[0].lower().endswith((b"community", b"communities"))


def _routing(name: bytes) -> bool:
    return name.lower() in SHAPE or BGP_COMMUNITY.fullmatch(name) is not None


def _blocks(raw: bytes, spans: list[tuple[int, int]], names: Names) -> Iterator[Edit]:
    """Edits in the lines below one: blocks of YAML, columns of a table, communities of Junos."""
    done = 0  # where the last table ended: its rows are no titles
    for start, end in spans:
        line = raw[start:end]
        if (block := BLOCK.match(line)) and (secret_name(block[3]) or block[3].lower() == b"communities"):
            yield from _yaml(raw, end + 1, block, names)
        elif junos := JUNOS.match(line):
            if b"members" not in raw[end : end + 200].split(b"}")[0] and _within_snmp(raw, start, len(junos[1])):
                yield start + junos.start(3), start + junos.end(3), names.of(junos[3])
        elif len(line) < 1000 and start >= done:
            edits, done = _table(raw, line.rstrip(b"\r"), end + 1)
            yield from edits


def _below(raw: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The lines from a place on, each with where it starts."""
    while at < len(raw):
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end
        yield at, raw[at:end]
        at = end + 1


def _indentation(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))


def _yaml(raw: bytes, at: int, block: Match, names: Names) -> Iterator[Edit]:
    outer = _indentation(block[1])
    community = block[3].lower().endswith((b"community", b"communities"))
    first = -1
    for start, line in _below(raw, at):
        bare = line.strip()
        if not bare:
            continue
        depth = _indentation(line)
        item = bare.startswith(b"- ")
        if depth < outer or (depth == outer and not item):
            return
        first = depth if first < 0 else first
        if depth > first and not block[4]:
            continue
        place = start + depth + (2 if item else 0)
        key, colon, rest = bare[2 if item else 0 :].partition(b":")
        if block[4]:
            yield start + depth, start + depth + len(bare), OUT
        elif not colon:
            if not harmless(block[3], bare[2 if item else 0 :]):
                yield place, start + depth + len(bare), OUT
        elif community and (not rest or rest[:1] == b" ") and not _routing(key.strip(b"\"'")):
            yield place, place + len(key), names.of(key.strip(b"\"'"))


def _within_snmp(raw: bytes, start: int, depth: int) -> bool:
    """Whether the braces around a line of Junos are those of snmp."""
    at = start
    for _ in range(200):
        if at == 0:
            return False
        before = raw.rfind(b"\n", 0, at - 1) + 1
        line = raw[before : at - 1]
        at = before
        if line.strip() and _indentation(line) < depth:
            if line.strip().startswith(b"snmp"):
                return True
            depth = _indentation(line)
    return False


def _table(raw: bytes, line: bytes, at: int) -> tuple[list[Edit], int]:
    """Edits of the cells below a title that is the name of a secret, and where the table ends."""
    end = raw.find(b"\n", at)
    below = raw[at : end if end >= 0 else len(raw)]
    if RULES.match(below):
        columns = [found.span() for found in re.finditer(rb"[-=]+", below)]
        secret = [(a, b if b < columns[-1][1] else None) for a, b in columns if secret_name(line[a:b].strip())]
        return _cells(raw, at + len(below) + 1, secret) if secret else ([], at)
    for delimiter in DELIMITERS:
        titles = line.split(delimiter)
        bars = titles[1:-1] if delimiter == b"|" and len(titles) > 3 and not titles[0].strip() else titles
        if len(titles) < 2 or not all(TITLE.fullmatch(title) for title in bars):
            continue
        places = [n for n, title in enumerate(titles) if secret_name(title.strip(b' \t\r"'))]
        if places:
            return _separated(raw, at, delimiter, len(titles), places)
    return [], at


def _cells(raw: bytes, at: int, columns: list[tuple[int, int | None]]) -> tuple[list[Edit], int]:
    """The cells of columns that stand under rules, down to a blank line."""
    edits = []
    end = at
    for start, line in _below(raw, at):
        if not line.strip():
            break
        for a, b in columns:
            cell = line[a:b]
            bare = cell.strip()
            if bare and not harmless(b"community", bare):
                place = start + a + _indentation(cell)
                edits.append((place, place + len(bare), OUT))
        end = start + len(line)
    return edits, end


def _separated(raw: bytes, at: int, delimiter: bytes, width: int, places: list[int]) -> tuple[list[Edit], int]:
    """The cells of columns between delimiters, down to a line of another width."""
    field = re.compile(rb"(\"(?:[^\"]|\"\")*\"|[^" + re.escape(delimiter) + rb"]*)(?:" + re.escape(delimiter) + rb"|$)")
    edits = []
    end = at
    for start, line in _below(raw, at):
        if delimiter == b"|" and re.fullmatch(rb"[-+=| \t\r]+", line):
            continue
        fields = list(field.finditer(line.rstrip(b"\r")))
        if not fields[-1][0] and not line.rstrip(b"\r").endswith(delimiter):
            fields.pop()  # the end of the line, which no delimiter comes before
        if len(fields) != width or not line.strip():
            break
        for place in places:
            a, b = fields[place].span(1)
            bare = line[a:b].strip(b' \t"')
            if bare and not harmless(b"", bare):
                inner = line.index(bare, a)
                edits.append((inner + start, inner + start + len(bare), OUT))
        end = start + len(line)
    return edits, end


# --- the secrets of a run -------------------------------------------------------------------------------------------


class Redactor:
    """Takes secrets out: what looks like one, and the very passwords that a run has used."""

    def __init__(self) -> None:
        self._known: tuple[bytes, ...] = ()  # longest first: one may be part of another

    def hide(self, secret: str) -> None:
        """From now on this text is taken out wherever it stands, however it is written there."""
        if len(secret) >= SHORTEST:
            self._known = tuple(sorted({*self._known, *spellings(secret)}, key=lambda known: (-len(known), known)))

    def text(self, text: str) -> str:
        if not text:
            return text
        raw = text.encode("utf-8", "surrogatepass")
        clean = self.body(raw)
        return text if clean == raw else clean.decode("utf-8", "surrogatepass")

    def body(self, raw: bytes) -> bytes:
        """Bytes of an answer without their secrets, in whatever encoding they are."""
        for secret in self._known:
            if secret in raw:
                raw = raw.replace(secret, OUT)
        return redact_bytes(raw)


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as JSON, a URL, base64 and other encodings write it."""
    yield secret.encode("utf-8", "surrogatepass")
    yield json.dumps(secret)[1:-1].encode()
    yield quote(secret, safe="").encode()
    yield base64.b64encode(secret.encode("utf-8", "surrogatepass"))
    for encoding in ("latin-1", "utf-16-le"):
        try:
            yield secret.encode(encoding)
        except UnicodeEncodeError:
            continue
