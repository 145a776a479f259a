"""Code tables of CMIS, by number, in the words of the document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final


def custom(first: int, last: int, word: str = "custom") -> dict[int, str]:
    """Codes that the document leaves to the vendor, each under its number."""
    return {code: f"{word} {code:02X}h" for code in range(first, last + 1)}


MODULE_STATES: Final[Mapping[int, str]] = {
    1: "ModuleLowPwr",
    2: "ModulePwrUp",
    3: "ModuleReady",
    4: "ModulePwrDn",
    5: "ModuleFault",
}

DATA_PATH_STATES: Final[Mapping[int, str]] = {
    1: "DPDeactivated",
    2: "DPInit",
    3: "DPDeinit",
    4: "DPActivated",
    5: "DPTxTurnOn",
    6: "DPTxTurnOff",
    7: "DPInitialized",
}

DATA_PATH_STATES_SINCE: Final[Mapping[str, str]] = dict.fromkeys(("DPTxTurnOn", "DPTxTurnOff", "DPInitialized"), "4.0")

NETWORK_PATH_STATES: Final[Mapping[int, str]] = {
    code: f"NP{word.removeprefix('DP')}" for code, word in DATA_PATH_STATES.items()
}

CONFIG_STATUS: Final[Mapping[int, str]] = {
    0x0: "ConfigUndefined",
    0x1: "ConfigSuccess",
    0x2: "ConfigRejected",
    0x3: "ConfigRejectedInvalidAppSel",
    0x4: "ConfigRejectedInvalidDataPath",
    0x5: "ConfigRejectedInvalidSI",
    0x6: "ConfigRejectedLanesInUse",
    0x7: "ConfigRejectedPartialDataPath",
    0x8: "ConfigRejectedNoEmulation",
    0xC: "ConfigInProgress",
    0xD: "ConfigRejectedCustomD",
    0xE: "ConfigRejectedCustomE",
    0xF: "ConfigRejectedCustomF",
}

CONFIG_STATUS_SINCE: Final[Mapping[str, str]] = {"ConfigRejectedNoEmulation": "5.4"}

NETWORK_CONFIG_STATUS: Final[Mapping[int, str]] = {
    code: word for code, word in CONFIG_STATUS.items() if word not in CONFIG_STATUS_SINCE
}

REDIRECTION_RESULTS: Final[Mapping[int, str]] = {
    0x0: "undefined",
    0x1: "success",
    0x2: "rejected",
    0x3: "rejected, invalid lane mapping",
    0x4: "rejected, lanes in use",
    0xC: "in progress",
    **custom(0xD, 0xF, "rejected, custom"),
}

FAULT_CAUSES: Final[Mapping[int, str]] = {
    0: "no fault",
    1: "TEC runaway",
    2: "data memory corrupted",
    3: "program memory corrupted",
    4: "transmitter",
    5: "receiver",
    6: "temperature",
    **custom(32, 63),
}

FAULT_CAUSES_SINCE: Final[Mapping[str, str]] = dict.fromkeys(("transmitter", "receiver", "temperature"), "5.3")

FIBER_FACES: Final[Mapping[int, str]] = {1: "PC/UPC", 2: "APC"}

AUTO_COMMISSIONING: Final[Mapping[int, str]] = {0: "none", 1: "regular", 2: "hot"}

I2C_SPEEDS_KHZ: Final[Mapping[int, str]] = {0: "400", 1: "1000", 2: "3400"}

SPI_SPEEDS_MHZ: Final[Mapping[int, str]] = {
    0: "1",
    1: "2",
    2: "4",
    3: "8",
    4: "12",
    5: "16",
    6: "20",
    7: "30",
    8: "40",
    9: "50",
}

STATE_MACHINES: Final[Mapping[int, str]] = {
    1: "none",
    2: "module",
    3: "module and data path",
    4: "module, data path and network path",
}

FUNCTION_TYPES: Final[Mapping[int, str]] = {
    0: "transmission module",
    1: "resource module",
    **custom(128, 255),
}

PASSWORD_RESULTS: Final[Mapping[int, str]] = {
    1: "module password accepted",
    2: "host password accepted",
    3: "not accepted",
    8: "being verified",
}

SUPPORT: Final[Mapping[int, str]] = {1: "not supported", 2: "supported"}

MEDIA_TECHNOLOGIES: Final[Mapping[int, str]] = {
    0x00: "850 nm VCSEL",
    0x01: "1310 nm VCSEL",
    0x02: "1550 nm VCSEL",
    0x03: "1310 nm FP",
    0x04: "1310 nm DFB",
    0x05: "1550 nm DFB",
    0x06: "1310 nm EML",
    0x07: "1550 nm EML",
    0x08: "other",
    0x09: "1490 nm DFB",
    0x0A: "copper, unequalized",
    0x0B: "copper, passive equalized",
    0x0C: "copper, near and far end limiting active",
    0x0D: "copper, far end limiting active",
    0x0E: "copper, near end limiting active",
    0x0F: "copper, linear active",
    0x10: "C-band tunable laser",
    0x11: "L-band tunable laser",
    0x12: "copper, near and far end linear active",
    0x13: "copper, far end linear active",
    0x14: "copper, near end linear active",
}

MEDIA_TECHNOLOGIES_SINCE: Final[Mapping[str, str]] = {MEDIA_TECHNOLOGIES[code]: "5.4" for code in (0x12, 0x13, 0x14)}

FAR_ENDS: Final[Mapping[int, str]] = {
    1: "abcdefgh",
    2: "aaaaaaaa",
    3: "aaaaeeee",
    4: "abcdeeee",
    5: "abcceeee",
    6: "aacdeeee",
    7: "aacceeee",
    8: "aaaaefgh",
    9: "aaaaefgg",
    10: "aaaaeegh",
    11: "aaaaeegg",
    12: "aacceegg",
    13: "abcceegg",
    14: "aacdeegg",
    15: "abcdeegg",
    16: "aaccefgg",
    17: "abccefgg",
    18: "aacdefgg",
    19: "abcdefgg",
    20: "aacceegh",
    21: "abcceegh",
    22: "aacdeegh",
    23: "abcdeegh",
    24: "aaccefgh",
    25: "abccefgh",
    26: "aacdefgh",
    27: "aaaaaaaaaaaaaaaa",
}
"""Which far-end module each host lane of a breakout assembly leads to: equal letters are one module, lane 1 first.

