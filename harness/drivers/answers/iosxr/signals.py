"""When a signal of IOS-XR is degraded: thresholds of FEC, observables of the module, coherent modules."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from ..cells import DECIMAL_OR_NULL, INTEGER_OR_NULL, TEXT_OR_NULL, Json, Record, Schema
from ..labels import Labels, label_fields, slug
from ..tables import column
from ..text import Page, Parsed, Unparsed, properties
from .lines import RULE, SAID, STATE, WORDS, body_of, columns_of, measured, nothing, record_at, refused, table_of
from .optics import LABELLED, PORT, once

# --- thresholds of FEC --------------------------------------------------------------------------------------------

_DEGRADE: Final = re.compile(r"(Media|Host) FEC (excess|detected) degrade *: *(\S+) +(\S+)", re.IGNORECASE)
_RATIO: Final = measured()


class Degrades:
    """``fec-thresholds``: a record per threshold, as a bit error ratio."""

    SIDES: ClassVar = {"raise": "raise", "clear": "clear"}

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        interface, columns = page.port, list[str]()
        for line in body_of(page):
            text = line.text.strip()
            if port := PORT.fullmatch(text):
                interface, columns = port[1], []
            elif head := columns_of(text, self.SIDES):
                columns = [name for _, name in head]
            elif columns and (found := _DEGRADE.fullmatch(text)):
                values = [_RATIO.read(cell) for cell in (found[3], found[4])]
                if len(columns) != 2 or None in values:
                    unparsed.append(line.unparsed())
                    continue
                said = {name: value[0] for name, value in zip(columns, values, strict=True) if value}
                records.append(
                    record_at(line, interface=interface, side=found[1].lower(), degrade=found[2].lower(), **said)
                )
            elif not RULE.fullmatch(text) and text != "FEC Threshold Information":
                unparsed.append(line.unparsed())
        if not records:
            raise refused(page, "no thresholds of FEC")
        return Parsed(tuple(records), tuple(unparsed))

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {
            "interface": TEXT_OR_NULL,
            "side": {"enum": ["media", "host"]},
            "degrade": {"enum": ["excess", "detected"]},
            "raise": DECIMAL_OR_NULL,
            "clear": DECIMAL_OR_NULL,
        }
        return properties(fields, list(fields))


DEGRADES: Final = Degrades()


# --- observables --------------------------------------------------------------------------------------------------

_OBSERVABLE: Final = re.compile(r"\[(.+)\]")
_UNIT: Final = re.compile(r"Unit: *(\S.*)")
_CROSSINGS: Final = {"tcawarn": "warning", "tcaalarm": "alarm"}
_VALUES: Final = {
    "id": "place", "value": "value", "lowthreshwarn": "low_warning", "highthreswarn": "high_warning",
    "highthreshwarn": "high_warning", "lowthreshalarm": "low_alarm", "highthreshalarm": "high_alarm", **_CROSSINGS,
}  # fmt: skip
_PLACE: Final = re.compile(r"(Module|(?:Lane|Host ?Lane|Media ?Lane|DataPath) ?(\d{1,2}))", re.IGNORECASE)
_CROSSED: Final = {"n": False, "y": True, "no": False, "yes": True, "0": False, "1": True}


class Observables:
    """``observable-info``: a record per observable and lane.  A module without observables gives none."""

    def read(self, page: Page) -> Parsed:
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        interface, known = page.port, False
        about: Record = {}
        columns: list[str] = []
        for line in body_of(page):
            text = line.text.strip()
            words = text.split()
            if port := PORT.fullmatch(text):
                interface, about, columns = port[1], {}, []
            elif text == "Observable Information" or text.startswith("Observable information is not available"):
                known = True
            elif found := _OBSERVABLE.fullmatch(text):
                about, columns = {"observable": found[1]}, []
            elif about and (found := _UNIT.fullmatch(text)):
                about["unit"] = None if nothing(found[1]) else found[1]
            elif words[0] == "Id" and all(word.casefold() in _VALUES for word in words):
                columns = [_VALUES[word.casefold()] for word in words]
            elif columns and set(words) == {"Low", "High"}:
                continue
            elif columns and about and (row := self._row(columns, words)):
                records.append(record_at(line, interface=interface, **{"unit": None, **about}, **row))
            elif not RULE.fullmatch(text):
                unparsed.append(line.unparsed())
        if not records and not known:
            raise refused(page, "no observables")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _row(columns: list[str], words: list[str]) -> Record | None:
        fields = [
            name
            for one in columns
            for name in ((f"low_{one}_crossed", f"high_{one}_crossed") if one in _CROSSINGS.values() else (one,))
        ]
        place = _PLACE.fullmatch(words[0])
        if place is None or len(words) != len(fields):
            return None
        row: Record = {"place": place[1].lower().rstrip("0123456789 "), "lane": int(place[2]) if place[2] else None}
        for name, word in list(zip(fields, words, strict=True))[1:]:
            if name.endswith("_crossed"):
                if word.lower() not in _CROSSED and not nothing(word):
                    return None
                row[name] = _CROSSED.get(word.lower())
                continue
            values = _RATIO.read(word)
            if values is None:
                return None
            row[name] = values[0]
        return row

    def schema(self) -> Schema:
        crossed: Schema = {"type": ["boolean", "null"]}
        grades = [f"{side}_{grade}" for side in ("low", "high") for grade in ("warning", "alarm")]
        fields: dict[str, Schema] = {
            "interface": TEXT_OR_NULL,
            "observable": {"type": "string"},
            "unit": TEXT_OR_NULL,
            "place": {"type": "string"},
            "lane": INTEGER_OR_NULL,
            "value": DECIMAL_OR_NULL,
            **dict.fromkeys(grades, DECIMAL_OR_NULL),
            **dict.fromkeys([f"{grade}_crossed" for grade in grades], crossed),
        }
        return properties(fields, ["interface", "observable", "unit", "place", "lane", "value"])


OBSERVABLES: Final = Observables()


# --- coherent modules ---------------------------------------------------------------------------------------------

_OF_COHERENT: Final = (
    column(r"Controller State", "controller_state", STATE),
    column(r"Inherited Secondary State", "inherited_secondary_state", STATE),
    column(r"Configured Secondary State", "configured_secondary_state", STATE),
    column(r"Derived State", "derived_state", STATE),
    column(r"Loopback mode", "loopback", STATE),
    column(r"Performance Monitoring", "performance_monitoring", STATE),
    column(r"Bandwidth", "bandwidth_gbps", measured("Gb/s", "G")),
    column(r"PREFEC +BER", "pre_fec_ber", measured()),
    column(r"POSTFEC +BER", "post_fec_ber", measured()),
    column(r"Q-Factor", "q_factor_db", measured("dB")),
    column(r"Q-Margin", "q_margin_db", measured("dB")),
    column(r"FEC mode", "fec_mode", STATE),
    column(r"Last link flapped", "last_link_flapped", SAID),
)
_HEAD: Final = re.compile(r"Port *: *(\S.*)")
_BER: Final = re.compile(r"BER Thresholds *: *SF = (\S+) +SD = (\S+)")
_DETECTED: Final = re.compile(r"Detected Alarms *: *(.*)")
_COUNTS: Final = re.compile(r"([A-Z][A-Z0-9_-]*) = (\d{1,20})")
_SECTIONS: Final = re.compile(r"Alarm Information:|Bit Error Rate Information")
_TRACE: Final = re.compile(r"OTU TTI (\S+)")


class Coherent:
    """``show controllers coherentDSP``: a record per port."""

    def read(self, page: Page) -> Parsed:
        labels = Labels(_OF_COHERENT)
        records: list[Record] = []
        unparsed: list[Unparsed] = []
        for line in body_of(page):
            text = line.text.strip()
            if RULE.fullmatch(text) or (records and _SECTIONS.fullmatch(text)):
                continue
            if head := _HEAD.fullmatch(text):
                records.append(record_at(line, interface=head[1]))
            elif not records or not self._put(labels, records[-1], text):
                unparsed.append(line.unparsed())
        if not records:
            raise refused(page, "no coherent port")
        return Parsed(tuple(records), tuple(unparsed))

    @staticmethod
    def _put(labels: Labels, record: Record, text: str) -> bool:
        if found := _BER.fullmatch(text):
            values = [_RATIO.read(found[1]), _RATIO.read(found[2])]
            if None in values or "signal_fail_ber" in record:
                return False
            record |= {"signal_fail_ber": (values[0] or (None,))[0], "signal_degrade_ber": (values[1] or (None,))[0]}
            return True
        if found := _DETECTED.fullmatch(text):
            words: list[Json] = [*found[1].replace(",", " ").split()]
            return once(record, "alarms", [] if words == ["None"] else words)
        if found := _TRACE.fullmatch(text):
            return once(record, "trail_trace", found[1].lower())
        counts = _COUNTS.findall(text)
        if counts and _COUNTS.sub("", text).strip() == "":
            held = record.setdefault("alarm_statistics", {})
            return isinstance(held, dict) and all(once(held, slug(name), int(number)) for name, number in counts)
        found = LABELLED.fullmatch(text)
        return found is not None and labels.put(record, found[1], found[2])

    def schema(self) -> Schema:
        fields: dict[str, Schema] = {
            "interface": {"type": "string"},
            **label_fields(_OF_COHERENT),
            "signal_fail_ber": DECIMAL_OR_NULL,
            "signal_degrade_ber": DECIMAL_OR_NULL,
            "alarms": WORDS,
            "alarm_statistics": table_of({}, open_to={"type": "integer"}),
            "trail_trace": TEXT_OR_NULL,
        }
        return properties(fields, ["interface"])


COHERENT: Final = Coherent()
