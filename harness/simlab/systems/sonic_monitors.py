"""What a simulated SONiC switch keeps of its modules' monitors: a table of STATE_DB, as xcvrd writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from ...units import DARK_DBM
from ..world import LANES, Device, Module, World, share

TABLE: Final = "TRANSCEIVER_DOM_SENSOR"
COMMAND: Final = f'sonic-db-dump -n STATE_DB -y -k "{TABLE}*"'
PERIOD: Final = 60
"""Seconds in which the daemon has read every module once."""

NOTHING: Final = "N/A"


def sensors(world: World, device: Device, elapsed: int) -> str:
    """A row for the first port of every cage with a module that has monitors."""
    rows = {}
    for cage in device.cages:
        module = cage.ports[0].module
        if module is not None and not module.flat:
            ago = module.stale or int(share(module.where, "polled") * PERIOD)
            read = world.start + timedelta(seconds=elapsed - ago)
            fields = dict(monitors(module, max(0, elapsed - ago)))
            held = {**fields, "last_update_time": f"{read:%a %b %d %H:%M:%S %Y}"}
            row = {"expireat": world.start.timestamp() + elapsed, "ttl": -0.001, "type": "hash", "value": held}
            rows[f"{TABLE}|{cage.ports[0].name}"] = row
    return json.dumps(rows, indent=2) + "\n"


def monitors(module: Module, elapsed: int) -> Iterator[tuple[str, str]]:
    """The fields, as they were so many seconds after the world began; a monitor moves a little from read to read."""
    now = module.now(elapsed)

    def moved(about: Decimal, by: str, step: str, *names: object) -> str:
        off = 0 if module.stuck or not about else (2 * share(module.where, *names, elapsed) - 1) * Decimal(by)
        return f"{(about + off).quantize(Decimal(step))}"

    def told(monitor: str, text: str) -> str:
        return NOTHING if monitor in module.unadvertised else text

    yield "temperature", told("temperature", moved(now.celsius, "0.2", "0.001", "celsius"))
    yield "voltage", told("vcc", moved(now.volts, "0.001", "0.0001", "volts"))
    for lane in range(1, LANES + 1):
        held = now.lanes[lane - 1] if lane <= len(now.lanes) else None
        for field, monitor in ((f"tx{lane}power", "tx_power"), (f"rx{lane}power", "rx_power")):
            power = None if held is None else held.tx if monitor == "tx_power" else held.rx
            yield field, NOTHING if power is None else told(monitor, light(power, moved(power, "0.02", "0.001", field)))
        field = f"tx{lane}bias"
        yield field, NOTHING if held is None else told("tx_bias", moved(held.bias, "0.02", "0.001", field))


def light(power: Decimal, shown: str) -> str:
    """Optical power in dBm; xcvrd's logarithm of no light is minus infinity."""
    return "-inf" if power <= DARK_DBM else shown
