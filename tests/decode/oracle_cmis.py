"""How the answers of others for modules with CMIS are compared with ours."""

from __future__ import annotations

from typing import Any

from harness.decode import cmis
from harness.decode.cmis import vdm
from harness.decode.module import Application
from harness.decode.module_cmis import CmisTransceiver
from harness.reading import Absence, Missing, Reading
from tests.decode.oracle import (
    COMMON,
    QUANTITIES,
    Rule,
    Rules,
    Table,
    bare,
    checksums,
    connector_name,
    dark_or_dbm,
    every,
    identifier_name,
    identifier_short,
    lanes,
    mapped,
    mask,
    nothing,
    numbered,
    plain,
    raw,
    same,
    same_dbm,
    same_ratio,
    same_text,
    sonic_monitors,
    sonic_thresholds,
    steps,
    thresholds,
    under,
    word_of,
    words,
)

SONIC = "facts.sonic"

IDENTIFIERS = {
    "QSFP+ or later with CMIS": "QSFP+ or later with CMIS (QSFP28/QSFP56/QSFP112 with CMIS)",
    "QSFP-DD Double Density 8X Pluggable Transceiver": "QSFP-DD (QSFP-DD400/800/1600) 8X with CMIS",
    "OSFP 8X Pluggable Transceiver": "OSFP 8X (OSFP, OSFP-RHS, OSFP224) with CMIS",
}
SHORT = {"QSFP+C": "QSFP-CMIS", "OSFP-8X": "OSFP"}
CONNECTORS = {"LC": "LC (duplex)"}
TECHNOLOGIES = {
    "Copper cable unequalized": "copper, unequalized",
    "Copper cable, near and far end limiting active equalizers": "copper, near and far end limiting active",
    "Others": "other",
}
MEDIA_TYPES = {
    "sm_media_interface": 2,
    "passive_copper_media_interface": 3,
    "active_cable_media_interface": 4,
    "Undefined": 0,
}
MEDIA_TYPE_WORDS = {"optical-smf": 2, "passive-copper": 3, "active-cable": 4, "undefined": 0}
FAULT_CAUSES = {"No Fault detected": "no fault"}
HOSTS = {
    "1000BASE -CX": "1000BASE-CX",
    "CAUI-4 C2M": "CAUI-4 C2M (FEC unspecified; prefer 0x41/0x42)",
    "CAUI-4 C2M with RS(528,514) FEC": "CAUI-4 C2M with RS(528,514)",
    "25GBASE-CR CA-L": "25GBASE-CR CA-25G-L",
    "25GBASE-CR CA-S": "25GBASE-CR/CR-S CA-25G-S",
    "25GBASE-CR CA-N": "25GBASE-CR/CR-S CA-25G-N",
    "400G CR8": "400G CR8 (non-IEEE, Ethernet Technology Consortium)",
    "800GAUI-8 S C2M": "800GAUI-8-S C2M",
    "800GAUI-8 L C2M": "800GAUI-8-L C2M",
    "200GAUI-1": "200GAUI-1 C2M",
    "400GAUI-2": "400GAUI-2 C2M",
    "800GAUI-4": "800GAUI-4 C2M",
}
MEDIA = {
    "100G CWDM4 MSA Spec": "100G CWDM4",
    "Active Cable assembly with BER < 10^-6": "Active cable, BER < 1e-6",
}


def interface(ours: Any, theirs: Any) -> bool:
    """The name of an interface; theirs has the clause behind it in brackets."""
    if isinstance(ours, Missing):
        return theirs == "N/A" and ours.why in (Absence.NOT_ADVERTISED, Absence.NOT_RECORDED, Absence.NOT_AVAILABLE)
    name = theirs
    for clause in ("Annex", "Clause", "Cl "):
        before, found, rest = name.partition(f"({clause}")
        name = f"{before}{rest.partition(')')[2]}" if found else name
    name = " ".join(name.split())
    return bool(HOSTS.get(name, MEDIA.get(name, name)) == ours)


