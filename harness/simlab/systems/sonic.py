"""What a simulated SONiC switch answers, in the formats of sonic-utilities.

``answer(world, device, command, elapsed)`` is the text of one command so many seconds after the world began, None for
one that this switch does not know.
Which formats are proved by recordings of real switches, and which not, stands in ``fixtures/README.md``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ..codewords import BINS, predicted
from ..pages import LOWER, memory
from ..text import box, hexdump, natural, pairs, table
from ..world import LANES, LINK_UP_SECONDS, Cage, Device, Module, Port, World, mac, share
from . import sonic_monitors, sonic_platform

FOLDER: Final = "/usr/share/sonic/device"
INDENT: Final = " " * 8
FULL_DUMP: Final = (0x00, 0x01, 0x02, 0x10, 0x11)
"""What sfputil dumps of a module with CMIS when no page is named; page 13h is not among them."""

DUMP: Final = "sudo sfputil show eeprom-hexdump"
PAGE: Final = re.compile(re.escape(DUMP) + r" -n (?:0x)?([0-9a-fA-F]{1,2})")
MORE_PAGES: Final = (0x13, *range(0x20, 0x2C), 0x2F, 0x9F)
TWICE: Final = (
    "show interfaces counters fec-stats", "show interfaces flap", "show pfc counters", "show queue counters",
    "pfcwd show stats -e", DUMP,
)  # fmt: skip
"""What is recorded a second time."""

SOAKED: Final = (sonic_monitors.COMMAND,)
"""What a soak asks again besides."""

QUEUE_NAMES: Final = (*(f"UC{n}" for n in range(8)), *(f"MC{n}" for n in range(8, 16)))

DOWN_FOR: Final = timedelta(seconds=40)
"""Between the last two changes of a link that flapped."""

UP_SECONDS: Final = 3 * 86_400 + 4 * 3_600 + 11 * 60
"""How long a switch has been up when the world begins."""


def answer(world: World, device: Device, command: str, elapsed: int = 0) -> str | None:
    """The text that the switch prints."""
    known = COMMANDS.get(command)
    if known is not None:
        return known(world, device, elapsed)
    platform, hwsku = device.plan.platform, device.plan.hwsku
    if command == f"cat {FOLDER}/{platform}/platform.json":
        return platform_json(device)
    if command == f"cat {FOLDER}/{platform}/{hwsku}/hwsku.json":
        return hwsku_json(device)
    if found := PAGE.fullmatch(command):
        return eeprom(device, int(found[1], 16), elapsed)
    return None


def commands(device: Device) -> tuple[str, ...]:
    """Every command that the fixtures record, in the order in which it is asked."""
    folder = f"{FOLDER}/{device.plan.platform}"
    files = (f"cat {folder}/platform.json", f"cat {folder}/{device.plan.hwsku}/hwsku.json")
    return (*COMMANDS, *(f"{DUMP} -n 0x{page:02x}" for page in MORE_PAGES), *files)


def twice(device: Device) -> tuple[str, ...]:
    """What is recorded a second time."""
    return TWICE


def soaked(device: Device) -> tuple[str, ...]:
    """What a soak asks again and again, beside what is recorded a second time."""
    return SOAKED


# --- versions -----------------------------------------------------------------------------------------------------


def hardware(device: Device) -> list[str]:
    return [
        f"Platform: {device.plan.platform}",
        f"HwSKU: {device.plan.hwsku}",
        f"ASIC: {device.platform.asic}",
        "ASIC Count: 1",
        f"Serial Number: {device.serial}",
        f"Model Number: {device.platform.model}",
        "Hardware Revision: 1.0",
    ]


def version(world: World, device: Device, elapsed: int) -> str:
    now = world.start + timedelta(seconds=elapsed)
    days, seconds = divmod(UP_SECONDS + elapsed, 86_400)
    built = world.start - timedelta(days=120)
    hours = f"{seconds // 3600:2}:{seconds // 60 % 60:02}"
    up = f"Uptime: {now:%H:%M:%S} up {days} days, {hours},  1 user,  load average: 0.61, 0.55, 0.58"
    lines = [
        f"SONiC Software Version: SONiC.{device.software}",
        "SONiC OS Version: 12",
        "Distribution: Debian 12.11",
        "Kernel: 6.1.0-29-2-amd64",
        "Build commit: 5ec0de5ec0",
        f"Build date: {built:%a %b %d %H:%M:%S UTC %Y}",
        "Built by: simulated@plugfest",
        "",
        *hardware(device),
        up,
        f"Date: {now:%a %d %b %Y %H:%M:%S}",
        "",
        "Docker images:",
    ]
    rows = [("REPOSITORY", "TAG", "IMAGE ID", "SIZE")]
    for name, size in (
        ("docker-syncd", 861),
        ("docker-orchagent", 352),
        ("docker-platform-monitor", 421),
        ("docker-lldp", 341),
    ):
        image = f"{int(share(name, 'image') * 16**12):012x}"
        rows += [(name, tag, image, f"{size}MB") for tag in (device.software, "latest")]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    lines += [f"{r[0]:<{widths[0]}}   {r[1]:<{widths[1]}}   {r[2]:<{widths[2]}}   {r[3]}" for r in rows]
    return "\n".join(lines) + "\n"


def summary(world: World, device: Device, elapsed: int) -> str:
    return "\n".join(hardware(device)) + "\n"


# --- ports --------------------------------------------------------------------------------------------------------


def oper(port: Port) -> str:
    return "up" if port.up else "down"


def status(world: World, device: Device, elapsed: int) -> str:
    headings = ("Interface", "Lanes", "Speed", "MTU", "FEC", "Alias", "Vlan", "Oper", "Admin", "Type", "Asym PFC")
    rows = [
        (
            port.name, ",".join(map(str, port.serdes)), f"{port.gbps}G", str(port.mtu), port.fec or "N/A", port.alias,
            "routed", oper(port), "up" if port.admin else "down",
            port.module.form.sonic if port.module else "N/A", "off",
        )
        for port in device.ordered
    ]  # fmt: skip
    return table(headings, rows, right=True)


def fec_status(world: World, device: Device, elapsed: int) -> str:
    rows = [(port.name, (port.fec_runs if port.up else "") or "N/A", port.fec or "N/A") for port in device.ordered]
    return table(("Interface", "FEC Oper", "FEC Admin"), rows, right=True)


def fec_stats(world: World, device: Device, elapsed: int) -> str:
    headings = (
        "IFACE", "STATE", "FEC_CORR", "FEC_UNCORR", "FEC_SYMBOL_ERR", "FEC_PRE_BER", "FEC_POST_BER", "FEC_PRE_BER_MAX",
        "FLR(O)", "FLR(P) (Accuracy)", "FEC_MAX_T",
    )  # fmt: skip
    return table(headings, [_fec_row(port, elapsed) for port in device.ordered], right=True)


def _fec_row(port: Port, elapsed: int) -> tuple[str, ...]:
    seen = port.counted(elapsed)
    state = "U" if port.up else "D" if port.admin else "X"
    counts = (port.name, state, f"{seen.corrected:,}", f"{seen.uncorrected:,}", f"{port.symbols(elapsed):,}")
    if not sum(seen.bins):
        return (*counts, "N/A", "N/A", "N/A", "N/A", "N/A", "-1.0")
    words = sum(seen.bins) + seen.uncorrected
    post = Decimal(seen.uncorrected * 80) / (words * 5440)
    beyond = predicted(seen)
    guess = f"{_exponent(beyond[0])} ({beyond[1]}%)" if beyond else "N/A"
    observed = _exponent(Decimal(2 * seen.uncorrected) / words) if seen.uncorrected else "0"
    ratio = port.ratio(elapsed)
    return (
        *counts, _exponent(ratio), _exponent(post), _exponent(ratio * Decimal("1.3")), observed, guess,
        f"{seen.worst}.0",
    )  # fmt: skip


def _exponent(value: Decimal) -> str:
    return f"{float(value):.2e}"


def histogram(world: World, device: Device, elapsed: int) -> str:
    """Every port's codewords by symbol errors, since the counters were cleared: as the links came up."""
    at = world.start - timedelta(seconds=LINK_UP_SECONDS)
    rows = [(port.name, *_bins(port, elapsed)) for port in device.ordered]
    cached = f"Last cached time was {at.replace(tzinfo=None).isoformat()}.000000\n"
    return cached + table(("IFACE", *(f"BIN{n}" for n in range(16))), rows, right=True)


