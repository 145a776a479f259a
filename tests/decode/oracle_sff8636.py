"""How the answers of others for modules with SFF-8636 are compared with ours."""

from __future__ import annotations

import re
from typing import Any

from harness.decode import codes, sff8636
from harness.decode.module_sff8636 import Sff8636Transceiver
from harness.reading import Missing, Reading
from tests.decode.oracle import (
    COMMON,
    Rule,
    Rules,
    Table,
    bare,
    checksums,
    connector_name,
    dark_or_dbm,
    identifier_name,
    lanes,
    mapped,
    mask,
    plain,
    raw,
    same,
    same_dbm_of_rounded,
    sonic_monitors,
    sonic_thresholds,
    thresholds,
    under,
    word_lists,
    word_of,
    words,
)

SONIC = "facts.sonic"
LANES = sff8636.LANES

IDENTIFIERS = {
    "QSFP28 or later": "QSFP28 or later with SFF-8636 (also SFF-8636 QSFP56)",
}
CONNECTORS = {"LC": "LC (duplex)"}
ENCODINGS = {"256B/257B (transcoded FEC-enabled data)": "256B/257B", "Unspecified": "unspecified"}
RATE_SELECT = {"QSFP+ Rate Select Version 1": "version 1", "Rate Select Version 2": "version 2"}
ETHERNET = {"Extended": "extended, see byte 192"}
FIBRE_CHANNEL = {
    "Short distance (S)": "short distance (S)",
    "Intermediate distance (I)": "intermediate distance (I)",
    "Shortwave laser w/o OFC (SN)": "shortwave laser without OFC (SN)",
    "Longwave Laser (LL)": "longwave laser (LL)",
    "Electrical inter-enclosure (EL)": "electrical inter-enclosure (EL)",
    "Electrical intra-enclosure (EL)": "electrical intra-enclosure (EL)",
    "Multi-mode 50 um (OM3)": "multi-mode 50 um (OM3)",
    "Single Mode (SM)": "single mode (SM)",
    "Twin Axial Pair (TW)": "twin axial pair (TW)",
}
EXTENDED = {
    "100G AOC (Active Optical Cable) or 25GAUI C2M AOC": "100G AOC or 25GAUI C2M AOC, BER 5e-5 (host FEC needed)",
    "100G CWDM4": "100G CWDM4 (host RS-FEC)",
    "100G PSM4 Parallel SMF": "100G PSM4",
    "100GBASE-CR4, 25GBASE-CR CA-25G-L or 50GBASE-CR2 with RS": (
        "100GBASE-CR4, 25GBASE-CR CA-25G-L or 50GBASE-CR2 with RS-FEC"
    ),
    "50GBASE-CR, 100GBASE-CR2, or 200GBASE-CR4": "50GBASE-CR, 100GBASE-CR2 or 200GBASE-CR4",
}


def optical(name: str) -> Any:
    """Whether a monitor of light is there at all, as far as technology and revision tell."""

    def ours(module: Sff8636Transceiver) -> Any:
        return all(not isinstance(value, Missing) for value in getattr(module, name))

    return ours


def extended_identifier(ours: Any, theirs: Any) -> bool:
    """Byte 129: power class with its watts, CLEI code, CDRs."""
    number, watts, clei, tx_cdr, rx_cdr = ours
    found = re.match(r"Power Class (\d) Module \(([\d.]+)W max", theirs)
    return bool(
        found
        and (int(found[1]), float(found[2])) == (number, float(watts))
        and clei is ("No CLEI" not in theirs)
        and tx_cdr is ("CDR present in TX" in theirs)
        and rx_cdr is ("CDR present in RX" in theirs)
    )


def byte_129(module: Sff8636Transceiver) -> Any:
    page = module.page00
    held = (module.power_class, module.max_power, page.clei_present, page.tx_cdr_present, page.rx_cdr_present)
    return tuple(bare(value) for value in held)


LENGTHS = {
    "Length(km)": ("smf_length", 1000),
    "Length OM3(2m)": ("om3_length", 2),
    "Length OM2(m)": ("om2_length", 1),
    "Length OM1(m)": ("om1_length", 1),
    "Length Cable Assembly(m)": ("cable_length_raw", 1),
}


