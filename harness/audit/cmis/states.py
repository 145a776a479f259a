"""The module state machine, operated (OIF-CMIS 6.3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from ...decode.cmis import Lower, Page10
from ...decode.memory import LOWER_MEMORY, Page
from ...decode.transceiver import CmisTransceiver
from ...verdict import Finding
from ..board import MANAGEABLE
from ..rule import Ask, Level, Needs
from .steps import CONTROL, LOW_POWER, READY, in_time, reset, seen, steady
from .table import rule, without_pages


@rule("CM-45", "OIF-CMIS 6.3.2", needs=Needs.WRITES)
def boot(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """After a reset the module answers within 2 s, then becomes Ready or LowPwr in the time that it advertises."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    yield in_time(ask, MANAGEABLE).judge(reset(operator), at="answers after a reset")
    longest = operator.bound("module_pwr_up")
    took = operator.until(lambda: steady(operator), longest, "power up")
    yield in_time(ask, longest).judge(took, at="power up")
    yield ask.one_of(READY, LOW_POWER).judge(seen(operator, operator.module_state(), "module state"), at="module state")


@rule("CM-46", "OIF-CMIS 6.3.2, LowPwrRequestSW", needs=Needs.WRITES)
def low_power(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Asked for low power the module goes there in the time that it advertises, and comes back when let go."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    down = sum((operator.bound(name) for name in ("dp_tx_turn_off", "dp_deinit", "module_pwr_dn")), Decimal(0))
    for asked, state, longest in ((True, LOW_POWER, down), (False, READY, operator.bound("module_pwr_up"))):
        operator.write(Lower.low_power_request_sw, asked)
        took = operator.until(partial(operator.in_state, state), longest, f"until {state}")
        yield ask.one_of(state).judge(seen(operator, operator.module_state(), "module state"), at="module state")
        yield in_time(ask, longest).judge(took, at=f"time to {state}")


@rule("CM-47", "OIF-CMIS 8.2, SoftwareReset", needs=Needs.WRITES)
def software_reset(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """A reset by software ends within 2 s, clears itself and puts controls back to their defaults."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    operator.put(CONTROL, Page10.dp_deinit.fields[0].byte, b"\x80")
    yield in_time(ask, MANAGEABLE).judge(reset(operator), at="answers after a reset")
    yield ask.one_of(False).judge(operator.read(Lower.software_reset), at="reset bit")
    yield ask.one_of(True).judge(operator.read(Lower.low_power_allow_request_hw), at="LowPwrAllowRequestHW, default 1")
    yield ask.one_of("00").judge(seen(operator, operator.raw(CONTROL, 128).hex(), "10h:128"), at="DPDeinit, default 0")


@rule("CM-63", "OIF-CMIS 6.3.2, ModuleStateChanged", needs=Needs.WRITES)
def state_changed(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Entering low power and entering Ready each raise the flag that the module state changed."""
    if ended := without_pages(module):
        yield ended
        return
    operator = ask.board()
    for asked, state in ((True, LOW_POWER), (False, READY)):
        operator.raw(LOWER_MEMORY, Lower.module_state_changed.byte)  # what was latched before
        operator.write(Lower.low_power_request_sw, asked)
        longest = operator.bound("module_pwr_up") + operator.bound("module_pwr_dn") + operator.bound("dp_deinit")
        operator.until(partial(operator.in_state, state), longest, f"until {state}")
        yield ask.one_of(True).judge(operator.read(Lower.module_state_changed), at=f"flag on entering {state}")


@rule("CM-90", "OIF-CMIS 10", needs=Needs.HANDS)
def hot_insert(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """Plugged in again the module answers within 2 s, asserts its interrupt, and is the same module.

    A module with flat memory has no interrupt.
    """
    operator, hands = ask.board(), ask.hands()
    before = operator.raw(Page(0x00), 128, 94)
    hands.insert()
    operator.selected = None
    took = operator.until(operator.answers, MANAGEABLE, "plugged in again")
    yield in_time(ask, MANAGEABLE).judge(took, at="answers after insertion")
    if not without_pages(module):
        yield ask.one_of(False).judge(operator.read(Lower.interrupt_deasserted), at="interrupt is not asserted")
    operator.until(lambda: steady(operator), operator.bound("module_pwr_up"), "power up")
    same = operator.raw(Page(0x00), 128, 94) == before
    yield ask.one_of(True).judge(seen(operator, same, "page 00h"), at="page 00h is the same")


@rule("CM-95", "OIF-CMIS 8.2, passwords", Level.INFO, Needs.WRITES)
def password(module: CmisTransceiver, ask: Ask) -> Iterator[Finding]:
    """No password is needed to read, and the default host password is taken where nobody has changed it."""
    operator = ask.board()
    yield ask.one_of(True).judge(
        seen(operator, bool(operator.page(Page(0x00))), "page 00h"), at="read without password"
    )
    operator.put(LOWER_MEMORY, Lower.password_entry.byte, DEFAULT_PASSWORD)
    operator.clock.wait(Decimal("0.1"))
    told = operator.read(Lower.password_result)
    yield ask.where_advertised(ask.one_of("host password accepted"), told, at="default host password")


DEFAULT_PASSWORD = bytes.fromhex("00001011")
