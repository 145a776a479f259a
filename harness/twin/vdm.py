"""VDM samples, statistics, flags and freeze (OIF-CMIS 8.22)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ..decode.cmis import vdm
from ..decode.cmis.vdm import INSTANCES, Format, Observable, Planned, Side, Statistic
from ..decode.memory import HALF
from .agenda import Agenda
from .optics import Surroundings, swing
from .registers import Registers

FREEZES_AFTER: Final = Decimal("0.02")
"""Time, in s, from a request to FreezeDone or UnfreezeDone; 0.5 s is the longest that is allowed."""

REQUEST, DONE, UNFREEZE_DONE = 0x80, 0x80, 0x40
WITH_LIGHT: Final = {"pre_fec_ber": Decimal("0.5"), "ferc": Decimal(1), "esnr": Decimal(0), "ltp": Decimal(0)}
"""What an observable of the media input tells when there is no light."""

BITS: Final = {Format.U16: (0, 0xFFFF), Format.S16: (-0x8000, 0x7FFF)}


class Samples:
    """Moves the samples of every instance; those that are frozen stand still."""

    def __init__(
        self, registers: Registers, agenda: Agenda, now: Callable[[], Decimal], around: Surroundings, banks: int
    ) -> None:
        self.registers, self.agenda, self.now, self.around = registers, agenda, now, around
        self.banks = [bank for bank in range(banks) if vdm.Page2F.page._replace(bank=bank) in registers.image.pages]
        self.base: dict[tuple[int, int, int], int] = {}
        self.plans: dict[tuple[int, int], tuple[Planned, ...]] = {}
        for bank in self.banks:
            for group in range(self.groups(bank)):
                plan = vdm.plan(bytes(registers.page(vdm.DESCRIPTORS[group], bank)))
                self.plans[bank, group] = plan
                for one in plan:
                    self.base[bank, group, one.index] = self.code(bank, group, one.index)
        self.extremes: dict[tuple[int, int, int], int] = {}
        self.frozen: set[int] = set()

    def groups(self, bank: int) -> int:
        return (self.registers.byte(vdm.Page2F, 128, bank) & 3) + 1

    def code(self, bank: int, group: int, index: int) -> int:
        return self.registers.number(vdm.SAMPLES[group], HALF + 2 * index, bank)

    def request(self, bank: int, held: int) -> None:
        """FreezeRequest was written: samples stand still from now on, or move again."""
        if bank not in self.banks:
            return
        freeze = bool(held & REQUEST)
        if freeze:
            self.frozen.add(bank)
        self.registers.set_byte(vdm.Page2F, 145, 0, bank)
        self.agenda.at(self.now() + FREEZES_AFTER, ("freeze", bank), lambda: self.done(bank, freeze=freeze))

    def done(self, bank: int, *, freeze: bool) -> None:
        """Say that it is done; statistics start again once they are let go."""
        if not freeze:
            self.frozen.discard(bank)
            self.extremes = {key: code for key, code in self.extremes.items() if key[0] != bank}
        self.registers.set_byte(vdm.Page2F, 145, DONE if freeze else UNFREEZE_DONE, bank)
        self.registers.touched = True

    def update(self, elapsed: Decimal) -> None:
        """Samples and flags after a time, in s."""
        part = swing(elapsed)
        for (bank, group), plan in self.plans.items():
            if bank in self.frozen:
                continue
            for one in plan:
                self.sample(bank, group, one, part)
                self.flag(bank, group, one)

    def sample(self, bank: int, group: int, one: Planned, part: int) -> None:
        kind, key = one.observable, (bank, group, one.index)
        code = self.moved(kind, self.base[key], part)
        if kind.side is Side.MEDIA and not self.around.light and kind.quantity in WITH_LIGHT:
            code = kind.code(WITH_LIGHT[kind.quantity])
        if kind.statistic in (Statistic.MINIMUM, Statistic.MAXIMUM):
            first = self.extremes.get(key, code)
            code = min(first, code) if kind.statistic is Statistic.MINIMUM else max(first, code)
            self.extremes[key] = code
        self.registers.set_number(vdm.SAMPLES[group], HALF + 2 * one.index, code, bank)

    def moved(self, kind: Observable, base: int, part: int) -> int:
        """A sample that swings by one part in a hundred; a minimum only down and a maximum only up."""
        if kind.statistic is Statistic.MINIMUM:
            part = min(part, 0)
        elif kind.statistic is Statistic.MAXIMUM:
            part = max(part, 0)
        if not part or not kind.known:
            return base
        if kind.format is Format.F16:
            mantissa = base & 0x7FF
            return base & ~0x7FF | max(1, min(0x7FF, mantissa + mantissa * part // 100_000)) if mantissa else base
        number = base - 0x10000 if kind.format is Format.S16 and base & 0x8000 else base
        step = self.around.warmer if kind.quantity == "laser_temperature" else 0
        low, high = BITS[kind.format]
        return max(low, min(high, number + abs(number) * part // 100_000 + step)) & 0xFFFF

    def flag(self, bank: int, group: int, one: Planned) -> None:
        """Raise the flags of thresholds that the sample is beyond."""
        if not one.observable.known:
            return
        code = self.code(bank, group, one.index)
        sample = one.observable.number(code)
        limits = [
            one.observable.number(
                self.registers.number(vdm.THRESHOLDS[group], HALF + 8 * one.threshold_set + 2 * place, bank)
            )
            for place in range(4)
        ]
        if not isinstance(sample, Decimal):
            return
        high_alarm, low_alarm, high_warning, low_warning = (
            limit if isinstance(limit, Decimal) else sample for limit in limits
        )
        if not any(limit for limit in (high_alarm, low_alarm, high_warning, low_warning)):
            return
        beyond = (sample > high_alarm, sample < low_alarm, sample > high_warning, sample < low_warning)
        place = INSTANCES * group + one.index
        raised = sum(1 << bit for bit, flag in enumerate(beyond) if flag)
        self.registers.latch(vdm.Page2C, HALF + place // 2, raised << 4 * (place % 2), bank)

    def reset(self) -> None:
        self.frozen.clear()
        self.extremes.clear()
        for bank in self.banks:
            self.registers.set_byte(vdm.Page2F, 144, 0, bank)
            self.registers.set_byte(vdm.Page2F, 145, 0, bank)