def last_length(module: Sff8636Transceiver) -> tuple[str, float]:
    """The last length in the order of the map that is not zero, in its own step: what they call the cable length."""
    found = ("Unknown", 0.0)
    for name, (register, step) in LENGTHS.items():
        length = bare(getattr(module.page00, register))
        if not isinstance(length, Missing) and length:
            found = (name, float(length / step))
    return found


def compliance() -> Rules:
    """Bytes 131-138 and 192 in words."""
    words_of = {
        "10/40G Ethernet Compliance Code": ("ethernet", ETHERNET),
        "SONET Compliance Codes": ("sonet", {}),
        "SAS/SATA Compliance Codes": ("sas", {}),
        "Gigabit Ethernet Compliant Codes": ("gigabit_ethernet", {}),
        "Fibre Channel Link Length": ("fc_link_length", FIBRE_CHANNEL),
        "Fibre Channel Transmitter Technology": ("fc_technology", FIBRE_CHANNEL),
        "Fibre Channel Transmission Media": ("fc_media", FIBRE_CHANNEL),
        "Fibre Channel Speed": ("fc_speed", FIBRE_CHANNEL),
    }
    return {
        **{
            theirs: Rule(lambda m, ours=ours: getattr(m.page00, ours), word_lists(spellings))
            for theirs, (ours, spellings) in words_of.items()
        },
        "Extended Specification Compliance": Rule(
            lambda m: mapped(m.page00.extended_compliance, codes.extended_compliance), words(EXTENDED)
        ),
    }


def identity() -> Rules:
    """Who the module is, in SONiC's words."""
    return under(
        f"{SONIC}.get_transceiver_info",
        {
            "type": Rule(lambda m: word_of(m.identifier, identifier_name), words(IDENTIFIERS)),
            "type_abbrv_name": Rule(lambda m: m.form_factor, same),
            "connector": Rule(lambda m: word_of(m.connector, connector_name), words(CONNECTORS)),
            "encoding": Rule(lambda m: m.page00.encoding, words(ENCODINGS)),
            "ext_identifier": Rule(byte_129, extended_identifier),
            "ext_rateselect_compliance": Rule(lambda m: m.page00.extended_rate_select, word_lists(RATE_SELECT)),
            "cable_type": Rule(lambda m: last_length(m)[0], same),
            "cable_length": Rule(lambda m: last_length(m)[1], same),
            "nominal_bit_rate": Rule(lambda m: m.page00.bit_rate_100_mbps, same),
            **under("specification_compliance", compliance()),
        },
    )


def flag_lanes(name: str) -> Rules:
    return lanes(f"{SONIC}.get_{name}", lambda m: m.flags[name], count=LANES)


def state() -> Rules:
    """Monitors, flags and controls."""
    return {
        **lanes(f"{SONIC}.get_tx_power", lambda m: m.tx_power),
        **lanes(f"{SONIC}.get_rx_power", lambda m: m.rx_power),
        **lanes(f"{SONIC}.get_tx_bias", lambda m: m.tx_bias),
        **flag_lanes("rx_los"),
        **flag_lanes("tx_fault"),
        **lanes(f"{SONIC}.get_tx_disable", lambda m: m.controls["tx_disable"]),
        **under(
            SONIC,
            plain(
                get_tx_disable_channel=lambda m: mask(m.controls["tx_disable"]),
                get_module_temperature=lambda m: m.temperature,
                get_voltage=lambda m: m.vcc,
                get_power_override=lambda m: m.lower.low_power_override,
                get_power_set=lambda m: m.lower.low_power_set,
                get_lpmode=low_power,
                get_lpmode_support=lambda m: mapped(m.power_class, lambda number: number > 1),
                get_power_class=lambda m: m.power_class,
                is_flat_memory=lambda m: m.flat_memory,
                is_copper=lambda m: mapped(m.page00.technology_code, lambda code: code >= sff8636.COPPER),
                get_tx_power_support=optical("tx_power"),
                get_rx_power_support=optical("rx_power"),
                get_tx_bias_support=optical("tx_bias"),
                get_temperature_support=lambda m: isinstance(m.temperature, Reading),
                get_voltage_support=lambda m: isinstance(m.vcc, Reading),
                get_transceiver_thresholds_support=lambda m: (
                    not bare(m.flat_memory) and bare(m.page00.technology_code) < sff8636.COPPER
                ),
            ),
        ),
        **sonic_monitors(same_dbm_of_rounded),
        **sonic_thresholds(),
    }


