"""What a simulated GPU host with ConnectX NICs answers: iproute2, ethtool, lldpctl, sysfs, mlxlink and mlnx_qos.

No recording of these was at hand: the formats follow the tools' own sources and documents and are listed as unproved in
``fixtures/README.md``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from ...decode import codes
from ...decode.memory import LOWER_MEMORY, Memory, Page
from ...decode.transceiver import transceiver
from ...reading import Reading, Value
from ...units import Unit, mw_to_dbm
from ..pages import LOWER, memory
from ..tables import Kind
from ..world import LINK_UP_SECONDS, Device, Module, Port, World, mac, milliwatts, share
from . import rdma
from .sonic import heard, neighbour

PAGES: Final = (0x00, 0x01, 0x02, 0x10, 0x11, 0x13)
TWICE: Final = (0x00, 0x01, 0x02, 0x11)
MORE_PAGES: Final = (*range(0x20, 0x2C), 0x2F, 0x9F)
PAGE: Final = re.compile(
    r"ethtool -m (\S+) hex on (?:page (0x[0-9a-f]+) bank 0x0|i2c 0x50) offset (0x[0-9a-f]+) length 0x80"
)
PRIORITIES: Final = range(8)


class Refused(Exception):
    """The command ended in an error; the text is what it printed."""


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the host prints; ``Refused`` where the command fails, None for one that it does not know."""
    if command == "ip -j link show":
        return links(device)
    if command == "lldpctl -f json0":
        return lldp(world, device)
    if command in OF_HOST:
        return OF_HOST[command](device, elapsed)
    for pattern, known in COMMANDS:
        if found := pattern.fullmatch(command):
            return known(device, _port(device, found[1]), elapsed)
    if found := PAGE.fullmatch(command):
        port = _port(device, found[1])
        start = int(found[3], 0)
        return page(port, int(found[2], 0) if found[2] else 0 if start else LOWER, start, elapsed)
    return None


def _port(device: Device, name: str) -> Port:
    port = next((port for port in device.ports if name in (port.name, port.cage)), None)
    if port is None:
        raise Refused("netlink error: No such device\n")
    return port


