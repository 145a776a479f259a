"""Collecting 64 devices of 64 ports each over real SSH on loopback, beside plain paramiko doing as little as it can.

    python bench/collect.py [--devices 64] [--rounds 3]

Every run is a process of its own, so that CPU and memory are its alone; the servers' CPU is not in them.  ``floor``
makes the same connections with paramiko, reads the same bytes with as few commands and writes them to a file a device.
``plain`` is the usual pattern: the same, a command a channel.  Trust the ratios, seconds drift with the machine.
"""

from __future__ import annotations

import argparse
import base64
import json
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import paramiko

from harness.clock import WallClock
from harness.collect import Plan, collect, live
from harness.drivers import driver
from harness.drivers.base import rounds
from harness.evidence import Origin, Recorder
from harness.evidence.journal import journal_of
from harness.lab.inventory import DevicePlan
from harness.lab.load import load
from harness.simlab.fixture import answers
from harness.simlab.sshd import Sshd
from harness.simlab.world import healthy
from harness.transports.bundle import framed, script

ROOT = Path(__file__).resolve().parent.parent
FEW = 8
MARK = "plugfest-" + "0" * 32

LAB = """\
name: bench
profile: {profile}
collection: {{connections: {connections}}}
devices:
{devices}
parts:
  NW-O8-2DR4: {{vendor: NORTHWIND OPTICS, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP, max_watts: 16}}
"""

DEVICE = """\
  {name}:
    platform: x86_64-arista_7060x6_64pe
    hwsku: Plugfest-7060X6-64PE
    every_cage: {{mode: 1x800G, watts: 17, form_factor: OSFP, module: NW-O8-2DR4}}
    every_port: {{fec: rs, mtu: 9100}}
    cages: {{1-64: {{}}}}
    reach: {{transport: ssh, address: 127.0.0.1, port: {port}, user: {user}, key: {key}, known_hosts: {hosts}}}
"""

PLAYER = """\
#!/bin/sh
# Plays a switch from files: a script's answer with its mark put in, else the answer to one command.
case "$SSH_ORIGINAL_COMMAND" in
"sh -c "*)
    m=${SSH_ORIGINAL_COMMAND#*b=}
    m=${m%%[!-a-z0-9]*}
    case "$SSH_ORIGINAL_COMMAND" in *sonic-cfggen*) n=first ;; *) n=second ;; esac
    sed "s/@MARK@/$m/" "@HOME@/$n.err" >&2
    exec sed "s/@MARK@/$m/" "@HOME@/$n.out" ;;
*) exec cat "@HOME@/$SSH_ORIGINAL_COMMAND" ;;
esac
"""


def prepare(home: Path, devices: int, connections: int) -> tuple[Sshd, Path]:
    """The files that a device answers from, the servers, and a lab file that reaches them."""
    home.mkdir()
    player = home / "player"
    player.write_text(PLAYER.replace("@HOME@", str(home)), "utf-8")
    player.chmod(0o755)
    sshd = Sshd(home / "sshd", str(player), ports=devices)
    reach = {"user": sshd.user, "key": sshd.client_key, "hosts": home / "sshd" / "known_hosts"}
    profile = ROOT / "lab_configs" / "profiles" / "ai-backend.toml"
    one = home / "one.yaml"
    one.write_text(
        LAB.format(profile=profile, connections=connections, devices=DEVICE.format(name="sw1", port=22, **reach)),
        "utf-8",
    )
    lab = load(one)
    told = {answer.ask: answer for answer in answers(healthy(lab, datetime(2026, 11, 20, 12, tzinfo=UTC)))}
    device = lab.devices["sw1"]
    for name, asks in zip(("first", "second"), rounds(driver(device.nos).asks(device)), strict=True):
        out = err = b""
        for number, ask in enumerate(asks):
            body = told[ask].body
            more = framed("@MARK@", number, told[ask].status or 0, body, b"", "1800000000.0")
            out, err = out + more[0], err + more[1]
            if name == "first":
                (home / str(number)).write_bytes(body)
        (home / f"{name}.out").write_bytes(out)
        (home / f"{name}.err").write_bytes(err)
    sshd.start()
    many = home / "lab.yaml"
    every = "".join(DEVICE.format(name=f"sw{n}", port=port, **reach) for n, port in enumerate(sshd.ports, 1))
    many.write_text(LAB.format(profile=profile, connections=connections, devices=every), "utf-8")
    return sshd, many


# --- one process each ---------------------------------------------------------------------------------------------