def low_power(module: Sff8636Transceiver) -> Any:
    """Whether software holds the module in low power (byte 93)."""
    return module.controls["low_power_request_sw"][0]


def lane_mask(name: str) -> Any:
    return lambda m: mask(m.flags[name])


def bit_rate(module: Sff8636Transceiver) -> Any:
    """Nominal rate in 100 Mb/s; byte 222, in 250 Mb/s, where byte 140 is FFh."""
    rate, fast = module.page00.bit_rate_100_mbps, module.page00.bit_rate_250_mbps
    return mapped(fast, lambda steps: float(steps * 2.5)) if bare(rate) == 0xFF else rate


def same_number(ours: Any, theirs: Any) -> bool:
    """Equal as numbers, whole or not."""
    return bool(bare(ours) == theirs)


def length(register: str, step: int = 1) -> Any:
    """A length as ``spec_decode`` gives it, in units of ``step`` metres."""
    return lambda m: raw(getattr(m.page00, register)) * step


SPEC: Rules = {
    **plain(
        revision_compliance_code=lambda m: m.lower.revision_code,
        flat_memory=lambda m: m.flat_memory,
        data_not_ready=lambda m: m.lower.data_not_ready,
        temperature_c_raw=lambda m: m.temperature,
        vcc_v_raw=lambda m: m.vcc,
        rx_los_mask=lane_mask("rx_los"),
        tx_los_mask=lane_mask("tx_los"),
        tx_fault_mask=lane_mask("tx_fault"),
        tx_disable_mask=lambda m: mask(m.controls["tx_disable"]),
        ext_identifier_hex=lambda m: f"{raw(m.page00.power_class_low):02x}",
        power_class=lambda m: m.power_class,
        spec_compliance_hex=lambda m: bare(m.page00.take(131, 8)).hex(),
        encoding_code=lambda m: raw(m.page00.encoding),
        length_smf_km=length("smf_length"),
        length_om3_m=length("om3_length", 2),
        length_om2_m=length("om2_length"),
        length_copper_or_om4=length("cable_length_raw"),
        device_tech_code=lambda m: m.page00.technology_code,
        extended_spec_compliance_code=lambda m: m.page00.extended_compliance,
        page_02_provided=lambda m: m.page00.page_02_present,
        page_01_provided=lambda m: m.page00.page_01_present,
        diag_type_hex=lambda m: f"{raw(m.page00.rx_power_is_average):02x}",
    ),
    "length_om1_m": Rule(lambda m: m.page00.om1_length, same),
    "nominal_bit_rate_100mbps": Rule(bit_rate, same_number),
    "lanes[]": Rule(lambda m: len(m.tx_power), same),
    "lanes[#].lane": Rule(lambda m, lane: lane, same),
    "lanes[#].tx_power_mw": Rule(lambda m, lane: m.tx_power[lane - 1], same),
    "lanes[#].rx_power_mw": Rule(lambda m, lane: m.rx_power[lane - 1], same),
    "lanes[#].tx_bias_ma": Rule(lambda m, lane: m.tx_bias[lane - 1], same),
    "lanes[#].tx_power_dbm": Rule(lambda m, lane: m.tx_power[lane - 1], dark_or_dbm),
    "lanes[#].rx_power_dbm": Rule(lambda m, lane: m.rx_power[lane - 1], dark_or_dbm),
    **{
        key: rule
        for quantity in ("temperature_c", "vcc_v", "tx_power_mw", "tx_bias_ma", "rx_power_mw")
        for key, rule in thresholds("thresholds", quantity).items()
    },
}


TABLE = Table(
    {
        **COMMON,
        **checksums("cc_base_byte191", "cc_ext_byte223"),
        **identity(),
        **state(),
        **under("spec_decode", SPEC),
    }
)
"""The rules of SFF-8636."""
