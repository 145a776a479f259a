"""Proofs of what is asked about a module and its cage: asic, cmis, breakout, optics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal

from checks import asic, breakout, cmis, conformance, optics
from harness.decode.build import CmisImage
from harness.decode.memory import LOWER_MEMORY, Image, Memory, Page
from harness.decode.transceiver import transceiver as decoded
from harness.model import ActiveCable, Module
from harness.reading import Absence, Reading
from harness.testing import (
    CONTROLS,
    HEALTHY,
    LAB,
    NO,
    PAGES,
    Checksum,
    Quad,
    again,
    application,
    cage_plan,
    copper,
    device_plan,
    gone,
    media_lane,
    module,
    module_plan,
    nic_cage,
    nic_port,
    observation,
    passive,
    port,
    port_plan,
    proofs,
    quad,
    reading,
    sff8636,
    switch_cage,
    transceiver,
    unmeasured,
)
from harness.twin.families import family
from harness.units import Unit

ONLY_50G_LANES = reading((application(1, 0x11, 0x1C, 8, 0x01),))
ONLY_800G = reading((application(1, 0x52, 0x56, 8, 0x01),))
SHUT_PLAN = port_plan(up=False)
READ_FAILED = gone(Absence.READ_FAILED)


def behind(**seen: object) -> dict[str, object]:
    """A port's module, with other memory."""
    return {"module": module(seen=seen)}


def measured(tdecq: str) -> Reading[Decimal]:
    """A TDECQ as a laboratory states it."""
    return Reading(Decimal(tdecq), LAB, Unit.DB, Decimal("0.2"))


def controls(**bits: object) -> dict[str, object]:
    return {"controls": {**HEALTHY["controls"], **bits}}


def with_quad(name: str, values: Quad) -> dict[str, object]:
    return {"thresholds": {**HEALTHY["thresholds"], name: values}}


ON_LANE_3 = (reading(False), reading(False), reading(True), *NO[3:])
UNADVERTISED = Quad(*(gone(Absence.NOT_ADVERTISED),) * 4)

FIRMWARE = {"module_firmware_error": reading(False), "data_path_firmware_error": reading(False)}


def flagged(name: str, value: object) -> dict[str, object]:
    """Module flags, one of them said."""
    return {"module_flags": {**HEALTHY["module_flags"], **FIRMWARE, name: value}}


def read_again(**seen: object) -> dict[str, object]:
    """A second read in which these differ from the healthy second read."""
    return {"again": again(seen=transceiver(**{**again().seen.stated, **seen}))}


def with_byte(page: int, byte: int) -> Memory:
    """The pages of a healthy module with one byte changed."""
    held = dict(PAGES.pages)
    was = held[Page(page)] or b""
    held[Page(page)] = was[: byte - 128] + b"\xee" + was[byte - 127 :]
    return Memory("module #2", held)


def written(change: Callable[[Image], object] = lambda _: None, **said: object) -> dict[str, object]:
    """A module of 400 Gb/s decoded from the pages of an image, after a change to them."""
    image = CmisImage(**said).image()
    change(image)
    return {"seen": decoded(image.memory("module")), "cage": cage_plan(ports=(port_plan(),))}


def family_module(name: str, change: Callable[[Image], object] = lambda _: None) -> Module:
    """A module of a family of the simulated lab, after a change to its pages."""
    image = family(name).image()
    change(image)
    return replace(module(), seen=decoded(image.memory("module")))


def active(kind: str = "aec", **overrides: object) -> ActiveCable:
    """An active cable in a switch, by default one of copper, with the other end in a host."""
    changed = {"far": {"gpu1:eth0": transceiver()}, "plan": module_plan(kind=kind), **overrides}
    like = replace(module(), **changed)  # type: ignore[arg-type]
    return ActiveCable(**{one.name: getattr(like, one.name) for one in fields(Module)})


FLAT = {"seen": passive()}


def read_pages_again(page: Page, byte: int, raw: bytes) -> dict[str, object]:
    """A second read in which some bytes of a page are others."""
    held = dict(PAGES.pages)
    was, start = held[page] or b"", byte - page.first
    held[page] = was[:start] + raw + was[start + len(raw) :]
    return read_again(memory=Memory("module #2", held))