def _bins(port: Port, elapsed: int) -> tuple[str, ...]:
    """The bins; those that an ASIC does not have are not available."""
    shown = [f"{count:,}" for count in port.bins(elapsed)]
    return (*shown, *["N/A"] * (BINS - len(shown)))


def negotiation(world: World, device: Device, elapsed: int) -> str:
    headings = (
        "Interface", "Auto-Neg Mode", "Speed", "Adv Speeds", "Rmt Adv Speeds", "Type", "Adv Types", "Oper", "Admin",
    )  # fmt: skip
    rows = [
        (
            port.name, "disabled", f"{port.gbps}G", "all", "N/A", "N/A", "all", oper(port),
            "up" if port.admin else "down",
        )
        for port in device.ordered
    ]  # fmt: skip
    return table(headings, rows, right=True)


def flaps(world: World, device: Device, elapsed: int) -> str:
    """Every change of a link counts, so that one which came up once and stayed has one."""
    headings = ("Interface", "Flap Count", "Admin", "Oper", "Link Down TimeStamp(UTC)", "Link Up TimeStamp(UTC)")
    return table(headings, [_flap_row(world, port, elapsed) for port in device.ordered])


def _flap_row(world: World, port: Port, elapsed: int) -> tuple[str, ...]:
    changed, downs = world.start + timedelta(seconds=port.last_change(elapsed)), port.downs(elapsed)
    lasted = timedelta(seconds=port.flap_lasts) if downs > port.flaps else DOWN_FOR
    last, before = f"{changed:%a %b %d %H:%M:%S %Y}", f"{changed - lasted:%a %b %d %H:%M:%S %Y}"
    count = 2 * downs + port.up
    down = (before if port.up else last) if downs else "Never"
    up = last if port.up else before if downs else "Never"
    admin, state = "Up" if port.admin else "Down", "Up" if port.up else "Down"
    return port.name, str(count) if count else "Never", admin, state, down, up


