"""The healthy world agrees with itself and with its lab file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

import pytest

from harness.decode.memory import LOWER_MEMORY, Memory, Page
from harness.decode.transceiver import CmisTransceiver, transceiver
from harness.reading import Missing, Reading
from harness.simlab.codewords import BINS, N_BITS, counted, predicted, shares
from harness.simlab.pages import memory
from harness.simlab.systems import sonic
from harness.simlab.world import SAMPLE_SECONDS, Module, World, media_lanes, milliwatts
from harness.units import mw_to_dbm

T = TypeVar("T")


def seen(module: Module) -> CmisTransceiver:
    pages = {LOWER_MEMORY if number < 0 else Page(number): held for number, held in memory(module).items()}
    found = transceiver(Memory(module.where, pages))
    assert isinstance(found, CmisTransceiver)
    return found


def the(value: Reading[T] | Missing) -> T:
    assert isinstance(value, Reading), value
    return value.value


def modules(world: World) -> Iterator[tuple[Module, CmisTransceiver]]:
    return ((module, seen(module)) for module in world.modules)


def test_light_lost_on_the_way_is_the_loss_of_the_plant(world: World) -> None:
    for link in world.lab.links:
        if link.fiber is not None:
            near, far = (media_lanes(world.port(str(end))) for end in link.ends)
            for here, there in zip(near, far, strict=True):
                assert here.tx - there.rx == there.tx - here.rx == link.fiber.loss_db


def test_identity_of_a_module_is_the_lab_files(world: World) -> None:
    plans = {str(cage): cage.module for device in world.lab.devices.values() for cage in device.cages}
    for module, page in modules(world):
        plan = plans[module.where]
        assert plan is not None
        assert the(page.vendor_pn) == (plan.number or plan.part)
        assert the(page.vendor_name) == plan.vendor
        assert the(page.vendor_sn) == module.serial
        assert all(the(sum.stored) == the(sum.computed) for sum in page.checksums)


def test_ends_of_one_assembly_share_a_serial_number_and_no_other_module_does(world: World) -> None:
    ends: dict[str, list[Module]] = {}
    for module in world.modules:
        ends.setdefault(module.serial, []).append(module)
    for sharing in ends.values():
        if sharing[0].kind.optical:
            assert len(sharing) == 1
        else:
            devices = Counter(module.where.partition(":")[0] for module in sharing)
            assert len(sharing) == 3
            assert sum(name.startswith("leaf") for name in devices) == 1
            assert len({module.length_m for module in sharing}) == 1


def test_monitors_decode_to_what_the_world_holds(world: World) -> None:
    for module, page in modules(world):
        if module.flat:
            assert the(page.flat_memory) is True
            continue
        assert abs(the(page.temperature) - module.celsius) <= Decimal(1) / 256
        assert the(page.vcc) == module.volts
        if module.kind.optical:
            for lane, tx, rx in zip(module.lanes, page.tx_power, page.rx_power, strict=False):
                assert abs(mw_to_dbm(milliwatts(lane.tx)) - lane.tx) < Decimal("0.001")
                assert the(tx) == milliwatts(lane.tx)
                assert the(rx) == milliwatts(lane.rx)


def test_every_lane_of_a_port_is_activated_on_the_staged_application(world: World) -> None:
    for device in world.devices.values():
        for port in device.ports:
            if port.module is not None and not port.module.flat:
                for lane in port.lanes:
                    assert port.module.data_path[lane - 1] == ("DPActivated" if port.admin else "DPInitialized")
                    assert port.module.active[lane - 1] == port.module.staged[lane - 1] == (1, port.lanes[0] - 1)


def test_powers_lie_inside_the_modules_own_thresholds(world: World) -> None:
    shut = {port.cage for device in world.devices.values() for port in device.ports if port.plan and not port.admin}
    assert len(shut) == 1
    for module in world.modules:
        if not world.port(module.where).admin:
            continue
        for name, power in (("tx_power_dbm", "tx"), ("rx_power_dbm", "rx")):
            _, _, high, low = module.thresholds[name]
            assert all(low < getattr(lane, power) < high for lane in module.lanes)


@pytest.mark.parametrize("ber", ["1e-9", "6e-8", "2e-5", "2.4e-4", "3e-4"])
def test_a_histogram_has_the_bit_error_ratio_that_it_was_made_from(ber: str) -> None:
    found = counted(Decimal(ber), 400, 260_000)
    total = sum(found.bins)
    assert len(found.bins) == BINS
    assert found.corrected == sum(found.bins[1:])
    assert abs(Decimal(found.symbols) / (total * N_BITS) / Decimal(ber) - 1) < Decimal("0.01")
    assert 1 - sum(shares(Decimal(ber)), Decimal(0)) < Decimal("1e-9")


def test_a_tail_is_predicted_from_two_bins_and_not_from_one() -> None:
    assert predicted(counted(Decimal("1e-14"), 400, 100)) is None
    found = predicted(counted(Decimal("2.4e-4"), 400, 120))
    assert found is not None
    assert Decimal("1e-12") < found[0] < Decimal("1e-9")
    assert 90 < found[1] <= 100


def test_counters_rise_between_samples_and_nothing_is_uncorrectable(world: World) -> None:
    for device in world.devices.values():
        for port in device.ports:
            first, second = port.counted(0), port.counted(SAMPLE_SECONDS)
            assert (first.uncorrected, second.uncorrected) == (0, 0)
            if port.up:
                assert 0 < first.corrected < second.corrected


def test_ecn_marks_before_a_switch_has_to_pause(world: World) -> None:
    for device in world.devices.values():
        if device.plan.kind != "switch":
            continue
        tables = json.loads(sonic.config(world, device, 0))
        profiles = {name for name, row in tables["BUFFER_PROFILE"].items() if "xoff" in row}
        groups = sum(row["profile"] in profiles for row in tables["BUFFER_PG"].values())
        alpha = Decimal(2) ** device.alpha
        pool = Decimal(tables["BUFFER_POOL"]["ingress_lossless_pool"]["size"])
        for row in tables["WRED_PROFILE"].values():
            assert (
                int(row["green_min_threshold"]) < int(row["green_max_threshold"]) < alpha * pool / (1 + alpha * groups)
            )
        assert tables["DSCP_TO_TC_MAP"]["AZURE"]["26"] == "3"
        assert tables["DSCP_TO_TC_MAP"]["AZURE"]["48"] == "6"


def test_a_dark_lane_holds_no_power() -> None:
    assert milliwatts(Decimal(-40)) == 0
    assert milliwatts(Decimal(0)) == 1


def test_no_reading_of_a_healthy_module_is_missing_but_what_copper_has_not(world: World) -> None:
    for module, page in modules(world):
        if module.kind.optical:
            assert not [lane for lane in page.tx_power[: len(module.lanes)] if isinstance(lane, Missing)]
