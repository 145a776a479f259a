"""What breaches each rule of CMIS that a dump answers, and what leaves it unasked.

A row: rule, family, bytes that are changed, where the breach shows, and the pages without which it cannot be asked.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    rule: str
    says: str  # the sentence of the case
    family: str
    edits: tuple[str, ...]
    at: str  # part of where the finding is
    lacks: tuple[str, ...]  # without these pages it is not asked; none where it can always be


DR8, ZR, DAC = "800g-dr8", "400g-zr", "800g-dac"

ROWS = (
    Row("CM-01", "identifier 80h names no form factor", DR8, ("lower:0=80",), "identifier", ("lower",)),
    Row("CM-02", "page 00h has another identifier", DR8, ("00:128=18",), "page 00h", ("00",)),
    Row("CM-04", "revision 6.0 was never published", DR8, ("lower:1=60",), "major revision", ("lower",)),
    Row("CM-04", "a module of CMIS 3.0 cannot have VDM", DR8, ("lower:1=30",), "with VDM", ("lower",)),
    Row("CM-06", "an optical module says that its memory is flat", DR8, ("lower:2=84",), "media type", ("lower",)),
    Row("CM-06", "a module with flat memory is not Ready", DAC, ("lower:3=03",), "state", ("lower",)),
    Row("CM-08", "the checksum of page 00h is off by one", DR8, ("00:222=00",), "page 00", ("00",)),
    Row("CM-09", "the checksum of page 01h is wrong", DR8, ("01:255=00",), "page 01", ("01",)),
    Row("CM-10", "the checksum of page 02h is wrong", DR8, ("02:255=00",), "page 02", ("02",)),
    Row("CM-11", "the checksum of page 04h is wrong", ZR, ("04:255=00",), "page 04", ("04",)),
    Row("CM-12", "the part number is padded with NUL", DR8, ("00:160=00000000",), "vendor_pn", ("00",)),
    Row("CM-12", "the serial number is blank", DR8, ("00:166=" + "20" * 16,), "serial number is there", ("00",)),
    Row("CM-13", "the company identifier is zero", DR8, ("00:145=000000",), "company", ("00",)),
    Row("CM-13", "the company identifier is all ones", DR8, ("00:145=ffffff",), "company", ("00",)),
    Row("CM-14", "the date code has month 13", DR8, ("00:184=3133",), "date code", ("00",)),
    Row("CM-15", "the CLEI code holds a control character", DR8, ("00:190=0141",), "CLEI", ("00",)),
    Row("CM-16", "a class 3 module draws 15 W", DR8, ("00:200=403c",), "max power", ("00",)),
    Row("CM-16", "a class 6 module draws what class 1 may", DR8, ("00:200=a004",), "class before", ("00",)),
    Row("CM-19", "a DR8 module has an LC connector", DR8, ("00:203=07",), "connector", ("00",)),
    Row("CM-19", "a cable has an MPO connector", DAC, ("00:203=0c",), "connector", ("00",)),
    Row("CM-20", "a module with separable media has a cable length", DR8, ("00:202=45",), "cable length", ("00",)),
    Row("CM-20", "a cable has none", DAC, ("00:202=00",), "cable length", ("00",)),
    Row("CM-21", "a cable loses less at 25.8 GHz than at 5 GHz", DAC, ("00:207=01",), "25.8 GHz", ("00",)),
    Row("CM-21", "a cable states no loss at 12.9 GHz", DAC, ("00:206=00",), "12.9 GHz", ("00",)),
    Row("CM-22", "a DR8 module sends at 850 nm", DR8, ("01:138=4268",), "wavelength", ("01",)),
    Row("CM-23", "a single-mode module at 1310 nm has an 850 nm VCSEL", DR8, ("00:212=00",), "wavelength", ("00",)),
    Row("CM-23", "a single-mode module is made of copper", DR8, ("00:212=0a",), "technology", ("00",)),
    Row("CM-24", "a 500 m module is made for 100 m", DR8, ("01:132=01",), "length", ("01",)),
    Row("CM-25", "media type 0 chooses no table", DR8, ("lower:85=00",), "media type", ("lower",)),
    Row("CM-26", "the first descriptor is the end of the list", DR8, ("lower:86=ff",), "Application 1", ("lower",)),
    Row("CM-26", "the first Application has no host lanes", DR8, ("lower:86=00008801",), "Application 1", ("lower",)),
    Row("CM-27", "a descriptor follows the end of the list", DR8, ("lower:102=50",), "end of the list", ("lower",)),
    Row("CM-28", "the first Application counts 4 host lanes of 8", DR8, ("lower:88=48",), "host lanes", ("lower",)),
    Row("CM-29", "eight lanes start on lane 2", DR8, ("lower:89=02",), "host lane", ("lower",)),
    Row("CM-29", "an Application can start nowhere", DR8, ("lower:89=00",), "host lanes to start", ("lower",)),
    Row("CM-30", "an Application has no media lane to start on", DR8, ("01:176=00",), "media lanes", ("01",)),
    Row("CM-30", "eight media lanes start on lane 5", DR8, ("01:176=11",), "media lane", ("01",)),
    Row("CM-30", "four media lanes start on lane 5 of four", "400g-dr4", ("01:176=11",), "media lane", ("00",)),
    Row("CM-32", "an 800G host meets 400G media", DR8, ("lower:87=1c",), "media rate", ("lower",)),
    Row("CM-34", "the low alarm of temperature is above its warning", DR8, ("02:130=7fff",), "low alarm", ("02",)),
    Row("CM-35", "the thresholds of Tx power are all zero", DR8, ("02:176=" + "00" * 8,), "tx_power", ("02",)),
    Row("CM-35", "a threshold of Vcc is all ones", DR8, ("02:136=ffff",), "vcc", ("02",)),
    Row("CM-36", "the highest case temperature is below the lowest", DR8, ("01:146=f605",), "highest", ("01",)),
    Row("CM-36", "the high alarm is 30 °C under the case temperature", DR8, ("02:128=2800",), "alarm", ("02",)),
    Row("CM-37", "3.3 V is above the high warning", DR8, ("02:140=7d00",), "high warning", ("02",)),
    Row("CM-42", "the supply voltage is 2.9 V", DR8, ("lower:16=7148",), "supply", ("lower",)),
    Row("CM-43", "the bias of an activated lane is zero", DR8, ("11:170=0000",), "lane 1", ("11",)),
    Row("CM-44", "one lane sends 10 dB less than the others", DR8, ("11:154=03e8",), "between", ("11",)),
    Row("CM-54", "the output of an activated lane is not valid", DR8, ("11:133=fe",), "media lane 1", ("11",)),
    Row("CM-54", "the output of a disabled lane is valid", DR8, ("10:130=01",), "media lane 1", ("11",)),
    Row("CM-61", "the summary is set and no flag is", DR8, ("lower:4=01",), "summary", ("11",)),
    Row("CM-61", "a flag is set and the summary is not", DR8, ("11:147=01", "10:226=00"), "summary", ("10",)),
    Row("CM-71", "the adaptive equalizer of lane 1 fails", DR8, ("11:138=01",), "lane 1 fails", ("11",)),
    Row("CM-71", "the adaptive equalizer of lane 1 is off", DR8, ("11:214=fe",), "lane 1 is on", ("11",)),
    Row("CM-72", "VDM is advertised and describes nothing", DR8, ("20:128=" + "00" * 128, "21:128=" + "00" * 128),
        "an instance", ("20", "21")),
    Row("CM-73", "VDM is not advertised", DR8, ("01:142=24",), "VDM", ("20", "21")),
    Row("CM-74", "an instance is of lane 12 of 8", DR8, ("20:128=0b",), "lane", ("28",)),
    Row("CM-76", "a sample below its low alarm has raised no flag", DR8, ("24:128=0001",), "instance 1", ("2C",)),
    Row("CM-77", "a BER is above 0.5", DR8, ("24:208=afff",), "instance 41", ("24", "25")),
    Row("CM-84", "the data path takes 50 minutes to initialize", DR8, ("01:144=4c",), "initialization", ("01",)),
    Row("CM-84", "the module takes a reserved time to power up", DR8, ("01:167=5e",), "power up", ("01",)),
    Row("CM-93", "a lane takes 2 µs", DR8, ("15:224=07d0",), "lane 1", ("15",)),
    Row("CM-96", "a CDR that cannot be bypassed is off", DR8, ("01:161=5d", "11:221=fe"), "tx CDR of lane 1", ("11",)),
    Row("CM-97", "lane 1 recalls from a third buffer", DR8, ("10:154=0300",), "staged", ("10",)),
    Row("CM-98", "the summary of tuning flags is set and no flag is", ZR, ("12:230=01",), "lane 1", ("12",)),
    Row("CM-99", "a data path starts where its Application may not", DR8, ("lower:89=00",), "starts", ("11",)),
    Row("CM-99", "AppSel 15 is in force and not advertised", DR8, ("11:206=f0",), "AppSel in force on", ("11",)),
    Row("CM-99", "a data path has one lane of eight", DR8, ("11:207=00" + "00" * 6,), "lanes", ("11",)),
)  # fmt: skip
