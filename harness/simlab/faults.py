"""Faults that are planted in a healthy world, declared in a table.

A fault is one row of a TOML file: what it is called, what it does (``do`` and what that needs), which check should name
it and on which subject. Each ``do`` is one function below and changes no more than its docstring says.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn

from ..errors import InputError
from ..evidence import Ask
from ..lab.platforms import names_of
from .tables import ZERO, form, kind
from .world import Lane, Port, World, Wred, media_lanes

CODES: Final = ("rs", "fc", "none", "auto")
"""Codes as the lab file names them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of a table of faults."""

    name: str
    do: str
    target: str  # "leaf1:Ethernet64", or a device
    checks: tuple[str, ...]  # ids that should name it
    subject: str  # what they should name
    file: Path
    settings: Mapping[str, Any]

    def refuse(self, why: str) -> NoReturn:
        raise InputError(f"{self.file}: fault {self.name!r}: {why}")

    def number(self, name: str) -> Decimal:
        try:
            return Decimal(str(self.setting(name)))
        except ArithmeticError:
            self.refuse(f"{name} {self.setting(name)!r}: a number was expected")

    def count(self, name: str) -> int:
        try:
            return int(str(self.setting(name)), 0)
        except ValueError:
            self.refuse(f"{name} {self.setting(name)!r}: a whole number was expected")

    def text(self, name: str) -> str:
        return str(self.setting(name))

    def setting(self, name: str) -> Any:
        if name not in self.settings:
            self.refuse(f"{self.do} needs {name!r}")
        return self.settings[name]


@dataclass(slots=True)
class Damage:
    """What happens to answers after they were printed, by device, command and sample."""

    lost: set[tuple[str, str]] = field(default_factory=set)
    silent: set[tuple[str, str]] = field(default_factory=set)
    altered: set[tuple[str, str]] = field(default_factory=set)

    def missing(self, ask: Ask) -> bool:
        return (ask.device, ask.text) in self.lost

    def unanswered(self, ask: Ask) -> bool:
        return (ask.device, ask.text) in self.silent

    def tampered(self, ask: Ask) -> bool:
        return (ask.device, ask.text) in self.altered


def read(file: Path) -> tuple[Fault, ...]:
    """The faults that a table declares, in its order."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as bad:
        raise InputError(f"{file}: {bad}") from None
    faults = []
    for row in document.get("fault", []):
        held = dict(row)
        try:
            taken = [held.pop(name) for name in ("name", "do", "target", "checks", "subject")]
        except KeyError as gone:
            raise InputError(f"{file}: fault {row.get('name', '?')!r}: {gone} is missing") from None
        faults.append(Fault(taken[0], taken[1], taken[2], tuple(taken[3]), taken[4], file, held))
    return tuple(faults)


def plant(world: World, damage: Damage, fault: Fault) -> None:
    """Change the world, or what becomes of its answers, as a fault says."""
    if fault.do in DAMAGES:
        kept = getattr(damage, DAMAGES[fault.do])
        kept.add((fault.target, fault.text("command")))
        return
    if fault.do not in CHANGES:
        fault.refuse(f"nobody knows how to do {fault.do!r}; there are {', '.join(sorted({*CHANGES, *DAMAGES}))}")
    CHANGES[fault.do](world, fault)


def _lane(world: World, fault: Fault) -> Lane:
    lanes = media_lanes(world.port(fault.target))
    number = fault.count("lane")
    if not 1 <= number <= len(lanes):
        fault.refuse(f"{fault.target} has media lanes 1 to {len(lanes)}")
    return lanes[number - 1]


def _module_lane(world: World, fault: Fault) -> int:
    """The lane of the module that is lane ``lane`` of the port."""
    return world.port(fault.target).lanes[fault.count("lane") - 1]


# --- FEC and counters ---------------------------------------------------------------------------------------------


def fec(world: World, fault: Fault) -> None:
    """A port is configured for, and runs, another code."""
    port = world.port(fault.target)
    port.fec = port.fec_runs = _code(fault)


