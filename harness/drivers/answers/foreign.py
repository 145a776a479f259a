"""What an answer looks like when it is not one of ours: another NOS, a shell, a refusal."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = (
    ("a usage text", r"^\s*Usage: |^usage: |Try .{1,60} --help"),
    (
        "a refusal",
        r"command not found|[Ii]nvalid (?:command|input)|% ?(?:Invalid|Incomplete|Ambiguous)|^Error: |No such command"
        r"|Permission denied|Root privileges are required|syntax error|unknown command",
    ),
    ("a Python traceback", r"^Traceback \(most recent call last\)"),
    ("Enterprise SONiC's sonic-cli", r"^-{70,}\n ?(?:Name|Interface) {2,}\S[^\n]*\n-{70,}$"),
    ("AsterNOS", r"^\d+/\d+ ?: SFP EEPROM (?:not )?detected"),
    (
        "Arista EOS",
        r"Arista |Arastra|\bEOS\b|interfacePhyStatuses|egressQueueCounters|\"xcvrSlots\"|\"mfgName\""
        r"|\"lldpNeighborInfo\"|\"interfaceErrorCounters\"|\"outUcastPkts\"|\"lastStatusChangeTimestamp\""
        r"|\"autoNegotiate\": |^Name: Et\d|line protocol is \w+ \(\w+\)|^Last table change time +:",
    ),
    (
        "Cisco NX-OS",
        r"NX-OS|Nexus|\bTABLE_\w+|^ +transceiver is (?:not )?present|^ *Type (?:qos|queuing|network-qos) policy-maps"
        r"|^Mod +Ports +Module-Type",
    ),
    (
        "Cisco IOS-XR",
        r"IOS[ -]XR|^ *Transport Admin State: "
        r"|\b[A-Za-z]{2,30} ?0/(?:RP)?\d{1,3}/\d{1,3}/\d{1,3}|\b0/(?:RP)?\d+/CPU\d+|coherentDSP"
        r"|FourHundredGigE|HundredGigE\d+/|HundredGigabit",
    ),
    (
        "Juniper Junos",
        r"\bJunos\b|JUNOS|^Hardware inventory:|^ +LLDP +: \w+"
        r"|\b(?:ge|xe|et)-\d+/\d+/\d+|<rpc-reply|junos:|Physical interface:",
    ),
    ("Cumulus Linux", r"\bswp\d+|Cumulus|NCLU"),
)
_WEAK: Final = (
    ("Arista EOS", r"\"[a-z]{1,20}(?:[A-Z][a-z]{1,20}){1,4}\":"),
    ("Arista EOS", r"\bEt\d+(?:/\d+)?\b"),
    ("Cisco NX-OS", r"\bEth(?:ernet)?\d+/\d+(?:/\d+)?\b|\bmgmt0\b"),
)
_OURS: Final = re.compile(r"\bEthernet\d+\b(?![/.\d])|SONiC")
_PATTERNS: Final = tuple((name, re.compile(pattern, re.MULTILINE)) for name, pattern in _SIGNS)
_DOUBTFUL: Final = tuple((name, re.compile(pattern)) for name, pattern in _WEAK)


def likeness(text: str) -> str:
    """The name of what a text looks like, empty where nothing is recognised; the first 20,000 letters decide."""
    start = text[:20_000]
    if not start.strip():
        return "an empty answer"
    patterns = _PATTERNS if _OURS.search(start) else (*_PATTERNS, *_DOUBTFUL)
    return next((name for name, pattern in patterns if pattern.search(start)), "")
