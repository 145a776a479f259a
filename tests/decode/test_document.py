"""The JSON of a decoded module: its shape, its numbers, and what is absent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.decode.build import AdvertisedApplication, CmisImage, Identity, Sff8472Image, Sff8636Image
from harness.decode.document import document
from harness.decode.memory import Memory, Page
from harness.decode.transceiver import transceiver

APPLICATION = AdvertisedApplication(80, 28, 4, 4, 17, 17)


def written(image: CmisImage | Sff8636Image | Sff8472Image) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(json.dumps(document(transceiver(image.memory("module")))))
    return held


def test_document_of_a_cmis_module() -> None:
    limits = {
        "temperature_c": ("78", "-8", "73", "-3"),
        "vcc_v": ("3.63", "2.97", "3.465", "3.135"),
        "tx_power_mw": ("3.1622", "0.2818", "2.5118", "0.3548"),
        "rx_power_mw": ("3.1622", "0.1258", "2.5118", "0.1995"),
        "tx_bias_ma": ("120", "10", "110", "20"),
    }
    content = written(
        CmisImage(
            identity=Identity(vendor_name="ACME", vendor_oui="00-1c-73", vendor_sn=""),
            applications=(APPLICATION,),
            firmware_active="3.7",
            firmware_inactive="0.0",
            temperature="64.94140625",
            vcc="3.2976",
            tx_power=("1.3042",) * 8,
            tx_bias=("85.308",) * 8,
            thresholds=limits,
            unmonitored=frozenset({"rx_power_mw"}),
        )
    )
    assert content == {
        "management": "cmis",
        "guess": "",
        "identity": {
            "identifier": 25,
            "revision": "5.0",
            "vendor_name": "ACME",
            "vendor_oui": "00-1c-73",
            "vendor_pn": "SIM-0001",
            "vendor_rev": "A",
            "vendor_sn": "",
            "date_code": "260101",
        },
        "power": {"class": 8, "max_w": "16"},
        "connector": 12,
        "media_type": 2,
        "flat_memory": False,
        "cable_length_m": None,
        "firmware": {"active": "3.7", "inactive": "0.0"},
        "applications": [
            {
                "number": 1,
                "host_id": 80,
                "media_id": 28,
                "host_lanes": 4,
                "media_lanes": 4,
                "host_lane_assignment": 17,
                "media_lane_assignment": 17,
            }
        ],
        "state": {
            "module": "ModuleReady",
            "data_path": ["DPActivated"] * 8,
            "active_application": [1] * 8,
        },
        "monitors": {
            "temperature_c": "64.94140625",
            "vcc_v": "3.2976",
            "tx_power_mw": ["1.3042"] * 8,
            "rx_power_mw": [None] * 8,
            "tx_bias_ma": ["85.308"] * 8,
        },
        "thresholds": {
            quantity: dict(
                zip(
                    ("high_alarm", "low_alarm", "high_warning", "low_warning"),
                    (None,) * 4 if quantity == "rx_power_mw" else values,
                    strict=True,
                )
            )
            for quantity, values in limits.items()
        },
        "checksums": content["checksums"],
        "vdm": None,
        "vdm_gaps": [],
        "cdb": None,
        "absent": {
            "cable_length_m": "reported as not available (no length is stated: separable media)",
            "vdm": "not advertised (01h:142.6)",
            "cdb": "not advertised (01h:163)",
            **{f"monitors.rx_power_mw.{lane}": "not advertised (01h:160.2)" for lane in range(1, 9)},
            **{
                f"thresholds.rx_power_mw.{limit}": "not advertised (01h:160.2)"
                for limit in ("high_alarm", "low_alarm", "high_warning", "low_warning")
            },
        },
    }
    assert [(row["page"], row["ok"]) for row in content["checksums"]] == [("00", True), ("01", True), ("02", True)]


@pytest.mark.parametrize(
    ("image", "lanes"), [(CmisImage(flat_memory=True), 8), (Sff8636Image(), 4), (Sff8472Image(diagnostics=False), 1)]
)
def test_lane_arrays_have_their_full_length_and_every_null_its_reason(
    image: CmisImage | Sff8636Image | Sff8472Image, lanes: int
) -> None:
    content = written(image)
    for group, names in (("state", ("data_path", "active_application")), ("monitors", ("tx_power_mw", "tx_bias_ma"))):
        assert [len(content[group][name]) for name in names] == [lanes, lanes]
    assert set(nulls(content)) == set(content["absent"])


def test_page_that_failed_is_absent_with_its_reason() -> None:
    memory = CmisImage().memory("module")
    content: Any = document(transceiver(Memory("module", {**memory.pages, Page(0x02): None})))
    assert content["absent"]["checksums.3.stored"] == "read failed (page 02h byte 255)"
    assert content["absent"]["checksums.3.ok"] == "read failed (page 02h byte 255)"
    assert content["absent"]["thresholds.vcc_v.low_alarm"] == "read failed (page 02h bytes 138-139)"
    assert [(row["page"], row["ok"]) for row in content["checksums"]] == [("00", True), ("01", True), ("02", None)]
    assert set(nulls(content)) == set(content["absent"])


def nulls(content: Any, path: str = "") -> list[str]:
    """Dotted paths of the nulls, places in arrays from 1."""
    if content is None:
        return [path]
    if isinstance(content, dict):
        return [found for key, value in content.items() for found in nulls(value, f"{path}.{key}" if path else key)]
    if isinstance(content, list):
        return [found for place, value in enumerate(content, 1) for found in nulls(value, f"{path}.{place}")]
    return []
