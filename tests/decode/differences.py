"""Where our reading of a recorded module differs from that of others, and why that is meant.

A key is that of a rule in ``oracle``: ``spec_decode`` is a reading of the registers without regard to what the module
advertises, ``facts.sonic`` are the answers of SONiC's decoder. docs/decoding-differences.md tells a reader the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harness.reading import Absence

VALUE: Final = "a value"


@dataclass(frozen=True)
class Difference:
    """One kind of difference; ``ours`` is what we have in its place: a value, or an Absence."""

    title: str
    ours: str | Absence
    where: Mapping[str, tuple[str, ...]]


INFO = "facts.sonic.get_transceiver_info"
THRESHOLDS = "facts.sonic.get_transceiver_threshold_info"
SPEC = "spec_decode"
LIMITS = ("high_alarm", "low_alarm", "high_warn", "low_warn")

TX_POWER_LANES = (f"{SPEC}.lanes[#].tx_power_mw", f"{SPEC}.lanes[#].tx_power_dbm")
TX_POWER_LIMITS = tuple(f"{SPEC}.thresholds.tx_power_mw.{limit}" for limit in LIMITS)

APPLICATION_NUMBERS = ("facts.sonic.get_application_advertisement{}", f"{INFO}.application_advertisement{{}}")
COPPER_APPLICATION = (
    "facts.sonic.get_host_electrical_interface",
    "facts.sonic.get_media_lane_count",
    f"{INFO}.media_lane_count",
)
RATE_SELECT = (f"{INFO}.ext_rateselect_compliance",)
RX_LOS = ("facts.sonic.get_rx_los[#]",)
FC_SPEED = f"{INFO}.specification_compliance.Fibre Channel Speed"
FC_TECHNOLOGY = f"{INFO}.specification_compliance.Fibre Channel Transmitter Technology"
FC_MEDIA = f"{INFO}.specification_compliance.Fibre Channel Transmission Media"

KNOWN: Final = (
    Difference(
        "Transmit power that is not advertised",
        Absence.NOT_ADVERTISED,
        {
            "sff8636-100g-cwdm4-bad-lower-fboss": TX_POWER_LIMITS,
            "sff8636-100g-cwdm4-fboss": (*TX_POWER_LANES, *TX_POWER_LIMITS),
            "sff8636-40g-lm4-finisar": TX_POWER_LANES,
            "sff8636-40g-lr4-finisar": TX_POWER_LANES,
            "sff8636-40g-sr4-avago": TX_POWER_LANES,
        },
    ),
    Difference(
        "Flags that are not advertised",
        Absence.NOT_ADVERTISED,
        {"sff8636-100g-cwdm4-fboss": (f"{SPEC}.tx_los_mask", f"{SPEC}.tx_fault_mask")},
    ),
    Difference(
        "Monitors of light in a copper cable",
        Absence.NOT_ADVERTISED,
        {
            "sff8636-40g-cr4-oem-h40g": (
                *TX_POWER_LANES,
                f"{SPEC}.lanes[#].rx_power_mw",
                f"{SPEC}.lanes[#].rx_power_dbm",
                f"{SPEC}.lanes[#].tx_bias_ma",
            )
        },
    ),
    Difference(
        "Pages of a module that says that it has none",
        Absence.NOT_ADVERTISED,
        {
            "sff8636-100g-cwdm4-bad-lower-fboss": (
                *(f"{SPEC}.thresholds.rx_power_mw.{limit}" for limit in LIMITS),
                *(f"{SPEC}.thresholds.tx_bias_ma.{limit}" for limit in LIMITS),
                *(f"{SPEC}.thresholds.vcc_v.{limit}" for limit in LIMITS),
                *(f"{SPEC}.thresholds.temperature_c.{limit}" for limit in LIMITS if limit != "low_warn"),
            )
        },
    ),
    Difference(
        "Page 01h is not in the dump",
        Absence.NOT_RECORDED,
        {
            "cmis-400g-dr4-innolight-tdp4cnh": (
                "facts.sonic.get_media_lane_assignment_option",
                "facts.sonic.is_coherent_module",
                *(
                    f"facts.sonic.get_module_level_flag.{group}_{limit}_flag"
                    for group in (
                        "voltage_flags.voltage",
                        "case_temp_flags.case_temp",
                        "aux1_flags.aux1",
                        "aux2_flags.aux2",
                        "aux3_flags.aux3",
                        "custom_mon_flags.custom_mon",
                    )
                    for limit in LIMITS
                ),
                "facts.sonic.get_datapath_init_duration",
                "facts.sonic.get_datapath_deinit_duration",
                "facts.sonic.get_datapath_tx_turnon_duration",
                "facts.sonic.get_datapath_tx_turnoff_duration",
                "facts.sonic.get_module_pwr_up_duration",
                "facts.sonic.get_module_pwr_down_duration",
            )
        },
    ),
    Difference(
        "Applications of a module without page 01h",
        VALUE,
        {
            "cmis-400g-dr4-innolight-tdp4cnh": (
                "facts.sonic.get_media_lane_count",
                "facts.sonic.get_host_lane_assignment_option",
                "facts.sonic.get_transceiver_dom_real_value",
            )
        },
    ),
    Difference(
        "Applications of flat memory",
        VALUE,
        {
            "cmis-400g-cr8-dac-amphenol-ndyyyf": COPPER_APPLICATION,
            "cmis-400g-dac-mellanox-mcp1660": COPPER_APPLICATION,
            "cmis-flat-memory-copper-fboss": (
                "facts.sonic.get_host_electrical_interface",
                "facts.sonic.get_module_media_interface",
                "facts.sonic.get_host_lane_assignment_option",
            ),
        },
    ),
    Difference(
        "Applications whose codes SONiC does not know",
        VALUE,
        {
            "cmis-400g-fr4-multiport-qsfpdd-fboss": APPLICATION_NUMBERS,
            "cmis-400g-lr4-10-qsfpdd-fboss": APPLICATION_NUMBERS,
            "cmis-800g-2xfr4-osfp-fboss": APPLICATION_NUMBERS,
            "cmis-800g-zr-osfp-fboss": APPLICATION_NUMBERS,
        },
    ),
    Difference(
        "Descriptors after the end of the list",
        VALUE,
        {
            "cmis-800g-2xdr4-osfp-fboss": APPLICATION_NUMBERS,
            "cmis-800g-2xxdr4-osfp-fboss": APPLICATION_NUMBERS,
        },
    ),
    Difference(
        "Coherent pages",
        VALUE,
        {"cmis-800g-zr-osfp-fboss": ("facts.sonic.is_coherent_module",)},
    ),
    Difference(
        "The fourth multiplier of the length of single-mode fiber",
        VALUE,
        {"cmis-800g-zr-osfp-fboss": (f"{SPEC}.smf_length_km",)},
    ),
    Difference(
        "Identifiers beyond the table",
        Absence.RESERVED,
        {
            "cmis-cpo-6p4t-dr-fboss": (
                "facts.sonic.get_module_type",
                "facts.sonic.get_module_type_abbreviation",
                f"{INFO}.type",
                f"{INFO}.type_abbrv_name",
            )
        },
    ),
    Difference(
        "Bytes that are not ASCII",
        VALUE,
        {
            "sff8472-1000base-t-finisar": ("facts.vendor.date", f"{INFO}.vendor_date"),
            "sff8636-100g-dac-fboss": ("facts.vendor.sn", "facts.sonic.get_serial", f"{INFO}.serial"),
        },
    ),
    Difference(
        "Compliance with more than one bit set",
        VALUE,
        {
            "sff8472-10g-dac-3m-no-serial": (FC_TECHNOLOGY, FC_SPEED),
            "sff8472-10g-dac-dell-amphenol": (FC_TECHNOLOGY, FC_SPEED),
            "sff8472-10g-dac-tyco": (FC_SPEED,),
            "sff8472-1g-sx-finisar": (FC_MEDIA, FC_SPEED),
            "sff8636-200g-cr4-dac-fboss": (f"{INFO}.specification_compliance.SAS/SATA Compliance Codes",),
            "sff8636-40g-sr4-edgecore": (FC_MEDIA,),
            "sff8636-40g-sr4-finisar-oom": (FC_SPEED,),
        },
    ),
    Difference(
        "Rate select of modules of SFF-8436",
        VALUE,
        {
            "sff8636-100g-cwdm4-fboss": RATE_SELECT,
            "sff8636-40g-aoc-cisco-finisar": RATE_SELECT,
            "sff8636-40g-breakout-dac-cisco-5m": RATE_SELECT,
            "sff8636-40g-cr4-3m": RATE_SELECT,
            "sff8636-40g-cr4-amphenol-603020003": RATE_SELECT,
            "sff8636-40g-cr4-mellanox": RATE_SELECT,
            "sff8636-40g-cr4-oem-h40g": RATE_SELECT,
            "sff8636-40g-lm4-finisar": RATE_SELECT,
            "sff8636-40g-lr4-finisar": RATE_SELECT,
            "sff8636-40g-sr4-avago": RATE_SELECT,
            "sff8636-40g-sr4-finisar-oom": RATE_SELECT,
        },
    ),
    Difference(
        "Transmit power of modules of SFF-8436",
        VALUE,
        {
            "sff8636-40g-sr4-finisar-oom": (
                *(f"{THRESHOLDS}.txpower{limit}" for limit in ("highalarm", "lowalarm", "highwarning", "lowwarning")),
                "facts.sonic.get_transceiver_dom_real_value.tx#power",
                "facts.sonic.get_tx_power[#]",
                "facts.sonic.get_tx_power_support",
            )
        },
    ),
    Difference(
        "What makes a copper cable",
        VALUE,
        {
            "sff8636-40g-breakout-dac-cisco-5m": (
                "facts.sonic.is_copper",
                "facts.sonic.get_rx_power_support",
                "facts.sonic.get_tx_bias_support",
                "facts.sonic.get_transceiver_thresholds_support",
            ),
            "sff8636-40g-cr4-mellanox": (
                "facts.sonic.is_copper",
                "facts.sonic.get_rx_power_support",
                "facts.sonic.get_tx_bias_support",
                "facts.sonic.get_temperature_support",
                "facts.sonic.get_voltage_support",
            ),
        },
    ),
    Difference(
        "Loss of signal of a copper cable",
        VALUE,
        {
            "sff8636-100g-cr4-amphenol": RX_LOS,
            "sff8636-100g-dac-fboss": RX_LOS,
            "sff8636-100g-dac-mellanox-mcp1650": RX_LOS,
            "sff8636-200g-cr4-dac-fboss": RX_LOS,
            "sff8636-40g-cr4-3m": RX_LOS,
            "sff8636-40g-cr4-amphenol-603020003": RX_LOS,
            "sff8636-40g-cr4-oem-h40g": RX_LOS,
        },
    ),
    Difference(
        "Low power of class 1",
        VALUE,
        {
            "sff8636-100g-cwdm4-bad-lower-fboss": ("facts.sonic.get_lpmode",),
            "sff8636-100g-cwdm4-fboss": ("facts.sonic.get_lpmode",),
        },
    ),
    Difference(
        "The pin and the control of TX_DISABLE",
        VALUE,
        {"sff8472-10g-sfp-fboss": ("facts.sonic.get_tx_disable[#]",)},
    ),
)
"""Every kind of difference, with the modules and the keys that it is about."""


def known(module: str) -> dict[str, Difference]:
    """The differences of one module by key."""
    return {key: one for one in KNOWN for key in one.where.get(module, ())}
