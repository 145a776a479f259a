"""``show controllers optics`` of IOS-XR and what belongs to it: Applications, breakout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, SPEED, TEXT_OR_NULL, Json, Kind, Record, Schema, decimal
from ..cells import integer as whole
from ..labels import Labels, label_fields, slug
from ..tables import Column, column
from ..text import Line, Page, Parsed, Unparsed, properties
from .controllers import LEVELS
from .lines import (
    COUNT,
    GAP,
    HEXADECIMAL,
    RULE,
    SAID,
    STATE,
    WORDS,
    body_of,
    columns_of,
    listed,
    measured,
    nothing,
    optional,
    record_at,
    refused,
    table_of,
)

PORT: Final = re.compile(r"Port: +(\S.*)")
LABELLED: Final = re.compile(r"([^:=]+?) *[:=] *(.*)")

_OF_OPTICS: Final[tuple[Column, ...]] = (
    column(r"Controller State", "controller_state", STATE),
    column(r"Transport Admin State", "transport_admin_state", STATE),
    column(r"Laser State", "laser_state", STATE),
    column(r"Host Squelch Status", "host_squelch", STATE),
    column(r"Media linkdown preFEC degrade", "media_pre_fec_degrade", STATE),
    column(r"LED State", "led_state", STATE),
    column(r"FEC State", "fec_state", STATE),
    column(r"Power Mode", "power_mode", STATE),
    column(
        r"Dom Data Status", "dom_data_status", Kind("state", (TEXT_OR_NULL,), lambda t: (t.strip().lower() or None,))
    ),
    column(r"Last link flapped", "last_link_flapped", SAID),
    column(r"Optics Type", "optics_type", SAID),
    column(r"Optics type", "vendor_optics_type", SAID),
    column(r"Wavelength", "wavelength_nm", measured("nm")),
    column(r"Loopback Host", "loopback_host", STATE),
    column(r"Loopback Media", "loopback_media", STATE),
    column(r"TX Power|Actual TX Power", "tx_power_dbm", measured("dBm")),
    column(r"TX Power\(mW\)|Actual TX Power\(mW\)", "tx_power_mw", measured("mW")),
    column(r"RX Power", "rx_power_dbm", measured("dBm")),
    column(r"RX Power\(mW\)", "rx_power_mw", measured("mW")),
    column(r"RX Signal Power", "rx_signal_power_dbm", measured("dBm")),
    column(r"Frequency Offset", "frequency_offset_mhz", measured("MHz")),
    column(r"Laser Temperature", "laser_temperature_c", measured("Celsius", "C")),
    column(r"Laser Age", "laser_age_percent", measured("%")),
    column(r"DAC Rate", "dac_rate", SAID),
    column(r"Performance Monitoring", "performance_monitoring", STATE),
    column(r"LBC High Threshold", "bias_high_threshold_percent", measured("%")),
    column(r"Configured Tx Power", "configured_tx_power_dbm", measured("dBm")),
    column(r"Configured Tx Power\(mW\)", "configured_tx_power_mw", measured("mW")),
    column(r"Configured CD High Threshold", "configured_dispersion_high_ps_nm", measured("ps/nm")),
    column(r"Configured CD lower Threshold", "configured_dispersion_low_ps_nm", measured("ps/nm")),
    column(r"Configured OSNR lower Threshold", "configured_osnr_low_db", measured("dB")),
    column(r"Configured DGD Higher Threshold", "configured_dgd_high_ps", measured("ps")),
    column(r"Baud Rate", "baud_rate_gbd", measured("GBd")),
    column(r"Modulation Type", "modulation", SAID),
    column(r"Second Order Polarization Mode Dispersion", "second_order_pmd_ps2", measured("ps^2")),
    column(r"Optical Signal to Noise Ratio", "osnr_db", measured("dB")),
    column(r"SNR", "snr_db", measured("dB")),
    column(r"Polarization Dependent Loss", "polarization_dependent_loss_db", measured("dB")),
    column(r"Polarization Change Rate", "polarization_change_rate_rad_s", measured("rad/s")),
    column(r"Differential Group Delay", "dgd_ps", measured("ps")),
    column(r"Temperature", "temperature_c", measured("Celsius", "C")),
    column(r"Voltage", "voltage_v", measured("V")),
    column(r"Form Factor", "form_factor", SAID),
    column(r"Name", "vendor_name", SAID),
    column(r"OUI Number", "vendor_oui", SAID),
    column(r"Part Number", "vendor_pn", SAID),
    column(r"Rev Number", "vendor_rev", SAID),
    column(r"Serial Number", "vendor_sn", SAID),
    column(r"PID", "pid", SAID),
    column(r"VID", "vid", SAID),
    column(r"CISCO-.* Serial Number|Cisco Serial Number", "cisco_sn", SAID),
    column(r"Hardware Version", "hardware_version", SAID),
    column(r"Firmware Version", "firmware_version", SAID),
    column(r"Active", "firmware_active", SAID),
    column(r"Inactive", "firmware_inactive", SAID),
    column(r"Date Code\(yy/mm/dd\)", "date_code", SAID),
    column(r"Fiber Connector Type", "connector", SAID),
    column(r"Otn Application Code", "otn_application_code", SAID),
    column(r"Sonet Application Code", "sonet_application_code", SAID),
    column(r"Ethernet Compliance Code", "ethernet_compliance_code", SAID),
)
_TITLES: Final = re.compile(
    r"Optics Status|Alarm Status:|LOS/LOL/Fault Status:|Alarm Statistics:|THRESHOLD VALUES|Transceiver Vendor Details",
    re.IGNORECASE,
)
_MISSING: Final = re.compile(r"Optics not present", re.IGNORECASE)
_POLARIZATION: Final = re.compile(r"Polarization parameters not supported by optics")
_CARRIER: Final = re.compile(
    r"DWDM [Cc]arrier Info: *(.+?), *MSA ITU Channel *= *(\S+), *Frequency *= *(\S+?)(?:THz)? *,"
    r"(?: *Wavelength *= *(\S+?)(?:nm)?)?"
)
_STATISTIC: Final = re.compile(r"(?<!\S)([A-Z][A-Z0-9_-]{1,40}) *= *(\d{1,20})(?!\S)")
_DISPERSION: Final = re.compile(r"Chromatic Dispersion (-?[\d.]+) ps/nm")
_DISPERSIONS: Final = re.compile(r"Configured CD-MIN (-?[\d.]+) ps/nm +CD-MAX (-?[\d.]+) ps/nm")
_ALARM: Final = re.compile(r"[A-Z][A-Z0-9]*(?:[-_][A-Z0-9]+)+")
_LIMITED: Final = {
    "rx power threshold(dbm)": "rx_power_dbm",
    "rx power threshold(mw)": "rx_power_mw",
    "tx power threshold(dbm)": "tx_power_dbm",
    "tx power threshold(mw)": "tx_power_mw",
    "lbc threshold(ma)": "tx_bias_ma",
    "lbc threshold(%)": "tx_bias_percent",
    "temp. threshold(celsius)": "temperature_c",
    "voltage threshold(volt)": "voltage_v",
}
_LIMITS: Final = {
    "parameter": "parameter", "high alarm": "high_alarm", "low alarm": "low_alarm", "high warning": "high_warning",
    "low warning": "low_warning",
}  # fmt: skip
_PER_LANE: Final = {
    "lane": "lane", "laser bias": "bias", "tx power": "tx_power_dbm", "rx power": "rx_power_dbm",
    "output frequency": "output_frequency_thz", "wavelength": "wavelength_nm",
}  # fmt: skip
_BIAS: Final = re.compile(r"([+-]?[\d.]+) ?(mA|%)")
_LANE_KINDS: Final = {
    "lane": COUNT,
    "tx_power_dbm": measured("dBm"),
    "rx_power_dbm": measured("dBm"),
    "output_frequency_thz": measured("THz"),
    "wavelength_nm": measured("nm"),
}


@dataclass(slots=True)
class _Cage:
    """A cage as its lines are read."""

    record: Record
    limits: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    alarms: str = ""
    lost: bool = False


class Optics:
    """``show controllers optics``: a record per cage, or per lane group of one that is broken out."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(_OF_OPTICS)
        cages: list[_Cage] = []
        unparsed: list[Unparsed] = []
        open_ = False
        understood = False
        for line in body_of(page):
            text = line.text.strip()
            if head := PORT.fullmatch(text):
                cages.append(_Cage(record_at(line, interface=head[1])))
                open_ = True
            elif RULE.fullmatch(text):
                if not line.text[0].isspace():  # between two cages
                    open_ = False
            elif not open_ and not cages:
                cage = _Cage(record_at(line, interface=page.port))
                if self._put(labels, cage, text):
                    cages.append(cage)
                    open_ = understood = True
                else:
                    unparsed.append(line.unparsed())
            elif not open_ or cages[-1].lost or not self._put(labels, cages[-1], text):
                unparsed.append(line.unparsed())
            else:
                understood = True
        if not understood:
            raise refused(page, "no optics controller")
        return Parsed(tuple(cage.record for cage in cages), tuple(unparsed))

    def _put(self, labels: Labels, cage: _Cage, text: str) -> bool:
        record = cage.record
        if _TITLES.fullmatch(text):
            cage.alarms = ""
            return True
        if self._alarm(cage, text) or self._limit(cage, text) or self._lane(cage, text) or self._said(record, text):
            return True
        found = LABELLED.fullmatch(text)
        if found is None:
            return False
        label, value = found[1], found[2]
        if label == "Laser Bias Current":
            return _bias(record, value)
        one = next(
            (one for one in _OF_OPTICS if re.fullmatch(one.pattern, label)), None
        )  # Optics Type is not Optics type
        if one is None or any(name in record for name in one.fields):
            cage.lost = one is not None  # the head of another cage is missing
            return False
        values = one.kind.read(value)
        if values is None:
            return False
        record |= dict(zip(one.fields, values, strict=True))
        return True

    @staticmethod
    def _alarm(cage: _Cage, text: str) -> bool:
        """Alarms, on the line of their label or on the lines below."""
        for label, name in (("Detected Alarms:", "alarms"), ("Detected LOS/LOL/FAULT:", "faults")):
            if text.startswith(label):
                words = text.removeprefix(label).split()
                if name in cage.record:
                    cage.lost = True
                    return False
                cage.record[name] = [] if words in ([], ["None"]) else [*words]
                cage.alarms = name
                return True
        words = text.split()
        held = cage.record.get(cage.alarms) if cage.alarms else None
        if isinstance(held, list) and all(_ALARM.fullmatch(word) for word in words):
            held.extend(words)
            return True
        cage.alarms = ""
        return False

    @staticmethod
    def _limit(cage: _Cage, text: str) -> bool:
        if (head := columns_of(text, _LIMITS)) and head[0][1] == "parameter":
            cage.limits = tuple(name for _, name in head[1:])
            cage.lost = "thresholds" in cage.record
            return not cage.lost and once(cage.record, "thresholds", {})
        limits = cage.record.get("thresholds")
        cells = GAP.split(text)
        name = _LIMITED.get(cells[0].casefold())
        if not name or not isinstance(limits, dict) or len(cells) != len(cage.limits) + 1 or name in limits:
            return False
        values = [None if nothing(cell) else decimal(cell) for cell in cells[1:]]
        if any(value is None and not nothing(cell) for value, cell in zip(values, cells[1:], strict=True)):
            return False
        limits[name] = dict(zip(cage.limits, values, strict=True))
        return True

    @staticmethod
    def _lane(cage: _Cage, text: str) -> bool:
        if (head := columns_of(text, _PER_LANE)) and head[0][1] == "lane":
            cage.lanes = tuple(name for _, name in head)
            return once(cage.record, "lanes", [])
        lanes = cage.record.get("lanes")
        cells = GAP.split(text)
        if not cage.lanes or not isinstance(lanes, list) or len(cells) != len(cage.lanes) or not cells[0].isdecimal():
            return False
        lane: Record = {}
        for name, cell in zip(cage.lanes, cells, strict=True):
            if name == "bias":
                if not _bias(lane, cell):
                    return False
                continue
            values = _LANE_KINDS[name].read(cell)
            if values is None:
                return False
            lane[name] = values[0]
        lanes.append(lane)
        return True

    @staticmethod
    def _said(record: Record, text: str) -> bool:
        if _MISSING.fullmatch(text):
            return once(record, "optics_present", value=False)
        if _POLARIZATION.fullmatch(text):
            return once(record, "polarization_monitored", value=False)
        if found := _CARRIER.fullmatch(text):
            band, channel, frequency, wavelength = (None if nothing(said or "") else said for said in found.groups())
            if "carrier_band" in record:
                return False
            record |= {"carrier_band": band, "itu_channel": whole(channel) if channel else None}
            record["frequency_thz"] = decimal(frequency) if frequency else None
            if found[4] is not None:
                record["wavelength_nm"] = decimal(wavelength) if wavelength else None
            return True
        if found := _DISPERSION.fullmatch(text):
            return once(record, "dispersion_ps_nm", decimal(found[1]))
        if found := _DISPERSIONS.fullmatch(text):
            lowest = once(record, "configured_dispersion_min_ps_nm", decimal(found[1]))
            return lowest and once(record, "configured_dispersion_max_ps_nm", decimal(found[2]))
        pairs = _STATISTIC.findall(text)
        if pairs and not _STATISTIC.sub("", text).strip():
            counts = record.setdefault("alarm_statistics", {})
            return isinstance(counts, dict) and all(once(counts, slug(name), int(count)) for name, count in pairs)
        return False

    def schema(self) -> Schema:
        lane = table_of(
            {
                "lane": {"type": "integer"},
                **dict.fromkeys(
                    ("bias_ma", "bias_percent", *(name for name in _LANE_KINDS if name != "lane")), DECIMAL_OR_NULL
                ),
            }
        )
        decimals = (
            "bias_ma", "bias_percent", "frequency_thz", "dispersion_ps_nm", "configured_dispersion_min_ps_nm",
            "configured_dispersion_max_ps_nm",
        )  # fmt: skip
        fields: dict[str, Schema] = {
            "interface": TEXT_OR_NULL,
            **label_fields(_OF_OPTICS),
            **dict.fromkeys(decimals, DECIMAL_OR_NULL),
            "carrier_band": TEXT_OR_NULL,
            "itu_channel": INTEGER_OR_NULL,
            "optics_present": {"type": "boolean"},
            "polarization_monitored": {"type": "boolean"},
            "alarms": WORDS,
            "faults": WORDS,
            "alarm_statistics": table_of({}, open_to={"type": "integer"}),
            "thresholds": table_of({}, open_to=LEVELS),
            "lanes": listed(lane),
        }
        return properties(fields, ["interface"])