def fec_runs(world: World, fault: Fault) -> None:
    """A port runs another code than it is configured for; its counters stay."""
    world.port(fault.target).fec_runs = _code(fault)


def _code(fault: Fault) -> str:
    code = fault.text("value")
    if code not in CODES:
        fault.refuse(f"FEC {code!r}: {', '.join(CODES)} were expected")
    return code


def uncorrectable(world: World, fault: Fault) -> None:
    """Uncorrectable codewords at the first and at the second sample."""
    first, second = fault.setting("value")
    world.port(fault.target).uncorrected = (int(first), int(second))


def ber(world: World, fault: Fault) -> None:
    """The bit error ratio before FEC."""
    world.port(fault.target).ber = fault.number("value")


def no_histogram(world: World, fault: Fault) -> None:
    """The ASIC leaves every bin of the histogram at zero."""
    world.port(fault.target).histogram = False


# --- light --------------------------------------------------------------------------------------------------------


def rx(world: World, fault: Fault) -> None:
    """The power that one lane of a port receives, dBm."""
    _lane(world, fault).rx = fault.number("value")


def tx(world: World, fault: Fault) -> None:
    """The power that one lane of a port sends, dBm; the far end receives as before."""
    _lane(world, fault).tx = fault.number("value")


def bias(world: World, fault: Fault) -> None:
    """The laser current of one lane of a port, mA."""
    _lane(world, fault).bias = fault.number("value")


def tdecq(world: World, fault: Fault) -> None:
    """TDECQ of one lane as the laboratory measured it, dB."""
    _lane(world, fault).tdecq = fault.number("value")


# --- modules ------------------------------------------------------------------------------------------------------


def celsius(world: World, fault: Fault) -> None:
    """The module's temperature, and the flags that it raises."""
    module = world.module(fault.target)
    module.celsius = fault.number("value")
    high_alarm, _, high_warning, _ = module.thresholds["temperature_c"]
    for limit, flag in ((high_alarm, "temperature_high_alarm"), (high_warning, "temperature_high_warning")):
        if module.celsius > limit:
            module.module_flags.add(flag)


def volts(world: World, fault: Fault) -> None:
    """The module's supply, and the flags that it raises."""
    module = world.module(fault.target)
    module.volts = fault.number("value")
    _, low_alarm, _, low_warning = module.thresholds["vcc_v"]
    for limit, flag in ((low_alarm, "vcc_low_alarm"), (low_warning, "vcc_low_warning")):
        if module.volts < limit:
            module.module_flags.add(flag)


def flag(world: World, fault: Fault) -> None:
    """A latched flag of one lane: its cause is gone."""
    world.module(fault.target).flags.setdefault(fault.text("value"), set()).add(_module_lane(world, fault))


def revision(world: World, fault: Fault) -> None:
    """The CMIS revision that the module says it follows."""
    world.module(fault.target).revision = fault.text("value")


def flip(world: World, fault: Fault) -> None:
    """One bit of one byte of a page, turned after the checksums were written."""
    world.module(fault.target).flips.append((fault.count("page"), fault.count("byte"), fault.count("bit")))


def control(world: World, fault: Fault) -> None:
    """A left-over control of pages 10h or 13h on every lane of the port."""
    module = world.module(fault.target)
    module.controls.setdefault(fault.text("value"), set()).update(world.port(fault.target).lanes)


def data_path(world: World, fault: Fault) -> None:
    """The data path of a port is stuck in a state."""
    module = world.module(fault.target)
    for lane in world.port(fault.target).lanes:
        module.data_path[lane - 1] = fault.text("value")


def active(world: World, fault: Fault) -> None:
    """The active set of a port names another application than the staged set."""
    module = world.module(fault.target)
    lanes = world.port(fault.target).lanes
    for lane in lanes:
        module.active[lane - 1] = (fault.count("value"), lane - 1)


def no_thresholds(world: World, fault: Fault) -> None:
    """Every threshold of page 02h is zero."""
    thresholds = world.module(fault.target).thresholds
    for name in thresholds:
        thresholds[name] = (ZERO, ZERO, ZERO, ZERO)


