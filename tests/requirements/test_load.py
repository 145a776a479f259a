"""Wrong tables and profiles get one message that names file, line and what was expected."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import LabError, PluginError
from harness.requirements.load import limit_files, load_requirements
from harness.requirements.lookup import Requirements
from harness.verdict import Standing

from .conftest import AS_OF, PROFILE

Changed = Callable[..., Path]

GOOD = """\
table = "pmd"

[100GBASE-X]
clause = "Somebody's paper, clause 1"
clause_standing = "recalled"
rate_gbps = 100
media_lanes = 1
modulation = "PAM4"
fiber = "SMF"
fibers_per_direction = 1
connectors = ["LC"]
fec = "RS(544,514)"
host_interfaces = []
tdecq = { max = 3.4, unit = "dB", standing = "recalled" }
reach = { OS2 = { max = 500, unit = "m", standing = "recalled" } }
"""


def refused(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LabError) as caught:
        load_requirements(PROFILE, as_of=AS_OF, tables=[file])
    assert caught.value.exit_status == 2
    assert str(caught.value).startswith(f"{file}:")
    return str(caught.value).removeprefix(f"{file}:")


def test_a_table_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    require = load_requirements(PROFILE, as_of=AS_OF, tables=[file])
    assert [dict(limit.said()) for limit in require.ranges("tdecq", "100GBASE-X", monitor=False)] == [
        {"max": "3.4"},
        {"max": "3.9"},
    ]
    assert str(file) in require.files


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('clause = "Somebody\'s paper, clause 1"\n', "", "3: 100GBASE-X: a limit without clause: expected clause"),
        ('clause = "Somebody\'s paper, clause 1"', 'clause = ""', "4: 100GBASE-X.clause: expected a text, found ''"),
        (', unit = "dB"', "", "14: 100GBASE-X.tdecq: unit is missing: expected unit = ..."),
        ('"dB"', '"dBm"', "14: 100GBASE-X.tdecq.unit: expected the unit 'dB', found 'dBm'"),
        ('"dB"', '"furlong"', "14: 100GBASE-X.tdecq.unit: expected a unit ("),
        (', standing = "recalled" }\nr', " }\nr", "14: 100GBASE-X.tdecq: standing is missing: expected standing = ..."),
        ('standing = "recalled" }\nr', 'standing = "sure" }\nr', "14: 100GBASE-X.tdecq.standing: expected a stan"),
        ("max = 3.4, ", "", "14: 100GBASE-X.tdecq: a limit without a bound: expected min or max"),
        ("max = 3.4", "min = 4, max = 3.4", "14: 100GBASE-X.tdecq: min 4 is above max 3.4"),
        ("max = 3.4", 'max = "3.4"', "14: 100GBASE-X.tdecq.max: expected a number, found '3.4'"),
        ("max = 3.4", "max = true", "14: 100GBASE-X.tdecq.max: expected a number, found True"),
        ("max = 3.4", "max = nan", "14: 100GBASE-X.tdecq.max: expected a finite number"),
        ("max = 3.4", "maximum = 3.4, max = 3.4", "14: 100GBASE-X.tdecq.maximum: unknown key"),
        ("tdecq", "tdecp", "14: 100GBASE-X.tdecp: unknown key, expected one of"),
        ("OS2", "OM4", "15: 100GBASE-X.reach.OM4: expected one of OS2"),
        ("rate_gbps = 100", 'rate_gbps = "100"', "6: 100GBASE-X.rate_gbps: expected a number, found '100'"),
        ("media_lanes = 1", "media_lanes = 1.5", "7: 100GBASE-X.media_lanes: expected a whole number"),
        ("media_lanes = 1", "media_lanes = 0", "7: 100GBASE-X.media_lanes: expected a whole number above 0"),
        ('["LC"]', '["LD"]', "3: 100GBASE-X: no row 'LD' in the tables"),
        ('"pmd"', '"pdm"', "1: table: expected table = one of pmd, "),
        ("[]\n", "[]\nmedia_ids = [0x1C]\n", "14: 100GBASE-X.media_ids: 400GBASE-DR4 has the code 0x1c already"),
        ("[100GBASE-X]", "[400GBASE-DR4]", "3: 400GBASE-DR4: the table pmd has this row already, in tables/pmd.toml"),
        ("[100GBASE-X]", "[100GBASE-X", "3: Expected ']' at the end of a table declaration"),
        ("fiber =", "rate_gbps = 100\nfiber =", "9: Cannot overwrite a value"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    assert refused(tmp_path, GOOD.replace(old, new, 1)).startswith(says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "ai-backend"\n', "", "name is missing"),
        ("[dom]", "[dom]\nspred_tx = 3", "dom.spred_tx: unknown key"),
        ('spread_tx = { max = 3, unit = "dB" }', "spread_tx = 3", "dom.spread_tx: expected a table, found 3"),
        ("spread_tx = { max = 3, unit", "spread_tx = { max = 3, min = 4, unit", "dom.spread_tx: min 4 is above max 3"),
        ('window = { min = 600', "window = { max = 600", "fec.window: expected min"),
        ('quantity = "tdecq"', 'quantity = "tdceq"', "limit.0.quantity: expected one of"),
        ("priority = 3", "priority = 4", "priority 4 carries RoCE and is not among the lossless ones"),
        ("cnp_priority = 6", "cnp_priority = 3", "priority 3 carries CNPs and is paused"),
        ("dscp = 26", "dscp = 106", "expected a DSCP from 0 to 63, found 106"),
        ("lossless_priorities = [3]", "lossless_priorities = [3, 9]", "expected numbers from 0 to 7, found 9"),
        ('800 = "5.0"', '800 = "five"', "cmis.min_revision.800: expected a revision such as '5.0', found 'five'"),
        ('acceptance = "guarded"', 'acceptance = "lenient"', "expected one of simple, guarded, found 'lenient'"),
        ("confidence = 0.95", "confidence = 95", "fec.confidence: expected a number from 0 to 1, found 95"),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_refused_with_its_line(changed: Changed, old: str, new: str, says: str) -> None:
    file = changed((old, new))
    with pytest.raises(LabError) as caught:
        load_requirements(file, as_of=AS_OF)
    assert says in str(caught.value)
    place, _, _ = str(caught.value).partition(": ")
    assert place == str(file) or int(place.removeprefix(f"{file}:")) > 0


def test_a_limit_of_an_array_is_found_by_its_number(changed: Changed) -> None:
    add = '\n[[limit]]\nclause = "order 7"\nquantity = "er"\nmin = 4\nunit = "dBm"\n'
    file = changed(add=add)
    with pytest.raises(LabError, match=f":{len(file.read_text(encoding='utf-8').splitlines())}: limit.1.unit"):
        load_requirements(file, as_of=AS_OF)


def test_a_limit_of_a_profile_without_clause_is_refused_with_its_place(changed: Changed) -> None:
    file = changed(add='\n[[limit]]\nquantity = "er"\nmin = 4\nunit = "dB"\n')
    with pytest.raises(LabError, match=r"profile\.toml:\d+: limit\.1: a limit without clause: expected clause = "):
        load_requirements(file, as_of=AS_OF)


def test_a_profile_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"nowhere\.toml: cannot be read: No such file"):
        load_requirements(tmp_path / "nowhere.toml", as_of=AS_OF)


def test_a_profile_that_is_not_text_says_so(tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(LabError, match="not UTF-8 text"):
        load_requirements(file, as_of=AS_OF)


def test_third_party_tables_are_looked_up_by_name(changed: Changed) -> None:
    file = changed(("tables = []", 'tables = ["acme"]'))
    with pytest.raises(PluginError, match=r"tables 'acme': 0 entry points"):
        load_requirements(file, as_of=AS_OF)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("TABLES = [Path(__file__).with_name('acme.toml')]", ""),
        ("def TABLES(): return [Path(__file__).with_name('acme.toml')]", ""),
        ("TABLES = 'acme.toml'", "expected a list of paths from acme_tables:TABLES, found 'acme.toml'"),
        ("import no_such_module", "acme_tables:TABLES cannot be imported"),
    ],
)
def test_third_party_tables_come_through_an_entry_point(
    changed: Changed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, says: str
) -> None:
    site = tmp_path / "site"
    about = site / "acme_tables-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-tables\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[plugfest.tables]\nacme = acme_tables:TABLES\n", encoding="utf-8")
    (site / "acme_tables.py").write_text(f"from pathlib import Path\n{body}\n", encoding="utf-8")
    (site / "acme.toml").write_text(GOOD, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "acme_tables", raising=False)
    file = changed(("tables = []", 'tables = ["acme"]'))
    if says:
        with pytest.raises(PluginError, match=says):
            load_requirements(file, as_of=AS_OF)
    else:
        assert load_requirements(file, as_of=AS_OF).pmd("100GBASE-X").rate_gbps == 100
    monkeypatch.delitem(sys.modules, "acme_tables", raising=False)


VOUCH = """
[[vouch]]
standing = "recalled"
row = "400GBASE-VR4"
quantity = "tdecq"
who = "A. Reader"
document = "IEEE Std 802.3db-2022, table 167-7"
date = 2026-05-04
"""


def test_a_recalled_limit_that_the_profile_vouches_for_fails_instead_of_warning(
    changed: Changed, require: Requirements
) -> None:
    assert require.limits("tdecq", pmd="400GBASE-VR4").ranges[0].standing is Standing.RECALLED
    vouched = load_requirements(changed(add=VOUCH), as_of=AS_OF)
    limit = vouched.limits("tdecq", pmd="400GBASE-VR4").ranges[0]
    assert limit.standing is Standing.BUYER
    assert limit.clause == (
        "IEEE Std 802.3db-2022, clause 167; "
        "vouched for by A. Reader with IEEE Std 802.3db-2022, table 167-7, 2026-05-04"
    )
    assert vouched.limits("er", pmd="400GBASE-VR4").ranges[0].standing is Standing.RECALLED
    assert vouched.limits("tdecq", pmd="800GBASE-VR8").ranges[0].standing is Standing.RECALLED


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ('quantity = "tdecq"\nwho', 'quantity = "*"\nwho', "reach"),
        ('quantity = "tdecq"\nwho', 'quantity = "insertion_loss"\nwho', "insertion_loss"),
    ],
)
def test_reach_and_loss_can_be_vouched_for(changed: Changed, old: str, new: str, row: str) -> None:
    require = load_requirements(changed(add=VOUCH.replace(old, new)), as_of=AS_OF)
    held = require.reach("400GBASE-VR4", "OM4") if row == "reach" else require.insertion_loss("400GBASE-VR4", "OM4")
    assert held.standing is Standing.BUYER


def test_rows_of_other_tables_can_be_vouched_for(changed: Changed) -> None:
    add = VOUCH.replace('row = "400GBASE-VR4"\nquantity = "tdecq"', 'table = "polish"\nrow = "duplex *"')
    require = load_requirements(changed(add=add), as_of=AS_OF)
    assert require.polish("400GBASE-FR4").standing is Standing.BUYER
    assert "vouched for by A. Reader" in require.polish("400GBASE-FR4").clause


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("400GBASE-VR4", "400GBASE-VR5", "the vouch of A. Reader lifts nothing"),
        ('"recalled"', '"draft"', "the vouch of A. Reader lifts nothing"),
        ('"recalled"', '"cited"', "a limit of standing cited needs nobody to vouch for it"),
        ('who = "A. Reader"\n', "", "who is missing"),
        ("2026-05-04", '"soon"', "expected a date such as 2026-01-31, found 'soon'"),
    ],
)
def test_a_vouch_that_lifts_nothing_is_refused(changed: Changed, old: str, new: str, says: str) -> None:
    with pytest.raises(LabError, match=says):
        load_requirements(changed(add=VOUCH.replace(old, new)), as_of=AS_OF)


def test_requirements_travel_to_another_process(require: Requirements) -> None:
    copy = pickle.loads(pickle.dumps(require))
    assert copy == require
    assert copy.limits("tdecq", pmd="400GBASE-DR4") == require.limits("tdecq", pmd="400GBASE-DR4")


def test_table_files_are_there_for_the_archive() -> None:
    assert {"pmd.toml", "fec.toml", "asics.toml"} <= {file.name for file in limit_files()}
    assert all(file.is_file() for file in limit_files())


def test_the_instant_is_passed_in() -> None:
    then = datetime(2031, 1, 1, tzinfo=UTC)
    assert load_requirements(PROFILE, as_of=then).as_of == then
