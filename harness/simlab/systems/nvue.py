"""What a simulated switch with Cumulus Linux 5 answers: NVUE's JSON, and the Linux tools that it has.

No recording of NVUE was at hand: the members follow NVIDIA's documents and public programs that read them, as
``harness.drivers.answers.nvue`` says, and are listed as unproved in ``fixtures/README.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ..pages import LOWER, drifted
from ..world import LINK_UP_SECONDS, Device, Module, Port, Watch, World, mac, share
from . import linux

PAGES: Final = (0x00, 0x01, 0x02, 0x10, 0x11, 0x13, *range(0x20, 0x2C), 0x2F, 0x9F)
TWICE: Final = (0x00, 0x01, 0x02, 0x11)
PRIORITIES: Final = range(8)
POLL_MS: Final = 100
"""The watchdog's interval; it waits for several in a row."""
MONITORED: Final = "nv show platform transceiver detail -o json"
CARRIER: Final = "nv show interface carrier-stats -o json"
AGAIN: Final = ("link phy health", "counters qos", "qos pfc-watchdog")
"""What is asked of a port a second time."""

TOOLS: Final = re.compile(r"(?:sudo )?((?:ethtool|lldpctl|ip) .+)")
ON: Final = {True: "enable", False: "disable"}

Answered = Callable[[World, Device, int], Any]
OfPort = Callable[[Device, Port, int], Any]


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the switch prints; ``linux.Refused`` where a command fails, None for one that it does not know."""
    if found := TOOLS.fullmatch(command):
        return linux.answer(world, device, found[1], elapsed)
    if not command.startswith("nv show ") or not command.endswith(" -o json"):
        return None
    words = command.removeprefix("nv show ").removesuffix(" -o json")
    if words in WHOLE:
        return _json(WHOLE[words](world, device, elapsed))
    found = re.fullmatch(r"interface (\S+) (.+)", words)
    if not found or found[2] not in OF_PORT:
        return None
    port = next((port for port in device.ports if port.name == found[1]), None)
    if port is None:
        raise linux.Refused("Error: The requested item does not exist.\n")
    return _json(OF_PORT[found[2]](device, port, elapsed))


def commands(device: Device) -> tuple[str, ...]:
    """Every command that the fixtures record, in the order in which it is asked."""
    asked = [f"nv show {words} -o json" for words in WHOLE] + ["sudo lldpctl -f json0"]
    for port in planned(device):
        asked += [f"ethtool {port.name}", fec_command(port)]
        asked += [f"nv show interface {port.name} {words} -o json" for words in OF_PORT]
    for port in heads(device):
        asked += pages(port.name, (LOWER, *PAGES))
    return tuple(asked)


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    asked = [CARRIER]
    for port in planned(device):
        asked += [fec_command(port), *(f"nv show interface {port.name} {words} -o json" for words in AGAIN)]
    for port in heads(device):
        asked += pages(port.name, (LOWER, *TWICE))
    return tuple(asked)


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks in every sample beside what is recorded a second time."""
    return (MONITORED,)


def planned(device: Device) -> list[Port]:
    """The ports that the lab file declares."""
    return [port for port in device.ports if port.plan is not None]


def heads(device: Device) -> list[Port]:
    """The first port of every cage that the lab file declares: a module is read through it."""
    return [cage.ports[0] for cage in device.cages if cage.ports[0].plan is not None]


def pages(name: str, numbers: Iterable[int]) -> list[str]:
    return [f"sudo {command}" for command in linux.pages(name, numbers)]


def fec_command(port: Port) -> str:
    return f"ethtool --json -I --show-fec {port.name}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


# --- the switch ---------------------------------------------------------------------------------------------------