def watts(world: World, fault: Fault) -> None:
    """The most that the module says it draws."""
    world.module(fault.target).watts = fault.number("value")


def state(world: World, fault: Fault) -> None:
    """The module's state, with no data path; its ports lose their link."""
    module = world.module(fault.target)
    module.state = fault.text("value")
    module.fault_cause = str(fault.settings.get("cause", "no fault"))
    module.data_path = ["DPDeactivated"] * len(module.data_path)
    for lane in module.lanes:
        lane.tx, lane.bias = Decimal(-40), ZERO
    for port in _ports_of(world, fault.target):
        _down(world, port)


def error(world: World, fault: Fault) -> None:
    """What the NOS says is wrong with the module."""
    world.module(fault.target).error = fault.text("value")


def cause(world: World, fault: Fault) -> None:
    """The module names the cause of a fault and stays in its state."""
    world.module(fault.target).fault_cause = fault.text("value")


def stuck(world: World, fault: Fault) -> None:
    """The module's monitors do not move between two reads."""
    world.module(fault.target).stuck = True


def committed(world: World, fault: Fault) -> None:
    """A reset would start another firmware than the one that runs."""
    world.module(fault.target).committed = fault.text("value")


def slow_start(world: World, fault: Fault) -> None:
    """A board timed a longer start than the module advertises."""
    world.module(fault.target).start_seconds[fault.text("quantity")] = fault.number("value")


def snr(world: World, fault: Fault) -> None:
    """The SNR that a module observes on one media lane of a port."""
    world.module(fault.target).snr[_module_lane(world, fault)] = fault.number("value")


def echo(world: World, fault: Fault) -> None:
    """A page that is advertised shows page 00h instead."""
    world.module(fault.target).echoes.add(fault.count("page"))


def restless(world: World, fault: Fault) -> None:
    """One bit of a static page reads another way the second time."""
    world.module(fault.target).late_flips.append((fault.count("page"), fault.count("byte"), fault.count("bit")))


def serial(world: World, fault: Fault) -> None:
    """The module carries the serial number of another."""
    world.module(fault.target).serial = world.module(fault.text("of")).serial


def maker(world: World, fault: Fault) -> None:
    """The module carries another maker's name, number and thresholds of receive power copied to transmit."""
    module = world.module(fault.target)
    module.vendor, module.number = fault.text("vendor"), fault.text("number")
    module.thresholds["tx_power_dbm"] = module.thresholds["rx_power_dbm"]


def form_factor(world: World, fault: Fault) -> None:
    """The module says that it is of another form factor."""
    module = world.module(fault.target)
    module.form = form(fault.text("value"))
    module.identifier = module.form.identifier


def other_part(world: World, fault: Fault) -> None:
    """Another part sits in the cage: its PMD and part number, with applications that fit no plan."""
    module = world.module(fault.target)
    made = kind(fault.text("pmd"), "optic", fault.text("form_factor"))
    module.kind, module.number = made, fault.text("value")
    module.watts = made.watts
    for number, lane in enumerate(module.lanes):
        lane.wavelength = made.near_nm[number % len(made.near_nm)]


# --- ports --------------------------------------------------------------------------------------------------------


def down(world: World, fault: Fault) -> None:
    """A link is down at both ends; light and modules stay."""
    _down(world, world.port(fault.target))


def mtu(world: World, fault: Fault) -> None:
    """The port's MTU."""
    world.port(fault.target).mtu = fault.count("value")


def pfc(world: World, fault: Fault) -> None:
    """The priorities that a port pauses."""
    world.port(fault.target).lossless = frozenset(int(priority) for priority in fault.setting("value"))


def dscp(world: World, fault: Fault) -> None:
    """One code point is mapped to another traffic class on a whole device."""
    world.devices[fault.target].maps["AZURE"][fault.count("dscp")] = fault.count("value")


def ecn(world: World, fault: Fault) -> None:
    """One port's RoCE queue uses a WRED profile of its own."""
    port = world.port(fault.target)
    port.wred = fault.text("profile")
    world.devices[port.device].wred[port.wred] = Wred(fault.count("low"), fault.count("high"), 5)


