"""Light, monitors and the flags that follow from them (OIF-CMIS 8.2, 8.10; flags by state after 6.3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from ..decode.cmis import LANES, Lower, Page01, Page02, Page10, Page11
from ..decode.fields import Parts
from ..reading import Absence, Missing
from .dpsm import ACTIVATED, INIT, INITIALIZED, TURN_OFF, TURN_ON, DataPath, DataPaths, bits
from .msm import READY, ModuleStates
from .registers import Registers

PERIOD_MS: Final = {"temperature": 40_000, "vcc": 47_000, "tx": 53_000, "bias": 59_000, "rx": 61_000}
"""Time in which monitors swing once; no two swing alike, so that they are not all where they were at any other time."""

SWING: Final = {"temperature": 128, "vcc": 20}
"""How far the module's monitors swing, in steps: half a degree, 2 mV."""

SHARE: Final = 100
"""Lane monitors swing by one part in so many."""

QUIET: Final = frozenset({INITIALIZED, ACTIVATED})
ON_THE_WAY: Final = frozenset({INITIALIZED, TURN_ON, TURN_OFF, ACTIVATED})


class Monitor(NamedTuple):
    """A lane monitor: its name, its first byte on page 11h, that of its thresholds on page 02h, and its four flags."""

    name: str
    byte: int
    thresholds: int
    flags: tuple[Parts[bool], Parts[bool], Parts[bool], Parts[bool]]


TX_POWER: Final = Monitor(
    "tx",
    154,
    176,
    (Page11.tx_power_high_alarm, Page11.tx_power_low_alarm, Page11.tx_power_high_warning, Page11.tx_power_low_warning),
)
TX_BIAS: Final = Monitor(
    "bias",
    170,
    184,
    (Page11.tx_bias_high_alarm, Page11.tx_bias_low_alarm, Page11.tx_bias_high_warning, Page11.tx_bias_low_warning),
)
RX_POWER: Final = Monitor(
    "rx",
    186,
    192,
    (Page11.rx_power_high_alarm, Page11.rx_power_low_alarm, Page11.rx_power_high_warning, Page11.rx_power_low_warning),
)
MONITORS: Final = (TX_POWER, TX_BIAS, RX_POWER)

OF_MODULE: Final = (("temperature", 14, 128, 0, 0, True), ("vcc", 16, 136, 1, 4, False))
"""Monitors of the module: name, byte, thresholds on page 02h, bit of 01h:159, lowest bit of its flags, sign."""


def swing(elapsed: Decimal, name: str = "temperature") -> int:
    """Where a monitor stands between -1000 and 1000; 0 at the start."""
    period = PERIOD_MS[name]
    phase = int(elapsed * 1000) % period
    quarter = period // 4
    if phase < quarter:
        return phase * 1000 // quarter
    if phase < 3 * quarter:
        return (2 * quarter - phase) * 1000 // quarter
    return (phase - period) * 1000 // quarter


@dataclass(slots=True)
class Surroundings:
    """What is around the module: light and host signal at its inputs, and how much warmer it is, in 1/256 °C."""

    light: bool = True
    host_signal: bool = True
    warmer: int = 0