def commands(device: Device) -> tuple[str, ...]:
    """Every command that the fixtures record, in the order in which it is asked."""
    asked = ["ip -j link show", "lldpctl -f json0"]
    for port in device.ports:
        name = port.name
        asked += [
            f"ethtool {name}",
            f"ethtool -i {name}",
            f"ethtool -a {name}",
            fec_command(port),
            mlxlink_command(port),
        ]
        asked += [f"mlnx_qos -i {name}", *pages(name, (LOWER, *PAGES, *MORE_PAGES))]
    asked += [command for command in OF_HOST if not command.startswith(("mst", "ibdev2netdev"))]
    for port in device.ports:
        asked += [f"{tool} -d mlx5_{port.cage} -p 1" for tool in ("cma_roce_mode", "cma_roce_tos")]
        asked.append(rdma.accelerations_command(port))
    for port in device.ports:
        asked.append(f"ethtool -S {port.name}")
        asked += [f"dcb -j {what} show dev {port.name}" for what in ("-s pfc", "app", "apptrust", "ets")]
        asked.append(f"ethtool -m {port.name}")
    return tuple(asked)


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    of_ports = (
        command
        for port in device.ports
        for command in (
            fec_command(port),
            *pages(port.name, (LOWER, *TWICE)),
            f"ethtool -S {port.name}",
            f"dcb -j -s pfc show dev {port.name}",
        )
    )
    return (CARRIER_CHANGES, *of_ports)


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks again and again, beside what is recorded a second time."""
    return tuple(map(mlxlink_command, device.ports))


def pages(name: str, numbers: Iterable[int]) -> list[str]:
    """The commands that dump pages of a module, LOWER for lower memory."""
    first = {LOWER: "i2c 0x50 offset 0x0", 0: "i2c 0x50 offset 0x80"}
    places = [first.get(n, f"page 0x{n:02x} bank 0x0 offset 0x80") for n in numbers]
    return [f"ethtool -m {name} hex on {place} length 0x80" for place in places]


def fec_command(port: Port) -> str:
    return f"ethtool --json -I --show-fec {port.name}"


def mlxlink_command(port: Port) -> str:
    return f"mlxlink -d mlx5_{port.cage} -m -c -e --show_fec --rx_fec_histogram --show_histogram --json"


# --- iproute2 and lldpd -------------------------------------------------------------------------------------------


def links(device: Device) -> str:
    loopback = {
        "ifindex": 1, "ifname": "lo", "flags": ["LOOPBACK", "UP", "LOWER_UP"], "mtu": 65536, "qdisc": "noqueue",
        "operstate": "UNKNOWN", "linkmode": "DEFAULT", "group": "default", "txqlen": 1000, "link_type": "loopback",
        "address": "00:00:00:00:00:00", "broadcast": "00:00:00:00:00:00",
    }  # fmt: skip
    rows = [loopback, _link(2, "eno1", device.mac, 1500, admin=True, up=True)]
    for index, port in enumerate(device.ports, 3):
        rows.append(_link(index, port.name, mac(device.name, port.name), port.mtu, admin=port.admin, up=port.up))
    return json.dumps(rows, separators=(",", ":")) + "\n"


def _link(index: int, name: str, address: str, mtu: int, *, admin: bool, up: bool) -> dict[str, Any]:
    carrier = ["LOWER_UP"] if up else ["NO-CARRIER"] if admin else []
    flags = [
        *(carrier if not up else []),
        "BROADCAST",
        "MULTICAST",
        *(["UP"] if admin else []),
        *(carrier if up else []),
    ]
    return {
        "ifindex": index, "ifname": name, "flags": flags, "mtu": mtu, "qdisc": "mq",
        "operstate": "UP" if up else "DOWN",
        "linkmode": "DEFAULT", "group": "default", "txqlen": 1000, "link_type": "ether", "address": address,
        "broadcast": "ff:ff:ff:ff:ff:ff",
    }  # fmt: skip


def lldp(world: World, device: Device) -> str:
    told: list[dict[str, Any]] = []
    for port in device.ports:
        far = heard(world, port)
        if far is None:
            continue
        name, identity, capability, description = neighbour(world, far)
        kind = "local" if capability == "BR" else "mac"
        abilities = [
            {"type": "Bridge", "enabled": capability == "BR"},
            {"type": "Router", "enabled": capability == "BR"},
        ]
        if capability == "O":
            abilities.append({"type": "Station", "enabled": True})
        chassis = {
            "id": [{"type": "mac", "value": world.devices[name].mac if name in world.devices else mac(name)}],
            "name": [{"value": name}],
            "descr": [{"value": world.devices[name].description if name in world.devices else "unknown"}],
            "mgmt-ip": [{"value": f"10.3.0.{[*world.devices, name].index(name) + 1}"}],
            "capability": abilities,
        }
        told.append(
            {
                "name": port.name,
                "via": "LLDP",
                "rid": str(int(port.cage) + 1 if port.cage.isdecimal() else 1),
                "age": "3 days, 00:13:20",
                "chassis": [chassis],
                "port": [
                    {
                        "id": [{"type": kind, "value": identity}],
                        "descr": [{"value": description}],
                        "ttl": [{"value": "120"}],
                    }
                ],
            }
        )
    return json.dumps({"lldp": [{"interface": told}]}, indent=2) + "\n"


# --- ethtool ------------------------------------------------------------------------------------------------------

MODES: Final = {
    "dac": ("400000baseCR4/Full", "Direct Attach Copper"),
    "aec": ("400000baseCR4/Full", "Direct Attach Copper"),
    "aoc": ("400000baseSR4/Full", "FIBRE"),
    1: ("400000baseSR4/Full", "FIBRE"),
    2: ("400000baseDR4/Full", "FIBRE"),
}


def settings(device: Device, port: Port, elapsed: int) -> str:
    module = port.module
    mode, kind = (
        MODES.get(module.kind.name, MODES.get(module.kind.media, MODES[2])) if module else ("Not reported", "None")
    )
    fec = {"rs": "RS", "none": "None", "fc": "BaseR"}.get(port.fec, "Auto")
    rows = [
        "Supported ports: [ FIBRE ]",
        f"Supported link modes:   {mode}",
        "Supported pause frame use: Symmetric",
        "Supports auto-negotiation: Yes",
        "Supported FEC modes: None\t RS\t LLRS",
        f"Advertised link modes:  {mode}",
        "Advertised pause frame use: No",
        "Advertised auto-negotiation: No",
        f"Advertised FEC modes: {fec}",
        f"Speed: {port.gbps}000Mb/s" if port.up else "Speed: Unknown!",
        *([f"Lanes: {len(port.serdes)}"] if port.up else []),
        f"Duplex: {'Full' if port.up else 'Unknown! (255)'}",
        "Auto-negotiation: off",
        f"Port: {kind}",
        "PHYAD: 0",
        "Transceiver: internal",
        "Supports Wake-on: d",
        "Wake-on: d",
        "Link detected: " + ("yes" if port.up else "no" if module else "no (No cable)"),
    ]
    return "\n".join((f"Settings for {port.name}:", *(f"\t{row}" for row in rows))) + "\n"


def driver(device: Device, port: Port, elapsed: int) -> str:
    rows = {
        "driver": "mlx5_core",
        "version": "6.8.0-79-generic",
        "firmware-version": f"{device.software} (SIM0000000001)",
        "expansion-rom-version": "",
        "bus-info": rdma.bus(port),
        "supports-statistics": "yes",
        "supports-test": "yes",
        "supports-eeprom-access": "no",
        "supports-register-dump": "no",
        "supports-priv-flags": "yes",
    }
    return "".join(f"{name}: {value}\n" for name, value in rows.items())


def pause(device: Device, port: Port, elapsed: int) -> str:
    on = "on" if port.link_pause else "off"
    return f"Pause parameters for {port.name}:\nAutonegotiate:\toff\nRX:\t\t{on}\nTX:\t\t{on}\n\n"


def fec(device: Device, port: Port, elapsed: int) -> str:
    seen = port.counted(elapsed)
    words = {"rs": "RS", "none": "Off", "fc": "BaseR", "auto": "Auto"}
    active = words.get(port.fec_runs, "None") if port.up else "None"
    counters = {
        "corrected_blocks": {"total": seen.corrected},
        "uncorrectable_blocks": {"total": seen.uncorrected},
        "corrected_bits": {"total": port.symbols(elapsed)},
    }
    row = {"ifname": port.name, "config": [words[port.fec]], "active": [active], "statistics": counters}
    return json.dumps([row], indent=8) + "\n"


def page(port: Port, number: int, offset: int, elapsed: int = 0) -> str:
    held = memory(port.module, elapsed) if port.module is not None else {}
    if number not in held:
        raise Refused("netlink error: Invalid argument\n" if held else "netlink error: No such device or address\n")
    rows = ["Offset\t\tValues", "------\t\t------"]
    rows += [
        f"0x{offset + at:04x}:\t\t" + "".join(f"{byte:02x} " for byte in held[number][at : at + 16])
        for at in range(0, 128, 16)
    ]
    return "\n".join(rows) + "\n"


def statistics(device: Device, port: Port, elapsed: int) -> str:
    """The counters of mlx5 that a driver needs: of PFC those of the priorities that have it on."""
    lost = {priority: port.dropped(priority, elapsed) for priority in PRIORITIES}
    rows: dict[str, int] = {
        "rx_packets": 0,
        "tx_packets": 0,
        "link_down_events_phy": port.downs(elapsed),
        "rx_corrected_bits_phy": port.symbols(elapsed),
        "rx_pcs_symbol_err_phy": 0,
        "rx_crc_errors_phy": 0,
        "rx_discards_phy": sum(lost.values()),
        "tx_discards_phy": 0,
        "tx_pause_storm_warning_events": 0,
        "tx_pause_storm_error_events": 0,
        "module_unplug": 0,
    }
    for lane, errors in port.lane_errors(elapsed).items():
        rows[f"rx_err_lane_{lane - 1}_phy"] = errors
    for priority in PRIORITIES:
        rows |= {f"rx_prio{priority}_discards": lost[priority], f"rx_prio{priority}_marked": 0}
    for priority in sorted(port.lossless):
        for way in ("rx", "tx"):
            frames = port.paused(way, priority, elapsed)
            rows |= {f"{way}_prio{priority}_pause": frames, f"{way}_prio{priority}_pause_duration": frames // 8}
    rows |= {"rx_global_pause": 0, "tx_global_pause": 0}
    return "NIC statistics:\n" + "".join(f"     {name}: {value}\n" for name, value in rows.items())


def decoded(device: Device, port: Port, elapsed: int) -> str:
    """``ethtool -m``: the module's pages in words."""
    if port.module is None:
        raise Refused("netlink error: No such device or address\n")
    held = memory(port.module, elapsed)
    seen = transceiver(
        Memory(port.where, {LOWER_MEMORY if number == LOWER else Page(number): data for number, data in held.items()})
    )
    known = codes.identifier(port.module.identifier)
    rows = [("Identifier", f"0x{port.module.identifier:02x} ({known.name if known else 'reserved or unknown'})")]

    def said(label: str, value: Value[Any], form: str = "{}") -> None:
        if isinstance(value, Reading):
            rows.append((label, form.format(value.value)))

    said("Power class", seen.power_class)
    said("Max power", seen.max_power, "{:.2f}W")
    said("Cable assembly length", seen.cable_length, "{:.2f}m")
    said("Vendor name", seen.vendor_name)
    said("Vendor PN", seen.vendor_pn)
    said("Vendor rev", seen.vendor_rev)
    said("Vendor SN", seen.vendor_sn)
    said("Date code", seen.date_code)
    said("Revision compliance", seen.revision, "Rev. {}")
    state = MODULE_STATES.get(port.module.state)
    if state is not None:
        rows.append(("Module State", f"0x{state:02x} ({port.module.state})"))
    said("Module temperature", seen.temperature, "{0:.2f} degrees C / 0.00 degrees F")
    said("Module voltage", seen.vcc, "{:.4f} V")
    for number, current in enumerate(seen.tx_bias, 1):
        said(f"Laser tx bias current (Channel {number})", current, "{:.3f} mA")
    for label, powers in (
        ("Transmit avg optical power", seen.tx_power),
        ("Rcvr signal avg optical power", seen.rx_power),
    ):
        for number, power in enumerate(powers, 1):
            if isinstance(power, Reading):
                rows.append((f"{label} (Channel {number})", optical(power)))
    said("Active firmware version", seen.firmware_active)
    return "".join(f"\t{label:<41} : {value}\n" for label, value in rows)