def numbered_application(module: CmisTransceiver, number: int) -> Application | Missing:
    """An Application by its number, before or after the end of the list."""
    found = module.applications
    every_one = (*(found.value if isinstance(found, Reading) else ()), *module.beyond_terminator)
    return next((one for one in every_one if one.number == number), module.undefined)


def host_name(module: CmisTransceiver, number: int) -> Any:
    one = numbered_application(module, number)
    return one if isinstance(one, Missing) else one.host.name if one.host else f"code {one.host_id:02X}h"


def media_name(module: CmisTransceiver, number: int) -> Any:
    one = numbered_application(module, number)
    return one if isinstance(one, Missing) else one.media.name if one.media else f"code {one.media_id:02X}h"


def part(name: str) -> Any:
    """An attribute of an Application by number."""

    def ours(module: CmisTransceiver, number: int) -> Any:
        one = numbered_application(module, number)
        return one if isinstance(one, Missing) else getattr(one, name)

    return ours


def first(name: str) -> Any:
    return lambda module: part(name)(module, 1)


def numbers(module: CmisTransceiver) -> tuple[int, ...]:
    """Numbers of the Applications that name a host interface."""
    found = module.applications
    return tuple(one.number for one in found.value) if isinstance(found, Reading) else ()


APPLICATIONS: Rules = {
    "host_electrical_interface_id": Rule(host_name, interface),
    "module_media_interface_id": Rule(media_name, interface),
    "media_lane_count": Rule(part("media_lanes"), same),
    "host_lane_count": Rule(part("host_lanes"), same),
    "host_lane_assignment_options": Rule(part("host_lane_assignment"), same),
    "media_lane_assignment_options": Rule(part("media_lane_assignment"), same),
}


def in_list(beyond: bool) -> Rules:
    """``spec_decode``: one element for each descriptor that is not FFh, in their order."""
    key = "spec_decode.applications_beyond_terminator" if beyond else "spec_decode.applications"

    def held(module: CmisTransceiver) -> tuple[Application, ...]:
        if beyond:
            return module.beyond_terminator
        return module.applications.value if isinstance(module.applications, Reading) else ()

    def of(name: str) -> Any:
        return lambda module, place: getattr(held(module)[place - 1], name)

    return {
        f"{key}[]": Rule(lambda module: len(held(module)), same),
        f"{key}[#].app": Rule(of("number"), same),
        f"{key}[#].defined": Rule(
            lambda module, place: held(module)[place - 1].host_id != 0 and bool(held(module)[place - 1].host_lanes),
            same,
        ),
        f"{key}[#].host_id": Rule(of("host_id"), same),
        f"{key}[#].media_id": Rule(of("media_id"), same),
        f"{key}[#].host_lanes": Rule(of("host_lanes"), same),
        f"{key}[#].media_lanes": Rule(of("media_lanes"), same),
        f"{key}[#].host_assign": Rule(of("host_lane_assignment"), same),
        f"{key}[#].media_assign": Rule(of("media_lane_assignment"), same),
    }


def laser(limit: str) -> Any:
    """The laser temperature, or one of its thresholds."""

    def ours(module: CmisTransceiver) -> Any:
        if not limit:
            return module.aux_monitors.get("laser_temperature_c", module.undefined)
        quad = module.thresholds.get("laser_temperature_c")
        return module.undefined if quad is None else getattr(quad, limit)

    return ours


def tec(limit: str) -> Any:
    """The TEC current as a share of its full scale, or one of its thresholds; ours are percent."""

    def ours(module: CmisTransceiver) -> Any:
        quad = module.thresholds.get("tec_current_percent")
        held = module.aux_monitors.get("tec_current_percent", module.undefined)
        if limit and quad is not None:
            held = getattr(quad, limit)
        return mapped(held, lambda percent: percent / 100)

    return ours


LIMITS = {
    "monitor value": "",
    "high alarm": "high_alarm",
    "low alarm": "low_alarm",
    "high warn": "high_warning",
    "low warn": "low_warning",
}


def duration(name: str) -> Any:
    """The longest time that a state lasts, in ms."""
    return lambda module: mapped(module.durations[name], lambda seconds: seconds * 1000)


