"""No pass without a measurement, asked of every answer: with one answer gone, what rested on it passes no longer.

``SECOND_SOURCES`` names the few verdicts that a second answer carries, and which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from harness.drivers import linux, sonic
from harness.drivers.sonic.qos import CONFIG
from harness.engine import Bench, Owed, open_lab
from harness.evidence import Ask, Evidence
from harness.verdict import Finding, Outcome, Verdict

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "fixtures" / "rack3"
HOST_CAGES = ("1", "3")
"""An active cable and an optic: of each host the same questions are asked of every cage."""

DUMPS = (sonic.EEPROM, "ethtool -m")
PAGE_OF = {command: page for page, command in sonic.EEPROM_PAGES.items()}
SECOND_SOURCES = {
    ("mlxlink", "FEC-01"): "ethtool's word for the code",
    ("mlxlink", "FEC-02"): "ethtool's word for the code",
    ("mlxlink", "FEC-03"): "ethtool's word for the code",
    ("mlxlink", "FEC-04"): "ethtool's word for the code",
    ("mlxlink", "ASIC-07"): "ethtool's lanes",
    ("mlxlink", "LNK-01"): "ethtool's lanes",
    ("mlxlink", "DOM-07"): "the flags latched in the module's pages",
    ("mlnx_qos", "ROCE-01"): "PFC as the kernel has it, by dcb",
    ("mlnx_qos", "ROCE-02"): "PFC as the kernel has it, by dcb",
    ("mlnx_qos", "ROCE-03"): "trust, maps and classes as the kernel has them, by dcb",
    ("show platform summary", "ASIC-03"): "CONFIG_DB's DEVICE_METADATA",
    ("show platform summary", "ASIC-10"): "CONFIG_DB's DEVICE_METADATA, for records held against the platform",
    ("show platform summary", "BRK-01"): "CONFIG_DB's DEVICE_METADATA",
    ("show pfc priority", "ROCE-01"): "CONFIG_DB's PORT_QOS_MAP",
    ("show pfc priority", "ROCE-02"): "CONFIG_DB's PORT_QOS_MAP",
    ("show pfc priority", "ROCE-10"): "CONFIG_DB's PORT_QOS_MAP",
    ("pfcwd show config", "ROCE-06"): "CONFIG_DB's PFC_WD, of which the command is a view",
    ("pfcwd show config", "ROCE-10"): "CONFIG_DB's PFC_WD, of which the command is a view",
    ("show lldp table", "BRK-04"): "the far end's LLDP",
    ("lldpctl -f json0", "LNK-06"): "the far end's LLDP",
    ("sudo sfputil show eeprom-hexdump", "FEC-06"): "the switch's own ratio, which the module's is only compared with",
    ("portstat -fh", "FEC-06"): "the switch's own ratio, which the histogram is only compared with",
    ("ethtool -S", "FEC-11"): "mlxlink's count of the lanes, asked after the window too",
    ("ethtool -S", "ROCE-11"): "dcb's frames, of all priorities",
    ("dcb -j -s pfc show dev", "ROCE-09"): "the driver's frames of the lossless priority",
    ("show interfaces breakout current-mode", "BRK-01"): "CONFIG_DB's BREAKOUT_CFG",
    (CONFIG, "ASIC-03"): "what the switch says that it is",
    (CONFIG, "ASIC-10"): "what the switch says that it is, for records held against the platform",
    (CONFIG, "ROCE-06"): "the watchdog that the switch shows",
    (CONFIG, "BRK-01"): "what the switch says that it is, and the mode that it shows",
    (CONFIG, "ROCE-02"): "the lossless priorities that the switch shows",
}


@cache
def bench() -> Bench:
    return open_lab(ROOT / "lab_configs" / "rack3.yaml")


@cache
def healthy() -> Mapping[Owed, Verdict]:
    return {owed: bench().judge(owed) for owed in bench().plan}


def asked() -> Iterator[Ask]:
    """Every question to one switch and to one host, of the cages that stand for the others."""
    devices = bench().lab.devices
    yield from dict.fromkeys(sonic.DRIVER.asks(devices["leaf1"]))
    others = [cage for cage in devices["gpu1"].cages if cage.name not in HOST_CAGES]
    names = {word for cage in others for word in (f"mlx5_{cage.name}", *(port.name for port in cage.ports))}
    yield from (ask for ask in linux.DRIVER.asks(devices["gpu1"]) if names.isdisjoint(ask.text.split()))


def without(gone: Ask, directory: Path) -> Evidence:
    """The recorded evidence but for one answer, which its index no longer has."""
    (directory / "evidence.json").write_text((STORE / "evidence.json").read_text("utf-8"), "utf-8")
    (directory / "answers").symlink_to(STORE / "answers")
    lines = (STORE / "index.jsonl").read_text("utf-8").splitlines(keepends=True)
    wanted = (gone.device, gone.text, gone.sample)
    kept = [line for line in lines if (said := json.loads(line))["device"] != gone.device or wanted != key(said)]
    assert len(kept) == len(lines) - 1, f"{gone} is not on record"
    (directory / "index.jsonl").write_text("".join(kept), "utf-8")
    return Evidence(directory)


def key(said: Mapping[str, object]) -> tuple[object, object, object]:
    return said["device"], said["ask"], said["sample"]


def cites(finding: Finding, ask: Ask) -> bool:
    """Whether a finding rests on an answer: its source, or the bound of its limit, is there."""
    if ask.text.startswith(DUMPS) and not told(ask):
        module, page = dumped(ask)
        if f"{ask.device}:" not in finding.source.evidence:
            return False
        evidences, places = finding.source.evidence.split(", "), finding.source.where.split(" and ")
        pairs = zip(evidences, places, strict=True) if len(evidences) == len(places) > 1 else product(evidences, places)
        return any(module.search(evidence) and where.startswith(page) for evidence, where in pairs)
    return bool(stated(ask).search(f"{finding.source} {finding.clause}"))


def without_port(command: str) -> str:
    """A question to a host without the port at its end."""
    return re.sub(r" eth\d+$", "", command)


def told(ask: Ask) -> bool:
    """Whether ethtool was asked to tell of a module in words."""
    return ask.text.startswith("ethtool") and "hex" not in ask.text.split()


@cache
def stated(ask: Ask) -> re.Pattern[str]:
    """An answer as a source names it."""
    again = f" #{ask.sample}" if ask.sample > 1 else "(?! #| hex)"
    return re.compile(re.escape(f"{ask.device}: {ask.text}") + again)


@cache
def dumped(ask: Ask) -> tuple[re.Pattern[str], str]:
    """The modules, as a pattern, and the page that a dump shows; no page where it shows all."""
    again = " #2" if ask.sample > 1 else ""
    if ask.text.startswith("ethtool"):
        words = ask.text.split()
        start = "page 00h" if "0x80" in words[: words.index("length")] else "lower memory"
        page = f"page {int(words[words.index('page') + 1], 16):02X}h" if "page" in words else start
        return re.compile(f"^{ask.device}:{words[2]} module{again}$"), page
    page = f"page {PAGE_OF[ask.text]:02X}h" if ask.text in PAGE_OF else ""
    return re.compile(f"^{ask.device}:[^ ]+ module{again}$"), page


def judged(owed: Owed, evidence: Evidence, benches: dict[str, Bench]) -> Verdict:
    lame = benches.setdefault("", Bench(bench().lab, evidence, bench().checks, as_of=bench().as_of))
    return lame.judge(owed)


@pytest.mark.parametrize("gone", tuple(asked()), ids=str)
def test_what_rests_on_an_answer_does_not_pass_without_it(gone: Ask, tmp_path: Path) -> None:
    evidence, benches = without(gone, tmp_path), dict[str, Bench]()
    spellings = (gone.text.split()[0], gone.text, without_port(gone.text))
    for owed, verdict in healthy().items():
        if verdict.outcome is not Outcome.PASS or not any(cites(finding, gone) for finding in verdict.findings):
            continue
        now = judged(owed, evidence, benches)
        assert not now.error, f"{owed}: {now.error}"
        second = any((spelling, owed.check.id) in SECOND_SOURCES for spelling in spellings)
        assert second or now.outcome is not Outcome.PASS, f"{owed} passes without {gone}:\n{now.grounds()}"
        stale = [f for f in now.findings if f.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE) and cites(f, gone)]
        assert not stale, f"{owed} still cites {gone}: {stale[0]}"


def test_the_answers_that_no_verdict_rests_on_are_known() -> None:
    """An answer that is asked for and judged by nobody is listed here, so that one more shows."""
    findings = [finding for verdict in healthy().values() for finding in verdict.findings]
    idle = {ask.text for ask in asked() if not any(cites(finding, ask) for finding in findings)}
    assert {text.rpartition("/")[2] for text in idle if not of_a_group_that_no_module_has(text)} == {
        "show interfaces transceiver presence",
        "show pfc counters",
        "pfcwd show stats -e",
        "show ecn",
        "show interfaces autoneg status",
        "show interfaces flap",
        "show platform psustatus",
        "show platform syseeprom",
        "show platform temperature",
        "show queue counters",
        "show queue wredcounters",
        "hwsku.json",
        "carrier_changes",
        "devlink -j dev info",
        "devlink -j health show",
        "devlink -j port show",
        *(
            command
            for port in ("eth1", "eth3")
            for command in (
                *(
                    f"dcb -j {what} show dev {port}" for what in ("-s pfc", "app", "apptrust", "ets")
                ),  # mlnx_qos told it
                f"ethtool -S {port}",
                f"ethtool -i {port}",
                f"ethtool -m {port}",  # told in registers too
            )
        ),
        "ethtool -m eth1 hex on page 0x11 bank 0x0 offset 0x80 length 0x80",  # again: a cable has no lane monitors
    }


def of_a_group_that_no_module_has(text: str) -> bool:
    """Whether a command dumps a page of the second, third or fourth group of VDM: the simulated modules have one."""
    return bool(re.search(r" 0x2(?:[1-3]|[5-7]|9|a|b)\b", text))