MODULE_STATES: Final = {name: code for code, name in enumerate(
    ("ModuleLowPwr", "ModulePwrUp", "ModuleReady", "ModulePwrDn", "ModuleFault"), 1)}  # fmt: skip


def optical(power: Reading[Decimal]) -> str:
    """Milliwatts as the register has them, and dBm beside them."""
    mw = power.value if power.unit is Unit.MW else milliwatts(power.value)
    return f"{mw:.4f} mW / {mw_to_dbm(mw):.2f} dBm"


# --- dcb, devlink and sysfs ---------------------------------------------------------------------------------------

CARRIER_CHANGES: Final = "grep -H . /sys/class/net/*/carrier_changes"


def changes(device: Device, elapsed: int) -> str:
    rows = {"eno1": 1, **{port.name: 2 * port.downs(elapsed) + port.up for port in device.ports}, "lo": 0}
    return "".join(f"/sys/class/net/{name}/carrier_changes:{count}\n" for name, count in rows.items())


def dcb_pfc(device: Device, port: Port, elapsed: int) -> str:
    said = {
        "pfc_cap": 8,
        "macsec_bypass": False,
        "delay": 0,
        "prio_pfc": [priority in port.lossless for priority in PRIORITIES],
        "requests": [port.paused("tx", priority, elapsed) for priority in PRIORITIES],
        "indications": [port.paused("rx", priority, elapsed) for priority in PRIORITIES],
    }
    return json.dumps(said, separators=(",", ":")) + "\n"


