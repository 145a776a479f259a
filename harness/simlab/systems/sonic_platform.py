"""What a simulated SONiC switch says of its supplies, fans, temperatures and system EEPROM."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from ..tables import ZERO
from ..text import table
from ..world import Device, World, share, spread

FANS: Final = 8
SUPPLY_VOLTS: Final = 12


def stamp(world: World, elapsed: int) -> str:
    """When the platform was last looked at."""
    return f"{world.start + timedelta(seconds=elapsed):%Y%m%d %H:%M:%S}"


def supplies(world: World, device: Device, elapsed: int) -> str:
    """Each supply gives its share of what the modules and the rest of the switch take."""
    count = device.plan.supplies or 2
    modules = sum((m.watts for cage in device.cages if (m := cage.ports[0].module) is not None), ZERO)
    rest = (device.plan.asic_watts or Decimal(400)) + (device.plan.fan_watts or Decimal(100))
    rows = []
    for n in range(1, count + 1):
        watts = spread((modules + rest) / count, "4", device.name, "psu", n)
        serial = f"SIMPSU{int(share(device.name, n, 'psu serial') * 10**8):08d}"
        amperes = (watts / SUPPLY_VOLTS).quantize(watts)
        rows.append((f"PSU {n}", "SIM-PSU", serial, "A1", "12.00", f"{amperes}", f"{watts}", "OK", "green"))
    headings = ("PSU", "Model", "Serial", "HW Rev", "Voltage (V)", "Current (A)", "Power (W)", "Status", "LED")
    return table(headings, rows)


def fans(world: World, device: Device, elapsed: int) -> str:
    headings = ("FAN", "Speed", "Direction", "Presence", "Status", "Timestamp")
    rows = [
        (f"fan{n}", f"{40 + int(share(device.name, 'fan', n) * 12)}%", "intake", "Present", "OK", stamp(world, elapsed))
        for n in range(1, FANS + 1)
    ]
    return table(headings, rows, right=True)


def temperatures(world: World, device: Device, elapsed: int) -> str:
    """The switch's own sensors, and the case of every module."""
    headings = (
        "NAME", "Temperature", "High Th", "Low Th", "Crit High Th", "Crit Low Th", "Warning", "Timestamp",
    )  # fmt: skip
    own = (("Ambient ASIC Temp", 52, "100.0", "120.0"), ("CPU Pack Temp", 41, "87.0", "105.0"))
    rows = [
        (name, f"{celsius + share(device.name, name) * 4:.1f}", high, "N/A", critical, "N/A", "False")
        for name, celsius, high, critical in own
    ]
    for cage in device.cages:
        module = cage.ports[0].module
        module = module.now(elapsed) if module is not None else None
        if module is not None and not module.flat:
            high, _, warning, _ = module.thresholds["temperature_c"]
            hot = str(module.celsius > warning)
            name = f"xSFP module {cage.number} Temp"
            rows.append((name, f"{module.celsius:.1f}", f"{warning:.1f}", "N/A", f"{high:.1f}", "N/A", hot))
    return table(headings, [(*row, stamp(world, elapsed)) for row in rows], right=True)


def system_eeprom(world: World, device: Device, elapsed: int) -> str:
    address = device.mac.upper()
    values = (
        ("Product Name", 0x21, device.platform.model),
        ("Serial Number", 0x23, device.serial),
        ("Base MAC Address", 0x24, address),
        ("Platform Name", 0x28, device.plan.platform or ""),
        ("Vendor Name", 0x2D, "SIMULATED"),
        ("CRC-32", 0xFE, f"0x{int(share(device.name, 'crc') * 16**8):08X}"),
    )
    short = {0x24: 6, 0xFE: 4}
    rows = [(name, f"0x{code:02X}", str(short.get(code, len(value))), value) for name, code, value in values]
    length = sum(int(row[2]) + 2 for row in rows)
    head = f"TlvInfo Header:\n   Id String:    TlvInfo\n   Version:      1\n   Total Length: {length}\n"
    return f"{head}{table(('TLV Name', 'Code', 'Len', 'Value'), rows)}\n(checksum valid)\n"
