"""Modules: what they measure, tell, are and run."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..fault import Fault
from ..pages import CONNECTORS
from ..tables import ZERO, form, kind
from ..world import World
from .places import module_lane, ports_of, take_down


def celsius(world: World, fault: Fault) -> None:
    """The module's temperature, and the flags that it raises."""
    module = world.module(fault.target)
    module.celsius = fault.number("value")
    module.raise_temperature_flags()


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
    world.module(fault.target).flags.setdefault(fault.text("value"), set()).add(module_lane(world, fault))


def module_flag(world: World, fault: Fault) -> None:
    """A latched flag of the whole module: its cause is gone."""
    world.module(fault.target).module_flags.add(fault.text("value"))


def revision(world: World, fault: Fault) -> None:
    """The CMIS revision that the module says it follows."""
    world.module(fault.target).revision = fault.text("value")


def flip(world: World, fault: Fault) -> None:
    """One bit of one byte of a page, turned after the checksums were written."""
    world.module(fault.target).flips.append((fault.count("page"), fault.count("byte"), fault.count("bit")))


def register(world: World, fault: Fault) -> None:
    """One byte of a page, or one bit of it, is as said, and the checksums fit; page -1 is lower memory."""
    bit = fault.count("bit") if "bit" in fault.settings else None
    row = (fault.count("page"), fault.count("byte"), bit, fault.count("value"))
    world.module(fault.target).registers.append(row)


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


def applications(world: World, fault: Fault) -> None:
    """The Applications that a module advertises, each host id, media id, host lanes, media lanes; all else stays."""
    found = []
    for told in fault.setting("value"):
        row = [int(str(one), 0) for one in (told.split("/") if isinstance(told, str) else told)]
        if len(row) != 4:
            fault.refuse("an Application is four numbers, such as 80/28/4/4")
        found.append((row[0], row[1], row[2], row[3]))
    world.module(fault.target).applications = found


def no_thresholds(world: World, fault: Fault) -> None:
    """Every threshold of page 02h is zero."""
    thresholds = world.module(fault.target).thresholds
    for name in thresholds:
        thresholds[name] = (ZERO, ZERO, ZERO, ZERO)


def threshold(world: World, fault: Fault) -> None:
    """One threshold of a module; no flag is raised."""
    thresholds = world.module(fault.target).thresholds
    quantity = fault.word("quantity", *thresholds)
    which = THRESHOLDS.index(fault.word("which", *THRESHOLDS))
    quad = list(thresholds[quantity])
    quad[which] = fault.number("value")
    thresholds[quantity] = (quad[0], quad[1], quad[2], quad[3])


THRESHOLDS: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")


def unadvertised(world: World, fault: Fault) -> None:
    """The module advertises one monitor less, or no VDM; its registers and thresholds are zero."""
    names = ("temperature", "vcc", "tx_power", "rx_power", "tx_bias", "vdm")
    world.module(fault.target).unadvertised.add(fault.word("value", *names))


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
    for port in ports_of(world, fault.target):
        take_down(world, port)


def error(world: World, fault: Fault) -> None:
    """What the NOS says is wrong with the module."""
    world.module(fault.target).error = fault.text("value")


def cause(world: World, fault: Fault) -> None:
    """The module names the cause of a fault and stays in its state."""
    world.module(fault.target).fault_cause = fault.text("value")


def stuck(world: World, fault: Fault) -> None:
    """The module's monitors do not move between two reads."""
    world.module(fault.target).stuck = True


def stale(world: World, fault: Fault) -> None:
    """The system read the module's monitors so many seconds before it was asked."""
    world.module(fault.target).stale = fault.count("value")


def firmware(world: World, fault: Fault) -> None:
    """The module runs another firmware, and has it in both banks."""
    module = world.module(fault.target)
    module.firmware, module.committed = fault.text("value"), ""


def committed(world: World, fault: Fault) -> None:
    """A reset would start another firmware than the one that runs."""
    world.module(fault.target).committed = fault.text("value")


def slow_start(world: World, fault: Fault) -> None:
    """A board timed a longer start than the module advertises."""
    world.module(fault.target).start_seconds[fault.text("quantity")] = fault.number("value")


def echo(world: World, fault: Fault) -> None:
    """A page that is advertised shows page 00h instead."""
    world.module(fault.target).echoes.add(fault.count("page"))


def restless(world: World, fault: Fault) -> None:
    """One bit of a static page reads another way the second time."""
    world.module(fault.target).late_flips.append((fault.count("page"), fault.count("byte"), fault.count("bit")))


def serial(world: World, fault: Fault) -> None:
    """The module carries the serial number of another, or one that is given."""
    of = fault.settings.get("of")
    world.module(fault.target).serial = world.module(str(of)).serial if of else fault.text("value")


def serial_number(world: World, fault: Fault) -> None:
    """The serial number that the module carries."""
    world.module(fault.target).serial = fault.text("value")


def lot(world: World, fault: Fault) -> None:
    """The module is of another lot: its serial number, and its firmware or vendor revision where they are given."""
    module = world.module(fault.target)
    module.serial = fault.text("serial")
    module.firmware = str(fault.settings.get("firmware", module.firmware))
    module.lot = str(fault.settings.get("revision", module.lot))


def maker(world: World, fault: Fault) -> None:
    """The module carries another maker's name, number and thresholds of receive power copied to transmit."""
    module = world.module(fault.target)
    module.vendor, module.number = fault.text("vendor"), fault.text("number")
    module.thresholds["tx_power_dbm"] = module.thresholds["rx_power_dbm"]


def connector(world: World, fault: Fault) -> None:
    """The connector that the module names."""
    world.module(fault.target).connector = fault.word("value", *CONNECTORS)


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