def priorities(device: Device) -> Mapping[int, int]:
    """The priority of every DSCP."""
    return dict(sorted(device.maps["AZURE"].items()))


def dcb_app(device: Device, port: Port, elapsed: int) -> str:
    return json.dumps({"dscp_prio": list(map(list, priorities(device).items()))}, separators=(",", ":")) + "\n"


def dcb_trust(device: Device, port: Port, elapsed: int) -> str:
    return json.dumps({"order": [port.trust]}, separators=(",", ":")) + "\n"


def dcb_ets(device: Device, port: Port, elapsed: int) -> str:
    shares = [50 if priority in (0, 3) else 0 for priority in PRIORITIES]
    said = {
        "willing": False,
        "ets_cap": 8,
        "cbs": False,
        "tc_bw": shares,
        "pg_bw": [0] * 8,
        "tc_tsa": ["strict" if priority == 6 else "ets" for priority in PRIORITIES],
        "prio_tc": [*PRIORITIES],
        "reco_tc_bw": [0] * 8,
        "reco_tc_tsa": ["strict"] * 8,
        "reco_prio_tc": [0] * 8,
    }
    return json.dumps(said, separators=(",", ":")) + "\n"


def devlink_info(device: Device, elapsed: int) -> str:
    said = {
        f"pci/{rdma.bus(port)}": {
            "driver": "mlx5_core",
            "serial_number": f"SIM{number:09d}",
            "board.serial_number": f"SIM{number:09d}",
            "versions": {
                "fixed": {"fw.psid": "SIM0000000001"},
                "running": {"fw.version": device.software, "fw": device.software},
                "stored": {"fw.version": device.software, "fw": device.software},
            },
        }
        for number, port in enumerate(device.ports)
    }
    return json.dumps({"info": said}, separators=(",", ":")) + "\n"


