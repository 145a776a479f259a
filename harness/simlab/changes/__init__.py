"""What can be wrong with a simulated lab: a function for each kind of change, by the name that tables give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..fault import Fault
from ..world import World
from . import bench, counters, light, modules, ports, quality, spans

Change = Callable[[World, Fault], None]

KINDS: Final[tuple[Change, ...]] = (
    ports.fec, ports.fec_runs, counters.uncorrectable, counters.ber, counters.no_histogram,
    counters.counters, counters.burst, counters.histogram, counters.symbols, counters.lane_errors,
    light.rx, light.tx, light.bias, light.tdecq, light.snr, light.vdm_ber,
    modules.celsius, modules.volts, modules.flag, modules.module_flag, modules.revision, modules.flip,
    modules.register, modules.control, modules.data_path, modules.active, modules.applications,
    modules.no_thresholds, modules.threshold, modules.unadvertised, modules.watts, modules.state, modules.error,
    modules.cause, modules.stuck, modules.stale, modules.firmware, modules.committed, modules.slow_start,
    modules.echo, modules.restless, modules.serial, modules.serial_number, modules.lot, modules.maker,
    modules.connector, modules.form_factor, modules.other_part,
    ports.down, ports.admin, ports.speed, ports.mtu, ports.mode, ports.lanes, ports.swap, ports.neighbour,
    ports.flap, ports.software, ports.adapter, ports.link_layer,
    quality.pfc, quality.link_pause, quality.trust, quality.dscp, quality.map, quality.ecn, quality.alpha,
    quality.headroom, quality.watchdog, quality.nic, quality.drops, quality.storm, quality.pauses,
    quality.balancing,
    spans.window, spans.samples, spans.drift, spans.flaps, spans.codewords, spans.reset, bench.measure,
)  # fmt: skip

CHANGES: Final[Mapping[str, Change]] = {change.__name__: change for change in KINDS}

SETTINGS: Final[Mapping[str, str]] = {
    "fec": "value", "fec_runs": "value", "uncorrectable": "value", "ber": "value", "no_histogram": "",
    "counters": "change", "burst": "bin value", "histogram": "change", "symbols": "value", "lane_errors": "lane value",
    "rx": "value lane", "tx": "value lane", "bias": "value lane", "tdecq": "value lane", "snr": "value lane",
    "vdm_ber": "value lane",
    "celsius": "value", "volts": "value", "flag": "value lane", "module_flag": "value", "revision": "value",
    "flip": "page byte bit", "register": "page byte value bit", "control": "value", "data_path": "value",
    "active": "value", "applications": "value", "no_thresholds": "", "threshold": "quantity which value",
    "unadvertised": "value", "watts": "value", "state": "value cause", "error": "value", "cause": "value",
    "stuck": "", "stale": "value", "firmware": "value", "committed": "value", "slow_start": "quantity value",
    "echo": "page", "restless": "page byte bit", "serial": "of value", "serial_number": "value",
    "lot": "serial firmware revision", "maker": "vendor number", "connector": "value", "form_factor": "value",
    "other_part": "value pmd form_factor",
    "down": "", "admin": "value", "speed": "value", "mtu": "value", "mode": "value", "lanes": "value", "swap": "with",
    "neighbour": "value", "software": "value", "adapter": "value", "link_layer": "value",
    "pfc": "value", "link_pause": "value", "trust": "value", "dscp": "dscp value", "map": "map key value",
    "ecn": "profile low high percent off", "alpha": "value", "headroom": "value metres",
    "watchdog": "state detect restore action", "nic": "setting value", "drops": "queue value", "storm": "queue value",
    "pauses": "way priority value", "balancing": "value",
    "silence": "command",
}  # fmt: skip
"""What each fault that can be said by hand is told, the first of it so: ``rx=-35 lane=3``."""

OPTIONAL: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(words.split())
    for name, words in {
        "state": "cause", "register": "bit", "vdm_ber": "lane", "serial": "of value", "lot": "firmware revision",
        "ecn": "profile low high percent off", "headroom": "value metres", "watchdog": "state detect restore action",
    }.items()
}  # fmt: skip
"""Settings that need not be told."""

LISTS: Final = frozenset({"uncorrectable", "pfc", "applications", "burst", "drops", "storm", "pauses"})
"""Faults whose value is a list: ``12,49``."""

SPANS: Final = frozenset(name for name in CHANGES if name not in SETTINGS)
"""Changes of what is recorded over a while, or was measured elsewhere: a lab that lives has its own time."""

WHOLE: Final = frozenset({"dscp", "silence", "software", "adapter", "map", "alpha", "balancing"})
"""Changes of a whole device."""
