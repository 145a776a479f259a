"""A small lab on disk, to be changed by a word at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
name: small
profile: profile.toml
devices:
  leaf1:
    platform: x86_64-arista_7060x6_64pe
    rack: r1
    every_port: {fec: rs, mtu: 9100, lossless: true}
    cages:
      1: {mode: 2x400G, module: CABLE}
      2: {mode: 2x400G, module: OPTIC}
  gpu[1-2]:
    nic: ConnectX-7
    every_port: {fec: rs, mtu: 9000, lossless: true}
    cages:
      0: {mode: 1x400G, module: {part: CABLE, end: far}}
links:
  leaf1:Ethernet0--gpu1:eth0: {cable_m: 2}
  leaf1:Ethernet4--gpu2:eth0: {cable_m: 2}
racks:
  r1: {budget_watts: 3000}
parts:
  CABLE: {vendor: MAKER, kind: dac, pmd: 400GBASE-CR4, form_factor: OSFP, far: {form_factor: QSFP112}}
  OPTIC: {vendor: MAKER, kind: optic, pmd: 800G-2xDR4, form_factor: OSFP}
"""


@pytest.fixture
def lab_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a lab file, and files beside it, into the current directory, so that errors begin with a bare name."""
    monkeypatch.chdir(tmp_path)
    Path("profile.toml").write_text("", encoding="utf-8")

    def write(text: str = SMALL, **beside: str) -> Path:
        Path("lab.yaml").write_text(text, encoding="utf-8")
        for name, content in beside.items():
            Path(name.replace("__", ".")).write_text(content, encoding="utf-8")
        return Path("lab.yaml")

    return write
