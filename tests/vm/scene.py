"""What the machine is set to, and what it is asked."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final

from harness.decode.memory import HALF, LOWER, Memory
from harness.drivers import driver
from harness.drivers.base import rounds
from harness.evidence import Ask
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.twin.families import family
from harness.twin.plug import plugged
from tests.transports.boards import SimulatedCalendar

BOX: Final[DevicePlan] = load(Path(__file__).with_name("lab.yaml")).devices["box"]
FIRST, SECOND = (tuple(asks) for asks in rounds(driver("linux").asks(BOX)))

CORRECTED: Final = (1_000_000, 1_000_512)
UNCORRECTABLE: Final = (3, 5)
DEBUG: Final = "/sys/kernel/debug/labport"
BETWEEN: Final = (
    f"echo {CORRECTED[1]} >{DEBUG}/swp1/fec_corrected; echo {UNCORRECTABLE[1]} >{DEBUG}/swp1/fec_uncorrectable"
)

SETUP: Final = f"""
cat /mnt/memory >{DEBUG}/swp1/eeprom
echo {CORRECTED[0]} >{DEBUG}/swp1/fec_corrected
echo {UNCORRECTABLE[0]} >{DEBUG}/swp1/fec_uncorrectable
busybox hostname far-switch
ip link set lo up
ip netns add far
ip link set swp2 netns far
ip link set dev swp1 address 02:00:00:00:00:01
ip netns exec far ip link set dev swp2 address 02:00:00:00:00:02
ip link set dev swp1 mtu 9000 up
ip netns exec far ip link set dev swp2 mtu 9000 up
ethtool -A swp1 rx off tx on
dcb pfc set dev swp1 prio-pfc all:off 3:on
dcb ets set dev swp1 tc-tsa all:ets 6:strict tc-bw all:0 0:50 3:50 prio-tc 0:0 1:0 2:0 3:3 4:0 5:0 6:6 7:0
dcb app replace dev swp1 dscp-prio 26:3 48:6
dcb buffer set dev swp1 prio-buffer all:0 3:1 buffer-size all:0 0:100000 1:350000
devlink port split platform/labport.0/3 count 2 || echo "no split" >&2
for child in 0 1; do ip link set swp3s$child up; done
mkdir -p /run/lldpd
lldpd -d -u /run/lldpd.socket -L /bin/true -I swp1 -O /dev/null 2>/dev/null &
ip netns exec far lldpd -d -u /run/far.socket -L /bin/true -I swp2 -O /dev/null 2>/dev/null &
for socket in /run/lldpd.socket /run/far.socket; do
    for try in 1 2 3 4 5 6 7 8 9; do
        lldpcli -u $socket configure lldp portidsubtype ifname >/dev/null 2>&1 && break
        sleep 0.3
    done
    lldpcli -u $socket configure lldp tx-interval 1 >/dev/null
    lldpcli -u $socket resume >/dev/null
done
for try in 1 2 3 4 5 6 7 8 9; do
    lldpctl -f json0 | grep -q far-switch && break
    sleep 0.5
done
"""

MORE: Final = (
    "ethtool swp1",
    "ethtool swp3s0",
    "ethtool -m swp1",
    "ethtool -I --show-fec swp1",
    "ethtool --show-fec swp1",
    "ethtool -a swp1",
    "ethtool -m swp3s0",
    "ip -j -d link show",
    "ip -j -d -s link show",
    "ip -j address show",
    "ip -d address show",
    "dcb -j -s pfc show dev swp1",
    "dcb -s pfc show dev swp1",
    "dcb pfc show dev swp1",
    "dcb -j ets show dev swp1",
    "dcb ets show dev swp1",
    "dcb -j app show dev swp1",
    "dcb app show dev swp1",
    "dcb -j buffer show dev swp1",
    "dcb buffer show dev swp1",
    "dcb -j pfc show dev lo",
    "devlink -j dev info",
    "devlink -j port show",
    "devlink -j health show",
    "devlink -j sb show",
    "lldpctl -f json0",
    "lldpctl -f json",
    "lldpctl -f keyvalue",
    "lldpctl",
    "cat /proc/net/dev",
    "cat /sys/class/net/swp1/carrier_changes",
    "cat /sys/class/net/swp1/speed",
    "cat /sys/class/net/swp1/mtu",
    "cat /sys/class/net/swp1/operstate",
)
"""Asked beside what the driver asks, for the parsers."""

COMMANDS: Final = (
    *dict.fromkeys((*(ask.text for ask in FIRST), *MORE)),
    BETWEEN,
    *(f"{ask.text} " for ask in SECOND),  # a blank more, so that no command stands twice
)


def said_to(ask: Ask) -> str:
    """Under which command of ``COMMANDS`` an ask was answered."""
    return ask.text if ask in FIRST else f"{ask.text} "


def memory_image() -> bytes:
    """A module that has started: lower memory, then every page of bank 0 in the order of its number."""
    clock = SimulatedCalendar()
    module = plugged(family("400g-dr4").build("VM0001"), clock)
    clock.wait(Decimal(30))
    module.settle()
    return flat(module.memory())


def flat(memory: Memory) -> bytes:
    held = bytearray(HALF + 256 * HALF)
    for page, data in memory.pages.items():
        if data is not None and page.bank == 0:
            at = 0 if page.number == LOWER else HALF * (page.number + 1)
            held[at : at + HALF] = data
    return bytes(held)