def level_flags() -> Rules:
    """Flags of the module's monitors."""
    groups = {
        "voltage_flags.voltage": "vcc",
        "case_temp_flags.case_temp": "temperature",
        "aux1_flags.aux1": "aux1",
        "aux2_flags.aux2": "aux2",
        "aux3_flags.aux3": "aux3",
        "custom_mon_flags.custom_mon": "custom",
    }
    limits = {
        "high_alarm": "high_alarm",
        "low_alarm": "low_alarm",
        "high_warn": "high_warning",
        "low_warn": "low_warning",
    }
    return {
        f"{SONIC}.get_module_level_flag.{group}_{limit}_flag": Rule(
            lambda module, name=f"{ours}_{name}": getattr(module.lower, name), same
        )
        for group, ours in groups.items()
        for limit, name in limits.items()
    }


def flag_of(name: str) -> Any:
    """A flag of every lane."""
    return lambda module: module.flags[name]


def power_flags() -> Rules:
    """Flags of the lane monitors."""
    rules: Rules = {}
    for quantity in ("tx_power", "tx_bias", "rx_power"):
        for limit in ("high_alarm", "low_alarm", "high_warn", "low_warn"):
            name = f"{quantity}_{limit}"
            title = "".join(word.title() for word in name.split("_"))
            flag = name.replace("warn", "warning")
            rules |= numbered(f"{SONIC}.get_{quantity}_flag", f"{name}.{title}Flag#", flag_of(flag))
    return rules


LOOPBACKS = {
    "simultaneous_host_media_loopback_supported": "simultaneous_loopbacks",
    "per_lane_media_loopback_supported": "media_loopback_per_lane",
    "per_lane_host_loopback_supported": "host_loopback_per_lane",
    "host_side_input_loopback_supported": "host_input_loopback_supported",
    "host_side_output_loopback_supported": "host_output_loopback_supported",
    "media_side_input_loopback_supported": "media_input_loopback_supported",
    "media_side_output_loopback_supported": "media_output_loopback_supported",
}


def loopbacks() -> Rules:
    """What of loopbacks the module can do, and which are on."""
    capability = {
        theirs: Rule(lambda module, ours=ours: getattr(module.page13, ours), same) for theirs, ours in LOOPBACKS.items()
    }
    on = {
        "media_output_loopback": Rule(lambda module: every(module.controls["media_output_loopback"]), same),
        "media_input_loopback": Rule(lambda module: every(module.controls["media_input_loopback"]), same),
        "host_output_loopback_lane#": Rule(lambda m, lane: m.controls["host_output_loopback"][lane - 1], same),
        "host_input_loopback_lane#": Rule(lambda m, lane: m.controls["host_input_loopback"][lane - 1], same),
    }
    return {
        f"{SONIC}.get_loopback_capability": Rule(
            lambda module: [getattr(module.page13, name) for name in LOOPBACKS.values()], nothing
        ),
        **under(f"{SONIC}.get_loopback_capability", capability),
        **under(f"{SONIC}.get_transceiver_loopback", {**capability, **on}),
    }


def statistics(module: CmisTransceiver) -> Any:
    """Whether VDM observes anything over time."""
    if isinstance(module.vdm, Missing):
        return module.vdm
    return any(
        one.observable.statistic in (vdm.Statistic.MINIMUM, vdm.Statistic.MAXIMUM, vdm.Statistic.AVERAGE)
        for one in module.vdm.value
    )


def amplitudes(module: CmisTransceiver) -> Any:
    """Output amplitude ranges that are supported, as the four bits of 01h:153."""
    page = module.page01
    held = (
        page.rx_amplitude_0_supported,
        page.rx_amplitude_1_supported,
        page.rx_amplitude_2_supported,
        page.rx_amplitude_3_supported,
    )
    return mask(held)


def pages_byte(module: CmisTransceiver) -> Any:
    """01h:142 put together from its bits."""
    page = module.page01
    bits = (
        page.page_03_supported,
        page.page_05_supported,
        page.coherent_pages_supported,
        page.diagnostics_supported,
        page.vdm_supported,
        page.network_paths_supported,
    )
    return mapped(page.banks, lambda banks: banks + 4 * mask(bits))


