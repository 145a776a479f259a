"""Writes the lab file of a pod, and its links: something large to judge.

    python bench/pod.py DIR --hosts 128     a rail pod of SONiC switches and Linux hosts: DIR/pod.yaml, DIR/links.csv
    python bench/pod.py --articles FILE     the links of lab_configs/pod1024.yaml, as the articles have them

In the rail pod every 64 hosts have eight leafs, one for each rail, with 64 ports of 400G down and 64 up; the uplinks of
a leaf are spread evenly over the spines.  128 hosts make 16 leafs, 8 spines and 4,096 ports.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RAILS, DOWN, RADIX = 8, 64, 128
COLUMNS = (
    "a",
    "b",
    "fiber",
    "length_m",
    "connector_a",
    "connector_b",
    "polish",
    "polarity",
    "loss_db",
    "loss_uncertainty_db",
)

LAB = """\
# A pod of {hosts} hosts, made by bench/pod.py.
name: pod{gpus}
profile: {profile}

devices:
  leaf[1-{leafs}]:
    role: leaf
    platform: x86_64-arista_7060x6_64pe
    hwsku: Plugfest-7060X6-64PE
    nos: sonic
    reach: {{transport: ssh, address: "{{name}}.pod.example", user: plugfest, known_hosts: known_hosts}}
    asic_watts: 620
    fan_watts: 260
    supplies: 2
    supply_watts: 2400
    every_cage: {{mode: 2x400G, watts: 17, form_factor: OSFP, module: NW-O8-2DR4}}
    every_port: {{fec: rs, mtu: 9100, lossless: true}}
    cages: {{1-64: {{}}}}
  spine[1-{spines}]:
    role: spine
    platform: x86_64-nvidia_sn5600-r0
    hwsku: Plugfest-SN5600
    nos: sonic
    reach: {{transport: ssh, address: "{{name}}.pod.example", user: plugfest, known_hosts: known_hosts}}
    asic_watts: 680
    fan_watts: 240
    supplies: 2
    supply_watts: 3000
    every_cage: {{mode: 2x400G, watts: 17, form_factor: OSFP, module: NW-O8-2DR4}}
    every_port: {{fec: rs, mtu: 9100, lossless: true}}
    cages: {{1-{spine_cages}: {{}}}}
  gpu[1-{hosts}]:
    role: gpu
    nic: ConnectX-7
    nos: linux
    reach: {{transport: ssh, address: "{{name}}.pod.example", user: plugfest, known_hosts: known_hosts}}
    watts: 10200
    every_cage: {{mode: 1x400G, watts: 12, form_factor: QSFP112, module: NW-Q4-DR4}}
    every_port: {{fec: rs, mtu: 9000, lossless: true}}
    cages: {{0-7: {{}}}}

design: {{hosts: {hosts}, gpus: {gpus}, leafs: {leafs}, spines: {spines}, host_links: {gpus}, fabric_links: {uplinks},
  rails: 8, oversubscription: 1}}
links: {{csv: links.csv}}
paths: derive

parts:
  NW-O8-2DR4:
    {{vendor: NORTHWIND OPTICS, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP, firmware: 2.4.1, max_watts: 16,
     quantity: {twins}}}
  NW-Q4-DR4:
    {{vendor: NORTHWIND OPTICS, kind: optic, pmd: 400GBASE-DR4, form_factor: QSFP112, firmware: 2.4.1, max_watts: 9.5,
     quantity: {gpus}}}
"""


def sizes(hosts: int) -> tuple[int, int, int]:
    """Leafs, spines and uplinks of a rail pod."""
    units = -(-hosts // DOWN)
    leafs = units * RAILS
    uplinks = leafs * DOWN
    return leafs, uplinks // RADIX, uplinks


def rail_links(hosts: int) -> Iterator[Sequence[object]]:
    """The links of a rail pod: rail r of the hosts of a unit on leaf r of that unit."""
    leafs, spines, _ = sizes(hosts)
    for host in range(hosts):
        unit, place = divmod(host, DOWN)
        for rail in range(RAILS):
            leaf = unit * RAILS + rail + 1
            yield f"leaf{leaf}:Ethernet{4 * place}", f"gpu{host + 1}:eth{rail}", *os2("60", "1.20")
    each = DOWN // spines
    for leaf in range(leafs):
        for port in range(DOWN):
            spine, nth = divmod(port, each)
            far = f"spine{spine + 1}:Ethernet{4 * (leaf * each + nth)}"
            yield f"leaf{leaf + 1}:Ethernet{4 * (DOWN + port)}", far, *os2("85", "1.40")


def os2(metres: str, loss: str) -> tuple[str, ...]:
    return "OS2", metres, "MPO-12", "MPO-12", "APC", "B", loss, "0.15"


def article_links() -> Iterator[Sequence[object]]:
    """The articles' pod: four hosts of eight NICs on each of 32 leafs, and an uplink of each to each of 8 spines."""
    for leaf in range(32):
        for port in range(32):
            host = f"gpu{4 * leaf + port // 8 + 1:03d}:eth{port % 8}"
            yield f"leaf{leaf + 1:02d}:et-0/0/{port}", host, "OM4", "30", "MPO-16", "MPO-12", "APC", "B", "", ""
        for spine in range(8):
            far = f"spine{spine + 1}:et-0/0/{leaf}"
            yield f"leaf{leaf + 1:02d}:et-0/0/{32 + spine}", far, "OS2", "100", "MPO-16", "MPO-16", "APC", "B", "", ""


def write(directory: Path, hosts: int) -> Path:
    """A rail pod of so many hosts: units of 64 that share the spines evenly."""
    leafs, spines, uplinks = sizes(hosts)
    if hosts < DOWN or hosts % DOWN or DOWN % spines:
        raise SystemExit(f"{hosts} hosts: 64, 128, 256, 512 or 1024 were expected")
    directory.mkdir(parents=True, exist_ok=True)
    write_links(directory / "links.csv", rail_links(hosts))
    lab = directory / "pod.yaml"
    text = LAB.format(
        hosts=hosts, gpus=hosts * RAILS, leafs=leafs, spines=spines, uplinks=uplinks,
        twins=64 * (leafs + spines), spine_cages=RADIX // 2,
        profile=ROOT / "lab_configs" / "profiles" / "rack3.toml",
    )  # fmt: skip
    lab.write_text(text, encoding="utf-8")
    return lab


def write_links(file: Path, links: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(links)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--hosts", type=int, default=128)
    parser.add_argument("--articles", type=Path, metavar="FILE")
    asked = parser.parse_args()
    if asked.articles is not None:
        write_links(asked.articles, article_links())
    elif asked.directory is not None:
        print(write(asked.directory, asked.hosts))
    else:
        parser.error("a directory, or --articles FILE, was expected")


if __name__ == "__main__":
    main()
