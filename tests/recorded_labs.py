"""Labs made of the recordings of real modules and systems, so that every check can be judged on what others recorded.

``modules`` puts each dump of a module into a slot of a board and into a cage of a switch; ``systems`` makes of each
recorded answer a device of its system, whose ports are those that the answer names, declared as they are seen to run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from harness.decode.dump import read_dump
from harness.decode.memory import HALF, Page
from harness.decode.transceiver import Transceiver, transceiver
from harness.drivers import answers, driver, eeproms
from harness.drivers.board import READ
from harness.drivers.sonic.qos import CONFIG
from harness.engine import Bench, all_checks
from harness.errors import InputError
from harness.evidence import Answer, Ask, Evidence, Kind, Origin, Recorder
from harness.imported import questions_of
from harness.imported.names import Meant
from harness.lab.load import load
from harness.model import DeviceFacts, PortFacts
from harness.reading import Missing, Reading, Value
from tests.recordings import RECORDINGS, REPOSITORY

NOON: Final = datetime(2026, 1, 2, 12, tzinfo=UTC)
PROFILE: Final = REPOSITORY / "lab_configs" / "profiles" / "ai-backend.toml"

# --- modules --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a buyer of a recorded module would have ordered, as near as the tables of PMDs come to it."""

    stem: str  # of the recording
    kind: str
    pmd: str
    form_factor: str
    lanes: int  # of the cage

    @property
    def speed(self) -> int:
        """Gb/s of the module: that of the PMD's name."""
        found = re.match(r"[0-9]+", self.pmd)
        assert found
        return int(found[0])

    @property
    def ports(self) -> int:
        """How many ports it carries: the two of a twin-port module are ports of their own."""
        return 2 if self.pmd.startswith("800G-2x") else 1


def ordered() -> tuple[Ordered, ...]:
    """Every recorded module, from the table beside."""
    lines = (REPOSITORY / "tests" / "recorded_modules.csv").read_text("utf-8").splitlines()
    rows = (line.split(",") for line in lines[1:])
    return tuple(Ordered(stem, kind, pmd, form, int(lanes)) for stem, kind, pmd, form, lanes in rows)


def modules(folder: Path) -> Bench:
    """The bench of a switch and a host whose cages hold the recorded modules, and of a board for each of them."""
    held = ordered()
    cables = [one for one in held if one.kind not in ("optic", "linear")]
    dumps = {one.stem: (RECORDINGS / "eeprom" / f"{one.stem}.json").read_bytes() for one in held}
    parts = {one.stem: part(one, dumps[one.stem]) for one in held}
    cage = {one.stem: number for number, one in enumerate(held, start=1)}
    port = {one.stem: f"Ethernet{cage[one.stem]}{'-1' if one.ports > 1 else ''}" for one in held}
    far = {one.stem: f"eth{number}" for number, one in enumerate(cables)}
    links: dict[str, Any] = {f"leaf1:{port[one.stem]}--gpu1:{far[one.stem]}": {"cable_m": 1} for one in cables}
    for first, second in pairs(one for one in held if one.kind == "optic"):
        links[f"leaf1:{port[first.stem]}--leaf1:{port[second.stem]}"] = {"fiber": fiber(first)}
    lab = {
        "name": "modules",
        "profile": str(PROFILE),
        "evidence": "evidence",
        "platform_facts": {"SWITCH": platform({str(cage[one.stem]): socket(one) for one in held})},
        "devices": {
            "leaf1": {
                "kind": "switch",
                "platform": "SWITCH",
                "nos": "sonic",
                "rack": "r1",
                "names": {"whole": "Ethernet{cage}", "child": "Ethernet{cage}-{child}"},
                "eeproms": "/sys/{cage}-0050/eeprom",
                "cages": {str(cage[one.stem]): socket(one) for one in held},
            },
            "gpu1": {
                "kind": "host",
                "nic": "ConnectX-8",
                "rack": "r1",
                "names": "eth{cage}",
                "eeproms": "/sys/{cage}-0050/eeprom",
                "cages": {str(number): socket(one) for number, one in enumerate(cables)},
            },
            **{
                f"board{cage[one.stem]}": {
                    "kind": "board",
                    "cages": {"1": {"module": one.stem, "lanes": one.lanes, "speed": one.speed}},
                }
                for one in held
            },
        },
        "links": links,
        "paths": {"there": {"from": f"gpu1:{far[cables[0].stem]}", "to": f"gpu1:{far[cables[1].stem]}"}},
        "racks": {"r1": {"budget_watts": 20000, "overhead": 1.1}},
        "parts": parts,
    }
    file = written(folder, lab)
    devices = load(file).devices
    with Recorder(folder / "evidence", origin=Origin.RECORDED, made_by="test") as recorder:
        for one in held:
            recorder.append(Answer(Ask(f"board{cage[one.stem]}", Kind.REGISTERS, READ), dumps[one.stem], 0, NOON))
        for name, those in (("leaf1", held), ("gpu1", cables)):
            for plan, one in zip(devices[name].cages, those, strict=True):
                pages = read_dump(dumps[one.stem], one.stem).pages
                for span in eeproms.SPANS:
                    ask, body = Ask(name, Kind.CLI, eeproms.command(devices[name], plan, span)), as_od(pages, span)
                    recorder.append(Answer(ask, body, 0, NOON) if body else Answer(ask, b"", 1, NOON, stderr="od: I/O"))
    return Bench(load(file), Evidence(folder / "evidence"), all_checks())