# --- modules ------------------------------------------------------------------------------------------------------


def presence(world: World, device: Device, elapsed: int) -> str:
    rows = [(port.name, "Present" if port.module else "Not present") for port in device.ordered]
    return table(("Port", "Presence"), rows)


def error_status(world: World, device: Device, elapsed: int) -> str:
    rows = [(port.name, port.module.error if port.module else "Unplugged") for port in device.ordered]
    return table(("Port", "Error Status"), rows)


def module_status(world: World, device: Device, elapsed: int) -> str:
    blocks = []
    for port in device.ordered:
        if port.module is None:
            blocks.append(f"{port.name}: Transceiver status info not applicable\n")
        else:
            module = port.module.now(elapsed)
            lines = (f"{INDENT}{label}: {value}" for label, value in _module_status(module))
            blocks.append("\n".join((f"{port.name}:", *lines)) + "\n")
    return "\n".join(blocks)


LEVELS: Final = ("high alarm", "high warning", "low warning", "low alarm")


def _module_status(module: Module) -> Iterator[tuple[str, object]]:
    yield "CMIS State (SW)", "READY" if module.state == "ModuleReady" else "FAILED"
    if not module.flat:
        yield from _lanes("Tx fault flag on media lane", module, "tx_fault")
        yield from _lanes("Rx loss of signal flag on media lane", module, "rx_los")
        off = module.controls.get("tx_disable", set())
        yield from ((f"TX disable status on lane {lane}", lane in off) for lane in _each())
        yield "Disabled TX channels", sum(1 << (lane - 1) for lane in off)
    yield "Current module state", module.state
    cause = "No Fault detected" if module.fault_cause == "no fault" else module.fault_cause
    yield "Reason of entering the module fault state", cause
    if module.flat:
        return
    yield "Datapath firmware fault", "data_path_firmware_error" in module.module_flags
    yield "Module firmware fault", "module_firmware_error" in module.module_flags
    yield "Module state changed", "module_state_changed" in module.module_flags
    for lane in _each():
        state = module.data_path[lane - 1].replace("DP", "DataPath", 1)
        yield f"Data path state indicator on host lane {lane}", state
    for side in ("Tx output status on media lane", "Rx output status on host lane"):
        yield from ((f"{side} {lane}", module.data_path[lane - 1] == "DPActivated") for lane in _each())
    yield from _lanes("Tx loss of signal flag on host lane", module, "tx_los")
    yield from _lanes("Tx clock and data recovery loss of lock on host lane", module, "tx_cdr_lol")
    yield from _lanes("Rx clock and data recovery loss of lock on media lane", module, "rx_cdr_lol")
    for lane in _each():
        used = module.active[lane - 1][0]
        status_word = "ConfigSuccess" if used else "ConfigUndefined"
        yield f"Configuration status for the data path of host line {lane}", status_word
    yield from ((f"Data path configuration updated on host lane {lane}", False) for lane in _each())
    for monitor, name in (("Temperature", "temperature"), ("Vcc", "vcc")):
        for level in LEVELS:
            yield f"{monitor} {level} flag", f"{name}_{level.replace(' ', '_')}" in module.module_flags
    for monitor, name in (("Tx power", "tx_power"), ("Rx power", "rx_power"), ("Tx bias", "tx_bias")):
        for level in LEVELS:
            yield from _lanes(f"{monitor} {level} flag on lane", module, f"{name}_{level.replace(' ', '_')}")