def devlink_ports(device: Device, elapsed: int) -> str:
    said = {
        f"pci/{rdma.bus(port)}/65535": {
            "type": "eth", "netdev": port.name, "flavour": "physical", "port": 0, "splittable": False,
            "lanes": len(port.lanes),
        }
        for port in device.ports
    }  # fmt: skip
    return json.dumps({"port": said}, separators=(",", ":")) + "\n"


def devlink_health(device: Device, elapsed: int) -> str:
    said = {
        f"pci/{rdma.bus(port)}": [
            {"reporter": name, "state": "healthy", "error": 0, "recover": 0, "auto_dump": True}
            for name in ("fw", "fw_fatal")
        ]
        for port in device.ports
    }
    return json.dumps({"health": said}, separators=(",", ":")) + "\n"


# --- mlxlink ------------------------------------------------------------------------------------------------------

TROUBLES: Final = {True: ("2", "Negotiation failure"), False: ("1024", "Cable is unplugged")}
"""Why a port is down, by whether there is a module."""

FEC_NAMES: Final = {
    "rs": "Standard_RS-FEC - (544,514)",
    "none": "No FEC",
    "fc": "Firecode FEC",
    "": "N/A",
}


def mlxlink(device: Device, port: Port, elapsed: int) -> str:
    document = {"result": {"output": sections(device, port, elapsed)}, "status": {"code": 0, "message": "success"}}
    return json.dumps(document, indent=4) + "\n"