def version(world: World, device: Device, elapsed: int) -> Any:
    built = world.start - timedelta(days=90)
    return {
        "base-os": "Debian GNU/Linux 12.9",
        "image": {"build-date": f"{built:%a %b %d %H:%M:%S UTC %Y}", "build-id": f"{device.software}.0021"},
        "kernel": "6.1.0-cl-1-amd64",
        "onie": "2023.11-5.3.0013-115200",
        "product-release": device.software,
    }


def platform(world: World, device: Device, elapsed: int) -> Any:
    return {
        "asic-model": "Spectrum-4",
        "cpu": "x86_64 Simulated CPU x8",
        "disk-size": "149.1 GB",
        "manufacturer": "Nvidia",
        "memory": "30.92 GB",
        "part-number": f"SIM-{device.plan.platform}",
        "port-layout": f"{len(device.cages)} cages",
        "product-name": device.plan.platform,
        "serial-number": device.serial,
        "system-mac": device.mac,
        "system-uuid": "00000000-0000-4000-8000-" + device.mac.replace(":", ""),
    }


def fans(world: World, device: Device, elapsed: int) -> Any:
    row = {"direction": "F2B", "max-speed": 29000, "min-speed": 2500, "state": "ok"}
    return {
        f"FAN{tray}/{fan}": {"current-speed": 9000 + int(share(device.name, tray, fan) * 500), **row}
        for tray in range(1, 5)
        for fan in (1, 2)
    }


def supplies(world: World, device: Device, elapsed: int) -> Any:
    return {
        f"PSU{n}": {
            "capacity": f"{device.plan.supply_watts or 3000}",
            "current": "52.1",
            "power": f"{620 + share(device.name, 'psu', n) * 30:.1f}",
            "state": "ok",
            "voltage": "12.0",
        }
        for n in range(1, (device.plan.supplies or 2) + 1)
    }


def sensors(world: World, device: Device, elapsed: int) -> Any:
    names = {"ASIC": 58, "Ambient-Fan-Side-Temp": 31, "Ambient-Port-Side-Temp": 27, "CPU-Pack-Temp": 44}
    return {
        name: {
            "crit": "105.0", "current": f"{celsius + share(device.name, name):.1f}", "max": "95.0", "min": "5.0",
            "state": "ok",
        }
        for name, celsius in names.items()
    }  # fmt: skip


def transceivers(world: World, device: Device, elapsed: int) -> Any:
    return {
        f"swp{cage.number}": _module(_seen(module, elapsed))
        for cage in device.cages
        if (module := cage.ports[0].module) is not None
    }


def _seen(module: Module, elapsed: int) -> Module:
    """The module after a while, as its registers hold it."""
    return drifted(module.now(elapsed), elapsed) if elapsed else module.now(0)


def _module(module: Module) -> dict[str, Any]:
    fine = module.error == "OK"
    told: dict[str, Any] = {
        "cable-length": f"{module.length_m}m" if module.length_m else "N/A",
        "cable-type": "Optical module" if module.kind.optical else "Copper cable" if module.flat else "Active cable",
        "diagnostics-status": "No Diagnostic Data Available. Module is not DDMI capable"
        if module.flat
        else "Diagnostic Data Available",
        "error-status": "N/A" if fine else module.error,
        "identifier": module.form.sonic,
        "revision-compliance": f"CMIS {module.revision}",
        "status": "plugged_enabled" if fine else "plugged_with_error",
        "vendor-date-code": f"{module.date_code}__",
        "vendor-name": module.vendor,
        "vendor-oui": module.oui,
        "vendor-pn": module.number,
        "vendor-rev": module.lot or "A1",
        "vendor-sn": module.serial,
    }
    if module.flat:
        return told

    def shown(monitor: str, value: str) -> str:
        return "N/A" if monitor in module.unadvertised else value

    told["temperature"] = {
        "temperature": shown("temperature", f"{module.celsius:.2f} C"),
        **_levels(module, "temperature_c", "C", "0.01"),
    }
    told["voltage"] = {"voltage": shown("vcc", f"{module.volts:.4f} V"), **_levels(module, "vcc_v", "V", "0.0001")}
    told["channel"] = {
        f"channel-{number}": {
            "rx-power": {
                "power": shown("rx_power", _power(lane.rx)),
                **_levels(module, "rx_power_dbm", "dBm", "0.01"),
            },
            "tx-bias-current": {
                "current": shown("tx_bias", f"{lane.bias:.3f} mA"),
                **_levels(module, "tx_bias_ma", "mA", "0.001"),
            },
            "tx-power": {
                "power": shown("tx_power", _power(lane.tx)),
                **_levels(module, "tx_power_dbm", "dBm", "0.01"),
            },
        }
        for number, lane in enumerate(module.lanes, 1)
    }
    return told