def coherent(module: CmisTransceiver) -> Any:
    return module.page01.coherent_pages_supported


def identity() -> Rules:
    """Who the module is, in SONiC's words."""
    named = {
        "type": Rule(lambda m: word_of(m.identifier, identifier_name), words(IDENTIFIERS)),
        "type_abbrv_name": Rule(lambda m: word_of(m.identifier, identifier_short), words(SHORT)),
        "connector": Rule(lambda m: word_of(m.connector, connector_name), words(CONNECTORS)),
        "hardware_rev": Rule(lambda m: m.hardware_revision, same),
        "ext_identifier": Rule(extended, same),
        "cable_length": Rule(lambda m: m.cable_length, same),
        "cable_type": Rule(lambda m: "Length Cable Assembly(m)", same),
        "media_interface_technology": Rule(lambda m: m.media_technology, words(TECHNOLOGIES)),
        "cmis_rev": Rule(lambda m: m.revision, same),
        "specification_compliance": Rule(lambda m: m.media_type, words(MEDIA_TYPES)),
        "vdm_supported": Rule(lambda m: m.page01.vdm_supported, same),
        "host_lane_count": Rule(first("host_lanes"), same),
        "media_lane_count": Rule(first("media_lanes"), same),
        "active_apsel_hostlane#": Rule(lambda m, lane: m.active_application[lane - 1], same),
        "application_advertisement{}": Rule(numbers, same),
        "application_advertisement": Rule(lambda m: (), lambda ours, theirs: theirs == "N/A"),
        **under("application_advertisement.#", APPLICATIONS),
    }
    getters = {
        "get_module_type": named["type"],
        "get_module_type_abbreviation": named["type_abbrv_name"],
        "get_connector_type": named["connector"],
        "get_media_interface_technology": named["media_interface_technology"],
        "get_module_media_type": named["specification_compliance"],
        "get_cmis_rev": named["cmis_rev"],
        "get_cable_length": named["cable_length"],
        "get_host_lane_count": named["host_lane_count"],
        "get_media_lane_count": named["media_lane_count"],
        "get_module_hardware_revision": named["hardware_rev"],
        "get_host_lane_assignment_option": Rule(first("host_lane_assignment"), same),
        "get_media_lane_assignment_option": Rule(first("media_lane_assignment"), same),
        "get_host_electrical_interface": Rule(lambda m: host_name(m, 1), interface),
        "get_module_media_interface": Rule(lambda m: media_name(m, 1), interface),
        "get_module_active_firmware": Rule(lambda m: m.firmware_active, same),
        "get_module_inactive_firmware": Rule(lambda m: m.firmware_inactive, same),
        "get_manufacturer": Rule(lambda m: m.vendor_name, same_text),
        "get_vendor_rev": Rule(lambda m: m.vendor_rev, same_text),
        "get_application_advertisement{}": Rule(numbers, same),
        **under("get_application_advertisement.#", APPLICATIONS),
    }
    info = f"{SONIC}.get_transceiver_info"
    return {info: Rule(lambda m: [m.page01.hardware_revision], nothing), **under(info, named), **under(SONIC, getters)}


def extended(module: CmisTransceiver) -> Any:
    """Power class and largest power in their words."""
    watts = bare(module.max_power)
    return mapped(module.power_class, lambda number: f"Power Class {number} ({float(watts)}W Max)")


def masks() -> Rules:
    """Getters that give a bitmap or a word of several bits."""
    return under(
        SONIC,
        {
            "get_tx_disable_channel": Rule(lambda m: mask(m.controls["tx_disable"][:8]), same),
            "get_rx_disable_channel": Rule(lambda m: mask(m.controls["rx_output_disable"][:8]), same),
            "get_rx_output_amp_max_val": Rule(amplitudes, same),
            "get_rx_output_eq_pre_max_val": Rule(lambda m: steps(m.page01.rx_output_pre_max, "0.5"), same),
            "get_rx_output_eq_post_max_val": Rule(lambda m: steps(m.page01.rx_output_post_max, "1"), same),
            "get_tx_input_eq_max_val": Rule(lambda m: steps(m.page01.tx_input_eq_max, "1"), same),
            "get_max_supported_banks": Rule(
                lambda m: mapped(m.page01.banks, lambda code: m.banks if code else 0), same
            ),
        },
    )