def _each() -> range:
    return range(1, LANES + 1)


def _lanes(label: str, module: Module, name: str) -> Iterator[tuple[str, object]]:
    raised = module.flags.get(name, set())
    return ((f"{label} {lane}", lane in raised) for lane in _each())


def eeprom(device: Device, page: int | None = None, elapsed: int = 0) -> str:
    """The dump of every logical port: a module's pages once for each port of its cage, as sfputil does it.

    Without a page, all that sfputil knows of; with one, page 00h and that page.
    """
    blocks = [_dump(port, page, elapsed) for port in device.ordered]
    return "\n".join(blocks) + "\n"


def _dump(port: Port, page: int | None, elapsed: int) -> str:
    named = f" page {page:x}h" if page is not None else ""
    if port.module is None:
        return f"EEPROM hexdump for port {port.name}\n{INDENT}SFP EEPROM not detected\n"
    held = memory(port.module, elapsed)
    wanted = ((0,) if port.module.flat else FULL_DUMP) if page is None else tuple(dict.fromkeys((0, page)))
    lines = [f"EEPROM hexdump for port {port.name}{named}"]
    for number in wanted:
        if number == 0:
            lines += [f"{INDENT}Lower page 0h", hexdump(held[LOWER], 0, INDENT), ""]
        lines.append(f"{INDENT}Upper page {number:x}h")
        if number in held:
            lines.append(hexdump(held[number], 128, INDENT))
        else:
            flat = number * 128 + 128
            lines.append(
                f"Error: Failed to read EEPROM for page {number:x}h, flat_offset {flat}, page_offset 128, size 128!"
            )
        lines.append("")
    return "\n".join(lines)


# --- quality of service -------------------------------------------------------------------------------------------


def pfc_priority(world: World, device: Device, elapsed: int) -> str:
    rows = [(port.name, _numbers(port.lossless)) for port in device.ordered if port.lossless]
    return f"\n{table(('Interface', 'Lossless priorities'), rows)}\n"


def _numbers(priorities: frozenset[int]) -> str:
    return ",".join(map(str, sorted(priorities)))


def pfc_counters(world: World, device: Device, elapsed: int) -> str:
    tables = []
    for side in ("Rx", "Tx"):
        rows = []
        for port in device.ordered:
            counts = [port.paused(side.lower(), priority, elapsed) for priority in range(8)]
            rows.append((port.name, *(f"{count:,}" for count in counts)))
        tables.append(table((f"Port {side}", *(f"PFC{n}" for n in range(8))), rows, right=True))
    return "\n".join(tables)


def watchdog(world: World, device: Device, elapsed: int) -> str:
    rows = [
        (port.name, port.watch.action, str(port.watch.detect), str(port.watch.restore), "disable")
        for port in device.ordered
        if watched(port)
    ]
    headings = ("PORT", "ACTION", "DETECTION TIME", "RESTORATION TIME", "HISTORY")
    return "Changed polling interval to 200ms\n" + table(headings, rows, right=True)