def _levels(module: Module, name: str, unit: str, step: str) -> dict[str, str]:
    quad = zip(("high-alarm", "low-alarm", "high-warning", "low-warning"), module.thresholds[name], strict=True)
    return {f"{level}-threshold": f"{value.quantize(Decimal(step))} {unit}" for level, value in quad}


def _power(dbm: Decimal) -> str:
    if dbm <= Decimal(-40):
        return "0.0000 mW / -inf dBm"
    return f"{10 ** (float(dbm) / 10):.4f} mW / {dbm:.2f} dBm"


def interfaces(world: World, device: Device, elapsed: int) -> Any:
    named = {port.name: {"link": _link(world, device, port, elapsed), "type": "swp"} for port in device.ports}
    eth0 = {"admin-status": "up", "mac-address": device.mac, "mtu": 1500, "oper-status": "up", "speed": "1G"}
    return {"eth0": {"ip": {"vrf": "mgmt"}, "link": eth0, "type": "eth"}, **named}


def _link(world: World, device: Device, port: Port, elapsed: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "admin-status": "up" if port.admin else "down",
        "auto-negotiate": "off",
        "duplex": "full",
        "mac-address": mac(device.name, port.name),
        "mtu": port.mtu,
        "oper-status": "up" if port.up else "down",
        "oper-status-last-change": changed(world, port, elapsed),
        "protodown": "disabled",
    }
    return said | ({"speed": f"{port.gbps}G"} if port.up else {})


def changed(world: World, port: Port, elapsed: int) -> str:
    """When the link last came up or went down: a port that never had a link never did."""
    if port.module is None:
        return "Never"
    late = port.downs(elapsed) or port.changed
    seconds = port.last_change(elapsed) if port.downs(elapsed) > port.flaps else port.changed
    return f"{world.start + timedelta(seconds=seconds if late else -LINK_UP_SECONDS):%Y/%m/%d %H:%M:%S}.000"


def carrier(world: World, device: Device, elapsed: int) -> Any:
    rows = {}
    for port in device.ports:
        downs = port.downs(elapsed)
        up = 0 if port.module is None else downs + (1 if port.up else 0)
        stats = {
            "carrier-down-count": downs,
            "carrier-transitions": up + downs,
            "carrier-up-count": up,
        }
        link = {"oper-status": "up" if port.up else "down", "oper-status-last-change": changed(world, port, elapsed)}
        rows[port.name] = {"link": {**link, "stats": stats}}
    return rows


# --- a port -------------------------------------------------------------------------------------------------------


def health(device: Device, port: Port, elapsed: int) -> Any:
    seen = port.counted(elapsed)
    errors = port.lane_errors(elapsed)
    each = [errors.get(lane, 0) for lane in range(1, len(port.serdes) + 1)]
    raw = _ratio(port.ratio(elapsed)) if port.counts else "15E-255"
    total = sum(each)
    bits = port.gbps * 10**9 * (LINK_UP_SECONDS + elapsed) if port.up else 0
    return {
        "effective-ber": "15E-255" if not seen.uncorrected else "2E-13",
        "effective-errors": seen.uncorrected * 80,
        "lane": {
            f"lane{n}": {
                "phy-raw-errors": count,
                "raw-ber": _ratio(port.ratio(elapsed) * count * len(each) / total) if port.counts and total else raw,
            }
            for n, count in enumerate(each)
        },
        "phy-received-bits": bits,
        "raw-ber": raw,
        "symbol-ber": "15E-255",
        "symbol-errors": 0,
        "time-since-last-clear-min": (LINK_UP_SECONDS + elapsed) // 60,
    }


