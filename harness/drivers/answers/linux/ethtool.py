"""What ethtool answers, but for the module that it decodes (``linux_module``).

Text and JSON follow the tool's own source (ethtool 6): settings, driver, pause, statistics and ``--show-module`` were
held against ethtool 6.1 itself on interfaces without a NIC behind them; FEC and the JSON of settings follow the source
alone.  The names of counters are those of the kernel's mlx5, bnxt and ice drivers; ionic's are from public readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from ..cells import (
    BOOLEAN,
    BOOLEAN_OR_NULL,
    COUNT,
    INTEGER_OR_NULL,
    LOWER,
    SPEED,
    TEXT,
    TEXT_OR_NULL,
    TEXTS_OR_NULL,
    Cells,
    Json,
    Kind,
    Record,
    Schema,
    absent,
    integer,
    speed_mbps,
)
from ..entry import OTHER, TEXTS, Entry, Reader, list_in, number_in, object_in, objects, refusal, text_in, unknown_in
from ..labels import KeyValues, Labels, label_fields, label_of, slug
from ..tables import column
from ..text import NotThis, Page, Parsed, Unparsed, indentation, properties

INTERFACE: Final[dict[str, Schema]] = {"interface": TEXT_OR_NULL}

# --- settings -----------------------------------------------------------------------------------------------------

_WORDS: Final = Kind("words", (TEXTS_OR_NULL,), lambda t: (None,) if t == "Not reported" else (list(t.split()),))


def _ethtool_speed(text: str) -> Cells | None:
    if text.startswith("Unknown!") or absent(text):
        return (None,)
    value = speed_mbps(text)
    return None if value is None else (value,)


def _link(text: str) -> Cells | None:
    found = re.fullmatch(r"(yes|no)(?: \((.+)\))?", text)
    return (found[1] == "yes", found[2]) if found else None


_SETTINGS: Final = (
    column("speed", "speed_mbps", Kind("speed", SPEED.schemas, _ethtool_speed)),
    column("lanes", "lanes", COUNT),
    column("duplex", "duplex", LOWER),
    column("auto-negotiation", "autoneg", BOOLEAN),
    column("port", "port", TEXT),
    column("phyad", "phy_address", COUNT),
    column("transceiver", "transceiver", TEXT),
    column("mdi-x", "mdix", TEXT),
    column("link detected", "link_detected link_state", Kind("link", (BOOLEAN_OR_NULL, TEXT_OR_NULL), _link)),
    column("link down events", "link_down_events", COUNT),
    column("sqi", "sqi", TEXT),
    column("supported ports", "supported_ports", TEXT),
    column("supported link modes", "supported_link_modes", _WORDS),
    column("supported pause frame use", "supported_pause", TEXT),
    column("supports auto-negotiation", "supports_autoneg", BOOLEAN),
    column("supported fec modes", "supported_fec_modes", _WORDS),
    column("advertised link modes", "advertised_link_modes", _WORDS),
    column("advertised pause frame use", "advertised_pause", TEXT),
    column("advertised auto-negotiation", "advertised_autoneg", BOOLEAN),
    column("advertised fec modes", "advertised_fec_modes", _WORDS),
    column("link partner advertised link modes", "partner_link_modes", _WORDS),
    column("link partner advertised pause frame use", "partner_pause", TEXT),
    column("link partner advertised auto-negotiation", "partner_autoneg", BOOLEAN),
    column("link partner advertised fec modes", "partner_fec_modes", _WORDS),
    column("supports wake-on", "supports_wake_on", TEXT),
    column("wake-on", "wake_on", TEXT),
    column("master-slave cfg", "master_slave_configured", TEXT),
    column("master-slave status", "master_slave_status", TEXT),
    column("current message level", "message_level", TEXT),
)
_SETTINGS_HEAD: Final = re.compile(r"Settings for (\S+):")


def _settings(page: Page) -> Parsed:
    if page.json():
        return _settings_json(page)
    labels = Labels(_SETTINGS)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    modes: list[Json] | None = None
    depth = 0
    for line in page.lines:
        text = line.text.strip()
        known = label_of(text)
        if head := _SETTINGS_HEAD.fullmatch(text):
            records.append({"line": line.number, "interface": head[1]})
        elif modes is not None and not known and indentation(line.text) > depth + 4:
            modes.extend(text.split())
        elif not known and records and "message_level" in records[-1]:
            records[-1]["message_level"] = f"{records[-1]['message_level']} {text}"
        elif not records or not known or not labels.put(records[-1], *known):
            unparsed.append(line.unparsed())
        else:
            last = records[-1].get(f"{slug(known[0])}".replace("link_partner_advertised", "partner"))
            modes, depth = (last, indentation(line.text)) if isinstance(last, list) else (None, 0)
    if not records:
        raise refusal(page, "no settings of an interface")
    return Parsed(tuple(records), tuple(unparsed))


_SETTINGS_JSON: Final = {
    "speed": "speed_mbps", "lanes": "lanes", "phyad": "phy_address", "link-down-events": "link_down_events",
    "duplex": "duplex", "port": "port", "transceiver": "transceiver", "mdi-x": "mdix",
    "auto-negotiation": "autoneg", "link-detected": "link_detected",
    "supported-ports": "supported_port_list", "supported-link-modes": "supported_link_modes",
    "supported-fec-modes": "supported_fec_modes", "advertised-link-modes": "advertised_link_modes",
    "advertised-fec-modes": "advertised_fec_modes", "link-partner-advertised-link-modes": "partner_link_modes",
    "link-partner-advertised-fec-modes": "partner_fec_modes",
    "supported-pause-frame-use": "supported_pause", "supports-auto-negotiation": "supports_autoneg",
    "advertised-pause-frame-use": "advertised_pause", "advertised-auto-negotiation": "advertised_autoneg",
    "link-partner-advertised-pause-frame-use": "partner_pause",
    "link-partner-advertised-auto-negotiation": "partner_autoneg",
}  # fmt: skip
_NUMBERS: Final = {"speed_mbps", "lanes", "phy_address", "link_down_events"}
_FLAGS: Final = {"autoneg", "link_detected", "supports_autoneg", "advertised_autoneg", "partner_autoneg"}


def _settings_json(page: Page) -> Parsed:
    records: list[Record] = []
    for line, said in objects(page):
        if "ifname" not in said:
            raise NotThis("no 'ifname' in the JSON", line)
        record: Record = {"line": line, "interface": text_in(said["ifname"])}
        for name, key in _SETTINGS_JSON.items():
            if name in said:
                record[key] = _setting(key, said[name])
        if "link-state" in said:
            record["link_state"] = " ".join(str(word) for word in list_in(said["link-state"])) or None
        if rest := unknown_in(said, {"ifname", "link-state", *_SETTINGS_JSON}):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


def _setting(key: str, value: Json) -> Json:
    if key in _NUMBERS:
        number = number_in(value)
        return None if key == "speed_mbps" and number in (0xFFFFFFFF, -1) else number
    if key in _FLAGS:
        return value if isinstance(value, bool) else None
    if isinstance(value, list):
        return [str(item) for item in value]
    return (text_in(value) or "").lower() if key == "duplex" else text_in(value)


# --- FEC ----------------------------------------------------------------------------------------------------------

_FEC_TEXT: Final = re.compile(
    r"(?P<head>FEC parameters for (?P<interface>\S+):)|(?:Supported/)?Configured FEC encodings?: ?(?P<configured>.*)"
    r"|Active FEC encodings?: ?(?P<active>.*)|(?P<statistics>Statistics:)"
    r"|(?P<counter>corrected_blocks|uncorrectable_blocks|corrected_bits): (?P<total>\d{1,40})"
    r"|Lane (?P<lane>\d{1,3}): (?P<count>\d{1,40})"
)
_FEC_COUNTERS: Final = ("corrected_blocks", "uncorrectable_blocks", "corrected_bits")


def read_fec(page: Page) -> Parsed:
    if page.json():
        return _fec_json(page)
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    counter: dict[str, Json] | None = None
    for line in page.lines:
        found = _FEC_TEXT.fullmatch(line.text.strip())
        if not found or not (records or found["head"]):
            unparsed.append(line.unparsed())
        elif found["head"]:
            records.append({"line": line.number, "interface": found["interface"], "configured": None, "active": None})
            counter = None
        elif found["counter"]:
            counter = {"total": int(found["total"]), "lanes": None}
            records[-1][found["counter"]] = counter
        elif found["lane"]:
            lanes = counter["lanes"] or [] if counter else None
            if counter is None or not isinstance(lanes, list) or len(lanes) != int(found["lane"]):
                unparsed.append(line.unparsed())
            else:
                counter["lanes"] = [*lanes, int(found["count"])]
        elif not found["statistics"]:
            name = "configured" if found["configured"] is not None else "active"
            words = (found[name] or "").split()
            records[-1][name] = [*words]
    if not records:
        raise refusal(page, "no FEC parameters")
    return Parsed(tuple(records), tuple(unparsed))


def _fec_json(page: Page) -> Parsed:
    records: list[Record] = []
    for line, said in objects(page):
        if "ifname" not in said or not {"config", "active"} & set(said):
            raise NotThis("no 'ifname' with 'config' or 'active' in the JSON", line)
        record: Record = {
            "line": line,
            "interface": text_in(said["ifname"]),
            "configured": [str(word) for word in list_in(said.get("config"))] if "config" in said else None,
            "active": [str(word) for word in list_in(said.get("active"))] if "active" in said else None,
        }
        statistics = object_in(said.get("statistics"))
        for name in _FEC_COUNTERS:
            if name in statistics:
                counter = object_in(statistics[name])
                lanes = counter.get("lanes")
                record[name] = {
                    "total": number_in(counter.get("total")),
                    "lanes": [number_in(lane) for lane in lanes] if isinstance(lanes, list) else None,
                }
        if rest := {
            **unknown_in(said, {"ifname", "config", "active", "statistics"}),
            **unknown_in(statistics, {*_FEC_COUNTERS}),
        }:
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


_COUNTER: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"total": INTEGER_OR_NULL, "lanes": {"type": ["array", "null"], "items": INTEGER_OR_NULL}},
}
_DRIVER: Final = KeyValues(
    columns=(
        column("driver", "driver", TEXT, must=True),
        column("version", "version", TEXT, must=True),
        column("firmware-version", "firmware_version", TEXT, must=True),
        column("expansion-rom-version", "expansion_rom_version", TEXT),
        column("bus-info", "bus", TEXT),
        column(r"supports-(?P<name>[a-z-]+)", "supports", BOOLEAN),
    ),
    port=True,
)
# --- pause --------------------------------------------------------------------------------------------------------

_PAUSE: Final = KeyValues(
    columns=(
        column("autonegotiate", "autoneg", BOOLEAN),
        column("rx", "rx_pause", BOOLEAN, must=True),
        column("tx", "tx_pause", BOOLEAN, must=True),
        column("rx negotiated", "rx_negotiated", BOOLEAN),
        column("tx negotiated", "tx_negotiated", BOOLEAN),
        column("statistics source", "statistics_source", TEXT),
        column("tx_pause_frames", "tx_pause_frames", COUNT),
        column("rx_pause_frames", "rx_pause_frames", COUNT),
    ),
    heading=re.compile(r"Pause parameters for (?P<interface>\S+):"),
)
_PAUSE_COUNTERS: Final = ("tx_pause_frames", "rx_pause_frames")


def _pause(page: Page) -> Parsed:
    """Link-level pause; with ``-I`` the frames of it, which are not those of PFC."""
    if not page.json():
        titles = re.compile(r" *(?:RX|TX)? ?(?:statistics|Statistics):")
        return _PAUSE.read(replace(page, lines=[line for line in page.lines if not titles.fullmatch(line.text)]))
    records: list[Record] = []
    for line, said in objects(page):
        if "ifname" not in said or not {"rx", "tx"} & set(said):
            raise NotThis("no 'ifname' with 'rx' and 'tx' in the JSON", line)
        negotiated, counted = object_in(said.get("negotiated")), object_in(said.get("statistics"))
        record: Record = {
            "line": line,
            "interface": text_in(said["ifname"]),
            "autoneg": _flag(said.get("autonegotiate")),
            "rx_pause": _flag(said.get("rx")),
            "tx_pause": _flag(said.get("tx")),
        }
        record |= {f"{way}_negotiated": _flag(negotiated[way]) for way in ("rx", "tx") if way in negotiated}
        record |= {name: number_in(counted[name]) for name in _PAUSE_COUNTERS if name in counted}
        if rest := (
            unknown_in(said, {"ifname", "autonegotiate", "rx", "tx", "negotiated", "statistics"})
            | unknown_in(counted, {*_PAUSE_COUNTERS})
        ):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


def _flag(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


# --- statistics ---------------------------------------------------------------------------------------------------

_BY_PRIORITY: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (key, re.compile(pattern))
    for key, pattern in (
        ("pfc_received", r"rx_prio(\d)_pause|rx_pfc_ena_frames_pri(\d)|rx_priority_(\d)_xo(?:n|ff)(?:\.nic)?"),
        ("pfc_sent", r"tx_prio(\d)_pause|tx_pfc_ena_frames_pri(\d)|tx_priority_(\d)_xo(?:n|ff)(?:\.nic)?"),
        ("pfc_received", r"HwIfInPfc(\d)Pkts?|rx_pause_prio_(\d)"),
        ("pfc_sent", r"HwIfOutPfc(\d)Pkts?|tx_pause_prio_(\d)"),
        ("pfc_received_us", r"rx_prio(\d)_pause_duration|pfc_pri(\d)_rx_duration_us|rx_pripause_(\d)_1us_count"),
        ("pfc_sent_us", r"tx_prio(\d)_pause_duration|pfc_pri(\d)_tx_duration_us|tx_pripause_(\d)_1us_count"),
        ("pfc_received_transitions", r"rx_prio(\d)_pause_transition|pfc_pri(\d)_rx_transitions"),
        ("pfc_sent_transitions", r"tx_prio(\d)_pause_transition|pfc_pri(\d)_tx_transitions"),
        ("received_discards", r"rx_prio(\d)_discards"),
        ("received_buffer_discards", r"rx_prio(\d)_buf_discard"),
        ("received_congestion_discards", r"rx_prio(\d)_cong_discard"),
        ("received_marked", r"rx_prio(\d)_marked"),
    )
)
"""Counters of a priority.  Of ice, frames that stop and frames that let go on are counted apart and are both PFC."""

_OF_LANE: Final = re.compile(r"rx_err_lane_(\d{1,2})_phy")
_OF_PORT: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (key, re.compile(pattern))
    for key, pattern in (
        ("pfc_received_in_all", r"rx_pfc_frames|frames_rx_pripause"),
        ("pfc_sent_in_all", r"tx_pfc_frames|frames_tx_pripause"),
        ("pause_received", r"rx_global_pause|rx_pause_frames|link_xoff_rx(?:\.nic)?|frames_rx_pause|HwIfInPausePkts?"),
        ("pause_sent", r"tx_global_pause|tx_pause_frames|link_xoff_tx(?:\.nic)?|frames_tx_pause|HwIfOutPausePkts?"),
        ("link_down_events", r"link_down_events(?:_phy)?|link_down_events\.nic"),
        ("corrected_bits", r"rx_corrected_bits(?:_phy)?"),
        ("symbol_errors", r"rx_pcs_symbol_err(?:_phy)?"),
        ("corrected_blocks", r"rx_fec_corrected_blocks|fec_corrected_blocks|fec_corr_cw_cnt(?:\.nic)?"),
        ("uncorrectable_blocks", r"rx_fec_uncorrectable_blocks|fec_uncorrectable_blocks|fec_uncorr_cw_cnt(?:\.nic)?"),
        ("crc_errors", r"rx_crc_errors_phy|rx_fcs_err_frames|rx_crc_errors(?:\.nic)?|frames_rx_bad_fcs"),
        ("pause_storm_warnings", r"tx_pause_storm_warning_events"),
        ("pause_storm_errors", r"tx_pause_storm_error_events"),
        ("received_discards_in_all", r"rx_discards_phy"),
        ("sent_discards_in_all", r"tx_discards_phy"),
        ("module_unplugged", r"module_unplug"),
        ("module_high_temperature", r"module_high_temp"),
    )
)
_STATISTIC: Final = re.compile(r"(\S(?:.{0,80}\S)?) *: +(-?\d{1,40})")
_STATISTICS: Final = re.compile(r"NIC statistics:|Standard stats for (\S+):")
_GROUP: Final = re.compile(r"((?:eth-(?:phy|mac|ctrl)|rmon|phydev)(?:-[a-z]+)?)-(\S+)")


def _statistics(page: Page) -> Parsed:
    """The counters of an interface: of its driver, or the groups that the kernel has a standard for."""
    if page.json():
        return _groups_json(page)
    counters: dict[str, Json] = {}
    groups: dict[str, Json] = {}
    unparsed: list[Unparsed] = []
    record: Record | None = None
    for line in page.lines:
        text = line.text.strip()
        found = _STATISTIC.fullmatch(text)
        if head := _STATISTICS.fullmatch(text):
            record = record or {"line": line.number, "interface": head[1] or page.port}
        elif found is None or record is None or found[1] in counters:
            unparsed.append(line.unparsed())
        elif (group := _GROUP.fullmatch(found[1])) and text.startswith(group[1]):
            members = groups.setdefault(group[1], {})
            if isinstance(members, dict):
                members[group[2]] = int(found[2])
        else:
            counters[found[1]] = int(found[2])
    if record is None:
        raise refusal(page, "no statistics of an interface")
    record["counters"] = counters
    if groups:
        record["groups"] = groups
    return Parsed((record | typed_counters(counters),), tuple(unparsed))


def _groups_json(page: Page) -> Parsed:
    records: list[Record] = []
    for line, said in objects(page):
        if "ifname" not in said:
            raise NotThis("no 'ifname' in the JSON", line)
        groups: dict[str, Json] = {}
        counters: dict[str, Json] = {}
        for name, value in said.items():
            if isinstance(value, dict):
                groups[name] = {
                    key: number if (number := number_in(one)) is not None else one for key, one in value.items()
                }
            elif name != "ifname" and (number := number_in(value)) is not None:
                counters[name] = number
        record: Record = {"line": line, "interface": text_in(said["ifname"]), "counters": counters, "groups": groups}
        records.append(record | typed_counters(counters))
    return Parsed(tuple(records))


def typed_counters(counters: Mapping[str, Json]) -> Record:
    """Counters that drivers name each in their own way, under one name: by priority, by lane, of the port."""
    by_priority: dict[str, dict[str, Json]] = {}
    of_port: dict[str, Json] = {}
    lanes: dict[int, Json] = {}
    for name, value in counters.items():
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        if lane := _OF_LANE.fullmatch(name):
            lanes[int(lane[1])] = value
        for key, pattern in _BY_PRIORITY:
            if found := pattern.fullmatch(name):
                priority = next(group for group in found.groups() if group)
                held = by_priority.setdefault(key, {})
                before = held.get(priority)
                held[priority] = value + (before if isinstance(before, int) else 0)
        for key, pattern in _OF_PORT:
            if pattern.fullmatch(name):
                of_port.setdefault(key, value)
    record: Record = {**by_priority, **of_port}
    if lanes and list(lanes) == list(range(len(lanes))):
        record["lane_errors"] = [lanes[lane] for lane in sorted(lanes)]
    return record


_COUNTS: Final[Schema] = {"type": "object", "additionalProperties": {"type": "integer"}}
_STATISTICS_FIELDS: Final[dict[str, Schema]] = {
    "counters": _COUNTS,
    "groups": {"type": "object", "additionalProperties": OTHER},
    **dict.fromkeys((key for key, _ in _BY_PRIORITY), _COUNTS),
    **{key: {"type": "integer"} for key, _ in _OF_PORT},
    "lane_errors": {"type": "array", "items": {"type": "integer"}},
}

# --- module power -------------------------------------------------------------------------------------------------

_POWER_HEAD: Final = re.compile(r"Module parameters for (\S+):")
_POWER: Final = {"power-mode-policy": "power_mode_policy", "power-mode": "power_mode"}


def _module_power(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    if page.json():
        for at, said in objects(page):
            if "ifname" not in said:
                raise NotThis("no 'ifname' in the JSON", at)
            known: Record = {key: text_in(said[name]) for name, key in _POWER.items() if name in said}
            rest = unknown_in(said, {"ifname", *_POWER})
            records.append(
                {"line": at, "interface": text_in(said["ifname"]), **known, **({"other": rest} if rest else {})}
            )
        return Parsed(tuple(records))
    for line in page.lines:
        text = line.text.strip()
        name, _, value = text.partition(" ")
        if head := _POWER_HEAD.fullmatch(text):
            records.append({"line": line.number, "interface": head[1]})
        elif records and name in _POWER and value:
            records[-1][_POWER[name]] = value.strip()
        else:
            unparsed.append(line.unparsed())
    if not records:
        raise refusal(page, "no parameters of a module")
    return Parsed(tuple(records), tuple(unparsed))


# --- pages of a module --------------------------------------------------------------------------------------------

_HEX_LINE: Final = re.compile(r"0x([0-9a-f]{1,8}):?((?: +[0-9a-f]{2}){1,32})", re.IGNORECASE)


def read_pages(page: Page) -> Parsed:
    """Half pages of 128 bytes; page, bank and I2C address are those that the command asked for."""
    data = bytearray()
    begin, first, headed = 0, 1, False
    unparsed: list[Unparsed] = []
    for line in page.lines:
        text = line.text.strip()
        row = _HEX_LINE.fullmatch(text)
        if row and (not data or int(row[1], 16) == begin + len(data)):
            if not data:
                begin, first = int(row[1], 16), line.number
            data += bytes.fromhex(row[2].replace(" ", ""))
        elif re.fullmatch(r"Offset +Values", text):
            headed = True
        elif not re.fullmatch(r"-{3,} +-{3,}", text):
            unparsed.append(line.unparsed())
    if not headed or not data:
        raise refusal(page, "no hexdump of a module")
    records: list[Record] = []
    at = begin
    while at < begin + len(data):
        end = at - at % 128 + 128
        records.append(
            {
                "line": first + (at - begin) // 16,
                "interface": page.port,
                "page": _argument(page, "page"),
                "bank": _argument(page, "bank"),
                "i2c": _argument(page, "i2c"),
                "offset": at,
                "data": bytes(data[at - begin : end - begin]).hex(),
            }
        )
        at = end
    return Parsed(tuple(records), tuple(unparsed))


def _argument(page: Page, name: str) -> int | None:
    words = list(page.asked)
    value = words[words.index(name) + 1] if name in words[:-1] else ""
    if re.fullmatch(r"0x[0-9a-fA-F]{1,4}", value):
        return int(value, 16)
    return integer(value)


PAGES: Final = (
    INTERFACE
    | dict.fromkeys(("page", "bank", "i2c"), INTEGER_OR_NULL)
    | {"offset": {"type": "integer"}, "data": {"type": "string", "pattern": "^([0-9a-f]{2})+$"}}
)
"""A half page of a module."""


class _WithOther:
    """A grammar of labels that also reads JSON, which may have members that nobody knows."""

    def __init__(self, reads: Callable[[Page], Parsed], labels: KeyValues) -> None:
        self.read = reads
        self.labels = labels

    def schema(self) -> Schema:
        must = [name for one in self.labels.columns if one.must for name in one.fields]
        fields = INTERFACE | label_fields(self.labels.columns) | {"other": OTHER}
        return properties(fields, ["interface", *must])


COMMANDS: Final = (
    Entry(
        "ethtool --show-fec",
        "FEC as configured and as running, with counters",
        Reader(
            read_fec,
            INTERFACE
            | {"configured": TEXTS_OR_NULL, "active": TEXTS_OR_NULL, "other": OTHER}
            | dict.fromkeys(_FEC_COUNTERS, _COUNTER),
            ("interface", "configured", "active"),
        ),
    ),
    Entry(
        "ethtool -a",
        "link-level pause, with its frames where -I asked for them",
        _WithOther(_pause, _PAUSE),
        ("ethtool --show-pause",),
    ),
    Entry("ethtool -i", "driver and firmware", _DRIVER, ("ethtool --driver",)),
    Entry(
        "ethtool -S",
        "counters of the driver or of the kernel's groups, PFC by priority",
        Reader(_statistics, INTERFACE | _STATISTICS_FIELDS, ("interface", "counters")),
        ("ethtool --statistics",),
    ),
    Entry(
        "ethtool --show-module",
        "power mode of a module",
        Reader(
            _module_power,
            INTERFACE | dict.fromkeys(_POWER.values(), TEXT_OR_NULL) | {"other": OTHER},
            ("interface",),
        ),
    ),
    Entry(
        "ethtool",
        "speed, lanes, link, FEC and link modes",
        Reader(
            _settings,
            INTERFACE | label_fields(_SETTINGS) | {"supported_port_list": TEXTS, "other": OTHER},
            ("interface",),
        ),
    ),
)