def watched(port: Port) -> bool:
    """Whether the PFC watchdog runs on the port."""
    return bool(port.lossless) and port.watch.on


def storms(world: World, device: Device, elapsed: int) -> str:
    """Every queue of every port: those without PFC are not watched, which no state says."""
    headings = (
        "QUEUE", "STATUS", "STORM DETECTED/RESTORED", "TX OK/DROP", "RX OK/DROP", "TX LAST OK/DROP", "RX LAST OK/DROP",
    )  # fmt: skip
    rows = [_storm_row(port, n, elapsed) for port in device.ordered for n in range(8)]
    return table(headings, rows, right=True)


def _storm_row(port: Port, queue: int, elapsed: int) -> tuple[str, ...]:
    on = watched(port) and queue in port.lossless
    seen = port.stormed(queue, elapsed) if on else 0
    return f"{port.name}:{queue}", "operational" if on else "N/A", f"{seen}/{seen}", *["0/0"] * 4


def queue_counters(world: World, device: Device, elapsed: int) -> str:
    headings = ("Port", "TxQ", "Counter/pkts", "Counter/bytes", "Drop/pkts", "Drop/bytes")
    tables = []
    for port in device.ordered:
        rows = []
        for queue in QUEUE_NAMES:
            packets = _sent(port, queue, elapsed)
            lost = port.dropped(int(queue[2:]), elapsed) if queue.startswith("UC") else 0
            counts = (packets, packets * 1024, lost, lost * 1024)
            rows.append((port.name, queue, *(f"{count:,}" for count in counts)))
        tables.append(f"For namespace :\n{table(headings, rows, right=True)}")
    return "\n".join(tables)


def mark_counters(world: World, device: Device, elapsed: int) -> str:
    headings = ("Port", "TxQ", "WredDrp/pkts", "WredDrp/bytes", "EcnMarked/pkts", "EcnMarked/bytes")
    tables = []
    for port in device.ordered:
        rows = []
        for queue in QUEUE_NAMES:
            marked = _sent(port, queue, elapsed) // 5_000 if queue == "UC3" and port.lossless else 0
            rows.append((port.name, queue, "0", "0", f"{marked:,}", f"{marked * 1024:,}"))
        tables.append(table(headings, rows, right=True))
    return "\n".join(tables)


def _sent(port: Port, queue: str, elapsed: int) -> int:
    """Packets that a queue sent: data in the lossless one, a little elsewhere, nothing on a port that is down."""
    if not port.up or not queue.startswith("UC"):
        return 0
    a_second = 40_000 if queue == "UC3" and port.lossless else 3
    return int(share(port.where, queue) * 10**6) + a_second * (LINK_UP_SECONDS + elapsed)


def ecn(world: World, device: Device, elapsed: int) -> str:
    return "\n".join(f"Profile: {name}\n{pairs(list(_wred(device, name).items()))}" for name in device.wred) + "\n"


def _wred(device: Device, name: str) -> dict[str, str]:
    held = device.wred[name]
    row = {"ecn": "ecn_all"}
    for colour in ("green", "yellow", "red"):
        row |= {
            f"{colour}_drop_probability": str(held.percent),
            f"{colour}_max_threshold": str(held.high),
            f"{colour}_min_threshold": str(held.low),
            f"wred_{colour}_enable": "true",
        }
    return row


# --- neighbours ---------------------------------------------------------------------------------------------------


def lldp(world: World, device: Device, elapsed: int) -> str:
    rows = [(port.name, *neighbour(world, far)) for port in device.ordered if (far := heard(world, port)) is not None]
    rows.append(("eth0", "mgmt-sw1", f"Ethernet{share(device.name, 'mgmt') * 40:.0f}", "BR", "oob"))
    listed = table(("LocalPort", "RemoteDevice", "RemotePortID", "Capability", "RemotePortDescr"), rows)
    head = "Capability codes: (R) Router, (B) Bridge, (O) Other\n"
    return f"{head}{listed}{'-' * 50}\nTotal entries displayed:  {len(rows)}\n"


def heard(world: World, port: Port) -> tuple[str, str] | None:
    """Device and port that LLDP hears: nobody where the link is down at either end."""
    told = port.neighbour
    if told is None or not port.up:
        return None
    return told if told != port.peer or world.port(":".join(told)).up else None


