"""The order of releases, system by system."""

from __future__ import annotations

import pytest

from harness.maths.releases import at_least


@pytest.mark.parametrize(
    ("running", "first"),
    [
        pytest.param("SONiC.Acme.202505.3", "202505", id="a branch behind the name of who built it"),
        pytest.param("SONiC.202505.1-0d4b7f2", "202411", id="a build's hash is no number"),
        pytest.param("202405", "202405.0", id="0 is what is not said"),
        pytest.param("202511-rc1", "202505", id="unfinished, of a later branch"),
        pytest.param("4.34.1F", "4.33.2F", id="EOS"),
        pytest.param("10.5(3)F", "10.5(3)", id="NX-OS, itself"),
        pytest.param("10.5(3)", "9.3(5)", id="NX-OS counts 10 after 9"),
        pytest.param("5.13", "5.13.0", id="Cumulus Linux, itself"),
        pytest.param("23.4R1-S2.3", "23.4R1.10", id="a service release of Junos comes after every respin"),
        pytest.param("23.4R2", "23.4R1-S2", id="Junos"),
        pytest.param("7.11.2.12I", "7.11.2", id="IOS XR, a build"),
        pytest.param("28.43.2026 (SIM0000000001)", "28.43.1014", id="firmware of a NIC"),
        pytest.param("v24.10.1", "24.10", id="with a v"),
    ],
)
def test_a_release_is_the_first_good_one_or_later(running: str, first: str) -> None:
    assert at_least(running, first) is True


@pytest.mark.parametrize(
    ("running", "first"),
    [
        ("SONiC.Acme.202505.3", "202505.4"),
        ("SONiC.202311.1-0d4b7f2", "202405"),
        ("4.27.0F", "4.33.2F"),
        ("9.3(5)", "10.5(3)"),
        ("5.9", "5.13"),
        ("23.4R1.10", "23.4R1-S2.3"),
        ("5.13.0-rc1", "5.13"),
        ("5.15.0-97", "5.15.0-130"),
    ],
)
def test_a_release_is_older(running: str, first: str) -> None:
    assert at_least(running, first) is False


@pytest.mark.parametrize(
    ("running", "first"),
    [
        pytest.param("SONiC.master.1234-abc", "202505", id="a build of the main branch"),
        pytest.param("SONiC.20230531.20", "202305", id="a day is no month"),
        pytest.param("23.4R1", "23.4X50", id="another kind of release"),
        pytest.param("202505", "4.33", id="another system"),
        pytest.param("", "1", id="nothing"),
        pytest.param("24.3.1", "any", id="a first good release that is none"),
    ],
)
def test_releases_without_an_order_decide_nothing(running: str, first: str) -> None:
    assert at_least(running, first) is None