def ours(file: Path) -> dict[str, Any]:
    lab = load(file)
    with tempfile.TemporaryDirectory() as store:
        begun, cpu = time.perf_counter(), time.process_time()
        with Recorder(Path(store), origin=Origin.SIMULATED, made_by="bench") as recorder:
            done = collect(lab, recorder, Plan(window=Decimal(0)), calendar=WallClock())
        took = measured(begun, cpu)
        assert done.whole, [tally.first_failure for tally in done.tallies if not tally.whole][:3]
        journal = list(journal_of(Path(store)))
        size = sum(file.stat().st_size for file in (Path(store) / "answers").rglob("*.txt"))
    return {
        **took,
        "connections": sum(line["event"] == "connected" for line in journal),
        "round_trips": sum(line["event"] == "sent" for line in journal),
        "bytes": size,
    }


def floor(file: Path) -> dict[str, Any]:
    return looped(file, lambda device: [script([ask.text for ask in some], MARK) for some in asked(device)])


def plain(file: Path) -> dict[str, Any]:
    return looped(file, lambda device: [str(number) for number in range(len(asked(device)[0]))])


def asked(device: DevicePlan) -> tuple[Any, ...]:
    return rounds(driver(device.nos).asks(device))


def looped(file: Path, commands: Any) -> dict[str, Any]:
    """Connect with the same care, send some commands, read what comes."""
    lab, kept = load(file), tempfile.TemporaryDirectory()
    home = Path(kept.name)

    def talk(device: DevicePlan) -> int:
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        port = int(device.reach["port"])
        name, kind, key = next(
            words
            for words in (line.split() for line in Path(device.reach["known_hosts"]).read_text("utf-8").splitlines())
            if words[0] == f"[127.0.0.1]:{port}"
        )
        client.get_host_keys().add(name, kind, paramiko.PKey.from_type_string(kind, base64.b64decode(key)))
        sock = socket.create_connection(("127.0.0.1", port), 60)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own = paramiko.Ed25519Key.from_private_key_file(device.reach["key"])
        client.connect(
            "127.0.0.1", port, device.reach["user"], pkey=own, sock=sock, allow_agent=False, look_for_keys=False,
            banner_timeout=60, auth_timeout=60,
        )  # fmt: skip
        size = 0
        with (home / device.name).open("wb") as own_file:
            for command in commands(device):
                _, out, err = client.exec_command(command)
                size += own_file.write(out.read()) + own_file.write(err.read())
                out.channel.recv_exit_status()
        client.close()
        return size

    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(lab.connections) as pool:
        sizes = list(pool.map(talk, live(lab)))
    took = measured(begun, cpu)
    kept.cleanup()
    return {**took, "connections": len(sizes), "bytes": sum(sizes)}


def measured(begun: float, cpu: float) -> dict[str, float]:
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


WAYS = {"ours": ours, "floor": floor, "plain": plain}


def child(way: str, file: Path) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, __file__, "--way", way, "--lab", str(file)], stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--lab", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        print(json.dumps(WAYS[chosen.way](chosen.lab)))
        return 0
    with tempfile.TemporaryDirectory() as home:
        sshd, file = prepare(Path(home) / "many", chosen.devices, chosen.devices)
        with ExitStack() as stack:
            stack.callback(sshd.stop)
            ran = {way: [child(way, file) for _ in range(chosen.rounds)] for way in WAYS}
        memory = {}
        for devices in (FEW, chosen.devices):
            sshd, file = prepare(Path(home) / f"few-{devices}", devices, FEW)
            with ExitStack() as stack:
                stack.callback(sshd.stop)
                memory[devices] = child("ours", file)["mib"]
    middle = {way: {key: statistics.median(one[key] for one in runs) for key in runs[0]} for way, runs in ran.items()}
    print(f"{chosen.devices} devices of 64 ports, median of {chosen.rounds} runs; CPU is the client's alone")
    print(f"{'':<8}{'seconds':>9}{'CPU s':>9}{'MiB':>8}{'connections':>13}{'round trips':>13}{'bytes':>14}")
    for way, figures in middle.items():
        trips = figures.get("round_trips", "")
        print(
            f"{way:<8}{figures['seconds']:>9.2f}{figures['cpu']:>9.2f}{figures['mib']:>8.0f}"
            f"{figures['connections']:>13.0f}{trips:>13}{figures['bytes']:>14,.0f}"
        )
    mine = middle["ours"]
    print(f"commands a device: {mine['round_trips'] / mine['connections']:.1f} (goal: at most 6)")
    print(f"CPU, ours to floor: {mine['cpu'] / middle['floor']['cpu']:.2f} (goal: at most 1.5)")
    print(f"seconds, ours to plain: {mine['seconds'] / middle['plain']['seconds']:.2f}")
    told = " and ".join(f"{mib:.0f} MiB for {devices} devices" for devices, mib in memory.items())
    print(f"memory with {FEW} connections at once: {told}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