def neighbour(world: World, peer: tuple[str, str]) -> tuple[str, str, str, str]:
    """Name, port id, capabilities and port description of a neighbour: a switch tells its alias, a host its address.

    One that is not of the lab tells the name of its port.
    """
    device, name = peer
    known = world.devices.get(device)
    if known is None or not any(port.name == name for port in known.ports):
        return device, name, "BR", name
    if known.plan.kind == "switch":
        return device, known.port(name).alias, "BR", name
    return device, mac(device, name), "O", name


# --- breakout and platform ----------------------------------------------------------------------------------------


def current_mode(world: World, device: Device, elapsed: int) -> str:
    rows = [(cage.ports[0].name, cage.mode) for cage in device.cages]
    return box(("Interface", "Current Breakout Mode"), rows)


def platform_json(device: Device) -> str:
    interfaces = {}
    lane = device.platform.first_lane
    for cage in device.cages:
        interfaces[cage.ports[0].name] = {
            "index": ",".join([cage.number] * cage.lanes),
            "lanes": ",".join(map(str, range(lane, lane + cage.lanes))),
            "breakout_modes": {mode: _aliases(device, cage, mode) for mode in cage.offered},
        }
        lane += cage.lanes
    chassis = {
        "name": device.platform.model,
        "components": [{"name": "BIOS"}, {"name": "CPLD1"}],
        "fans": [{"name": f"fan{n}"} for n in range(1, 9)],
        "psus": [{"name": f"PSU {n}"} for n in range(1, (device.plan.supplies or 2) + 1)],
        "sfps": [{"name": f"sfp{cage.number}"} for cage in device.cages],
    }
    return _json({"chassis": chassis, "interfaces": interfaces})


def _aliases(device: Device, cage: Cage, mode: str) -> list[str]:
    children = int(mode.partition("x")[0])
    pattern = device.platform.alias if children == 1 else device.platform.child
    return [pattern.format(cage=cage.number, letter="abcdefgh"[n], number=n + 1) for n in range(children)]


def hwsku_json(device: Device) -> str:
    """The modes that the switch starts with: those that its lab plans, and the whole cage where it plans nothing."""
    planned = {str(cage.ports[0].name): cage.mode for cage in device.plan.cages}
    modes = {
        cage.ports[0].name: next(
            (mode for mode in cage.offered if mode.partition("[")[0] == planned.get(cage.ports[0].name)),
            cage.offered[0],
        )
        for cage in device.cages
    }
    return _json({"interfaces": {port: {"default_brkout_mode": mode} for port, mode in modes.items()}})


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=4) + "\n"


# --- CONFIG_DB ----------------------------------------------------------------------------------------------------

HASHED: Final = ("DST_IP", "SRC_IP", "IP_PROTOCOL", "L4_DST_PORT", "L4_SRC_PORT")

CABLES: Final = (5, 150, 500, 2000)
"""Cable lengths in metres that buffer profiles are made for."""