def sections(device: Device, port: Port, elapsed: int) -> dict[str, Any]:
    module = port.module.now(elapsed) if port.module is not None else None
    lanes = len(port.lanes)
    opcode, reason = ("0", "No issue was observed") if port.up else TROUBLES[module is not None]
    output: dict[str, Any] = {
        "Operational Info": {
            "State": "Active" if port.up else "Polling" if port.admin else "Disable",
            "Physical state": "LinkUp" if port.up else "ETH_AN_FSM_ENABLE" if port.admin else "Disabled",
            "Speed": f"{port.gbps}G" if port.up else "N/A",
            "Width": f"{lanes}x" if port.up else "N/A",
            "FEC": FEC_NAMES[port.fec_runs] if port.up else "N/A",
            "Loopback Mode": "No Loopback",
            "Auto Negotiation": f"FORCE - {port.gbps}G_{lanes}X",
        },
        "Supported Info": {
            "Enabled Link Speed (Ext.)": {"mask": "0x00018000", "values": [f"{port.gbps}G_{lanes}X"]},
            "Supported Cable Speed (Ext.)": {"mask": "0x00018000", "values": [f"{port.gbps}G_{lanes}X"]},
        },
        "Troubleshooting Info": {
            "Status Opcode": opcode,
            "Group Opcode": "N/A" if port.up else "PHY FW",
            "Recommendation": reason,
        },
        "Tool Information": {
            "Firmware Version": device.software,
            "amBER Version": "4.12",
            "MFT Version": "mft 4.33.0-169",
        },
        "FEC Capability Info": {
            f"FEC Capability {port.gbps}G_{lanes}X": {"mask": "0x4", "values": [FEC_NAMES["rs"]]},
        },
        "Module Info": _module_info(module),
        "Physical Counters and BER Info": _counters(port, elapsed),
    }
    if port.histogram and port.up:
        bins = {f"Bin {n}": {"values": [f"[{n}]", str(count)]} for n, count in enumerate(port.bins(elapsed))}
        output["Histogram of FEC Errors"] = {"Header": {"values": ["Range", "Occurrences"]}, **bins}
    if port.up:
        output["EYE Opening Info"] = {
            "FOM Mode": "SNR_VERTICAL",
            "Lane": {"values": [str(lane) for lane in range(lanes)]},
            "Initial FOM": {"values": [str(100 + int(share(port.where, lane, "fom") * 20)) for lane in port.lanes]},
            "Last FOM": {"values": [str(100 + int(share(port.where, lane, "fom") * 20)) for lane in port.lanes]},
        }
    return output


def _counters(port: Port, elapsed: int) -> dict[str, Any]:
    seen = port.counted(elapsed)
    if not port.up:
        return {
            "Time Since Last Clear [Min]": "N/A",
            "Effective Physical Errors": "N/A",
            "Effective Physical BER": "N/A",
            "Raw Physical BER": "N/A",
            "Link Down Counter": str(max(1, port.downs(elapsed))),
            "Link Error Recovery Counter": "0",
        }
    minutes = Decimal(LINK_UP_SECONDS + elapsed) / 60
    count = len(port.lanes)
    each = [str(errors) for errors in port.lane_errors(elapsed).values()]
    weights = [port.lane_weights.get(lane, Decimal(1)) for lane in range(1, count + 1)]
    ratio, corrected = port.ratio(elapsed), port.fec_runs == "rs"
    raw = _ber(ratio) if corrected else "15E-255"
    by_lane = [_ber(ratio * count * weight / sum(weights)) if corrected else raw for weight in weights]
    return {
        "Time Since Last Clear [Min]": f"{minutes:.1f}",
        "Effective Physical Errors": str(seen.uncorrected),
        "Effective Physical BER": "15E-255" if not seen.uncorrected else "2E-13",
        "Raw Physical Errors Per Lane": {"values": each},
        "Raw Physical BER Per Lane": {"values": by_lane},
        "Raw Physical BER": raw,
        "Link Down Counter": str(port.downs(elapsed)),
        "Link Error Recovery Counter": "0",
    }


