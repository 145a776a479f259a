"""How the answers of others for modules with SFF-8472 are compared with ours."""

from __future__ import annotations

from typing import Any

from harness.decode.module_sff8472 import Sff8472Transceiver
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
from tests.decode.oracle_sff8636 import FIBRE_CHANNEL

SONIC = "facts.sonic"

IDENTIFIERS = {"SFP/SFP+/SFP28": "SFP/SFP+/SFP28/SFP56 and later with SFF-8472"}
CONNECTORS = {"LC": "LC (duplex)"}
ENCODINGS = {"Unspecified": "unspecified"}
EXTENDED_IDENTIFIERS = {"GBIC/SFP defined by two-wire interface ID": "two-wire interface ID only"}
RATES = {"Unknown": "unspecified"}
INFINIBAND = {"1X Copper Passive": "1X copper passive", "1X Copper Active": "1X copper active"}

LENGTHS = {
    "Length SMF (km)": 14,
    "Length SMF (100m)": 15,
    "Length OM2 (10m)": 16,
    "Length OM1(10m)": 17,
    "Length OM4(10m)": 18,
    "Length OM3(10m)": 19,
}


def held(module: Sff8472Transceiver, byte: int) -> int:
    """A byte of A0h."""
    return int(raw(module.a0.take(byte, 1)))


def last_length(module: Sff8472Transceiver) -> tuple[str, float]:
    """The last length in the order of the map that is not zero, in its own step: what they call the cable length."""
    found = ("Unknown", 0.0)
    for name, byte in LENGTHS.items():
        if held(module, byte):
            found = (name, float(held(module, byte)))
    return found


def compliance() -> Rules:
    """Bytes 3-10 in words."""
    words_of = {
        "10G Ethernet Compliance": ("ethernet_10g", {}),
        "Infiniband Compliance": ("infiniband", INFINIBAND),
        "ESCON Compliance": ("escon", {}),
        "SONET Compliance Codes": ("sonet", {}),
        "Ethernet Compliance": ("ethernet", {}),
        "Fibre Channel Link Length": ("fc_link_length", FIBRE_CHANNEL),
        "Fibre Channel Transmitter Technology": ("fc_technology", FIBRE_CHANNEL),
        "Fibre Channel Transmission Media": ("fc_media", FIBRE_CHANNEL),
        "Fibre Channel Speed": ("fc_speed", FIBRE_CHANNEL),
    }
    return {
        **{
            theirs: Rule(lambda m, ours=ours: getattr(m.a0, ours), word_lists(spellings))
            for theirs, (ours, spellings) in words_of.items()
        },
        "SFP+CableTechnology": Rule(cable, word_lists({})),
    }


def cable(module: Sff8472Transceiver) -> tuple[str, ...]:
    named = {"Passive Cable": module.a0.passive_cable, "Active Cable": module.a0.active_cable}
    return tuple(name for name, bit in named.items() if bare(bit))


def identity() -> Rules:
    """Who the module is, in SONiC's words."""
    return under(
        f"{SONIC}.get_transceiver_info",
        {
            "type": Rule(lambda m: word_of(m.identifier, identifier_name), words(IDENTIFIERS)),
            "type_abbrv_name": Rule(lambda m: m.form_factor, same),
            "connector": Rule(lambda m: word_of(m.connector, connector_name), words(CONNECTORS)),
            "encoding": Rule(lambda m: m.a0.encoding, words(ENCODINGS)),
            "ext_identifier": Rule(lambda m: m.a0.extended_identifier_word, words(EXTENDED_IDENTIFIERS)),
            "ext_rateselect_compliance": Rule(lambda m: m.a0.rate_identifier, words(RATES)),
            "cable_type": Rule(lambda m: last_length(m)[0], same),
            "cable_length": Rule(lambda m: last_length(m)[1], same),
            "nominal_bit_rate": Rule(lambda m: m.a0.bit_rate_100_mbps, same),
            **under("specification_compliance", compliance()),
        },
    )


def state() -> Rules:
    """Monitors, flags and controls."""
    return {
        **lanes(f"{SONIC}.get_tx_power", lambda m: m.tx_power),
        **lanes(f"{SONIC}.get_rx_power", lambda m: m.rx_power),
        **lanes(f"{SONIC}.get_tx_bias", lambda m: m.tx_bias),
        **lanes(f"{SONIC}.get_rx_los", lambda m: m.flags["rx_los"]),
        **lanes(f"{SONIC}.get_tx_fault", lambda m: m.flags["tx_fault"]),
        **lanes(f"{SONIC}.get_tx_disable", lambda m: m.controls["tx_disable"]),
        **under(
            SONIC,
            plain(
                get_module_temperature=lambda m: m.temperature,
                get_voltage=lambda m: m.vcc,
                is_copper=lambda m: m.a0.passive_cable,
                get_transceiver_thresholds_support=lambda m: m.a0.diagnostics_implemented,
            ),
        ),
        **sonic_monitors(same_dbm_of_rounded),
        **sonic_thresholds(),
    }


A2: Rules = {
    **plain(
        temperature_c=lambda m: m.temperature,
        vcc_v=lambda m: m.vcc,
        tx_bias_ma=lambda m: m.tx_bias[0],
        tx_power_mw=lambda m: m.tx_power[0],
        rx_power_mw=lambda m: m.rx_power[0],
        status_byte_110=lambda m: raw(m.a2.tx_disable_pin),
    ),
    "tx_power_dbm": Rule(lambda m: m.tx_power[0], dark_or_dbm),
    "rx_power_dbm": Rule(lambda m: m.rx_power[0], dark_or_dbm),
    **{
        key: rule
        for quantity in ("temperature_c", "vcc_v", "tx_power_mw", "tx_bias_ma", "rx_power_mw")
        for key, rule in thresholds("thresholds", quantity).items()
    },
}


def length(register: str, step: int) -> Any:
    """A length as the register holds it, in units of ``step`` metres."""
    return lambda m: mapped(getattr(m.a0, register), lambda metres: int(metres / step))


SPEC: Rules = {
    **plain(
        ext_identifier_hex=lambda m: mapped(m.a0.extended_identifier, "{:02x}".format),
        spec_compliance_hex=lambda m: bare(m.a0.take(3, 8)).hex(),
        encoding_code=lambda m: raw(m.a0.encoding),
        nominal_bit_rate_100mbps=lambda m: m.a0.bit_rate_100_mbps,
        length_smf_km=length("smf_length_km", 1000),
        length_smf_100m=length("smf_length", 100),
        length_om2_10m=length("om2_length", 10),
        length_om1_10m=length("om1_length", 10),
        length_om4_or_copper=lambda m: raw(m.a0.cable_length_raw),
        length_om3_10m=length("om3_length", 10),
        wavelength_or_cable_spec=lambda m: raw(m.a0.take(60, 2)),
        ddm_implemented=lambda m: m.a0.diagnostics_implemented,
        internally_calibrated=lambda m: m.a0.internally_calibrated,
        externally_calibrated=lambda m: m.a0.externally_calibrated,
        sff8472_compliance_code=lambda m: m.a0.revision_code,
        passive_cable=lambda m: m.a0.passive_cable,
        active_cable=lambda m: m.a0.active_cable,
    ),
    **under("a2", A2),
}


TABLE = Table(
    {
        **{key: rule for key, rule in COMMON.items() if not key.startswith("spec_decode.identifier_page00")},
        **checksums("cc_base_a0_63", "cc_ext_a0_95", "cc_dmi_a2_95"),
        **identity(),
        **state(),
        **under("spec_decode", SPEC),
    }
)
"""The rules of SFF-8472."""