def config(world: World, device: Device, elapsed: int) -> str:
    ports = device.ordered
    lossless = [port for port in ports if port.headroom]
    lengths = {port.name: f"{_metres(port)}m" for port in ports}
    profiles = {port.name: _profile_of(port) for port in lossless}
    tables: dict[str, Mapping[str, Mapping[str, str | list[str]]]] = {
        **_adaptive(device),
        "BREAKOUT_CFG": {cage.ports[0].name: {"brkout_mode": cage.mode} for cage in device.cages},
        "BUFFER_PG": {
            key: {"profile": profile}
            for port in ports
            for key, profile in (
                (f"{port.name}|0", "ingress_lossy_profile"),
                *((f"{port.name}|{n}", profiles[port.name]) for n in sorted(port.headroom)),
            )
        },
        "BUFFER_POOL": _pools(device),
        "BUFFER_PROFILE": _profiles(device, {profiles[port.name]: port for port in lossless}),
        "BUFFER_QUEUE": {
            f"{port.name}|{queues}": {"profile": profile}
            for port in ports
            for queues, profile in (
                ("0-2", "egress_lossy_profile"),
                ("3", "egress_lossless_profile"),
                ("4-7", "egress_lossy_profile"),
            )
        },
        "CABLE_LENGTH": {"AZURE": lengths},
        "DEVICE_METADATA": {"localhost": _metadata(device)},
        **({"DOT1P_TO_TC_MAP": {"AZURE": _map({n: n for n in range(8)})}} if _by_tag(ports) else {}),
        "DSCP_TO_TC_MAP": {name: _map(device.maps[name]) for name in device.maps},
        "MAP_PFC_PRIORITY_TO_QUEUE": {"AZURE": _map({n: n for n in range(8)})},
        "PFC_WD": {
            "GLOBAL": {"POLL_INTERVAL": "200"},
            **{
                port.name: {
                    "action": port.watch.action,
                    "detection_time": str(port.watch.detect),
                    "restoration_time": str(port.watch.restore),
                }
                for port in ports
                if watched(port)
            },
        },
        "PORT": {port.name: _port(port) for port in ports},
        "PORT_QOS_MAP": {"global": {"dscp_to_tc_map": "AZURE"}, **{port.name: _qos(port) for port in ports}},
        "QUEUE": {f"{port.name}|{n}": _queue(port, n) for port in ports for n in range(8)},
        "SCHEDULER": {
            "scheduler.0": {"type": "DWRR", "weight": "14"},
            "scheduler.1": {"type": "DWRR", "weight": "50"},
            "scheduler.2": {"type": "STRICT"},
        },
        "SWITCH_HASH": {"GLOBAL": {"ecmp_hash": list(HASHED), "ecmp_hash_algorithm": "CRC"}},
        "TC_TO_PRIORITY_GROUP_MAP": {"AZURE": _map(device.tc_to_pg)},
        "TC_TO_QUEUE_MAP": {"AZURE": _map(device.tc_to_queue)},
        "VERSIONS": {"DATABASE": {"VERSION": "version_202505_01"}},
        "WRED_PROFILE": {name: dict(sorted(_wred(device, name).items())) for name in device.wred},
    }
    return _json(tables)


def _by_tag(ports: list[Port]) -> bool:
    """Whether any port takes the class of a packet from its VLAN tag."""
    return any(port.trust == "pcp" for port in ports)


MODES: Final = {
    "dlb": "per_flowlet_quality",
    "adaptive routing": "per_flowlet_quality",
    "spraying": "per_packet_quality",
}
"""How ARS puts packets on ports, by how the switch spreads flows."""


def _adaptive(device: Device) -> dict[str, dict[str, dict[str, str | list[str]]]]:
    """Adaptive routing and switching on every port that is up; nothing where the switch has a static hash alone."""
    mode = MODES.get(device.balancing)
    if mode is None:
        return {}
    profile: dict[str, str | list[str]] = {
        "algorithm": "ewma",
        "ars_nhg_path_selector_mode": "interface",
        "default_ars_object": "fabric",
        "ipv4_enable": "true",
        "ipv6_enable": "true",
        "max_flows": "512",
        "sampling_interval": "10",
    }
    return {
        "ARS_INTERFACES": {port.name: {"scaling_factor": "1"} for port in device.ordered if port.admin},
        "ARS_OBJECT": {"fabric": {"assign_mode": mode, "flowlet_idle_time": "256", "max_flows": "512"}},
        "ARS_PROFILE": {"ars_profile_default": profile},
    }


def _metres(port: Port) -> int:
    """The length of cable that the port is set for: the next of those that profiles are made for."""
    return next(n for n in CABLES if (port.cable_m if port.headroom_m is None else port.headroom_m) <= n)


def _profile_of(port: Port) -> str:
    """The buffer profile of its lossless priority groups: its own where somebody set its headroom by hand."""
    own = f"{port.name}_" if port.headroom_bytes is not None else ""
    return f"pg_lossless_{port.gbps}000_{_metres(port)}m_{own}profile"


def _map(of: Mapping[int, int]) -> dict[str, str]:
    return {str(key): str(value) for key, value in sorted(of.items())}


def _pools(device: Device) -> dict[str, dict[str, str]]:
    size = str(device.platform.buffer_bytes)
    return {
        "egress_lossless_pool": {"mode": "static", "size": size, "type": "egress"},
        "egress_lossy_pool": {"mode": "dynamic", "size": size, "type": "egress"},
        "ingress_lossless_pool": {"mode": "dynamic", "size": size, "type": "ingress", "xoff": "31457280"},
    }