def _ber(value: Decimal) -> str:
    """As the tool writes it: ``4E-10``, one digit."""
    mantissa, exponent = f"{value:.0E}".split("E")
    return f"{mantissa}E{int(exponent)}"


LANE_FLAGS: Final = {
    "Tx Fault [per lane]": "tx_fault",
    "Tx LOS [per lane]": "tx_los",
    "Tx CDR LOL [per lane]": "tx_cdr_lol",
    "Rx LOS [per lane]": "rx_los",
    "Rx CDR LOL [per lane]": "rx_cdr_lol",
    "Tx Adaptive EQ Fault [per lane]": "tx_adaptive_eq_fail",
}


def _module_info(module: Module | None) -> dict[str, Any]:
    if module is None:
        return {"Identifier": "N/A"}
    kind, lanes = module.kind, range(1, module.host_lanes + 1)
    host = f"{100 * module.host_lanes}G"
    info: dict[str, Any] = {
        "Identifier": {0x1E: "QSFP_CMIS", 0x18: "QSFP-DD"}.get(module.identifier, "OSFP"),
        "Compliance": f"{host} {kind.name}",
        "Cable Technology": kind.technology,
        "Cable Type": _cable_type(kind),
        "OUI": module.oui,
        "Vendor Name": module.vendor,
        "Vendor Part Number": module.number,
        "Vendor Serial Number": module.serial,
        "Rev": module.lot or "A1",
        "Wavelength [nm]": str(min(kind.near_nm)) if kind.near_nm else "N/A",
        "Transfer Distance [m]": str(module.length_m or kind.smf_m or kind.om4_m),
        "FW Version": "N/A" if kind.flat else module.firmware,
        "Digital Diagnostic Monitoring": "No" if kind.flat else "Yes",
        "Power Class": f"{module.watts} W max",
        "MAX Power": str(module.watts),
        "Memory Map Revision": str(int(module.revision.replace(".", ""), 16)),
        "Linear Direct Drive": "0",
        "Manufacturing Date": f"{module.date_code[4:6]}_{module.date_code[2:4]}_{module.date_code[:2]}",
    }
    if kind.flat:
        return (
            info
            | {"Temperature [C]": "N/A", "Voltage [mV]": "N/A", "Module State": "Ready state"}
            | dict.fromkeys(LANE_FLAGS, "N/A")
        )
    said = {
        "temperature": ("Temperature [C]", f"{module.celsius:.0f} {_bracket(module, 'temperature_c', '0', 1)}"),
        "vcc": ("Voltage [mV]", f"{module.volts * 1000:.1f} {_bracket(module, 'vcc_v', '0.1', 1000)}"),
    }
    info |= {label: "N/A" if monitor in module.unadvertised else text for monitor, (label, text) in said.items()}
    if kind.optical:
        for label, name, values in (
            ("Bias Current [mA]", "tx_bias_ma", [lane.bias for lane in module.lanes]),
            ("Rx Power Current [dBm]", "rx_power_dbm", [lane.rx for lane in module.lanes]),
            ("Tx Power Current [dBm]", "tx_power_dbm", [lane.tx for lane in module.lanes]),
        ):
            shown = f"{','.join(f'{value:.3f}' for value in values)} {_bracket(module, name, '0.001', 1)}"
            info[label] = "N/A" if name.rpartition("_")[0] in module.unadvertised else shown
    info |= {
        "Module State": "Ready state" if module.state == "ModuleReady" else module.state,
        "DataPath state [per lane]": {"values": [module.data_path[n - 1] for n in lanes]},
        "Rx Output Valid [per lane]": {
            "values": ["1" if module.data_path[n - 1] == "DPActivated" else "0" for n in lanes]
        },
        "Module FW Fault": "0",
        "DataPath FW Fault": "0",
    }
    for label, name in LANE_FLAGS.items():
        info[label] = {"values": ["1" if lane in module.flags.get(name, set()) else "0" for lane in lanes]}
    return info


