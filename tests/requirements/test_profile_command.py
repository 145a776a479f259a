"""``plugfest profile``: every limit with its clause, its standing and who says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli import main

from .conftest import PROFILE

REPOSITORY = PROFILE.parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, list[dict[str, str]]]:
    assert main(["profile", "show", *words, "--json"]) == 0
    found: dict[str, list[dict[str, str]]] = json.loads(capsys.readouterr().out)
    return found


def test_a_looser_profile_is_shown_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "show", "procurement", "--pmd", "400G-DR4"]) == 0
    out = capsys.readouterr().out
    standard, article = (line for line in out.splitlines() if line.startswith("400GBASE-DR4  tdecq "))
    assert "<= 3.4 dB" in standard
    assert "datasheet" in standard
    assert "IEEE Std 802.3-2022, clause 124" in standard
    assert "<= 3.9 dB" in article
    assert "profile is looser: 3.9 dB against 3.4 dB" in article
    assert "1 where the profile is looser than the standard: the standard decides" in out


def test_every_limit_of_the_chain_names_its_profile(capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys, "mixed")
    said = {limit["limit"]: limit for limit in found["limits"] if limit["of"] is None}
    assert (said["fiber.end_face_inspection"]["from"], said["fiber.end_face_inspection"]["value"]) == ("mixed", "yes")
    assert (said["power.module_watts.800"]["from"], said["power.module_watts.800"]["max"]) == ("ai-backend-800g", "18")
    assert (said["dom.spread_tx"]["from"], said["dom.spread_tx"]["value"]) == ("ai-backend", "<= 3 dB")
    assert said["fec.bin"]["standing"] == "operator"
    assert said["approved.0"]["value"].startswith("NORTHWIND OPTICS NW-O8-2DR4 on x86_64-arista_7060x6_64pe")
    of = {limit["of"] for limit in found["limits"]}
    assert {"400GBASE-DR4", "800GBASE-CR8", "AEC", "800G-2xDR4"} <= of
    assert all(limit["clause"] and limit["standing"] and limit["from"] for limit in found["limits"])


def test_what_is_not_asked_names_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    said = {limit["limit"]: limit for limit in shown(capsys, "ieee")["limits"]}
    assert said["dom.spread_tx"]["value"] == "not asked"
    text = PROFILE.with_name("ieee.toml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(text, 1) if each.startswith("spread_tx"))
    assert said["dom.spread_tx"]["clause"] == f"profile ieee, line {line}, dom.spread_tx"


def test_who_vouches_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vouch = (
        '\n[[vouch]]\nstanding = "recalled"\nrow = "400GBASE-VR4"\nquantity = "tdecq"\nwho = "A. Reader"\n'
        'document = "table 167-7"\ndate = 2026-05-04\n'
    )
    file = tmp_path / "mine.toml"
    file.write_text(PROFILE.read_text(encoding="utf-8") + vouch, encoding="utf-8")
    limits = shown(capsys, str(file), "--pmd", "400GBASE-VR4")["limits"]
    vouched = [(one["limit"], one["standing"], one["vouched"]) for one in limits if one["vouched"]]
    assert vouched == [("tdecq", "buyer", "A. Reader with table 167-7, 2026-05-04")]
    assert main(["profile", "show", str(file)]) == 0
    assert "vouched for by A. Reader with table 167-7" in capsys.readouterr().out


def test_a_cable_has_its_limits_too(capsys: pytest.CaptureFixture[str]) -> None:
    limits = shown(capsys, "ai-backend", "--pmd", "aec")["limits"]
    assert ("pre_fec_ber", "ai-backend") in [(one["limit"], one["from"]) for one in limits]
    assert ("reach at 100 Gb/s a lane", "<= 7 m") in [(one["limit"], one["value"]) for one in limits]


def test_profiles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "list", "--json"]) == 0
    found = {one["profile"]: one for one in json.loads(capsys.readouterr().out)}
    assert {"ieee", "ai-backend", "ai-backend-400g", "ai-backend-800g", "ib-ndr", "procurement", "lpo"} <= set(found)
    assert found["mixed"]["inherits"] == "ai-backend-800g, ai-backend"


def test_one_profile_that_cannot_be_read_does_not_hide_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.toml").write_text('name = "good"\ntitle = "Good"\n', encoding="utf-8")
    (tmp_path / "bad.toml").write_text("name =", encoding="utf-8")
    assert main(["profile", "list", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert "Good" in out
    assert err.startswith(f"plugfest: {tmp_path}/bad.toml:1: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "ai-backed"], "no profile 'ai-backed'; near are ai-backend"),
        (["show", "none.toml"], "none.toml: cannot be read: No such file"),
        (["show", "ieee", "--pmd", "400GBASE-DR"], "no PMD '400GBASE-DR'; near are 400GBASE-DR4"),
        (["list", "nowhere"], "nowhere: no such directory"),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", *words]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"plugfest: {says}")
    assert err.count("\n") == 1