def _profiles(device: Device, lossless: Mapping[str, Port]) -> dict[str, dict[str, str]]:
    rows = {
        "egress_lossless_profile": {
            "pool": "egress_lossless_pool", "size": "0", "static_th": str(device.platform.buffer_bytes),
        },
        "egress_lossy_profile": {"dynamic_th": "0", "pool": "egress_lossy_pool", "size": "1792"},
        "ingress_lossy_profile": {"dynamic_th": "3", "pool": "ingress_lossless_pool", "size": "0"},
    }  # fmt: skip
    for name, port in sorted(lossless.items(), key=lambda item: natural(item[0])):
        cells = -(-(port.gbps * (1_150 + 5 * _metres(port))) // device.platform.cell_bytes)
        xoff = cells * device.platform.cell_bytes if port.headroom_bytes is None else port.headroom_bytes
        rows[name] = {
            "dynamic_th": str(device.alpha),
            "pool": "ingress_lossless_pool",
            "size": str(19_456 + xoff),
            "xoff": str(xoff),
            "xon": "19456",
        }
    return rows


def _metadata(device: Device) -> dict[str, str]:
    return {
        "bgp_asn": "65100",
        "buffer_model": "traditional",
        "default_bgp_status": "up",
        "default_pfcwd_status": "enable",
        "hostname": device.name,
        "hwsku": device.plan.hwsku or "",
        "mac": device.mac,
        "platform": device.plan.platform or "",
        "type": "LeafRouter" if device.plan.role == "spine" else "ToRRouter",
    }


def _port(port: Port) -> dict[str, str]:
    return {
        "admin_status": "up" if port.admin else "down",
        "alias": port.alias,
        **({"fec": port.fec} if port.fec else {}),
        "index": port.cage,
        "lanes": ",".join(map(str, port.serdes)),
        "mtu": str(port.mtu),
        "pfc_asym": "off",
        "speed": f"{port.gbps}000",
    }


def _qos(port: Port) -> dict[str, str]:
    row = {"dscp_to_tc_map": port.dscp_map} if port.trust == "dscp" else {"dot1p_to_tc_map": "AZURE"}
    if port.lossless:
        row |= {"pfc_enable": _numbers(port.lossless)}
    row |= {"pfc_to_queue_map": "AZURE"}
    if port.lossless:
        row |= {"pfcwd_sw_enable": _numbers(port.lossless)}
    return row | {"tc_to_pg_map": "AZURE", "tc_to_queue_map": "AZURE"}


def _queue(port: Port, number: int) -> dict[str, str]:
    scheduler = {3: "scheduler.1", 6: "scheduler.2"}.get(number, "scheduler.0")
    return {"scheduler": scheduler, **({"wred_profile": port.wred} if number == 3 and port.wred else {})}


COMMANDS: Final[Mapping[str, Callable[[World, Device, int], str]]] = {
    "show version": version,
    "show platform summary": summary,
    "show interfaces status": status,
    "show interfaces fec status": fec_status,
    "show interfaces counters fec-stats": fec_stats,
    "portstat -fh": histogram,
    "show interfaces transceiver presence": presence,
    "show interfaces transceiver error-status": error_status,
    "show interfaces transceiver status": module_status,
    DUMP: lambda world, device, elapsed: eeprom(device, None, elapsed),
    "show pfc priority": pfc_priority,
    "show pfc counters": pfc_counters,
    "pfcwd show config": watchdog,
    "pfcwd show stats -e": storms,
    "show queue counters": queue_counters,
    "show queue wredcounters": mark_counters,
    "show ecn": ecn,
    "show lldp table": lldp,
    "show interfaces breakout current-mode": current_mode,
    "sonic-cfggen -d --print-data": config,
    "show interfaces flap": flaps,
    "show interfaces autoneg status": negotiation,
    sonic_monitors.COMMAND: sonic_monitors.sensors,
    "show platform psustatus": sonic_platform.supplies,
    "show platform fan": sonic_platform.fans,
    "show platform temperature": sonic_platform.temperatures,
    "show platform syseeprom": sonic_platform.system_eeprom,
}
