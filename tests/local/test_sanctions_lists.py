"""The published list, loaded by the command: a listed name, an alias and a typo of one are held."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.main import run
from cli.platform import Platform
from infra.local.bring_up import take_down
from infra.local.home import HOME_VARIABLE, PROJECT, Home
from tests.reference.samples import account, standing_rows, trade
from tests.reference.writing import table_bytes

OFAC = PROJECT.parent / "shared" / "data" / "ofac"
DAY = date(2026, 10, 7)
ORDINARY = ("Ordinary Savings Club", "Harbour Street Bakery", "Sigurður Jónsson")

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(not OFAC.is_dir(), reason="the published list is not beside the project"),
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    home = Home(tmp_path_factory.mktemp("lists"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOME_VARIABLE, str(home.folder))
        yield Platform.ensure_up(home.folder, _ignore)
    take_down(home, wipe=True, tell=_ignore)


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def _names() -> dict[str, str]:
    """Choose an entity, an alias of another and a third with one letter changed."""
    with (OFAC / "sdn.csv").open(newline="") as file:
        listed = [row for row in csv.reader(file) if len(row) > 2 and row[2].strip() == "-0-"]
    with (OFAC / "alt.csv").open(newline="") as file:
        aliases = [row[3] for row in csv.reader(file) if len(row) > 3 and len(row[3].split()) > 3]
    long = [row[1] for row in listed if len(row[1].split()) > 3 and row[1].isascii()]
    spoilt = long[40]
    at = max(range(len(spoilt.split())), key=lambda place: len(spoilt.split()[place]))
    words = spoilt.split()
    words[at] = words[at][:2] + ("X" if words[at][2] != "X" else "Q") + words[at][3:]
    return {"LISTED": long[10], "ALIAS": aliases[100], "TYPO": " ".join(words)}


def _load(capsys: pytest.CaptureFixture[str], *paths: Path, code: str = "OFAC") -> tuple[int, Any]:
    capsys.readouterr()
    done = run(["lists", "load", code, *map(str, paths), "--json"])
    out = capsys.readouterr().out
    return done, json.loads(out)


def test_a_list_is_taken_and_its_names_are_held(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done, told = _load(capsys, OFAC / "sdn.csv", OFAC / "alt.csv", OFAC / "sdn_comments.csv")
    assert (done, told["status"]) == (0, "IN_FORCE")
    assert told["entries"] > 5_000
    assert _load(capsys, OFAC / "sdn.csv")[1]["status"] == "UNCHANGED"
    cut = tmp_path / "sdn.csv"
    cut.write_bytes((OFAC / "sdn.csv").read_bytes()[:700_000])
    done, told = _load(capsys, cut)
    assert (done, told["status"], bool(told["reason"])) == (1, "REFUSED", True)
    assert _load(capsys, OFAC / "sdn.csv")[1]["status"] == "IN_FORCE"
    names = _names() | {f"OTHER-{n}": name for n, name in enumerate(ORDINARY)}
    tables = standing_rows()
    tables["accounts"] = [account(name, name=named) for name, named in names.items()]
    tables["trades"] = [trade(f"T-{name}", "BUY", "1", "100", account_id=name) for name in names]
    folder = tmp_path / "day"
    folder.mkdir()
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(table_bytes(rows))
    run_day(platform, DayRequest(folder, DAY, "local", "settle-all"), _ignore)
    found = {row["account_id"]: row for row in json.loads(view(platform, "trades", "json"))}
    held = {name: row["hold_codes"] for name, row in found.items() if row["status"] == "HELD"}
    assert held == dict.fromkeys(("LISTED", "ALIAS", "TYPO"), "SANCTIONS_HIT")
    cases = {row["subject"] for row in json.loads(view(platform, "cases", "json"))}
    assert cases == {f"ACCOUNT {name}" for name in held}
    listed = {row["subject"]: row["case_id"] for row in json.loads(view(platform, "cases", "json"))}
    capsys.readouterr()
    run(["cases", "show", listed["ACCOUNT TYPO"], "--json"])
    shown = json.loads(capsys.readouterr().out)
    best = shown["hits"][0]
    assert (best["list_code"], best["score_bp"] >= 8_000, bool(best["explanation"])) == (
        "OFAC",
        True,
        True,
    )
    assert shown["outcomes"] == ["RELEASE", "REFUSE"]
    assert run(["records", "verify"]) == 0