def advertised() -> Rules:
    """Getters that give a bit of what the module advertises or is set to."""
    return under(
        SONIC,
        plain(
            is_flat_memory=lambda m: m.flat_memory,
            is_copper=lambda m: mapped(m.media_type, lambda code: code == 3),
            is_coherent_module=coherent,
            is_lpo=lambda m: "LPO" in str(media_name(m, 1)),
            get_temperature_support=lambda m: mapped(m.flat_memory, lambda flat: not flat),
            get_voltage_support=lambda m: mapped(m.flat_memory, lambda flat: not flat),
            get_transceiver_thresholds_support=lambda m: mapped(m.flat_memory, lambda flat: not flat),
            get_tx_power_support=lambda m: m.page01.tx_power_monitor,
            get_rx_power_support=lambda m: m.page01.rx_power_monitor,
            get_tx_bias_support=lambda m: m.page01.tx_bias_monitor,
            get_lpmode=lambda m: m.controls["low_power_request_sw"][0],
            get_lpmode_support=lambda m: mapped(m.power_class, lambda number: number > 1),
            get_diag_page_support=lambda m: m.page01.diagnostics_supported,
            get_tx_cdr_supported=lambda m: m.page01.tx_cdr_supported,
            get_rx_cdr_supported=lambda m: m.page01.rx_cdr_supported,
            get_tx_input_eq_fixed_supported=lambda m: m.page01.tx_input_eq_supported,
            get_tx_input_adaptive_eq_supported=lambda m: m.page01.tx_adaptive_eq_supported,
            is_cdb_supported=lambda m: mapped(m.page01.cdb_instances, bool),
            is_transceiver_vdm_supported=lambda m: m.page01.vdm_supported,
            is_vdm_statistic_supported=statistics,
            get_datapath_init_duration=duration("dp_init"),
            get_datapath_deinit_duration=duration("dp_deinit"),
            get_datapath_tx_turnon_duration=duration("dp_tx_turn_on"),
            get_datapath_tx_turnoff_duration=duration("dp_tx_turn_off"),
            get_module_pwr_up_duration=duration("module_pwr_up"),
            get_module_pwr_down_duration=duration("module_pwr_dn"),
        ),
    )


STATES = {f"DataPath{word.removeprefix('DP')}": word for word in cmis.DATA_PATH_STATES.values()}
data_path_word = words(STATES)
"""A state of a data path; theirs of a reserved code is ``reserved(10)``."""


