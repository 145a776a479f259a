"""Proofs of what is asked about telemetry, its age, a port's admin state, and what earlier archives saw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checks import cmis, dom
from harness.reading import Absence
from harness.testing import (
    again,
    cage_plan,
    copper,
    gone,
    module,
    observation,
    observed,
    port,
    port_plan,
    proofs,
    reading,
    sighting,
    transceiver,
)
from harness.units import Unit
from tests.checks.table_module import active

UNREAD = gone(Absence.READ_FAILED)
UNADVERTISED = gone(Absence.NOT_ADVERTISED)
DARK = (reading("0", Unit.MW),) * 8
OFF = (reading("0", Unit.MA),) * 8


def vdm(*, ber: str | None = "1E-8", lanes: int = 8, snr: str = "22") -> dict[str, Any]:
    """Media SNR and BER before FEC of so many lanes."""
    wanted = [observation(5, lane, snr) for lane in range(1, 9)]
    return {"vdm": reading((*wanted, *(observation(BER, lane, ber) for lane in range(1, lanes + 1))))}


BER = 15
WHOLE = vdm()
AT_400G = {"cage": cage_plan(ports=(port_plan(),))}
STILL = replace(again(), seen=transceiver(**WHOLE))

PROOFS = [
    *proofs(
        cmis.telemetry,
        passes={
            "every monitor tells a number, and VDM observes every lane": module(seen=WHOLE),
            "a 400G module, of which no VDM is asked": module(seen={"vdm": UNADVERTISED}, **AT_400G),
            "a fiber without light is no dead monitor": module(seen={**WHOLE, "rx_power": DARK}),
            "one dark lane": module(seen={**WHOLE, "rx_power": (*DARK[:1], *(reading("1", Unit.MW),) * 7)}),
            "lasers that are off": module(seen={**WHOLE, "tx_power": DARK, "tx_bias": OFF}),
            "an active copper cable has no light to tell of": active(
                seen=transceiver(**dict.fromkeys(("tx_power", "rx_power", "tx_bias"), (UNADVERTISED,) * 8))
            ),
        },
        fails={
            "Tx power is not advertised": module(seen={**WHOLE, "tx_power": (UNADVERTISED,) * 8}),
            "temperature is not advertised": module(seen={**WHOLE, "temperature": UNADVERTISED}),
            "VDM is not advertised at 800G": module(seen={"vdm": UNADVERTISED}),
            "VDM observes no BER": module(seen={"vdm": observed()}),
            "VDM observes the BER of half of the lanes": module(seen=vdm(lanes=4)),
            "a BER of 0 on every lane": module(seen=vdm(ber="0")),
            "a temperature that is no number": module(seen={**WHOLE, "temperature": reading("NaN", Unit.CELSIUS)}),
            "a supply of 0 V": module(seen={**WHOLE, "vcc": reading("0", Unit.VOLT)}),
            "Tx power of 0 beside lasers that are driven": module(seen={**WHOLE, "tx_power": DARK}),
            "all monitors the same in two reads": module(seen=WHOLE, again=STILL),
            "an optic that says it has no pages": module(seen={"flat_memory": reading(True)}),
        },
        undecided={
            "the temperature was not read": module(seen={**WHOLE, "temperature": UNREAD}),
            "one lane's bias was not read": module(seen={**WHOLE, "tx_bias": (UNREAD, *(reading("85", Unit.MA),) * 7)}),
            "VDM was not read": module(seen={"vdm": UNREAD}),
            "the samples of VDM were not read": module(seen=vdm(ber=None)),
            "nobody says the module's rate": module(seen=WHOLE, cage=cage_plan(ports=())),
        },
        does_not_apply={"a passive cable": copper()},
    ),
    *proofs(
        cmis.serial_number,
        passes={
            "no archive saw it before": module(earlier=reading(())),
            "the archive of the same cage": module(earlier=reading((sighting(),))),
        },
        fails={
            "it was in another lab": module(earlier=reading((sighting(lab="rack9"),))),
            "it was on another part": module(earlier=reading((sighting(number="AO-400-DR4"),))),
            "another cage has it now": module(namesakes=reading(("leaf2:Ethernet0",)), earlier=reading(())),
        },
        undecided={
            "the archives were not read": module(earlier=UNREAD),
            "the serial number was not read": module(namesakes=UNREAD, earlier=UNREAD),
        },
        warns={"it was in another cage of this lab": module(earlier=reading((sighting(where="leaf1:Ethernet8"),)))},
    ),
    *proofs(
        dom.fresh,
        passes={
            "a minute old": module(),
            "exactly as old as is allowed": module(monitor_age=reading("300", Unit.SECONDS)),
        },
        fails={"an hour old": module(monitor_age=reading("3600", Unit.SECONDS))},
        undecided={
            "the system does not tell": module(monitor_age=gone(Absence.NOT_AVAILABLE)),
            "no number": module(monitor_age=reading("NaN", Unit.SECONDS)),
        },
        does_not_apply={"a passive cable": copper()},
    ),
    *proofs(
        dom.admin_state,
        passes={
            "up as planned": port(),
            "shut as planned, and dark": port(
                plan={"up": False}, seen={"admin": reading("down"), "oper": reading("down")}
            ),
        },
        fails={
            "shut, and planned to be up": port(seen={"admin": reading("down")}),
            "up, and planned to be shut": port(plan={"up": False}),
        },
        undecided={"not read": port(seen={"admin": UNREAD})},
    ),
]