def _ratio(value: Decimal) -> str:
    """As the firmware has it: ``4E-10``, one digit."""
    mantissa, exponent = f"{value:.0E}".split("E")
    return f"{mantissa}E{int(exponent)}"


def bins(device: Device, port: Port, elapsed: int) -> Any:
    return {"rs-fec-corrected-errors": {str(n): {"count": count} for n, count in enumerate(port.bins(elapsed))}}


LANE_FLAGS: Final = {
    "rx-los": "rx_los",
    "rx-cdr-lol": "rx_cdr_lol",
    "tx-los": "tx_los",
    "tx-cdr-lol": "tx_cdr_lol",
    "tx-fault": "tx_fault",
    "tx-ad-eq-fault": "tx_adaptive_eq_fail",
}
LEVELS: Final = ("high_alarm", "low_alarm", "high_warning", "low_warning")
STATES: Final = {"ModuleLowPwr": 1, "ModulePwrUp": 2, "ModuleReady": 3, "ModulePwrDn": 4, "ModuleFault": 5}
PATHS: Final = {"DPDeactivated": 1, "DPInit": 2, "DPDeinit": 3, "DPActivated": 4, "DPTxTurnOn": 5, "DPTxTurnOff": 6}


def detail(device: Device, port: Port, elapsed: int) -> Any:
    codes: dict[str, int] = {"loopback-mode": 0, "fec-mode-request": 1, "phy-manager-state": 3 if port.up else 1}
    module = port.module
    if module is not None:
        codes |= {"memory-map-rev": int(module.revision.replace(".", ""), 16), "error-code-response": 0}
        codes["module-st"] = STATES.get(module.state, 0)
    if module is not None and not module.flat:
        module = module.now(elapsed)
        codes |= {name: _mask(module.flags.get(flag, set())) for name, flag in LANE_FLAGS.items()}
        for name, flag in (("temp-flags", "temperature"), ("vcc-flags", "vcc")):
            codes[name] = sum(1 << bit for bit, level in enumerate(LEVELS) if f"{flag}_{level}" in module.module_flags)
        codes["mod-fw-fault"] = int("module_firmware_error" in module.module_flags)
        codes["dp-fw-fault"] = int("data_path_firmware_error" in module.module_flags)
        codes |= {f"dp-st-lane{n}": PATHS.get(state, 0) for n, state in enumerate(module.data_path)}
    return {name: f"0x{code:x}" for name, code in codes.items()}


def _mask(lanes: set[int]) -> int:
    return sum(1 << (lane - 1) for lane in lanes)


def counters(device: Device, port: Port, elapsed: int) -> Any:
    frames = {way: {n: port.paused(way, n, elapsed) for n in PRIORITIES} for way in ("rx", "tx")}
    sent = {n: int(share(port.where, "queue", n) * 10**9) + elapsed * 1000 if port.up else 0 for n in PRIORITIES}
    return {
        "egress-queue-stats": {
            str(n): {
                "ecn-marked-frames": sent[n] // 100_000 if n == 3 else 0,
                "tx-bytes": sent[n] * 1024,
                "tx-frames": sent[n],
                "tx-uc-buffer-discards": port.dropped(n, elapsed),
                "wred-discards": 0,
            }
            for n in PRIORITIES
        },
        "ingress-buffer-stats": {
            str(n): {"rx-buffer-discards": 0, "rx-frames": sent[n], "rx-shared-buffer-discards": 0} for n in PRIORITIES
        },
        "pfc-stats": {
            str(n): {
                "rx-pause-duration": frames["rx"][n] * 2,
                "rx-pause-frames": frames["rx"][n],
                "tx-pause-duration": frames["tx"][n] * 2,
                "tx-pause-frames": frames["tx"][n],
            }
            for n in PRIORITIES
        },
    }