class Optics:
    """Monitors of the module and its lanes, their flags, and the state of the outputs."""

    def __init__(
        self, registers: Registers, module: ModuleStates, paths: DataPaths, around: Surroundings, *, flat: bool
    ) -> None:
        self.registers, self.module, self.paths, self.around, self.flat = registers, module, paths, around, flat
        self.base = {name: registers.number(Lower, byte) for name, byte, *_ in OF_MODULE}
        self.lanes: Mapping[tuple[int, int], tuple[int, ...]] = {
            (monitor.byte, bank): self.nominal(monitor.byte, bank)
            for monitor in MONITORS
            for bank in range(paths.banks)
        }
        self.flags = frozenset(
            register.name
            for register in Page11.registers()
            if isinstance(register, Parts) and register.name and self.advertised(register)
        )

    def advertised(self, register: Parts[bool]) -> bool:
        permit = register.fields[0].permit(Page11(self.registers.image.memory("twin")))
        return not (isinstance(permit, Missing) and permit.why in (Absence.NOT_ADVERTISED, Absence.BEYOND_REVISION))

    def nominal(self, byte: int, bank: int) -> tuple[int, ...]:
        """Monitors of the lanes of a bank when they run; a lane that is dark at first is like the others."""
        if self.flat:
            return (0,) * LANES
        held = tuple(self.registers.number(Page11, byte + 2 * lane, bank) for lane in range(LANES))
        lit = sorted(value for value in held if value not in (0, 0xFFFF))
        usual = lit[len(lit) // 2] if lit else 0
        mine = bits([lane for path in self.paths.of(bank) for lane in path.media])
        return tuple(value or (usual if mine >> lane & 1 else 0) for lane, value in enumerate(held))

    def update(self, elapsed: Decimal) -> None:
        """Monitors, outputs and flags as they are after a time, in s."""
        for name, byte, *_ in OF_MODULE:
            if self.base[name]:
                warmer = self.around.warmer if name == "temperature" else 0
                value = self.base[name] + SWING[name] * swing(elapsed, name) // 1000 + warmer
                self.registers.set_number(Lower, byte, value & 0xFFFF)
        if self.flat:
            return
        self.module_flags()
        for bank in range(self.paths.banks):
            self.lane_monitors(bank, elapsed)
            self.outputs(bank)
            self.lane_flags(bank)

    def sending(self, bank: int) -> int:
        """Media lanes that send light."""
        quenched = self.paths.quenched(bank)
        lit = [path.media_bits for path in self.paths.of(bank) if path.state in (ACTIVATED, TURN_ON)]
        return bits([lane for lane in range(LANES) if any(one >> lane & 1 for one in lit)]) & ~quenched

    def lane_monitors(self, bank: int, elapsed: Decimal) -> None:
        sending = self.sending(bank)
        powered = self.module.state == READY
        for monitor in MONITORS:
            part = swing(elapsed, monitor.name)
            for lane, base in enumerate(self.lanes[monitor.byte, bank]):
                on = powered and self.around.light if monitor is RX_POWER else bool(sending >> lane & 1)
                value = base + base * part // (1000 * SHARE) if on else 0
                self.registers.set_number(Page11, monitor.byte + 2 * lane, min(value, 0xFFFE), bank)

    def squelched(self, bank: int) -> int:
        """Media lanes whose output is squelched because the host sends nothing."""
        if self.around.host_signal:
            return 0
        return 0xFF & ~self.registers.lanes(Page10.tx_auto_squelch_disable, bank)

    def outputs(self, bank: int) -> None:
        """Output status: light with a signal on it, and a signal to the host."""
        self.registers.set_lanes(Page11.tx_output_valid, self.sending(bank) & ~self.squelched(bank), bank)
        disabled = self.registers.lanes(Page10.rx_output_disable, bank)
        held = self.around.light
        valid = bits([lane for path in self.paths.of(bank) if held and path.state in ON_THE_WAY for lane in path.host])
        valid &= ~disabled
        before = self.registers.lanes(Page11.rx_output_valid, bank)
        self.registers.set_lanes(Page11.rx_output_valid, valid, bank)
        steady = bits([lane for path in self.paths.of(bank) if path.state in ON_THE_WAY for lane in path.host])
        self.raise_flag(Page11.rx_output_changed, (before ^ valid) & steady, bank)

    def raise_flag(self, register: Parts[bool], lanes: int, bank: int) -> None:
        if register.name in self.flags:
            self.registers.latch(Page11, register.fields[0].byte, lanes, bank)

    def lane_flags(self, bank: int) -> None:
        """Flags whose condition holds, in the states in which they may be raised."""
        if self.module.state != READY:
            return
        mine = bits([lane for path in self.paths.of(bank) for lane in path.media])
        if not self.around.light:
            self.raise_flag(Page11.rx_los, mine, bank)
        for path in self.paths.of(bank):
            if path.state in ON_THE_WAY:
                self.signal_flags(path)
            if not self.around.host_signal and path.state in ON_THE_WAY | {INIT}:
                self.raise_flag(Page11.tx_adaptive_eq_fail, path.host_bits, bank)
            self.threshold_flags(path)

    def signal_flags(self, path: DataPath) -> None:
        if not self.around.host_signal:
            self.raise_flag(Page11.tx_los, path.host_bits, path.bank)
            self.raise_flag(Page11.tx_cdr_lol, path.host_bits, path.bank)
        if not self.around.light:
            self.raise_flag(Page11.rx_cdr_lol, path.media_bits, path.bank)

    def threshold_flags(self, path: DataPath) -> None:
        """High ones in every state; low ones where the data path rests and the host has not turned the lane off."""
        quenched = self.paths.quenched(path.bank)
        for monitor in MONITORS:
            limits = [self.registers.number(Page02, monitor.thresholds + 2 * place) for place in range(4)]
            for lane in path.media:
                value = self.registers.number(Page11, monitor.byte + 2 * lane, path.bank)
                host_off = path.state == INITIALIZED and bool(quenched >> lane & 1)
                high = not (host_off and monitor is TX_BIAS)
                low = path.state == ACTIVATED or (monitor is RX_POWER and path.state in QUIET)
                beyond = (
                    high and value > limits[0],
                    low and value < limits[1],
                    high and value > limits[2],
                    low and value < limits[3],
                )
                for flag, raised in zip(monitor.flags, beyond, strict=True):
                    self.raise_flag(flag, int(raised) << lane, path.bank)

    def module_flags(self) -> None:
        """High alarm, low alarm, high warning, low warning of temperature and supply voltage."""
        for _, byte, thresholds, monitor, low, is_signed in OF_MODULE:
            if not self.registers.byte(Page01, Page01.temperature_monitor.byte) >> monitor & 1:
                continue
            value, *limits = (
                signed(number) if is_signed else number
                for number in (
                    self.registers.number(Lower, byte),
                    *(self.registers.number(Page02, thresholds + 2 * place) for place in range(4)),
                )
            )
            beyond = (value > limits[0], value < limits[1], value > limits[2], value < limits[3])
            self.registers.latch(Lower, 9, bits([low + place for place, flag in enumerate(beyond) if flag]))


def signed(number: int) -> int:
    return number - 0x10000 if number & 0x8000 else number