def mode(world: World, fault: Fault) -> None:
    """A cage is configured for a breakout mode.  SONiC keeps the ports as they were planned, others have new ones."""
    port = world.port(fault.target)
    device = world.devices[port.device]
    cage = next(cage for cage in device.cages if port in cage.ports)
    cage.mode = device.platform.mode(fault.text("value"), cage.lanes)
    names = names_of(device.plan.nos)
    if names is None:
        return
    found = re.fullmatch(r"1x([0-9]+)G", fault.text("value"))
    if found is None:
        fault.refuse("a switch that is not SONiC can only be given a whole cage, such as 1x800G")
    whole = cage.ports[0]
    for gone in cage.ports:  # what was at the other ends hears of nobody
        if gone.peer is not None:
            other = world.port(":".join(gone.peer))
            other.peer = None
            _down(world, other)
    whole.peer = None
    whole.name = whole.alias = names.of(cage.number, 1, 1, children=1, lanes=cage.lanes)
    whole.gbps, whole.lanes = int(found[1]), tuple(range(1, cage.lanes + 1))
    cage.ports = [whole]


def lanes(world: World, fault: Fault) -> None:
    """A port is left with its first few SerDes lanes; its speed stays as it was asked for."""
    port = world.port(fault.target)
    port.serdes = port.serdes[: fault.count("value")]


def swap(world: World, fault: Fault) -> None:
    """The cables of two ports are exchanged at this end."""
    here, other = world.port(fault.target), world.port(fault.text("with"))
    here.peer, other.peer = other.peer, here.peer
    for port in (here, other):
        if port.peer is not None:
            world.port(":".join(port.peer)).peer = (port.device, port.name)


def _ports_of(world: World, where: str) -> list[Port]:
    module = world.module(where)
    return [port for device in world.devices.values() for port in device.ports if port.module is module]


def _down(world: World, port: Port) -> None:
    for end in (port, *([world.port(":".join(port.peer))] if port.peer else [])):
        end.up = False


SETTINGS: Final[Mapping[str, str]] = {
    "fec": "value", "fec_runs": "value", "uncorrectable": "value", "ber": "value", "no_histogram": "",
    "rx": "value lane", "tx": "value lane", "bias": "value lane", "tdecq": "value lane",
    "celsius": "value", "volts": "value", "flag": "value lane", "revision": "value", "flip": "page byte bit",
    "control": "value", "data_path": "value", "active": "value", "no_thresholds": "", "watts": "value",
    "state": "value cause", "error": "value", "cause": "value", "stuck": "", "committed": "value",
    "slow_start": "quantity value", "snr": "value lane", "echo": "page", "restless": "page byte bit",
    "serial": "of", "maker": "vendor number", "form_factor": "value", "other_part": "value pmd form_factor",
    "down": "", "mtu": "value", "pfc": "value", "dscp": "dscp value", "ecn": "profile low high",
    "mode": "value", "lanes": "value", "swap": "with", "silence": "command",
}  # fmt: skip
"""What each fault is told, the first of it where it is planted by hand: ``rx=-35 lane=3``."""

LISTS: Final = frozenset({"uncorrectable", "pfc"})
"""Faults whose value is a list: ``12,49``."""


Change = Callable[[World, Fault], None]

CHANGES: Final[Mapping[str, Change]] = {
    change.__name__: change
    for change in (
        fec, fec_runs, uncorrectable, ber, no_histogram, rx, tx, bias, tdecq, celsius, volts, flag, revision, flip,
        control, data_path, active, no_thresholds, watts, state, error, cause, stuck,
        committed, slow_start, snr, echo, restless, serial, maker, form_factor, other_part, down, mtu, pfc, dscp,
        ecn, mode, lanes, swap,
    )
}  # fmt: skip

DAMAGES: Final[Mapping[str, str]] = {"lose": "lost", "silence": "silent", "alter": "altered"}
"""What becomes of an answer: its file is gone, it never came, its bytes are not those of its hash."""