def state() -> Rules:
    """State of module and lanes."""
    return {
        f"{SONIC}.get_module_state": Rule(lambda m: m.module_state, same),
        f"{SONIC}.get_module_fault_cause": Rule(lambda m: m.fault_cause, words(FAULT_CAUSES)),
        **numbered(f"{SONIC}.get_datapath_state", "DP#State", lambda m: m.dp_state, data_path_word),
        **numbered(f"{SONIC}.get_config_datapath_hostlane_status", "ConfigStatusLane#", lambda m: m.config_status),
        **numbered(f"{SONIC}.get_active_apsel_hostlane", "ActiveAppSelLane#", lambda m: m.active_application),
        **numbered(f"{SONIC}.get_dpinit_pending", "DPInitPending#", lambda m: m.page11.dp_init_pending),
        **numbered(f"{SONIC}.get_tx_output_status", "TxOutputStatus#", lambda m: m.page11.tx_output_valid),
        **numbered(f"{SONIC}.get_rx_output_status", "RxOutputStatus#", lambda m: m.page11.rx_output_valid),
        **lanes(f"{SONIC}.get_datapath_deinit", lambda m: m.controls["dp_deinit"]),
        **lanes(f"{SONIC}.get_tx_disable", lambda m: m.controls["tx_disable"]),
        **lanes(f"{SONIC}.get_rx_disable", lambda m: m.controls["rx_output_disable"]),
        **lanes(f"{SONIC}.get_tx_power", lambda m: m.tx_power),
        **lanes(f"{SONIC}.get_rx_power", lambda m: m.rx_power),
        **lanes(f"{SONIC}.get_tx_bias", lambda m: m.tx_bias),
        **{
            key: rule
            for name in ("rx_los", "tx_los", "rx_cdr_lol", "tx_cdr_lol", "tx_fault")
            for key, rule in lanes(f"{SONIC}.get_{name}", flag_of(name)).items()
        },
        **lanes(
            f"{SONIC}.get_module_firmware_fault_state_changed",
            lambda m: (m.lower.data_path_firmware_error, m.lower.module_firmware_error, m.lower.module_state_changed),
        ),
        **lanes(
            f"{SONIC}.get_aux_mon_type",
            lambda m: tuple(
                mapped(bit, int)
                for bit in (m.page01.aux1_is_tec_current, m.page01.aux2_is_tec_current, m.page01.aux3_is_vcc2)
            ),
        ),
        f"{SONIC}.get_module_temperature": Rule(lambda m: m.temperature, same),
        f"{SONIC}.get_voltage": Rule(lambda m: m.vcc, same),
        **under(f"{SONIC}.get_laser_temperature", {name: Rule(laser(limit), same) for name, limit in LIMITS.items()}),
        f"{SONIC}.get_laser_TEC_current": Rule(lambda m: [tec("")(m)], nothing),
        **under(f"{SONIC}.get_laser_TEC_current", {n: Rule(tec(limit), same_ratio) for n, limit in LIMITS.items()}),
        **sonic_monitors(same_dbm),
        f"{SONIC}.get_transceiver_dom_real_value.laser_temperature": Rule(laser(""), same),
        **sonic_thresholds({**QUANTITIES, "lasertemp": ("laser_temperature_c", same)}),
    }


def metres(kind: str, size: int = 1) -> Any:
    """A length in units of ``size`` metres; one that is not for the module is their 0."""
    return lambda m: mapped(m.fiber_lengths[kind], lambda length: length / size)


def lane_of(values: Any) -> Any:
    return lambda module, lane: values(module)[lane - 1]


def code_of(values: Any, table: Any) -> Any:
    """The code of a word that we read on a lane."""
    numbers_of = {word: code for code, word in table.items()}
    return lambda module, lane: mapped(values(module)[lane - 1], numbers_of.__getitem__)


def same_code(ours: Any, theirs: Any) -> bool:
    """The code of a state; a reserved one of ours keeps it in its raw byte."""
    if isinstance(ours, Missing) and ours.why is Absence.RESERVED:
        byte = int(ours.source.raw, 16)
        return theirs in (byte >> 4, byte & 0xF)
    return same(ours, theirs)


