"""What the tools of a host answer: ethtool, mlxlink, mlnx_qos, dcb, lldpctl, ip and show_gids.

The shapes follow the tools' own sources (ethtool 6, iproute2, mstflint, mlnx-tools, lldpd); none of them was held
against a recording yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from .cells import (
    BOOLEAN,
    BOOLEAN_OR_NULL,
    COUNT,
    DECIMAL_OR_NULL,
    INTEGER_OR_NULL,
    INTEGERS_OR_NULL,
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
    decimal,
    integer,
    speed_mbps,
)
from .entry import (
    NUMBERS,
    OTHER,
    TEXTS,
    Entry,
    Object,
    Reader,
    json_of,
    list_in,
    number_in,
    object_in,
    objects,
    refusal,
    text_in,
    unknown_in,
)
from .labels import KeyValues, Labels, label_fields, label_of, slug
from .tables import column
from .text import NotThis, Page, Parsed, Unparsed, indentation, shortened

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
    "duplex": "duplex", "port": "port", "transceiver": "transceiver",
    "auto-negotiation": "autoneg", "link-detected": "link_detected",
    "supported-ports": "supported_port_list", "supported-link-modes": "supported_link_modes",
    "supported-fec-modes": "supported_fec_modes", "advertised-link-modes": "advertised_link_modes",
    "advertised-fec-modes": "advertised_fec_modes", "link-partner-advertised-link-modes": "partner_link_modes",
    "link-partner-advertised-fec-modes": "partner_fec_modes",
}  # fmt: skip
_NUMBERS: Final = {"speed_mbps", "lanes", "phy_address", "link_down_events"}
_FLAGS: Final = {"autoneg", "link_detected"}


def _settings_json(page: Page) -> Parsed:
    records: list[Record] = []
    for line, said in objects(page):
        if "ifname" not in said:
            raise NotThis("no 'ifname' in the JSON", line)
        record: Record = {"line": line, "interface": text_in(said["ifname"])}
        for name, key in _SETTINGS_JSON.items():
            if name in said:
                value = said[name]
                if key in _NUMBERS:
                    record[key] = number_in(value)
                elif key in _FLAGS:
                    record[key] = value if isinstance(value, bool) else None
                elif isinstance(value, list):
                    record[key] = [str(item) for item in value]
                else:
                    record[key] = (text_in(value) or "").lower() if key == "duplex" else text_in(value)
        if "link-state" in said:
            record["link_state"] = " ".join(str(word) for word in list_in(said["link-state"])) or None
        if rest := unknown_in(said, {"ifname", "link-state", *_SETTINGS_JSON}):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


_FEC_TEXT: Final = re.compile(
    r"(?P<head>FEC parameters for (?P<interface>\S+):)|(?:Supported/)?Configured FEC encodings?: ?(?P<configured>.*)"
    r"|Active FEC encodings?: ?(?P<active>.*)|(?P<statistics>Statistics:)"
    r"|(?P<counter>corrected_blocks|uncorrectable_blocks|corrected_bits): (?P<total>\d{1,40})"
    r"|Lane (?P<lane>\d{1,3}): (?P<count>\d{1,40})"
)
_FEC_COUNTERS: Final = ("corrected_blocks", "uncorrectable_blocks", "corrected_bits")


def _fec(page: Page) -> Parsed:
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

_PAUSE: Final = KeyValues(
    columns=(
        column("autonegotiate", "autoneg", BOOLEAN),
        column("rx", "rx_pause", BOOLEAN, must=True),
        column("tx", "tx_pause", BOOLEAN, must=True),
        column("rx negotiated", "rx_negotiated", BOOLEAN),
        column("tx negotiated", "tx_negotiated", BOOLEAN),
    ),
    heading=re.compile(r"Pause parameters for (?P<interface>\S+):"),
)

_HEX_LINE: Final = re.compile(r"0x([0-9a-f]{1,8}):?((?: +[0-9a-f]{2}){1,32})", re.IGNORECASE)


def _module_hex(page: Page) -> Parsed:
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


_MLX_FIELDS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "Operational Info": {
        "State": ("state", "text"),
        "Physical state": ("physical_state", "text"),
        "Speed": ("speed_mbps", "speed"),
        "Width": ("lanes", "width"),
        "FEC": ("fec", "text"),
        "Loopback Mode": ("loopback", "text"),
        "Auto Negotiation": ("autoneg", "text"),
    },
    "Troubleshooting Info": {
        "Status Opcode": ("status_opcode", "integer"),
        "Group Opcode": ("group_opcode", "text"),
        "Recommendation": ("recommendation", "text"),
    },
    "Tool Information": {
        "Firmware Version": ("firmware_version", "text"),
        "amBER Version": ("amber_version", "text"),
        "MFT Version": ("tool_version", "text"),
        "mstflint Version": ("tool_version", "text"),
    },
    "Physical Counters and BER Info": {
        "Time Since Last Clear [Min]": ("minutes_since_clear", "decimal"),
        "Symbol Errors": ("symbol_errors", "integer"),
        "Symbol BER": ("symbol_ber", "ber"),
        "Effective Physical Errors": ("effective_errors", "integer"),
        "Effective Physical BER": ("effective_ber", "ber"),
        "Raw Physical Errors Per Lane": ("raw_errors", "integers"),
        "Raw Physical BER": ("raw_ber", "ber"),
        "Raw Physical BER Per Lane": ("raw_lane_ber", "bers"),
        "Link Down Counter": ("link_downs", "integer"),
        "Link Error Recovery Counter": ("link_recoveries", "integer"),
    },
    "Module Info": {
        "Identifier": ("identifier", "text"),
        "Compliance": ("compliance", "text"),
        "Cable Technology": ("cable_technology", "text"),
        "Cable Type": ("cable_type", "text"),
        "OUI": ("vendor_oui", "text"),
        "Vendor Name": ("vendor_name", "text"),
        "Vendor Part Number": ("vendor_part_number", "text"),
        "Vendor Serial Number": ("vendor_serial_number", "text"),
        "Rev": ("vendor_revision", "text"),
        "FW Version": ("active_firmware", "text"),
        "Power Class": ("power_class", "text"),
        "Module State": ("module_state", "text"),
        "Manufacturing Date": ("vendor_date", "text"),
        "Memory Map Revision": ("memory_map_revision", "text"),
        "Temperature [C]": ("temperature_c", "monitor"),
        "Voltage [mV]": ("voltage_mv", "monitor"),
        "Bias Current [mA]": ("tx_bias_ma", "monitors"),
        "Rx Power Current [dBm]": ("rx_power_dbm", "monitors"),
        "Tx Power Current [dBm]": ("tx_power_dbm", "monitors"),
        "SNR Media Lanes [dB]": ("snr_media_db", "monitors"),
        "SNR Host Lanes [dB]": ("snr_host_db", "monitors"),
        "DataPath state [per lane]": ("datapath_states", "texts"),
        "Tx Fault [per lane]": ("tx_fault", "flags"),
        "Tx LOS [per lane]": ("tx_los", "flags"),
        "Tx CDR LOL [per lane]": ("tx_cdr_lol", "flags"),
        "Rx LOS [per lane]": ("rx_los", "flags"),
        "Rx CDR LOL [per lane]": ("rx_cdr_lol", "flags"),
        "Tx Adaptive EQ Fault [per lane]": ("tx_eq_fault", "flags"),
    },
}
_MLX_SCHEMAS: Final[Mapping[str, Schema]] = {
    "text": TEXT_OR_NULL,
    "speed": INTEGER_OR_NULL,
    "width": INTEGER_OR_NULL,
    "integer": INTEGER_OR_NULL,
    "decimal": DECIMAL_OR_NULL,
    "ber": DECIMAL_OR_NULL,
    "monitor": DECIMAL_OR_NULL,
    "integers": {"type": "array", "items": INTEGER_OR_NULL},
    "bers": {"type": "array", "items": DECIMAL_OR_NULL},
    "monitors": {"type": "array", "items": DECIMAL_OR_NULL},
    "texts": {"type": "array", "items": TEXT_OR_NULL},
    "flags": {"type": "array", "items": BOOLEAN_OR_NULL},
}
_NO_ERRORS: Final = "15E-255"
"""What mlxlink prints for a BER of which nothing was measured."""
_RANGE: Final = re.compile(r"(.*?)\s*\[\s*([^\[\]]{1,40}?)\s*\.\.\s*([^\[\]]{1,40}?)\s*\]")


def _values(value: Json) -> list[Json]:
    values = object_in(value).get("values", value)
    if isinstance(values, str):
        return [part.strip() for part in values.split(",")]
    return list_in(values)


def _ber(value: Json) -> str | None:
    return None if value is None or str(value).upper() == _NO_ERRORS else decimal(str(value))


def _flag(value: Json) -> bool | None:
    return {"0": False, "1": True}.get(str(value))


def _mlx_value(kind: str, value: Json) -> Json:
    match kind:
        case "text":
            return text_in(value)
        case "integer":
            return number_in(value)
        case "speed":
            found = re.fullmatch(r"(?:[A-Za-z]+-)?(\d{1,4}(?:\.\d)?G)\b.{0,20}", str(value))
            return speed_mbps(found[1]) if found else None
        case "width":
            return integer(str(value).rstrip("xX"))
        case "decimal":
            return decimal(str(value))
        case "ber":
            return _ber(value)
        case "bers":
            return [_ber(item) for item in _values(value)]
        case "integers":
            return [number_in(item) for item in _values(value)]
        case "flags":
            return [_flag(item) for item in _values(value)]
        case "texts":
            return [text_in(item) for item in _values(value)]
        case "monitor":
            return decimal(str(value))
        case _:
            return [decimal(str(item)) for item in _values(value)]


def _lost(value: Json, read: Json) -> bool:
    """Whether something was printed that the kind of the field does not know."""
    if isinstance(read, list):
        return any(_lost(one, said) for one, said in zip(_values(value), read, strict=False))
    said = isinstance(value, list | dict) or (text_in(value) is not None and str(value).upper() != _NO_ERRORS)
    return read is None and said


def _mlxlink(page: Page) -> Parsed:
    document = json_of(page)
    envelope = object_in(document.value)
    status, result = object_in(envelope.get("status")), object_in(envelope.get("result"))
    if not status or not result:
        raise refusal(page, "no 'status' and 'result' in the JSON")
    if str(status.get("code")) != "0":
        raise NotThis(f"mlxlink failed with code {status.get('code')}: {shortened(str(status.get('message')))}", 1)
    words = list(page.asked)
    record: Record = {"line": document.first, "device": next((w for w in words[1:] if not w.isdecimal()), None)}
    other: dict[str, Json] = unknown_in(result, {"output"})
    thresholds: dict[str, Json] = {}
    for section, said in object_in(result.get("output")).items():
        fields = _MLX_FIELDS.get(section, {})
        if section.startswith("Histogram of FEC Errors"):
            record |= _bins(object_in(said))
            known = {"Header", *(f"Bin {number}" for number in range(len(list_in(record["bins"]))))}
            if rest := unknown_in(object_in(said), known):
                other[section] = rest
            continue
        unknown: dict[str, Json] = {}
        for name, value in object_in(said).items():
            if name not in fields:
                unknown[name] = value
                continue
            key, kind = fields[name]
            if kind.startswith("monitor") and (bounds := _RANGE.fullmatch(str(value))):
                thresholds[key] = {"low_alarm": decimal(bounds[2]), "high_alarm": decimal(bounds[3])}
                value = bounds[1]
            record[key] = _mlx_value(kind, value)
            if _lost(value, record[key]):
                unknown[name] = value
        if unknown or not isinstance(said, dict):
            other[section] = unknown or said
    if thresholds:
        record["thresholds"] = thresholds
    if other:
        record["other"] = other
    return Parsed((record,), tuple(line.unparsed() for line in page.lines if line.number < document.first))


def _bins(histogram: Object) -> Record:
    bins: list[Json] = []
    ranges: list[Json] = []
    for number in range(64):
        row = list_in(object_in(histogram.get(f"Bin {number}")).get("values"))
        if len(row) != 2:
            break
        ranges.append(str(row[0]).strip("[]"))
        bins.append(number_in(row[1]))
    return {"bins": bins, "bin_ranges": ranges}


_BOUNDS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"low_alarm": DECIMAL_OR_NULL, "high_alarm": DECIMAL_OR_NULL},
}
_MLX: Final[dict[str, Schema]] = {
    "device": TEXT_OR_NULL,
    **{key: _MLX_SCHEMAS[kind] for fields in _MLX_FIELDS.values() for key, kind in fields.values()},
    "thresholds": {"type": "object", "additionalProperties": _BOUNDS},
    "bins": {"type": "array", "items": INTEGER_OR_NULL},
    "bin_ranges": TEXTS,
    "other": OTHER,
}

_QOS_ROW: Final = re.compile(r"(priority|enabled|buffer)((?: +\d{1,9}){1,16})")
_QOS_TC: Final = re.compile(r"tc: (\d+) ratelimit: ([^,]{1,40}), tsa: (\w+)(?:, bw: (\d+)%)?")
_QOS_DSCP: Final = re.compile(r"prio:(\d) dscp:([\d,]*)")
_QOS_TITLES: Final = re.compile(r"dscp2prio mapping:|PFC configuration:|\*{3,}")


def _mlnx_qos(page: Page) -> Parsed:
    record: Record = {"line": 1, "interface": page.port}
    unparsed: list[Unparsed] = []
    classes: list[Json] = []
    dscp: dict[str, list[Json]] = {}
    rows: dict[str, list[int]] = {}
    known = False
    for line in page.lines:
        text = line.text.strip()
        label, value = label_of(text) or ("", "")
        if row := _QOS_ROW.fullmatch(text):
            rows[row[1]] = [int(word) for word in row[2].split()]
            known = True
        elif tc := _QOS_TC.fullmatch(text):
            weight = int(tc[4]) if tc[4] else None
            classes.append(
                {"tc": int(tc[1][:4]), "ratelimit": tc[2], "algorithm": tc[3], "percent": weight, "priorities": []}
            )
        elif label == "priority" and classes and (number := integer(value)) is not None:
            priorities = object_in(classes[-1]).get("priorities")
            if isinstance(priorities, list):
                priorities.append(number)
        elif found := _QOS_DSCP.fullmatch(text):
            dscp.setdefault(found[1], []).extend(int(word) for word in found[2].split(",") if word)
        elif label == "DCBX mode":
            record["dcbx_mode"], known = value, True
        elif label == "Priority trust state":
            record["trust"], known = value, True
        elif label == "default priority" and (not value or integer(value) is not None):
            record["default_priority"] = integer(value)
        elif label == "Cable len":
            record["cable_length_m"] = integer(value)
        elif label == "Receive buffer size (bytes)":
            sizes, _, most = value.partition("max_buffer_size=")
            record["buffer_bytes"] = [integer(size.strip()) for size in sizes.split(",") if size.strip()]
            record["max_buffer_bytes"] = integer(most)
        elif not _QOS_TITLES.fullmatch(text):
            unparsed.append(line.unparsed())
    if not known:
        raise refusal(page, "no trust state and no PFC configuration")
    if "enabled" in rows:
        record["pfc_enabled"] = [priority for priority, on in _pairs(rows, "enabled") if on]
    if "buffer" in rows:
        record["priority_buffer"] = [buffer for _, buffer in _pairs(rows, "buffer")]
    if classes:
        record["traffic_classes"] = classes
    if dscp:
        record["dscp_to_priority"] = {str(code): int(priority) for priority, codes in dscp.items() for code in codes}
    return Parsed((record,), tuple(unparsed))


def _pairs(rows: Mapping[str, list[int]], name: str) -> list[tuple[int, int]]:
    priorities = rows.get("priority", list(range(8)))
    return list(zip(priorities, rows[name], strict=False))


_DCB_PFC: Final = {"pfc_cap", "macsec_bypass", "delay", "prio_pfc", "requests", "indications"}


def _dcb(page: Page, must: str) -> tuple[int, Object]:
    found = list(objects(page))
    if len(found) != 1 or must not in found[0][1]:
        raise refusal(page, f"no {must!r} in the JSON")
    return found[0]


def _dcb_pfc(page: Page) -> Parsed:
    line, said = _dcb(page, "prio_pfc")
    record: Record = {
        "line": line,
        "interface": page.port,
        "pfc_capability": number_in(said.get("pfc_cap")),
        "delay": number_in(said.get("delay")),
        "pfc_enabled": [at for at, on in enumerate(list_in(said.get("prio_pfc"))) if on is True],
    }
    for name, key in (("requests", "sent_frames"), ("indications", "received_frames")):
        if name in said:
            record[key] = [number_in(count) for count in list_in(said[name])]
    if rest := unknown_in(said, _DCB_PFC - {"macsec_bypass"}):
        record["other"] = rest
    return Parsed((record,))


def _dcb_buffer(page: Page) -> Parsed:
    line, said = _dcb(page, "prio_buffer")
    record: Record = {
        "line": line,
        "interface": page.port,
        "priority_buffer": [number_in(buffer) for buffer in list_in(said.get("prio_buffer"))],
        "buffer_bytes": [number_in(size) for size in list_in(said.get("buffer_size"))],
        "total_bytes": number_in(said.get("total_size")),
    }
    if rest := unknown_in(said, {"prio_buffer", "buffer_size", "total_size"}):
        record["other"] = rest
    return Parsed((record,))


_APP: Final = ("dscp_prio", "pcp_prio", "ethtype_prio", "stream_port_prio", "dgram_port_prio", "port_prio")


def _dcb_app(page: Page) -> Parsed:
    found = list(objects(page))
    if len(found) != 1 or not set(found[0][1]) <= {*_APP, "default_prio"}:
        raise refusal(page, "not the application priorities of a port")
    line, said = found[0]
    record: Record = {"line": line, "interface": page.port}
    for name in _APP:
        if name in said:
            rows = [list_in(entry) for entry in list_in(said[name])]
            record[name] = [{"key": str(row[0]), "priority": number_in(row[1])} for row in rows if len(row) >= 2]
    if "default_prio" in said:
        record["default_prio"] = [number_in(number) for number in list_in(said["default_prio"])]
    return Parsed((record,))


_ENTRY: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"key": {"type": "string"}, "priority": INTEGER_OR_NULL},
}
_ENTRIES: Final[Schema] = {"type": "array", "items": _ENTRY}


def _first(value: Json) -> Json:
    """The one thing inside the lists that json0 wraps around everything."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _leaf(value: Json) -> str | None:
    value = _first(value)
    return text_in(value.get("value")) if isinstance(value, dict) else text_in(value)


