"""Wrong usage is told before anything is done, in one sentence, with exit code 2."""

from pathlib import Path

import pytest

from cli.main import run
from cli.output import DONE, USAGE
from cli.platform import Platform
from infra.version import VERSION


@pytest.fixture(autouse=True)
def _nothing_is_brought_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the platform was touched")

    monkeypatch.setattr(Platform, "ensure_up", refuse)
    monkeypatch.setattr(Platform, "connect", refuse)


@pytest.mark.parametrize("partner", ["", "a/b", "../x", ".hidden", "x" * 65, "a\nb"])
def test_a_partner_is_a_plain_name(
    partner: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["day", str(tmp_path), "--date", "2026-10-09", "--partner", partner]
    assert run(arguments) == USAGE
    assert "partner" in capsys.readouterr().err


@pytest.mark.parametrize("market", ["settle_all", "/no/such/file", "BROKEN"])
def test_a_market_that_cannot_be_read_stops_the_day_before_it_begins(
    market: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if market == "BROKEN":
        market = str(tmp_path / "market.toml")
        Path(market).write_text("[[answer")
    assert run(["day", str(tmp_path), "--date", "2026-10-09", "--market", market]) == USAGE
    assert "market" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["day", "/no/such/folder", "--date", "2026-10-09"],
        ["day", ".", "--date", "9.10.2026"],
        ["day", "."],
        ["export", "everything", "--format", "csv"],
        ["export", "lots", "--format", "beancount"],
        ["cost", "--date", "9.10.2026"],
        ["cost", "--trades-per-day", "0"],
        ["cost", "--trades-per-day", "many"],
        ["cost", "--month", "March"],
        ["cost", "--by", "colour"],
        ["demo", "--days", "0"],
        ["no-such-command"],
    ],
)
def test_what_no_command_takes_is_wrong_usage(arguments: list[str]) -> None:
    assert run(arguments) == USAGE


def test_the_command_says_which_release_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == DONE
    assert capsys.readouterr().out == f"backoffice {VERSION}\n"