def unadvertise(image: Image) -> None:
    """Versatile diagnostics are no longer advertised."""
    held = image.page(Page(0x01))
    held[142 - 128] &= ~0x40


def echo(image: Image) -> None:
    """Page 13h shows page 00h, as one does that is not there."""
    image.pages[Page(0x13)] = bytearray(image.pages[Page(0x00)])


STILL = {name: HEALTHY[name] for name in ("temperature", "vcc", "tx_power", "rx_power", "tx_bias")}

PROOFS = [
    *proofs(
        cmis.no_fault,
        passes={"no fault and no error": module(seen=flagged("module_firmware_error", reading(False)))},
        fails={
            "a TEC has run away": module(seen={"fault_cause": reading("TEC runaway")}),
            "the module's firmware had an error": module(seen=flagged("module_firmware_error", reading(True))),
            "a data path's firmware had one": module(seen=flagged("data_path_firmware_error", reading(True))),
        },
        undecided={
            "the cause is a reserved code": module(seen={"fault_cause": gone(Absence.RESERVED)}),
            "the flags were not read": module(seen=flagged("module_firmware_error", READ_FAILED)),
        },
        does_not_apply={"a passive cable has no firmware": copper()},
    ),
    *proofs(
        cmis.firmware,
        passes={
            "the committed image runs": module(),
            "in the approved version": module(plan={"firmware": "3.7.12"}),
            "a module that tells two numbers is held to two": module(
                plan={"firmware": "3.7.12"},
                seen={
                    "firmware_running": gone(Absence.NOT_ADVERTISED),
                    "firmware_committed": gone(Absence.NOT_ADVERTISED),
                },
            ),
            "both ends of a cable alike": module(far={"gpu1:eth0": transceiver()}),
        },
        fails={
            "a trial image runs": module(seen={"firmware_running": reading("4.0.1")}),
            "another version was approved": module(plan={"firmware": "3.7.11"}),
            "the far end runs another": module(far={"gpu1:eth0": transceiver(firmware_active=reading("3.6"))}),
            "a reply of CDB from before an update": module(seen={"firmware_active": reading("3.8")}),
            "an optic that says it has no pages": module(seen={"flat_memory": reading(True)}),
            "an active copper cable that says it has no pages": active(**FLAT),
            "an active optical cable with a firmware version that says so": active(
                "aoc", plan=module_plan(kind="aoc", firmware="3.7.12"), **FLAT
            ),
        },
        undecided={
            "nobody asked for the images": module(seen={"firmware_committed": gone(), "firmware_running": gone()}),
            "the far end was not read": module(far={"gpu1:eth0": transceiver(firmware_active=READ_FAILED)}),
            "both ends say that they have no firmware": module(
                seen={"firmware_active": reading("0.0")}, far={"gpu1:eth0": transceiver(firmware_active=reading("0.0"))}
            ),
            "nobody says where a cable's far end is": replace(active(), far={}),
        },
        does_not_apply={
            "a passive cable has no firmware": copper(),
            "an active optical cable with flat memory": active("aoc", **FLAT),
        },
    ),
    *proofs(
        cmis.durations,
        passes={
            "a timed start within the advertised times": module(),
            "no trace, and none asked for": module(durations=dict.fromkeys(cmis.TIMED, gone())),
        },
        fails={
            "the data path took longer than advertised": module(
                durations={**module().durations, "data_path_init": reading("10.5", Unit.SECONDS)}
            )
        },
        warns={
            "an hour is not plausible": module(
                seen={"durations": {**HEALTHY["durations"], "dp_init": reading("3000", Unit.SECONDS)}}
            )
        },
        undecided={
            "the advertised time is a reserved code": module(
                seen={"durations": {**HEALTHY["durations"], "dp_init": gone(Absence.RESERVED)}}
            )
        },
    ),
    *proofs(
        cmis.serial_number,
        passes={"nobody else has it": module()},
        fails={"another cage has it": module(namesakes=reading(("leaf2:Ethernet0",)))},
        undecided={"the serial number was not read": module(namesakes=READ_FAILED)},
    ),
    *proofs(
        conformance.advertised,
        passes={
            "everything advertised is there": replace(module(), **written()),
            "an 800G optic with the observables that the buyer needs": family_module("800g-2xdr4"),
        },
        fails={
            "an active copper cable that says it has no pages": active(
                seen=decoded(CmisImage(flat_memory=True).image().memory("module"))
            ),
            "an advertised page shows page 00h": replace(module(), **written(echo)),
            "an advertised page is blank": replace(
                module(), **written(lambda image: image.put(Page(0x13), 128, b"\xff" * 128))
            ),
            "capabilities of diagnostics that are all zeros": replace(
                module(), **written(lambda image: image.put(Page(0x13), 128, bytes(128)))
            ),
            "descriptors of VDM that are all zeros": family_module(
                "800g-2xdr4", lambda image: image.put(Page(0x20), 128, bytes(128))
            ),
            "SNR of lane 3 is not observed": module(
                seen={
                    "vdm": reading(
                        tuple(
                            observation(id, lane, value)
                            for id, value in ((5, "22"), (15, "1E-9"))
                            for lane in range(1, 9)
                            if (id, lane) != (5, 3)
                        )
                    ),
                    "memory": decoded(family("800g-2xdr4").image().memory("module")).memory,
                }
            ),
            "a monitor that is advertised measures nothing": replace(
                module(), **written(lambda image: image.put(LOWER_MEMORY, 14, b"\x80\x00"))
            ),
        },
        warns={
            "a register of CMIS 5.4 in a module of 5.0": replace(
                module(), **written(lambda image: image.put(Page(0x01), 173, b"\x80"))
            )
        },
        undecided={
            "an advertised page was not read": replace(module(), **written(lambda image: image.pages.pop(Page(0x13)))),
            "an 800G optic that does not advertise VDM": family_module("800g-2xdr4", unadvertise),
            "an optic that clears the bit of a monitor that the buyer needs": replace(
                module(), **written(lambda image: image.put(Page(0x01), 159, b"\x00"))
            ),
            "nothing was read": replace(module(), seen=decoded(Memory("module", {}))),
        },
        does_not_apply={"a passive cable has flat memory": copper()},
    ),
    *proofs(
        conformance.conformance,
        passes={
            "a healthy 800G module": family_module("800g-2xdr4"),
            "a healthy 100G module with SFF-8636": family_module("100g-sr4"),
            "a healthy 25G module with SFF-8472": family_module("25g-sr"),
        },
        fails={
            "a checksum does not fit": family_module("800g-2xdr4", lambda image: image.put(Page(0x00), 222, b"\x00")),
            "thresholds of temperature the wrong way round": family_module(
                "800g-2xdr4", lambda image: image.put(Page(0x02), 128, bytes.fromhex("00004b0000004600"))
            ),
        },
        undecided={
            "page 02h was not read": family_module("800g-2xdr4", lambda image: image.pages.pop(Page(0x02))),
            "nothing was read": replace(module(), seen=decoded(Memory("module", {}))),
        },
    ),
    *proofs(
        conformance.applications,
        passes={"the Applications of a 2xDR4": family_module("800g-2xdr4")},
        fails={
            "an Application after the end of the list": family_module(
                "800g-2xdr4", lambda image: image.put(LOWER_MEMORY, 86, bytes.fromhex("ff000000"))
            ),
            "a start beyond the last lane": family_module(
                "800g-2xdr4", lambda image: image.put(LOWER_MEMORY, 89, b"\x80")
            ),
            "a media type that is none": family_module(
                "800g-2xdr4", lambda image: image.put(LOWER_MEMORY, 85, b"\x09")
            ),
        },
        undecided={"nothing was read": replace(module(), seen=decoded(Memory("module", {})))},
        does_not_apply={"a module with SFF-8636": family_module("100g-sr4")},
    ),
    *proofs(
        conformance.stable_reads,
        passes={"the same pages, other numbers": module()},
        fails={
            "a byte of page 00h differs": module(**read_again(memory=with_byte(0x00, 166))),
            "a byte of page 02h differs": module(**read_again(memory=with_byte(0x02, 180))),
            "every monitor stands still": module(**read_again(**STILL)),
            "another identifier the second time": module(**read_pages_again(LOWER_MEMORY, 0, b"\x11")),
            "another firmware the second time": module(**read_pages_again(LOWER_MEMORY, 39, b"\x04")),
            "another Application the second time": module(**read_pages_again(LOWER_MEMORY, 86, b"\x52")),
            "an optic that says it has no pages": module(seen={"flat_memory": reading(True)}),
        },
        undecided={
            "the module was read once": module(again=unmeasured(again())),
            "a page failed the second time": module(
                **read_again(memory=Memory("module #2", {**PAGES.pages, Page(0x01): None}))
            ),
            "the times are not on record": module(again=again(apart=gone())),
            "the light was not read the first time": module(seen={"tx_power": (READ_FAILED,) * 8}),
            "power that is 0 the second time has not moved": module(
                **read_again(tx_power=(reading("0", Unit.MW),) * 8)
            ),
            "an optic that advertises no monitor": module(
                seen=dict.fromkeys(STILL, gone(Absence.NOT_ADVERTISED))
                | {name: (gone(Absence.NOT_ADVERTISED),) * 8 for name in ("tx_power", "rx_power", "tx_bias")}
            ),
            "no temperature is advertised, the rest was not read": copper(
                seen=transceiver(
                    temperature=gone(Absence.NOT_ADVERTISED),
                    vcc=READ_FAILED,
                    **dict.fromkeys(("tx_power", "rx_power", "tx_bias"), (READ_FAILED,) * 8),
                )
            ),
            "a memory map that no rule knows": module(seen={"management": "", "guess": "XFP"}),
        },
        warns={
            "the bias alone stands still": module(**read_again(tx_bias=HEALTHY["tx_bias"])),
            "a second is not long": module(again=again(apart=reading("1", Unit.SECONDS))),
        },
    ),
    *proofs(
        conformance.recoding,
        passes={
            "a vendor that no table knows": module(),
            "Finisar with its own identifier": module(
                seen={
                    "vendor_name": reading("FINISAR CORP."),
                    "vendor_oui": reading("00-90-65"),
                    "vendor_pn": reading("FTCE1234"),
                }
            ),
        },
        fails={
            "another's identifier, wrong checksums and no serial number": module(
                seen={
                    "vendor_oui": reading("00-90-65"),
                    "vendor_sn": reading("0000000"),
                    "checksums": (Checksum("00", "128-221", reading(1), reading(2)),),
                }
            )
        },
        warns={
            "another maker's identifier": module(seen={"vendor_oui": reading("00-90-65")}),
            "a part number unlike the maker's": module(
                seen={
                    "vendor_name": reading("Mellanox"),
                    "vendor_oui": reading("00-02-c9"),
                    "vendor_pn": reading("XYZ-1"),
                }
            ),
            "transmit thresholds copied to receive": module(
                seen=with_quad("rx_power_mw", HEALTHY["thresholds"]["tx_power_mw"])
            ),
        },
        undecided={
            "the identifier was not read": module(seen={"vendor_oui": READ_FAILED}),
            "a text was not read": module(seen={"text_faults": {"vendor_pn": READ_FAILED}}),
            "a checksum was not read": module(seen={"checksums": (Checksum("00", "128-221", gone(), reading(2)),)}),
        },
    ),
    *proofs(
        asic.form_factor_fits,
        passes={
            "an OSFP with fins in a switch": switch_cage(),
            "a flat OSFP in a NIC": nic_cage(),
        },
        fails={
            "a QSFP-DD does not go into an OSFP cage": switch_cage(module=module(form_factor=reading("QSFP-DD"))),
            "fins do not go into a NIC's flat cage": nic_cage(module=module(form_factor=reading("OSFP"))),
        },
        undecided={
            "the identifier was not read": switch_cage(module=module(form_factor=gone())),
            "nobody says what kind of cage it is": switch_cage(form_factor=gone()),
        },
    ),
    *proofs(
        asic.serdes_drives,
        passes={"100G lanes on Spectrum-4": port(), "100G lanes on ConnectX-7": nic_port()},
        fails={
            "only 50G lanes are advertised for a port of 100G lanes": port(**behind(applications=ONLY_50G_LANES)),
            "the module advertises nothing": port(**behind(applications=reading(()))),
        },
        undecided={
            "the applications were not read": port(**behind(applications=gone())),
            "no platform is declared": port(device=device_plan(platform=None)),
            "nothing was read of the module": port(module=module(seen={"management": "sff8636", "identifier": gone()})),
        },
        does_not_apply={
            "an SFF-8636 module advertises no applications": port(module=replace(module(), seen=sff8636()))
        },
    ),
    *proofs(
        asic.mode_offered,
        passes={"2x400G on a cage that offers it": switch_cage()},
        fails={
            "the cage offers 800G alone": switch_cage(modes=reading(frozenset({"1x800G"}))),
            "a port runs 400G on eight lanes": switch_cage(
                modes=reading(frozenset({"2x400G"})), ports=(port(seen={"lanes": reading(8)}),)
            ),
        },
        undecided={
            "the platform file is not in the evidence": switch_cage(modes=gone()),
            "the speed was not seen": switch_cage(ports=(port(seen={"speed": gone()}),)),
        },
    ),
    *proofs(
        cmis.revision,
        passes={"5.2 at 800G": module(), "5.0 is enough at 800G": module(seen={"revision": reading("5.0")})},
        fails={
            "4.0 at 800G": module(seen={"revision": reading("4.0")}),
            "an 800G optic without CMIS": replace(module(), seen=sff8636()),
            "an active copper cable of 800G without CMIS": active(seen=sff8636()),
        },
        undecided={
            "the revision was not read": module(seen={"revision": READ_FAILED}),
            "an erased memory is no 15.15": module(seen={"revision": reading("15.15")}),
            "nothing was read": module(seen={"management": "sff8636", "identifier": gone()}),
            "the identifier names no memory map": replace(module(), seen=sff8636(guess="identifier 77h")),
        },
        does_not_apply={
            "a cable without CMIS": copper(seen=sff8636()),
            "the profile asks for none at 25G": module(cage=cage_plan(ports=(port_plan(speed_gbps=Decimal(25)),))),
        },
    ),
    *proofs(
        cmis.checksums,
        passes={"all fit": module(), "a cable with one page": copper(), "SFF-8636": replace(module(), seen=sff8636())},
        fails={
            "page 00h was altered": module(seen={"checksums": (Checksum("00", "128-221", reading(1), reading(2)),)}),
            "an optic that says it has no pages": module(
                seen={"flat_memory": reading(True), "checksums": HEALTHY["checksums"][:1]}
            ),
        },
        undecided={
            "page 02h was not read": module(seen={"checksums": (Checksum("02", "128-254", gone(), gone()),)}),
            "a memory map whose checksums nobody knows": module(seen={"checksums": ()}),
        },
    ),
    *proofs(
        cmis.identity,
        passes={"as the lab expects": module(), "a serial number as expected": module(plan={"serial": "AO0001"})},
        fails={
            "the copy differs from the identifier": module(seen={"identifier_copy": reading(0x18)}),
            "a vendor name with a control character": module(
                seen={"text_faults": {"vendor_name": reading("not ASCII")}}
            ),
            "an erased OUI": module(seen={"vendor_oui": reading("ff-ff-ff")}),
            "another part than ordered": module(plan={"number": "AO-800-SR8"}),
        },
        undecided={
            "the part number was not read": module(seen={"vendor_pn": READ_FAILED}),
            "the copy was not read": module(seen={"identifier_copy": READ_FAILED}),
        },
    ),
    *proofs(
        cmis.module_state,
        passes={
            "ready": module(),
            "in low power while all ports are to be shut": module(
                seen={"module_state": reading("ModuleLowPwr")}, up=False
            ),
        },
        fails={
            "in low power while a port is to be up": module(seen={"module_state": reading("ModuleLowPwr")}),
            "in fault, even where all ports are to be shut": module(
                seen={"module_state": reading("ModuleFault")}, up=False
            ),
        },
        undecided={
            "byte 3 was not read": module(seen={"module_state": READ_FAILED}),
            "a reserved code": module(seen={"module_state": gone(Absence.RESERVED)}),
        },
        does_not_apply={"SFF-8636 has no such state": replace(module(), seen=sff8636())},
    ),
    *proofs(
        cmis.data_path_activated,
        passes={"all lanes": port(), "the lab wants it shut and it is up": port(plan={"up": False})},
        fails={
            "lane 3 is still initializing": port(
                **behind(dp_state=(reading("DPActivated"),) * 2 + (reading("DPInit"),) * 6)
            )
        },
        undecided={
            "page 11h was not read": port(**behind(dp_state=(READ_FAILED,) * 8)),
            "the port has lanes beyond what was decoded": port(host_lanes=(9, 10)),
            "to be shut, and its state was not seen": port(plan={"up": False}, seen={"admin": gone()}),
            "an optic that claims flat memory": port(**behind(flat_memory=reading(True), dp_state=(gone(),) * 8)),
        },
        does_not_apply={
            "a passive cable has flat memory": port(module=copper()),
            "SFF-8636 has no data paths": port(module=replace(module(), seen=sff8636())),
            "a port that is to be shut and is": port(plan={"up": False}, seen={"admin": reading("down")}),
        },
    ),
    *proofs(
        cmis.data_path_configured,
        passes={"configured, staged and active agree": port()},
        fails={
            "active differs from staged": port(**behind(staged_application=(reading(2),) * 8)),
            "an application of 800G runs under a port of 400G": port(
                **behind(active_application=(reading(2),) * 8, staged_application=(reading(2),) * 8)
            ),
            "the data path starts on another lane": port(**behind(active_data_path=(reading(2),) * 8)),
            "the configuration was rejected": port(
                **behind(config_status=(reading("ConfigRejectedInvalidAppSel"),) * 8)
            ),
            "an application that is not advertised": port(
                **behind(active_application=(reading(7),) * 8, staged_application=(reading(7),) * 8)
            ),
        },
        undecided={
            "the staged set was not read": port(**behind(staged_application=(READ_FAILED,) * 8)),
            "the configuration status was not read": port(**behind(config_status=(READ_FAILED,) * 8)),
        },
        warns={
            "no host has configured it since power-up": port(**behind(config_status=(reading("ConfigUndefined"),) * 8))
        },
        does_not_apply={"a passive cable": port(module=copper())},
    ),
    *proofs(
        cmis.thresholds,
        passes={
            "all ordered": module(),
            "an alarm may equal its warning": module(
                seen=with_quad("vcc_v", quad("3.465", "3.135", "3.465", "3.135", Unit.VOLT))
            ),
        },
        fails={
            "all zero": module(seen=with_quad("vcc_v", quad("0", "0", "0", "0", Unit.VOLT))),
            "low warning above high warning": module(
                seen=with_quad("vcc_v", quad("3.63", "2.97", "3.1", "3.4", Unit.VOLT))
            ),
        },
        undecided={
            "page 02h was not read": module(seen=with_quad("vcc_v", Quad(*(READ_FAILED,) * 4))),
            "not a number": module(seen=with_quad("vcc_v", quad("NaN", "NaN", "NaN", "NaN", Unit.VOLT))),
            "a monitor that the profile needs is not advertised": module(seen=with_quad("rx_power_mw", UNADVERTISED)),
        },
        does_not_apply={"a passive cable has no thresholds": copper(), "SFF-8636": replace(module(), seen=sff8636())},
    ),
    *proofs(
        cmis.left_over_controls,
        passes={
            "nothing is set": module(),
            "the lab asks for a loopback": module(
                seen=controls(host_input_loopback=(reading(True),) * 8),
                cage=cage_plan(ports=(port_plan(lanes=tuple(range(1, 9)), allowed=frozenset({"loopback"})),)),
            ),
            "a port that is to be shut may be dark": module(
                seen=controls(tx_disable=ON_LANE_3), cage=cage_plan(ports=(SHUT_PLAN,))
            ),
        },
        fails={
            "a loopback on lane 3": module(seen=controls(media_input_loopback=ON_LANE_3)),
            "an optic that says it has no pages": module(seen={"flat_memory": reading(True)}),
            "a generator runs": module(seen=controls(media_generator_enable=(reading(True),) * 8)),
            "Tx disable on a port that is to be up": module(seen=controls(tx_disable=ON_LANE_3)),
            "low power by software": module(seen=controls(low_power_request_sw=(reading(True),))),
        },
        undecided={
            "lane 1 has no such control, the others have it": module(
                seen=controls(tx_disable=(gone(Absence.NOT_ADVERTISED), *ON_LANE_3[1:]))
            ),
            "page 13h was not read": module(seen=controls(host_input_loopback=(gone(),) * 8)),
            "the memory map names no such control": module(seen={"controls": {}}),
        },
        does_not_apply={
            "a passive cable": copper(),
            "no control is advertised": module(
                seen={
                    "controls": dict.fromkeys((*CONTROLS, "low_power_request_sw"), (gone(Absence.NOT_ADVERTISED),) * 8)
                }
            ),
        },
    ),
    *proofs(
        optics.tdecq,
        passes={
            "2.4 dB, 0.2 dB uncertain": module(),
            "at the limit less the uncertainty": module(lane={"tdecq": measured("3.2")}),
        },
        fails={
            "3.5 dB against 3.4 dB": module(lane={"tdecq": measured("3.5")}),
            "inside by less than the uncertainty": module(lane={"tdecq": measured("3.3")}),
        },
        undecided={
            "lane 3 was not measured": module(lane={"tdecq": gone()}),
            "the measurement states no uncertainty": module(lane={"tdecq": reading("2.0", Unit.DB)}),
        },
        warns={
            "a limit that is known from memory alone": module(
                pmd="800GBASE-DR4", media_lanes=(media_lane(1, tdecq=measured("3.8")),)
            )
        },
        does_not_apply={"NRZ has no TDECQ": module(pmd="100GBASE-SR4", media_lanes=(media_lane(1),))},
    ),
    *proofs(
        asic.module_accepted,
        passes={"the switch is content": switch_cage()},
        fails={
            "the switch complains": switch_cage(ports=(port(seen={"error_status": reading("Blocking Error")}),)),
        },
        undecided={"the switch did not say": switch_cage(ports=(port(seen={"error_status": gone()}),))},
    ),
    *proofs(
        breakout.mode,
        passes={"2x400G as planned": switch_cage()},
        fails={
            "another mode is configured": switch_cage(mode=reading("1x800G")),
            "the platform does not offer the plan": switch_cage(modes=reading(frozenset({"1x800G"}))),
        },
        undecided={
            "the mode was not seen": switch_cage(mode=gone()),
            "the platform's modes were not": switch_cage(modes=gone()),
        },
    ),
    *proofs(
        breakout.lanes,
        passes={"lanes 1 to 4 and 5 to 8": switch_cage()},
        fails={
            "both children on the same lanes": switch_cage(ports=(port(), port())),
            "a child runs on two lanes": switch_cage(ports=(port(seen={"lanes": reading(2)}), switch_cage().ports[1])),
        },
        undecided={
            "the lanes that run were not seen": switch_cage(
                ports=(port(seen={"lanes": gone()}), switch_cage().ports[1])
            ),
            "a child is missing": switch_cage(ports=(port(),)),
        },
    ),
    *proofs(
        breakout.applications,
        passes={
            "two applications of 400G": switch_cage(),
            "a passive cable": switch_cage(module=copper(), ports=(port(module=copper()),)),
        },
        fails={
            "only 800G is advertised": switch_cage(ports=(port(**behind(applications=ONLY_800G)),)),
            "400G may start on lane 1 alone": switch_cage(
                ports=(
                    port(
                        **behind(applications=reading((application(1, 0x50, 0x1C, 4, 0x01),))),
                        host_lanes=(5, 6, 7, 8),
                    ),
                )
            ),
        },
        undecided={"the applications were not read": switch_cage(ports=(port(**behind(applications=gone())),))},
        does_not_apply={"SFF-8636 has no applications": switch_cage(module=replace(module(), seen=sff8636()))},
    ),
]