def _neighbours(value: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Interfaces with their neighbour, from ``-f json0``, from ``-f json``, and from its list of one-key objects."""
    for item in list_in(value):
        if not isinstance(item, dict):
            continue
        if "name" in item and "chassis" in item:
            yield str(item["name"]), item
        else:
            for name, said in item.items():
                yield name, object_in(_first(said))


_SEEN: Final = {"name", "via", "age", "chassis", "port", "id", "descr", "mgmt-ip", "capability", "ttl"}


def _lldpctl(page: Page) -> Parsed:
    document = json_of(page)
    root = object_in(document.value)
    if set(root) != {"lldp"}:
        raise refusal(page, "no 'lldp' in the JSON")
    outer = [member for member in document.members() if member.name == "lldp"]
    line = outer[0].line if outer else 1
    records: list[Record] = []
    for name, said in _neighbours(object_in(_first(root["lldp"])).get("interface")):
        chassis, port = object_in(_first(said.get("chassis"))), object_in(_first(said.get("port")))
        system = _leaf(chassis.get("name"))
        if "id" not in chassis and len(chassis) == 1:
            system, inner = next(iter(chassis.items()))
            chassis = object_in(inner)
        ids = (object_in(_first(chassis.get("id"))), object_in(_first(port.get("id"))))
        capabilities: dict[str, Json] = {
            str(one.get("type")): one.get("enabled") is True
            for one in map(object_in, list_in(chassis.get("capability")))
            if "type" in one
        }
        records.append(
            {
                "line": line,
                "interface": name,
                "via": text_in(said.get("via")),
                "age": text_in(said.get("age")),
                "chassis_id_type": text_in(ids[0].get("type")),
                "chassis_id": text_in(ids[0].get("value")),
                "system_name": system,
                "system_description": _leaf(chassis.get("descr")),
                "management_addresses": [
                    text for one in list_in(chassis.get("mgmt-ip")) if (text := _leaf(one)) is not None
                ],
                "capabilities": capabilities,
                "port_id_type": text_in(ids[1].get("type")),
                "port_id": text_in(ids[1].get("value")),
                "port_description": _leaf(port.get("descr")),
                "ttl": number_in(_leaf(port.get("ttl"))),
            }
        )
        if rest := unknown_in(said, _SEEN) | unknown_in(chassis, _SEEN) | unknown_in(port, _SEEN):
            records[-1]["other"] = rest
    return Parsed(tuple(records))


_LINK: Final = {
    "ifindex": ("index", "integer"),
    "flags": ("flags", "texts"),
    "mtu": ("mtu", "integer"),
    "operstate": ("oper", "lower"),
    "address": ("mac", "text"),
    "permaddr": ("permanent_mac", "text"),
    "link_type": ("link_type", "text"),
    "master": ("master", "text"),
    "link": ("parent", "text"),
    "qdisc": ("qdisc", "text"),
    "group": ("group", "text"),
    "txqlen": ("tx_queue_length", "integer"),
    "broadcast": ("broadcast", "text"),
    "linkmode": ("link_mode", "text"),
    "altnames": ("alternative_names", "texts"),
    "parentbus": ("bus", "text"),
    "parentdev": ("bus_address", "text"),
}


def _ip_link(page: Page) -> Parsed:
    records: list[Record] = []
    for line, said in objects(page):
        if not said:
            continue
        if "ifname" not in said or "flags" not in said:
            raise NotThis("no 'ifname' and 'flags' in the JSON", line)
        flags = [str(flag) for flag in list_in(said["flags"])]
        record: Record = {
            "line": line,
            "interface": text_in(said["ifname"]),
            "admin": "up" if "UP" in flags else "down",
        }
        for name, (key, kind) in _LINK.items():
            if name in said:
                value = said[name]
                texts: list[Json] = [str(item) for item in list_in(value)]
                text = text_in(value)
                record[key] = (
                    texts
                    if kind == "texts"
                    else number_in(value)
                    if kind == "integer"
                    else text.lower()
                    if kind == "lower" and text
                    else text
                )
        if rest := unknown_in(said, {"ifname", *_LINK}):
            record["other"] = rest
        records.append(record)
    return Parsed(tuple(records))


_GIDS_HEAD: Final = re.compile(r"DEV\s+PORT\s+INDEX\s+GID\s+IPv4\s+VER\s+DEV", re.IGNORECASE)
_GID: Final = re.compile(
    r"(\S+)\s+([0-9]{1,4})\s+([0-9]{1,5})\s+([0-9a-f:]{2,39})\s+(?:([0-9.]{7,15})\s+)?(v1|v2)(?:\s+(\S+))?"
)


def _gids(page: Page) -> Parsed:
    records: list[Record] = []
    unparsed: list[Unparsed] = []
    headed = False
    for line in page.lines:
        text = line.text.strip()
        if _GIDS_HEAD.fullmatch(text):
            headed = True
        elif headed and (row := _GID.fullmatch(text)):
            record: Record = {"line": line.number, "device": row[1], "port": int(row[2]), "index": int(row[3])}
            records.append(record | {"gid": row[4], "ipv4": row[5], "roce": row[6], "interface": row[7]})
        elif not re.fullmatch(r"[- ]+|n_gids_found=\d+", text):
            unparsed.append(line.unparsed())
    if not headed:
        raise refusal(page, "no table of GIDs")
    return Parsed(tuple(records), tuple(unparsed))


_INTERFACE: Final[dict[str, Schema]] = {"interface": TEXT_OR_NULL}
_NAMED: Final[dict[str, Schema]] = {"interface": {"type": "string"}}
_LINK_SCHEMAS: Final[Mapping[str, Schema]] = {
    "integer": INTEGER_OR_NULL,
    "text": TEXT_OR_NULL,
    "lower": TEXT_OR_NULL,
    "texts": TEXTS,
}

_GID_FIELDS: Final[dict[str, Schema]] = {
    **_INTERFACE,
    "device": {"type": "string"},
    "port": {"type": "integer"},
    "index": {"type": "integer"},
    "gid": {"type": "string"},
    "ipv4": TEXT_OR_NULL,
    "roce": {"enum": ["v1", "v2"]},
}

COMMANDS: Final = (
    Entry(
        "ethtool --show-fec",
        "FEC as configured and as running, with counters",
        Reader(
            _fec,
            _INTERFACE
            | {"configured": TEXTS_OR_NULL, "active": TEXTS_OR_NULL, "other": OTHER}
            | dict.fromkeys(_FEC_COUNTERS, _COUNTER),
            ("interface", "configured", "active"),
        ),
    ),
    Entry("ethtool -a", "link-level pause", _PAUSE, ("ethtool --show-pause",)),
    Entry("ethtool -i", "driver and firmware", _DRIVER),
    Entry(
        "ethtool -m",
        "register pages (hex on)",
        Reader(
            _module_hex,
            _INTERFACE
            | dict.fromkeys(("page", "bank", "i2c"), INTEGER_OR_NULL)
            | {"offset": {"type": "integer"}, "data": {"type": "string", "pattern": "^([0-9a-f]{2})+$"}},
            ("interface", "offset", "data"),
        ),
    ),
    Entry(
        "ethtool",
        "speed, lanes, link, FEC and link modes",
        Reader(
            _settings,
            _INTERFACE | label_fields(_SETTINGS) | {"supported_port_list": TEXTS, "other": OTHER},
            ("interface",),
        ),
    ),
    Entry("mlxlink", "link, FEC, counters, histogram and module (--json)", Reader(_mlxlink, _MLX, ("device",))),
    Entry(
        "mlnx_qos",
        "trust, PFC, buffers and traffic classes",
        Reader(
            _mlnx_qos,
            _INTERFACE
            | dict.fromkeys(("dcbx_mode", "trust"), TEXT_OR_NULL)
            | dict.fromkeys(("cable_length_m", "default_priority", "max_buffer_bytes"), INTEGER_OR_NULL)
            | {"buffer_bytes": {"type": "array", "items": INTEGER_OR_NULL}}
            | dict.fromkeys(("pfc_enabled", "priority_buffer"), INTEGERS_OR_NULL)
            | {
                "dscp_to_priority": {"type": "object", "additionalProperties": {"type": "integer"}},
                "traffic_classes": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "tc": {"type": "integer"},
                            "ratelimit": {"type": "string"},
                            "algorithm": {"type": "string"},
                            "percent": INTEGER_OR_NULL,
                            "priorities": {"type": "array", "items": {"type": "integer"}},
                        },
                    },
                },
            },
            ("interface",),
        ),
    ),
    Entry(
        "dcb pfc show",
        "PFC per priority, with frames where -s asked for them",
        Reader(
            _dcb_pfc,
            _INTERFACE
            | dict.fromkeys(("pfc_capability", "delay"), INTEGER_OR_NULL)
            | dict.fromkeys(("sent_frames", "received_frames"), NUMBERS)
            | {"pfc_enabled": INTEGERS_OR_NULL, "other": OTHER},
            ("interface", "pfc_enabled"),
        ),
    ),
    Entry(
        "dcb app show",
        "priorities by DSCP, PCP, port",
        Reader(
            _dcb_app,
            _INTERFACE | dict.fromkeys(_APP, _ENTRIES) | {"default_prio": {"type": "array", "items": INTEGER_OR_NULL}},
            ("interface",),
        ),
    ),
    Entry(
        "dcb buffer show",
        "receive buffers",
        Reader(
            _dcb_buffer,
            _INTERFACE
            | dict.fromkeys(("priority_buffer", "buffer_bytes"), NUMBERS)
            | {"total_bytes": INTEGER_OR_NULL, "other": OTHER},
            ("interface", "priority_buffer"),
        ),
    ),
    Entry(
        "lldpctl",
        "neighbours (-f json0 or -f json)",
        Reader(
            _lldpctl,
            _NAMED
            | dict.fromkeys(
                (
                    "via",
                    "age",
                    "chassis_id_type",
                    "chassis_id",
                    "system_name",
                    "system_description",
                    "port_id_type",
                    "port_id",
                    "port_description",
                ),
                TEXT_OR_NULL,
            )
            | {
                "management_addresses": TEXTS,
                "capabilities": {"type": "object", "additionalProperties": {"type": "boolean"}},
                "ttl": INTEGER_OR_NULL,
                "other": OTHER,
            },
            ("interface", "chassis_id", "port_id"),
        ),
    ),
    Entry(
        "ip link show",
        "interfaces (-j)",
        Reader(
            _ip_link,
            _INTERFACE
            | {key: _LINK_SCHEMAS[kind] for key, kind in _LINK.values()}
            | {"admin": {"enum": ["up", "down"]}, "other": OTHER},
            ("interface", "admin"),
        ),
    ),
    Entry(
        "show_gids",
        "RoCE GIDs",
        Reader(
            _gids,
            _GID_FIELDS,
            ("device", "port", "index", "gid", "ipv4", "roce"),
        ),
    ),
)