def _cable_type(kind: Kind) -> str:
    if kind.optical:
        return "Optical module (separated)"
    return "Passive copper cable" if kind.flat else "Active cable (active copper / optics)"


def _bracket(module: Module, name: str, step: str, times: int) -> str:
    high, low, _, _ = module.thresholds[name]
    return f"[{(low * times).quantize(Decimal(step))}..{(high * times).quantize(Decimal(step))}]"


# --- mlnx_qos -----------------------------------------------------------------------------------------------------


def qos(device: Device, port: Port, elapsed: int) -> str:
    by_code = priorities(device)
    lines = ["DCBX mode: OS controlled", f"Priority trust state: {port.trust}", "dscp2prio mapping:"]
    for priority in PRIORITIES:
        codes = [dscp for dscp in reversed(range(64)) if by_code[dscp] == priority]
        lines.append(f"\tprio:{priority} dscp:" + "".join(f"{dscp:02d}," for dscp in codes))
    on = [int(priority in port.lossless) for priority in PRIORITIES]
    held = port.nic.buffer if port.headroom_bytes is None else port.headroom_bytes
    lines += [
        f"Receive buffer size (bytes): 19872,{held},0,0,0,0,0,0,max_buffer_size=4151520",
        f"Cable len: {max(7, int(port.cable_m))}",
        "PFC configuration:",
        "\tpriority    " + "   ".join(str(priority) for priority in PRIORITIES),
        "\tenabled     " + "   ".join(map(str, on)) + "   ",
        "\tbuffer      " + "   ".join(map(str, on)) + "   ",
    ]
    for priority in PRIORITIES:
        way = "ets, bw: 50%" if priority in (0, 3) else "strict" if priority == 6 else "ets, bw: 0%"
        lines += [f"tc: {priority} ratelimit: unlimited, tsa: {way}", f"\t priority:  {priority}"]
    return "\n".join(lines) + "\n"


COMMANDS: Final[tuple[tuple[re.Pattern[str], Callable[[Device, Port, int], str]], ...]] = (
    (re.compile(r"ethtool (\w+)"), settings),
    (re.compile(r"ethtool -i (\w+)"), driver),
    (re.compile(r"ethtool -a (\w+)"), pause),
    (re.compile(r"ethtool --json -I --show-fec (\w+)"), fec),
    (re.compile(r"mlxlink -d mlx5_(\w+) -m -c -e --show_fec --rx_fec_histogram --show_histogram --json"), mlxlink),
    (re.compile(r"mlnx_qos -i (\w+)"), qos),
    (re.compile(r"ethtool -S (\w+)"), statistics),
    (re.compile(r"ethtool -m (\w+)"), decoded),
    (re.compile(r"dcb -j -s pfc show dev (\w+)"), dcb_pfc),
    (re.compile(r"dcb -j app show dev (\w+)"), dcb_app),
    (re.compile(r"dcb -j apptrust show dev (\w+)"), dcb_trust),
    (re.compile(r"dcb -j ets show dev (\w+)"), dcb_ets),
    (re.compile(r"cma_roce_tos -d mlx5_(\w+)(?: -p 1)?"), rdma.tos),
    (re.compile(r"cma_roce_mode -d mlx5_(\w+)(?: -p 1)?"), rdma.mode),
    (re.compile(r"mlxreg -d mlx5_(\w+) --yes --reg_name ROCE_ACCL --get"), rdma.accelerations),
)

OF_HOST: Final[Mapping[str, Callable[[Device, int], str]]] = {
    CARRIER_CHANGES: changes,
    rdma.SETTINGS: rdma.settings,
    rdma.DEVICES: rdma.devices,
    "devlink -j dev info": devlink_info,
    "devlink -j port show": devlink_ports,
    "devlink -j health show": devlink_health,
    "mst status -v": rdma.mst,
    "show_gids": rdma.gids,
    "ibdev2netdev": rdma.interfaces,
}
