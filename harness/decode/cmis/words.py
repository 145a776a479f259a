"""Code tables of CMIS, by number, in the words of the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
}

FAULT_CAUSES: Final[Mapping[int, str]] = {
    0: "no fault",
    1: "TEC runaway",
    2: "data memory corrupted",
    3: "program memory corrupted",
    4: "transmitter",
    5: "receiver",
    6: "temperature",
}

FIBER_FACES: Final[Mapping[int, str]] = {1: "PC/UPC", 2: "APC"}

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
