"""Proofs of what is asked about host, ASIC and module together: approval, linear modules, NICs, protocols."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from checks import asic
from harness.model import Cage, Part
from harness.reading import Absence
from harness.testing import (
    NOON,
    WINDOW,
    across,
    application,
    copper,
    decimal,
    fec_sample,
    gone,
    host,
    module,
    module_plan,
    nic_cage,
    nic_port,
    part,
    port,
    port_plan,
    proofs,
    reading,
    switch_cage,
    transceiver,
)
from harness.units import Unit

UNREAD = gone(Absence.READ_FAILED)
LPO = {"vendor_pn": reading("AO-800-LPO"), "applications": reading((application(1, 0x22, 0x1C, 4, 0x11),))}
OF_LPO = module(seen=LPO, plan={"kind": "linear"})
FAR_LPO = across(seen=transceiver(**LPO))
NDR = reading((application(1, 0x32, 0x1C, 4, 0x11),))
SHUT = {"plan": {"up": False}, "seen": {"admin": reading("down")}}
NO_CMIS = port(module=module(seen={"management": "sff8636", "document": "SFF-8636", "identifier": reading(0x11)}))
NO_VERSION = {"firmware_running": UNREAD, "firmware_active": UNREAD}


def with_part(number: str, **seen: Any) -> dict[str, Any]:
    return {"module": module(seen={"vendor_pn": reading(number), **seen})}


def linear(**seen: Any) -> dict[str, Any]:
    return {"module": OF_LPO, "across": FAR_LPO, **({"seen": seen} if seen else {})}


def noisy(ratio: str) -> dict[str, Any]:
    return {
        "fec_samples": (
            fec_sample(),
            fec_sample(at=NOON + WINDOW, corrected=decimal("2000"), pre_fec_ber=decimal(ratio)),
        )
    }


def bought(cage: Cage | None = None, **record: Any) -> Part:
    """An 800G-2xDR4 under procurement, planned for a cage."""
    said = {"pmd": "800G-2xDR4", "form_factor": "OSFP", "max_watts": Decimal(16), **record}
    return replace(part(**said), cages=(cage or switch_cage(),))


def at_nic(**cage: Any) -> tuple[Cage, ...]:
    return (nic_cage(**cage),)


PROOFS = [
    *proofs(
        asic.approved,
        passes={
            "vendor and part are on the list, for any firmware": port(),
            "in a NIC": nic_port(),
            "firmware of the entry": port(**with_part("AO-800-FW")),
            "a module that tells no build number": port(
                **with_part("AO-800-FW", firmware_running=gone(Absence.NOT_ADVERTISED), firmware_active=reading("3.7"))
            ),
        },
        fails={
            "a part that nobody proved": port(**with_part("AO-800-NEW")),
            "another vendor's part of that number": port(module=module(seen={"vendor_name": reading("Other")})),
            "firmware that nobody proved": port(**with_part("AO-800-FW", firmware_running=reading("3.6.1"))),
            "an approval that has expired": port(**with_part("AO-800-OLD")),
        },
        undecided={
            "the part number was not read": port(module=module(seen={"vendor_pn": UNREAD})),
            "the build number was not read": port(**with_part("AO-800-FW", firmware_running=UNREAD)),
            "the firmware was not read": port(**with_part("AO-800-FW", **NO_VERSION)),
            "no firmware at all": port(**with_part("AO-800-FW", **{**NO_VERSION, "firmware_active": reading("0.0")})),
            "the platform is not declared": port(device=replace(port().device, platform=None)),
        },
    ),
    *proofs(
        asic.nos_release,
        passes={
            "202311.2 after 202305": port(),
            "behind the name of who built it": port(software=reading("SONiC.Acme.202405.1-0a1b2c")),
            "the first good release itself": port(software=reading("202305")),
        },
        fails={"an older release": port(software=reading("SONiC.202211.9"))},
        undecided={
            "the release was not read": port(software=UNREAD),
            "a build of the main branch has no place in the order": port(software=reading("SONiC.master.1234-abc")),
            "no entry says from which release": port(**with_part("AO-800-NEW")),
            "the part number was not read": port(module=module(seen={"vendor_pn": UNREAD})),
        },
        does_not_apply={"an entry without a first good release": nic_port()},
    ),
    *proofs(
        asic.linear,
        passes={"linear at both ends, both proved, and few errors at the host": port(**linear())},
        fails={
            "the far end is no linear module": port(module=OF_LPO, across=across()),
            "a linear module, by its pages, where a retimed one was planned": port(
                module=module(seen={"applications": LPO["applications"]}), across=across()
            ),
            "nobody proved it in this host": port(
                **{**linear(), "device": replace(port().device, platform="x86_64-arista_7060x6_64pe")}
            ),
            "too many errors at the host": port(**linear(**noisy("3E-4"))),
        },
        undecided={
            "the host counts nothing": port(**linear(fec_samples=())),
            "its applications were not read": port(module=module(seen={"applications": UNREAD})),
            "nothing was seen at the far end": port(module=OF_LPO, across=replace(FAR_LPO, seen=None)),
            "no link says what the far end is": port(module=OF_LPO),
            "the part number of the far end was not read": port(
                module=OF_LPO, across=across(seen=transceiver(vendor_pn=UNREAD))
            ),
        },
        does_not_apply={"a module with a DSP": port(), "a module without CMIS": NO_CMIS},
    ),
    *proofs(
        asic.nic,
        passes={
            "a ConnectX-7 with 400GBASE-DR4": host(),
            "under its full name": host(
                facts=replace(host().facts, adapters={"eth0": reading("NVIDIA ConnectX-7 HHHL adapter card")})
            ),
        },
        fails={
            "another adapter was delivered": host(
                facts=replace(host().facts, adapters={"eth0": reading("ConnectX-6")})
            ),
        },
        undecided={
            "nothing names the adapter": host(facts=replace(host().facts, adapters={})),
            "the speed was not read": host(cages=at_nic(ports=(nic_port(seen={"speed": UNREAD}),))),
            "the module's form factor was not read": host(
                cages=at_nic(module=replace(nic_cage().module, form_factor=UNREAD))
            ),
            "the NIC is not declared": host(plan={"nic": None}),
            "no cage is declared": host(cages=()),
        },
        warns={
            "200G a lane, as far as is remembered of the NIC": host(
                cages=at_nic(ports=(nic_port(seen={"lanes": reading(2)}),))
            ),
            "800G": host(cages=at_nic(ports=(nic_port(seen={"speed": reading("800", Unit.GBPS)}),))),
            "a module that goes into no cage of the NIC": host(
                cages=at_nic(module=replace(nic_cage().module, form_factor=reading("QSFP-DD")))
            ),
            "Fibre Channel": host(
                cages=at_nic(
                    module=module(
                        seen={"applications": reading((application(1, 0x4A, 0, 1, 1),))},
                        form_factor=reading("OSFP-RHS"),
                    )
                )
            ),
        },
    ),
    *proofs(
        asic.protocol,
        passes={
            "two links of 400G Ethernet in a cage with two ports": port(),
            "a NIC that runs Ethernet": nic_port(),
            "a passive cable": port(module=copper()),
            "an InfiniBand port with NDR": nic_port(
                plan=port_plan(device="gpu1", name="ib0", cage="0"),
                seen={"protocol": reading("InfiniBand")},
                module=module(seen={"applications": NDR}),
            ),
        },
        fails={
            "NDR in an Ethernet switch": port(module=module(seen={"applications": NDR})),
            "a NIC that was left in InfiniBand mode": nic_port(seen={"protocol": reading("InfiniBand")}),
            "a lane on which another application is active": port(
                module=module(
                    seen={
                        "applications": reading((*transceiver().applications.value, *NDR.value)),  # type: ignore[union-attr]
                        "active_application": (reading(3),) * 8,
                    }
                )
            ),
            "one link of 800G in a cage that is planned as two": port(
                module=module(seen={"applications": reading((application(1, 0x52, 0x56, 8, 1),))})
            ),
        },
        undecided={
            "the applications were not read": port(module=module(seen={"applications": UNREAD})),
            "the active application was not read": port(module=module(seen={"active_application": (UNREAD,) * 8})),
            "nobody knows what the NIC runs": nic_port(seen={"protocol": gone()}),
        },
        does_not_apply={"a module without CMIS": NO_CMIS},
    ),
    *proofs(
        asic.before_purchase,
        passes={
            "an 800G-2xDR4 for two ports of 400G": bought(),
            "by the pages of one of its modules where the record names no PMD": bought(pmd=None),
            "a passive cable, of which nobody states watts": bought(
                switch_cage(module=copper(), plan={"module": module_plan(kind="dac", pmd="400GBASE-CR4")}),
                kind="dac",
                pmd="400GBASE-CR4",
                max_watts=None,
            ),
            "in a NIC": bought(
                nic_cage(plan=replace(nic_cage().plan, mode="1x400G")), pmd="400GBASE-DR4", form_factor="OSFP-RHS"
            ),
        },
        fails={
            "a flat top where fins are wanted": bought(form_factor="OSFP-RHS"),
            "lanes of 200G that the SerDes does not drive": bought(pmd="800GBASE-DR4"),
            "more watts than the cage gives": bought(max_watts=Decimal(20)),
            "a mode that the cage does not offer": bought(switch_cage(modes=reading(frozenset({"1x800G"})))),
        },
        undecided={
            "the form factor is not stated": bought(form_factor=None),
            "the watts are not stated": bought(max_watts=None),
            "nobody says what the cage is": bought(switch_cage(form_factor=gone())),
            "nobody says what the cage offers": bought(switch_cage(modes=gone())),
            "nobody says what the cage gives": bought(switch_cage(watts=gone())),
            "neither record nor module says what it offers": bought(
                switch_cage(module=module(seen={"applications": UNREAD})), pmd=None
            ),
        },
        does_not_apply={"a part that the lab plans for no cage": part()},
    ),
]