SPEC: Rules = {
    **plain(
        cmis_rev=lambda m: m.revision,
        flat_memory=lambda m: m.flat_memory,
        module_state=lambda m: m.module_state,
        interrupt_deasserted=lambda m: m.lower.interrupt_deasserted,
        temperature_c_raw=lambda m: m.temperature,
        vcc_v_raw=lambda m: m.vcc,
        active_firmware=lambda m: m.firmware_active,
        low_pwr_request_sw=lambda m: m.lower.low_power_request_sw,
        low_pwr_allow_request_hw=lambda m: m.lower.low_power_allow_request_hw,
        media_type_code=lambda m: m.media_type,
        clei=lambda m: m.page00.clei,
        power_class=lambda m: m.power_class,
        max_power_w=lambda m: m.max_power,
        cable_length_raw=lambda m: raw(m.cable_length),
        cable_length_m=lambda m: m.cable_length,
        inactive_firmware=lambda m: m.firmware_inactive,
        hardware_rev=lambda m: m.hardware_revision,
        smf_length_km=metres("smf", 1000),
        om5_length_m=metres("om5"),
        om4_length_m=metres("om4"),
        om3_length_m=metres("om3"),
        om2_length_m=metres("om2"),
        nominal_wavelength_nm=lambda m: m.wavelength,
        wavelength_tolerance_nm=lambda m: m.page01.wavelength_tolerance,
        vdm_supported=lambda m: m.page01.vdm_supported,
        diag_pages_supported=lambda m: m.page01.diagnostics_supported,
        pages_supported_raw=pages_byte,
        banks_code=lambda m: m.page01.banks,
        cdb_instances=lambda m: m.page01.cdb_instances,
    ),
    **under(
        "monitors",
        plain(
            temperature=lambda m: m.page01.temperature_monitor,
            vcc=lambda m: m.page01.vcc_monitor,
            tx_bias=lambda m: m.page01.tx_bias_monitor,
            tx_power=lambda m: m.page01.tx_power_monitor,
            rx_power=lambda m: m.page01.rx_power_monitor,
            tx_bias_scale_code=lambda m: m.page01.tx_bias_scale,
        ),
    ),
    "module_state_code": Rule(
        lambda m: (
            raw(m.memory.take(cmis.Lower.page, 3)) >> 1 & 7
            if isinstance(m.module_state, Missing)
            else {word: code for code, word in cmis.MODULE_STATES.items()}[m.module_state.value]
        ),
        same,
    ),
    "fault_cause_code": Rule(lambda m: raw(m.fault_cause), same),
    "media_type": Rule(lambda m: m.media_type, words(MEDIA_TYPE_WORDS)),
    "media_tech_code": Rule(lambda m: raw(m.media_technology), same),
    "datapath_state_codes[]": Rule(lambda m: len(m.dp_state[:8]), same),
    "datapath_state_codes[#]": Rule(code_of(lambda m: m.dp_state, cmis.DATA_PATH_STATES), same_code),
    "datapath_states[]": Rule(lambda m: len(m.dp_state[:8]), same),
    "datapath_states[#]": Rule(lane_of(lambda m: m.dp_state), data_path_word),
    "config_status_codes[]": Rule(lambda m: len(m.config_status[:8]), same),
    "config_status_codes[#]": Rule(code_of(lambda m: m.config_status, cmis.CONFIG_STATUS), same_code),
    "active_app_per_host_lane[]": Rule(lambda m: len(m.active_application[:8]), same),
    "active_app_per_host_lane[#]": Rule(lane_of(lambda m: m.active_application), same),
    "active_datapath_id_per_host_lane[]": Rule(lambda m: len(m.active_data_path[:8]), same),
    "active_datapath_id_per_host_lane[#]": Rule(lane_of(lambda m: m.active_data_path), same),
    "lanes[]": Rule(lambda m: len(m.tx_power[:8]), same),
    "lanes[#].lane": Rule(lambda m, lane: lane, same),
    "lanes[#].tx_power_mw": Rule(lane_of(lambda m: m.tx_power), same),
    "lanes[#].rx_power_mw": Rule(lane_of(lambda m: m.rx_power), same),
    "lanes[#].tx_bias_ma": Rule(lane_of(lambda m: m.tx_bias), same),
    "lanes[#].tx_power_dbm": Rule(lane_of(lambda m: m.tx_power), dark_or_dbm),
    "lanes[#].rx_power_dbm": Rule(lane_of(lambda m: m.rx_power), dark_or_dbm),
    **{
        key: rule
        for quantity in ("temperature_c", "vcc_v", "tx_power_mw", "tx_bias_ma", "rx_power_mw")
        for key, rule in thresholds("thresholds", quantity).items()
    },
}


TABLE = Table(
    {
        **COMMON,
        **checksums("page00_byte222", "page01_byte255", "page02_byte255"),
        "facts.power.class": Rule(lambda m: mapped(m.power_class, lambda number: f"Power Class {number}"), same),
        "facts.power.max_power_w": Rule(lambda m: m.max_power, same),
        **identity(),
        **masks(),
        **advertised(),
        **state(),
        **level_flags(),
        **power_flags(),
        **loopbacks(),
        **in_list(beyond=False),
        **in_list(beyond=True),
        **under("spec_decode", SPEC),
    }
)
"""The rules of CMIS."""