def once(record: Record, name: str, value: Json) -> bool:
    """Write a field; false where it is there already."""
    if name in record:
        return False
    record[name] = value
    return True


def _bias(record: Record, text: str) -> bool:
    """A bias current: mA, or percent of what the laser may take."""
    if nothing(text):
        return once(record, "bias_ma", None)
    found = _BIAS.fullmatch(text.strip())
    return found is not None and once(record, "bias_ma" if found[2] == "mA" else "bias_percent", decimal(found[1]))


OPTICS: Final = Optics()


# --- Applications -------------------------------------------------------------------------------------------------

_CODE: Final = re.compile(r"(\d{1,3})(?: +(\S.*))?")


def _coded(text: str) -> tuple[Json, ...] | None:
    """A code and its name, which the device cuts where its column ends."""
    found = _CODE.fullmatch(text.strip())
    return (int(found[1]), None if nothing(found[2] or "") else found[2]) if found else None


def _yes(text: str) -> tuple[Json, ...] | None:
    said = {"yes": True, "no": False}.get(text.strip().lower())
    return (None,) if nothing(text) else None if said is None else (said,)


YES: Final = Kind("yes or no", ({"type": ["boolean", "null"]},), _yes)


def coded(name: str) -> tuple[str, Kind]:
    return f"{name}_id {name}_name", Kind("code and name", (INTEGER_OR_NULL, TEXT_OR_NULL), _coded)