def socket(one: Ordered) -> dict[str, Any]:
    """A cage that takes a module as it was ordered."""
    return {
        "mode": f"{one.ports}x{one.speed // one.ports}G",
        "lanes": one.lanes,
        "form_factor": one.form_factor,
        "module": one.stem,
        "fec": "rs",
        "mtu": 9100,
        "lossless": True,
    }


def fiber(one: Ordered) -> dict[str, Any]:
    """A trunk that fits a PMD: of the plant nothing was recorded, so that it is declared to be right."""
    parallel = re.search(r"(?:[DSV]R|PSM)[248]", one.pmd) is not None
    plug = "2xMPO-12" if one.pmd == "800G-2xDR4" else "MPO-16" if "DR8" in one.pmd else "MPO-12" if parallel else "LC"
    kind = "OM4" if re.search(r"BASE-[SV]R", one.pmd) else "OS2"
    return {
        "type": kind,
        "length_m": 30,
        "connectors": [plug.removeprefix("2x")] * 2,
        "polish": "APC" if parallel else "UPC",
    }


def platform(cages: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A platform that takes what is declared: of the switches themselves nothing was recorded."""
    told = {
        name: {
            "lanes": cage["lanes"],
            "lane_gbps": 100,
            "modes": [cage["mode"]],
            "watts": 50,
            "form_factor": cage.get("form_factor", "OSFP"),
        }
        for name, cage in cages.items()
    }
    return {"source": "the test", "by": "the test", "asic": "Tomahawk 5", "cages": told}


def part(one: Ordered, dump: bytes) -> dict[str, Any]:
    """A part with the maker and the number that the module itself tells, as far as it tells them."""
    seen = module_of(dump, one.stem)
    return {
        "vendor": words(seen.vendor_name) or "NOT TOLD",
        "number": words(seen.vendor_pn) or "NOT-TOLD",
        "kind": one.kind,
        "pmd": one.pmd,
        "form_factor": one.form_factor,
        "quantity": 3,
        "spares": 1,
    }


def module_of(dump: bytes, name: str) -> Transceiver:
    return transceiver(read_dump(dump, name))


def words(value: Value[str]) -> str:
    """A text of a module that can stand in a lab file."""
    return re.sub(r"[^ -~]", "", value.value).strip() if isinstance(value, Reading) else ""


def pairs(optics: Iterable[Ordered]) -> Iterator[tuple[Ordered, Ordered]]:
    """Optics of one PMD, two and two; the one that is left over has no link."""
    waiting: dict[str, Ordered] = {}
    for one in optics:
        if one.pmd in waiting:
            yield waiting.pop(one.pmd), one
        else:
            waiting[one.pmd] = one


def as_od(pages: Mapping[Page, bytes | None], span: eeproms.Span) -> bytes:
    """What ``od`` would print of the pages of a span; nothing from the first that the dump lacks."""
    sfp = any(page.sfp for page in pages)
    if sfp and span is not eeproms.IDENTITY:
        return b""
    lines: list[str] = []
    for page in eeproms.pages_of(span, sfp):
        held = pages.get(page)
        if held is None or len(held) != HALF:
            break
        lines.append(" " + held.hex(" "))
    return "".join(f"{line}\n" for line in lines).encode()


# --- systems --------------------------------------------------------------------------------------------------------

SYSTEMS: Final[Mapping[str, str]] = {
    "sonic": "sonic",
    "arista_eos": "eos",
    "cisco_nxos": "nxos",
    "cisco_iosxr": "iosxr",
    "juniper_junos": "junos",
    "cumulus": "cumulus",
}
"""Systems as the index of the recordings calls them."""

SHORT: Final = (
    (re.compile(r"^Eth?(?=[0-9])"), "Ethernet"),
    (re.compile(r"^(?:Optics ?|CoherentDSP ?|Gi)(?=[0-9])"), "HundredGigE"),
)
PORT: Final = re.compile(
    r"(?:Ethernet|swp|(?:et|xe|ge)-|(?:Forty|Hundred|FourHundred|TenTwenty\w*)GigE)[0-9/:]*[0-9](?:s[0-9])?"
)
LANES: Final[Mapping[int, int]] = {10: 1, 25: 1, 40: 4, 50: 1, 100: 4, 200: 4, 400: 8, 800: 8}
PMDS: Final[Mapping[int, str]] = {
    10: "100GBASE-SR1",
    25: "100GBASE-SR1",
    40: "100GBASE-SR4",
    50: "50GBASE-SR",
    100: "100GBASE-SR4",
    200: "200GBASE-SR4",
    400: "400GBASE-DR4",
    800: "800GBASE-DR8",
}
USUAL: Final = 400
"""Gb/s of a port of which none was seen."""

USUAL_IN: Final[Mapping[str, int]] = {"SFP": 10, "SFP+": 10, "SFP28": 25, "QSFP+": 40, "QSFP28": 100, "QSFP56": 200}
"""The same, where the module in it was seen."""

FORM_FACTORS: Final[Mapping[str, str]] = {"SFP": "SFP28", "QSFP+": "QSFP28"}
"""Cages for modules that have no cage of their own in the tables."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded answer that a driver asks for."""

    file: str
    nos: str
    question: str
    text: str

    @property
    def device(self) -> str:
        return device_of(self.file)


def device_of(file: str) -> str:
    """A recording as the name of a device."""
    return re.sub(r"[^A-Za-z0-9]+", "-", file.rpartition(".")[0])


@cache
def index() -> tuple[Mapping[str, Any], ...]:
    path = RECORDINGS / "cli" / "index.json"
    return tuple(json.loads(path.read_text("utf-8"))) if path.exists() else ()


def systems(folder: Path) -> Bench:
    """The bench of a device for each recorded answer that a driver asks for, and of one for each recorded database."""
    told = {**answered(folder), **databases()}
    named = {device: ports_named(recorded) for device, recorded in told.items()}
    plain = {device: {port: cage_of(USUAL) for port in ports} for device, ports in named.items()}
    file = written(folder, fabric(told, plain, {}))
    with Recorder(folder / "evidence", origin=Origin.RECORDED, made_by="test") as recorder:
        for device, recorded in told.items():
            for one in recorded:
                recorder.append(Answer(Ask(device, Kind.CLI, one.question), one.text.encode(), 0, NOON))
    lab, evidence, checks = load(file), Evidence(folder / "evidence"), all_checks()
    facts = {name: driver(plan.nos).decode(plan, evidence) for name, plan in lab.devices.items()}
    seen: dict[str, dict[str, Any]] = {
        name: {port: as_seen(facts[name], port) for port in ports} for name, ports in named.items()
    }
    parts: dict[str, Any] = {}
    for name, cages in seen.items():
        for port, cage in cages.items():
            if (found := part_seen(facts[name].modules.get(port), PMDS[int(cage["mode"][2:-1])])) is not None:
                key = re.sub(r"[^A-Za-z0-9]+", "-", f"{found['vendor']} {found['number']} {found['pmd']}")
                held = parts.setdefault(key, {**found, "quantity": 1, "spares": 1})
                held["quantity"] += 1
                cage |= {"module": key, "form_factor": found["form_factor"]}
    return Bench(load(written(folder, fabric(told, seen, parts))), evidence, checks)


def fabric(
    told: Mapping[str, Sequence[Recorded]], cages: Mapping[str, Any], parts: Mapping[str, Any]
) -> dict[str, Any]:
    """A lab file of switches."""
    devices = {
        device: {
            "kind": "switch",
            "platform": device,
            "nos": recorded[0].nos,
            "names": "{cage}",
            **({"cages": cages[device]} if cages[device] else {}),
        }
        for device, recorded in told.items()
    }
    return {
        "name": "systems",
        "profile": str(PROFILE),
        "evidence": "evidence",
        "platform_facts": {device: platform(cages[device]) for device in told},
        "devices": devices,
        "parts": parts,
    }


def answered(folder: Path) -> dict[str, list[Recorded]]:
    """Recorded answers by device: each its own, for most of them are of different switches."""
    bare = {"kind": "switch", "platform": "recorded", "names": "{cage}", "cages": {"swp1": cage_of(USUAL)}}
    devices = {nos: {**bare, "nos": nos} for nos in SYSTEMS.values()}
    lab = load(written(folder, {"name": "questions", "profile": str(PROFILE), "devices": devices}))
    known = {nos: questions_of(lab, nos) for nos in SYSTEMS.values()}
    found: dict[str, list[Recorded]] = {}
    for entry in index():
        nos = SYSTEMS[entry["nos"]]
        meant = known[nos].command(entry["command"])
        if isinstance(meant, Meant):
            text = (RECORDINGS / "cli" / entry["file"]).read_text("utf-8")
            one = Recorded(entry["file"], nos, meant.text, text)
            found.setdefault(one.device, []).append(one)
    return found


def databases() -> dict[str, list[Recorded]]:
    """The recorded databases of SONiC: configurations, and the three that one set of tests shares."""
    found: dict[str, list[Recorded]] = {}
    for path in sorted(RECORDINGS.glob("sonic_config/config_db/*.json")):
        one = Recorded(f"config-{path.stem}.json", "sonic", CONFIG, path.read_text("utf-8"))
        found[one.device] = [one]
    shared = []
    for path in sorted(RECORDINGS.glob("sonic_config/redis/*.json")):
        database = path.stem.removeprefix("utilities-mock_").upper()
        held = {key: {"type": "hash", "value": row} for key, row in json.loads(path.read_text("utf-8")).items()}
        shared.append(Recorded("redis.json", "sonic", f"sonic-db-dump -n {database} -y", json.dumps(held)))
    return {**found, **({"redis": shared} if shared else {})}


def ports_named(recorded: Sequence[Recorded]) -> tuple[str, ...]:
    """The ports that answers name, in their order; one that none of them could have named where they name none."""
    found: dict[str, None] = {}
    for one in recorded:
        for name in names_in(one):
            for short, full in SHORT:
                name = short.sub(full, name)
            if PORT.fullmatch(name):
                found[name] = None
    return tuple(found) or ("HundredGigE0/0/0/0" if recorded[0].nos == "iosxr" else "Ethernet0",)


def names_in(one: Recorded) -> Iterator[str]:
    """Everything in an answer that may be the name of a port."""
    if one.question == CONFIG:
        yield from json.loads(one.text).get("PORT", {})
    elif one.question.startswith("sonic-db-dump"):
        yield from (re.split(r"[|:]", key, maxsplit=1)[-1] for key in json.loads(one.text))
    else:
        try:
            rows = answers.parse(one.nos, one.question, one.text).records
        except InputError:
            return
        yield from (str(row[key]) for row in rows for key in ("interface", "name") if row.get(key))


def cage_of(speed: int, lanes: int | None = None) -> dict[str, Any]:
    return {"mode": f"1x{speed}G", "lanes": lanes or LANES[speed]}


def as_seen(facts: DeviceFacts, port: str) -> dict[str, Any]:
    """A cage with a port as it was seen to run; what was not seen is declared as usual."""
    seen = facts.ports[port]
    told, lanes = speed_seen(seen, facts.modules.get(port)), whole(seen.lanes)
    speed = told if told in LANES else USUAL
    fits = lanes and speed % lanes == 0 and speed // lanes in (10, 25, 50, 100)
    mtu = whole(seen.mtu)
    word = seen.fec_configured.value if isinstance(seen.fec_configured, Reading) else ""
    return {
        **cage_of(speed, lanes if fits else None),
        "fec": word if word in ("rs", "fc", "none") else "rs",
        "mtu": mtu if mtu is not None and mtu > 0 else 9100,
        "lossless": True,
        "up": not (isinstance(seen.admin, Reading) and seen.admin.value == "down"),
    }


def speed_seen(seen: PortFacts, module: Transceiver | None) -> int:
    """Gb/s as the system tells them, else by its breakout mode, else as usual for the module; 0 where nothing tells."""
    if (told := whole(seen.speed)) is not None:
        return told
    if isinstance(seen.breakout_mode, Reading):
        alone = re.match(r"1x([0-9]+)G", seen.breakout_mode.value)
        return int(alone[1]) if alone else 0
    if module is None or isinstance(module.form_factor, Missing):
        return 0
    return USUAL_IN.get(module.form_factor.value, 0)


def whole(value: Value[Any]) -> int | None:
    return int(value.value) if isinstance(value, Reading) else None


def part_seen(seen: Transceiver | None, pmd: str) -> dict[str, Any] | None:
    """The part that a module says it is; None where none was seen."""
    if seen is None:
        return None
    maker, number = words(seen.vendor_name), words(seen.vendor_pn)
    if not (maker or number or isinstance(seen.temperature, Reading)):
        return None
    told = seen.form_factor
    form = FORM_FACTORS.get(told.value, told.value) if isinstance(told, Reading) else "QSFP-DD"
    about = {"vendor": maker or "NOT TOLD", "number": number or "NOT-TOLD", "kind": "optic", "pmd": pmd}
    return {**about, "form_factor": form}


# --- what a verdict is about ----------------------------------------------------------------------------------------


def recordings_of(bench: Bench, subject: str) -> frozenset[str]:
    """The recordings that a subject was made of: modules by their name, answers by that of their device."""
    lab, parts = bench.lab, bench.lab.parts
    if subject == lab.name:
        return frozenset([f"all {lab.name}"])
    ends = subject.split("--") if "--" in subject else [subject]
    if lab.name == "systems":
        if subject in parts:
            return frozenset(
                d.name for d in lab.devices.values() if any(c.module and c.module.part == subject for c in d.cages)
            )
        return frozenset(end.partition(":")[0] for end in ends)
    held = {str(port): cage.module for d in lab.devices.values() for cage in d.cages for port in cage.ports}
    modules = [held[end] for end in ends if end in held]
    return frozenset(module.part for module in modules if module) or frozenset(
        [subject if subject in parts else "all modules"]
    )


def written(folder: Path, lab: Mapping[str, Any]) -> Path:
    """A lab file; JSON is YAML."""
    file = folder / "lab.yaml"
    file.write_text(json.dumps(lab, indent=1), "utf-8")
    return file