A module with more lanes repeats the pattern, but for the last, which is one module with sixteen (OIF-CMIS 8.3).
"""

DURATIONS: Final[Mapping[int, str]] = {
    0x0: "< 1 ms",
    0x1: "< 5 ms",
    0x2: "< 10 ms",
    0x3: "< 50 ms",
    0x4: "< 100 ms",
    0x5: "< 500 ms",
    0x6: "< 1 s",
    0x7: "< 5 s",
    0x8: "< 10 s",
    0x9: "< 1 min",
    0xA: "< 5 min",
    0xB: "< 10 min",
    0xC: "< 50 min",
    0xD: ">= 50 min",
}

DURATION_BOUNDS: Final[Mapping[str, Decimal]] = {
    DURATIONS[code]: Decimal(seconds)
    for code, seconds in enumerate(
        ("0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "10", "60", "300", "600", "3000")
    )
}
"""Seconds that a state lasts at most; the last code has no upper bound."""


def duration_bound(code: int) -> Decimal | None:
    """Seconds that a state with this code of duration lasts at most; None where the code sets no bound."""
    return DURATION_BOUNDS.get(DURATIONS.get(code, ""))


LONG_SMF_METRES: Final[Mapping[int, str]] = {0: "50000", 1: "100000", 2: "200000", 3: "500000"}

CLOCK_GROUPS: Final[Mapping[int, str]] = {
    0: "lanes 1-8 synchronous",
    1: "groups of four",
    2: "pairs",
    3: "may be asynchronous",
}

RX_EQ_TYPES: Final[Mapping[int, str]] = {
    0: "peak-to-peak amplitude constant, or not stated",
    1: "steady-state amplitude constant",
    2: "average of peak-to-peak and steady-state amplitude constant",
}

SQUELCH_METHODS: Final[Mapping[int, str]] = {0: "none", 1: "OMA", 2: "Pav", 3: "selectable"}

RX_AMPLITUDES: Final[Mapping[int, str]] = {
    0: "100-400 mVppd",
    1: "300-600 mVppd",
    2: "400-800 mVppd",
    3: "600-1200 mVppd",
}

EQ_BUFFERS: Final[Mapping[int, str]] = {0: "none", 1: "buffer 1", 2: "buffer 2"}

EPL_PAGES: Final[Mapping[int, str]] = {0: "0", 1: "1", 2: "2", 3: "3", 4: "4", 5: "8", 6: "12", 7: "16"}

GRIDS: Final[Mapping[int, str]] = {
    0: "3.125 GHz",
    1: "6.25 GHz",
    2: "12.5 GHz",
    3: "25 GHz",
    4: "50 GHz",
    5: "100 GHz",
    6: "33 GHz",
    7: "75 GHz",
    8: "150 GHz",
    9: "300 GHz",
}

GRIDS_SINCE: Final[Mapping[str, str]] = {"300 GHz": "5.4"}

NO_GRID: Final = 15
"""Code of a lane whose grid is not available."""

PATTERNS: Final[Mapping[int, str]] = {
    0x0: "PRBS31Q",
    0x1: "PRBS31",
    0x2: "PRBS23Q",
    0x3: "PRBS23",
    0x4: "PRBS15Q",
    0x5: "PRBS15",
    0x6: "PRBS13Q",
    0x7: "PRBS13",
    0x8: "PRBS9Q",
    0x9: "PRBS9",
    0xA: "PRBS7Q",
    0xB: "PRBS7",
    0xC: "SSPRQ",
    0xE: "custom",
    0xF: "user pattern",
}

GATING: Final[Mapping[int, str]] = {
    0: "not supported",
    1: "accurate to 2 ms",
    2: "accurate to 20 ms",
    3: "less accurate than 20 ms",
}

GATE_TIMES: Final[Mapping[int, str]] = {
    0: "ungated",
    1: "5 s",
    2: "10 s",
    3: "30 s",
    4: "60 s",
    5: "120 s",
    6: "300 s",
    7: "custom",
}

GENERATOR_CLOCKS: Final[Mapping[int, str]] = {
    0: "internal clock",
    **{lane: f"reference clock of lane {lane}" for lane in range(1, 9)},
    15: "recovered clock of each lane or data path",
}

UPDATE_PERIODS_S: Final[Mapping[int, str]] = {0: "1", 1: "5"}

SELECTORS: Final[Mapping[int, str]] = {
    0x00: "nothing",
    0x01: "BER",
    0x02: "counters of host lanes 1-4",
    0x03: "counters of host lanes 5-8",
    0x04: "counters of media lanes 1-4",
    0x05: "counters of media lanes 5-8",
    0x06: "SNR",
    0x11: "gated BER",
    0x12: "gated counters of host lanes 1-4",
    0x13: "gated counters of host lanes 5-8",
    0x14: "gated counters of media lanes 1-4",
    0x15: "gated counters of media lanes 5-8",
    **custom(0xC0, 0xFF),
}

FIBERS: Final[Mapping[int, str]] = {
    **{2 * pair - 1: f"TR{pair}" for pair in range(1, 8)},
    **{2 * pair: f"RT{pair}" for pair in range(1, 8)},
    15: "TR8",
}

ELSFP_CONTROL_MODES: Final[Mapping[int, str]] = {0: "constant current (ACC)", 1: "constant power (APC)"}

ELSFP_FAULTS: Final[Mapping[int, str]] = {
    0: "none",
    1: "APC control loop",
    2: "ACC control loop",
    **custom(9, 15),
}

ELSFP_LANE_STATES: Final[Mapping[int, str]] = {0: "off", 1: "ramping", 2: "on"}