def pfc(device: Device, port: Port, elapsed: int) -> Any:
    on = bool(port.lossless)
    if not on:
        return {"rx": "disable", "tx": "disable"}
    return {
        "cable-length": f"{port.cable_m:.0f}",
        "rx": ON[on],
        "switch-priority": {str(n): {} for n in sorted(port.lossless)},
        "tx": ON[on],
    }


def link_pause(device: Device, port: Port, elapsed: int) -> Any:
    return {"rx": ON[port.link_pause], "tx": ON[port.link_pause]}


def mapping(device: Device, port: Port, elapsed: int) -> Any:
    return {
        "dscp": {str(code): {"switch-priority": n} for code, n in sorted(device.maps[port.dscp_map].items())},
        "pcp": {str(n): {"switch-priority": n} for n in PRIORITIES},
        "port-default-sp": 0,
        "trust": "l2" if port.trust == "pcp" else "l3",
    }


def queue_mapping(device: Device, port: Port, elapsed: int) -> Any:
    return {"switch-priority": {str(n): {"traffic-class": device.tc_to_queue[n]} for n in PRIORITIES}}


def scheduler(device: Device, port: Port, elapsed: int) -> Any:
    rows: dict[str, Any] = {str(n): {"bw-percent": 50 if n == 3 else 10, "mode": "dwrr"} for n in PRIORITIES}
    return {"traffic-class": rows | {"6": {"mode": "strict"}}}


def congestion(device: Device, port: Port, elapsed: int) -> Any:
    marks = device.wred.get(port.wred)
    rows: dict[str, Any] = {"0": {"ecn": "disable", "red": "disable"}}
    if marks is not None:
        rows["3"] = {
            "ecn": "enable", "max-threshold": marks.high, "min-threshold": marks.low, "probability": marks.percent,
            "red": "disable",
        }  # fmt: skip
    return {"traffic-class": rows}


def watchdog(device: Device, port: Port, elapsed: int) -> Any:
    if not port.lossless or not port.watch.on:
        return {"state": "disabled"}
    return {
        "state": "enabled",
        "status": {str(n): {"deadlock-count": port.stormed(n, elapsed), "status": "OK"} for n in PRIORITIES},
    }


def watchdogs(world: World, device: Device, elapsed: int) -> Any:
    """One setting for all ports of the switch."""
    watch = next((port.watch for port in planned(device)), Watch())
    return {"polling-interval": POLL_MS, "robustness": max(1, watch.detect // POLL_MS)}


def balancing(world: World, device: Device, elapsed: int) -> Any:
    return {"enable": "off" if device.balancing == "ecmp" else "on"}


WHOLE: Final[dict[str, Answered]] = {
    "system version": version,
    "platform": platform,
    "platform environment fan": fans,
    "platform environment psu": supplies,
    "platform environment temperature": sensors,
    "platform transceiver detail": transceivers,
    "interface": interfaces,
    "interface carrier-stats": carrier,
    "router adaptive-routing": balancing,
    "qos pfc-watchdog": watchdogs,
}
OF_PORT: Final[dict[str, OfPort]] = {
    "link phy health": health,
    "link phy health histogram": bins,
    "link phy detail": detail,
    "counters qos": counters,
    "qos pfc": pfc,
    "qos link-pause": link_pause,
    "qos mapping": mapping,
    "qos egress-queue-mapping": queue_mapping,
    "qos egress-scheduler": scheduler,
    "qos congestion-control": congestion,
    "qos pfc-watchdog": watchdog,
}
