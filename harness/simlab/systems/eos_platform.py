"""What a simulated Arista switch says of itself: version, inventory, supplies, temperatures, fans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from ..tables import ZERO
from ..world import Device, Module, World, share, spread
from .sonic_platform import FANS

UP_SECONDS: Final = 3 * 86_400 + 4 * 3_600 + 11 * 60
"""How long a switch has been up when the world begins."""

SUPPLY: Final = "PWR-2421-AC-RED"
SUPPLY_VOLTS: Final = 12


def seconds(world: World, elapsed: int) -> float:
    """A time as EOS tells it, in seconds since 1970."""
    return (world.start + timedelta(seconds=elapsed)).timestamp()


def as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=4) + "\n"


def version(world: World, device: Device, elapsed: int) -> str:
    return as_json(
        {
            "mfgName": "Arista",
            "modelName": model(device),
            "hardwareRevision": "11.00",
            "serialNumber": device.serial,
            "hwMacAddress": device.mac,
            "systemMacAddress": device.mac,
            "configMacAddress": "00:00:00:00:00:00",
            "version": device.software,
            "architecture": "x86_64",
            "internalVersion": f"{device.software}-10000000.{device.software.replace('.', '')}",
            "internalBuildId": "00000000-0000-4000-8000-000000000000",
            "imageFormatVersion": "3.0",
            "imageOptimization": "Default",
            "bootupTimestamp": seconds(world, -UP_SECONDS),
            "uptime": float(UP_SECONDS + elapsed),
            "memTotal": 32_773_344,
            "memFree": 24_210_512,
            "isIntlVersion": False,
        }
    )


def model(device: Device) -> str:
    return device.plan.platform or "DCS-7060X6-64PE"


def inventory(world: World, device: Device, elapsed: int) -> str:
    supplies = {str(n): {"name": SUPPLY, "serialNum": f"{device.serial}P{n}"} for n in supply_numbers(device)}
    fans = {str(n): {"numFans": 1, "name": "FAN-7021H-RED", "serialNum": "N/A"} for n in range(1, FANS + 1)}
    return as_json(
        {
            "systemInformation": {
                "name": model(device),
                "description": "simulated Ethernet switch",
                "hardwareRev": "11.00",
                "serialNum": device.serial,
                "mfgDate": "2026-01-05",
            },
            "powerSupplySlots": supplies,
            "fanTraySlots": fans,
            "portCount": len(device.cages) + 1,
            "managementPortCount": 1,
            "switchedPortCount": len(device.cages),
            "xcvrSlots": {cage.number: slot(cage.ports[0].module) for cage in device.cages},
            "cardSlots": {},
            "storageDevices": {},
            "emmcFlashDevices": {},
            "fpgas": {},
        }
    )


def slot(module: Module | None) -> dict[str, str]:
    """What the inventory has of a cage."""
    if module is None:
        return {"mfgName": "Not Present", "modelName": "", "serialNum": "", "hardwareRev": ""}
    return {
        "mfgName": module.vendor,
        "modelName": module.number,
        "serialNum": module.serial,
        "hardwareRev": module.lot or "A",
    }


def supply_numbers(device: Device) -> range:
    return range(1, (device.plan.supplies or 2) + 1)


def power(world: World, device: Device, elapsed: int) -> str:
    """Each supply gives its share of what the modules and the rest of the switch take."""
    count = len(supply_numbers(device))
    modules = sum((m.watts for cage in device.cages if (m := cage.ports[0].module) is not None), ZERO)
    rest = (device.plan.asic_watts or Decimal(400)) + (device.plan.fan_watts or Decimal(100))
    supplies = {}
    for n in supply_numbers(device):
        watts = spread((modules + rest) / count, "4", device.name, "psu", n)
        supplies[str(n)] = {
            "modelName": SUPPLY,
            "capacity": float(device.plan.supply_watts or 2400),
            "state": "ok",
            "inputVoltage": 230.0,
            "inputCurrent": float((watts * Decimal("1.06") / 230).quantize(Decimal("0.01"))),
            "outputVoltage": float(SUPPLY_VOLTS),
            "outputCurrent": float((watts / SUPPLY_VOLTS).quantize(Decimal("0.01"))),
            "outputPower": float(watts),
            "uptime": seconds(world, -UP_SECONDS),
            "dominant": False,
            "managed": True,
            "mfrId": "SIMULATED",
            "fans": {f"FanP{n}/1": {"status": "ok", "speed": 40}},
            "tempSensors": {f"TempSensorP{n}/1": {"status": "ok", "temperature": 31.0}},
        }
    return as_json({"powerSupplies": supplies})


def temperature(world: World, device: Device, elapsed: int) -> str:
    sensors = [
        sensor(name, number, description, Decimal(usual) + spread(Decimal(2), "2", device.name, name), high, critical)
        for number, (name, description, usual, high, critical) in enumerate(
            (
                ("TempSensor1", "Cpu temp sensor", 41, 95, 105),
                ("TempSensor2", "Switch chip temp sensor", 52, 105, 115),
                ("TempSensor3", "Front-panel temp sensor", 25, 65, 75),
            ),
            1,
        )
    ]
    return as_json(
        {
            "systemStatus": "temperatureOk",
            "shutdownOnOverheat": True,
            "tempSensors": sensors,
            "cardSlots": [],
            "powerSupplySlots": [],
        }
    )


def sensor(name: str, number: int, description: str, celsius: Decimal, high: int, critical: int) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "relPos": str(number),
        "hwStatus": "ok",
        "inAlertState": False,
        "alertCount": 0,
        "currentTemperature": float(celsius),
        "maxTemperature": float(celsius + 2),
        "maxTemperatureLastChange": 0.0,
        "overheatThreshold": float(high),
        "criticalThreshold": float(critical),
        "targetTemperature": float(high - 10),
        "setPointTemperature": float(high - 11),
        "isPidDriver": False,
        "pidDriverCount": 0,
    }


def cooling(world: World, device: Device, elapsed: int) -> str:
    trays = [_tray(f"{n}/1", str(n), 40 + int(share(device.name, "fan", n) * 12)) for n in range(1, FANS + 1)]
    return as_json(
        {
            "systemStatus": "coolingOk",
            "airflowDirection": "frontToBackAirflow",
            "ambientTemperature": 24.5,
            "coolingMode": "automatic",
            "fanTraySlots": trays,
            "powerSupplySlots": [_tray(f"PowerSupply{n}/1", f"PowerSupply{n}", 40) for n in supply_numbers(device)],
        }
    )


def _tray(fan: str, tray: str, percent: int) -> dict[str, Any]:
    one = {
        "label": fan,
        "status": "ok",
        "configuredSpeed": percent,
        "actualSpeed": percent,
        "maxSpeed": 19_000,
        "speedStable": True,
        "speedHwOverride": False,
        "lastSpeedStableChangeTime": 0.0,
        "uptime": 0.0,
    }
    return {"label": tray, "status": "ok", "speed": percent, "fans": [one]}