_OF_APPLICATION: Final = (
    column(r"App-ID", "application", COUNT, must=True),
    column(r"Host-ID", *coded("host"), must=True),
    column(r"Media-ID", *coded("media"), must=True),
    column(r"Standard", "standard", SAID),
    column(r"Host Supported", "host_supported", YES),
    column(r"Power Consumption\(W\)", "power_consumption_w", measured("W")),
    column(r"Host Lane Count", "host_lane_count", COUNT),
    column(r"Media ?Lane Count", "media_lane_count", COUNT),
    column(r"Host Lane Assign", "host_lane_assignment", HEXADECIMAL),
    column(r"Media Lane Assign", "media_lane_assignment", HEXADECIMAL),
)


class Applications:
    """``appsel advertised`` and ``appsel detailed``: a record per Application.  A head has several lines."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        interface = page.port
        head: list[Line] = []
        found = False
        columns: list[Column | None] | None = None  # None outside of a table, empty while its head is read
        for line in body_of(page):
            text = line.text.strip()
            if port := PORT.fullmatch(text):
                interface, columns, head = port[1], None, []
            elif RULE.fullmatch(text):
                if columns is None or columns:
                    columns = [] if columns is None else None
                else:
                    columns = self._columns([_piped(one.text.strip()) for one in head]) or None
                    if columns is None:
                        unparsed.extend(one.unparsed() for one in head)
                    found = found or columns is not None
                head = []
            elif columns == [] and "|" in text:
                head.append(line)
            elif columns and (row := self._row(columns, text)):
                records.append(record_at(line, interface=interface, **row))
            else:
                unparsed.append(line.unparsed())
        unparsed.extend(one.unparsed() for one in head)
        if not found:
            raise refused(page, "no table of Applications")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _columns(head: list[list[str]]) -> list[Column | None]:
        """The columns of a head; none where one that must be there is not."""
        width = max(map(len, head), default=0)
        joined = [" ".join(" ".join(row[at : at + 1]) for row in head).split() for at in range(width)]
        columns = [
            next((one for one in _OF_APPLICATION if one.heading.fullmatch(" ".join(words))), None) for words in joined
        ]
        must = {id(one) for one in _OF_APPLICATION if one.must}
        return columns if must <= {id(one) for one in columns} and len(set(map(id, columns))) == width else []

    @staticmethod
    def _row(columns: list[Column | None], text: str) -> Record | None:
        cells = _piped(text)
        if len(cells) != len(columns):
            return None
        row: Record = {}
        for one, cell in zip(columns, cells, strict=True):
            values = one.kind.read(cell) if one else None
            if one is None or values is None:
                return None
            row |= dict(zip(one.fields, values, strict=True))
        return row

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {"interface": TEXT_OR_NULL, **label_fields(_OF_APPLICATION)}
        return properties(fields, ["interface", "application", "host_id", "media_id"])


def _piped(text: str) -> list[str]:
    """The cells of a line: each ends with a bar."""
    return [cell.strip() for cell in text.rstrip("|").split("|")]


APPLICATIONS: Final = Applications()

_OF_SELECTION: Final = (column(r"Instance", "instance", COUNT, must=True), *_OF_APPLICATION)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels with values, a record for each that begins with the first of them."""

    columns: tuple[Column, ...]
    what: str

    def read(self, page: Page) -> Parsed:
        labels = Labels(self.columns)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        interface = page.port
        for line in body_of(page):
            text = line.text.strip()
            found = self._split(text)
            if port := PORT.fullmatch(text):
                interface = port[1]
            elif found and self.columns[0].heading.fullmatch(found[0]):
                record = record_at(line, interface=interface)
                if labels.put(record, *found):
                    records.append(record)
                else:
                    unparsed.append(line.unparsed())
            elif not RULE.fullmatch(text) and not (records and found and labels.put(records[-1], *found)):
                unparsed.append(line.unparsed())
        if not records:
            raise refused(page, self.what)
        return Parsed(tuple(records), tuple(unparsed))

    def _split(self, text: str) -> tuple[str, str] | None:
        """The label and the value of a line, whose label may have a colon itself."""
        ends = [found.start() for found in re.finditer(":", text)]
        parts = [(text[:end].strip(), text[end + 1 :].strip()) for end in ends]
        return next((part for part in parts if any(one.heading.fullmatch(part[0]) for one in self.columns)), None)

    def schema(self) -> Schema:
        must = [name for one in self.columns if one.must for name in one.fields if not name.endswith("_name")]
        return properties({"interface": TEXT_OR_NULL, **label_fields(self.columns)}, ["interface", *must[:1]])


SELECTED: Final = Labelled(_OF_SELECTION, "no Application that runs")
BREAKOUT: Final = Labelled(
    (
        column(r"Optics Port", "optics_port", SAID, must=True),
        column(r"No:of Breakouts", "breakouts", COUNT),
        column(r"Physical Channels per intf", "channels_per_interface", COUNT),
        column(r"Interface Speed", "speed_mbps", optional(SPEED)),
    ),
    "no optics port",
)
