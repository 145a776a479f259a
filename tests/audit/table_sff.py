"""What breaches each rule of SFF-8636 and SFF-8472 that a dump answers; rows as in table_cmis."""

from __future__ import annotations

from .table_cmis import Row

SR4, SR = "100g-sr4", "25g-sr"

ROWS = (
    Row("S36-01", "identifier 00h names no form factor", SR4, ("lower:0=00",), "identifier", ("lower",)),
    Row("S36-02", "page 00h has another identifier", SR4, ("00:128=0d",), "page 00h", ("00",)),
    Row("S36-03", "the checksum of the base fields is wrong", SR4, ("00:191=00",), "128-190", ("00",)),
    Row("S36-04", "the checksum of the extended fields is wrong", SR4, ("00:223=00",), "192-222", ("00",)),
    Row("S36-05", "the serial number is blank", SR4, ("00:196=" + "20" * 16,), "serial number", ("00",)),
    Row("S36-06", "the company identifier is zero", SR4, ("00:165=000000",), "company", ("00",)),
    Row("S36-07", "the date code has month 13", SR4, ("00:214=3133",), "date code", ("00",)),
    Row("S36-08", "revision code 80h is not listed", SR4, ("lower:1=80",), "revision", ("lower",)),
    Row("S36-09", "a module with flat memory has page 02h", SR4, ("lower:2=04", "00:195=80"), "page 02h", ("lower",)),
    Row("S36-10", "the low alarm of temperature is above its warning", SR4, ("03:130=7fff",), "low alarm", ("03",)),
    Row("S36-11", "an optical module has a copper connector", SR4, ("00:130=05",), "connector", ("00",)),
    Row("S36-12", "a lane with light has lost its signal", SR4, ("lower:3=01",), "lane 1", ("03",)),
    Row("S36-13", "a retimer is off", SR4, ("00:129=cc", "lower:98=fe"), "rx CDR of lane 1", ("00",)),
    Row("S36-14", "a class 6 module was not allowed to draw it", SR4, ("00:129=c2", "lower:93=00"), "class 6", ("00",)),
    Row("S36-15", "monitors were not ready", SR4, ("lower:2=01",), "not ready", ("lower",)),
    Row("S36-16", "the module is at 90 °C", SR4, ("lower:22=5a00",), "temperature", ("lower",)),
    Row("S36-17", "the supply voltage is 2.9 V", SR4, ("lower:26=7148",), "supply", ("lower",)),
    Row("S36-18", "the extended compliance code is reserved", SR4, ("00:192=fe",), "compliance", ("00",)),
    Row("S72-01", "identifier 00h names no form factor", SR, ("a0:0=00",), "identifier", ("a0",)),
    Row("S72-02", "the extended identifier is 00h", SR, ("a0:1=00",), "extended", ("a0",)),
    Row("S72-03", "the checksum of the base fields is wrong", SR, ("a0:63=00",), "0-62", ("a0",)),
    Row("S72-04", "the checksum of the extended fields is wrong", SR, ("a0:95=00",), "64-94", ("a0",)),
    Row("S72-05", "the checksum of the thresholds is wrong", SR, ("a2:95=00",), "0-94", ("a2",)),
    Row("S72-06", "the serial number is blank", SR, ("a0:68=" + "20" * 16,), "serial number", ("a0",)),
    Row("S72-07", "the company identifier is zero", SR, ("a0:37=000000",), "company", ("a0",)),
    Row("S72-08", "the date code has month 13", SR, ("a0:86=3133",), "date code", ("a0",)),
    Row("S72-09", "revision code 80h is not listed", SR, ("a0:94=80",), "revision", ("a0",)),
    Row("S72-10", "monitors are calibrated in both ways", SR, ("a0:92=78",), "calibrated", ("a0",)),
    Row("S72-11", "the low alarm of temperature is above its warning", SR, ("a2:2=7fff",), "low alarm", ("a2",)),
    Row("S72-12", "the connector is not listed", SR, ("a0:2=77",), "connector", ("a0",)),
    Row("S72-13", "the signal is lost with light", SR, ("a2:110=02",), "rx_los", ("a2",)),
    Row("S72-14", "monitors were not ready", SR, ("a2:110=01",), "not ready", ("a2",)),
    Row("S72-15", "the module is at 90 °C", SR, ("a2:96=5a00",), "temperature", ("a2",)),
    Row("S72-16", "the supply voltage is 2.9 V", SR, ("a2:98=7148",), "supply", ("a2",)),
    Row("S72-17", "no signalling rate is stated", SR, ("a0:12=00",), "rate", ("a0",)),
)
