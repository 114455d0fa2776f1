"""What becomes of each file of a day."""

from dataclasses import replace
from datetime import date
from itertools import permutations

from backoffice.intake.control import Control
from backoffice.intake.files import FiledFile, SettledFile, settle_statuses
from backoffice.intake.totals import Totals

DAY = date(2026, 3, 2)
ONE = FiledFile("alpha", DAY, "trades-1.csv", "trades", "aa", Totals(rows=3, quantity="30"))
TWO = replace(ONE, name="trades-2.csv")
OTHER = replace(ONE, name="trades-0.csv", sha256="bb")


def control(name: str, stated: Control | None, *, refusal: str | None = None) -> FiledFile:
    """File a control file; its content is the same whatever it is for."""
    full = f"{name}.control.json"
    return FiledFile("alpha", DAY, full, "control", "cc", refusal=refusal, control=stated)


def statuses(*files: FiledFile) -> dict[str, str]:
    return {settled.file.name: settled.status for settled in settle_statuses(files)}


def test_of_equal_files_the_first_by_name_is_committed_in_any_order_of_arrival() -> None:
    expected = [
        SettledFile(OTHER, "COMMITTED"),
        SettledFile(ONE, "COMMITTED"),
        SettledFile(TWO, "REPEATED", "the same content as trades-1.csv"),
    ]
    for order in permutations([ONE, TWO, OTHER]):
        assert settle_statuses(order) == expected


def test_a_file_told_of_twice_is_one_file() -> None:
    assert settle_statuses([ONE, replace(ONE)]) == [SettledFile(ONE, "COMMITTED")]


def test_other_partners_dates_and_kinds_repeat_nothing() -> None:
    files = [
        ONE,
        replace(ONE, partner="beta"),
        replace(ONE, business_date=date(2026, 3, 3)),
        replace(ONE, kind="holdings", name="holdings-1.csv"),
    ]
    assert {settled.status for settled in settle_statuses(files)} == {"COMMITTED"}


def test_two_contents_under_one_name_are_two_files() -> None:
    changed = replace(ONE, sha256="bb")
    assert [(s.file.sha256, s.status) for s in settle_statuses([changed, ONE])] == [
        ("aa", "COMMITTED"),
        ("bb", "COMMITTED"),
    ]


def test_a_file_that_is_none_of_its_kind_is_refused_with_its_reason() -> None:
    bad = replace(ONE, refusal="the file is empty")
    assert settle_statuses([bad]) == [SettledFile(bad, "REFUSED", "the file is empty")]


def test_a_control_file_that_does_not_match_takes_its_file_out() -> None:
    stated = control("trades-1.csv", Control(rows=4))
    for order in permutations([ONE, OTHER, stated]):
        assert statuses(*order) == {
            "trades-0.csv": "COMMITTED",
            "trades-1.csv": "REFUSED",
            "trades-1.csv.control.json": "COMMITTED",
        }
    reason = "the control file states 4 rows, the file has 3"
    assert settle_statuses([ONE, stated])[0].reason == reason


def test_a_control_file_that_matches_changes_nothing() -> None:
    assert statuses(ONE, control("trades-1.csv", Control(rows=3)))["trades-1.csv"] == "COMMITTED"


def test_of_equal_files_one_that_is_refused_does_not_stand_for_the_others() -> None:
    assert statuses(ONE, TWO, control("trades-1.csv", Control(rows=4))) == {
        "trades-1.csv": "REFUSED",
        "trades-1.csv.control.json": "COMMITTED",
        "trades-2.csv": "COMMITTED",
    }


def test_equal_control_files_speak_each_for_its_own_file() -> None:
    stated = [control(name, Control(rows=4)) for name in ("trades-0.csv", "trades-1.csv")]
    assert statuses(ONE, OTHER, *stated) == {
        "trades-0.csv": "REFUSED",
        "trades-0.csv.control.json": "COMMITTED",
        "trades-1.csv": "REFUSED",
        "trades-1.csv.control.json": "COMMITTED",
    }


def test_a_refused_control_file_and_one_of_another_drop_speak_for_nothing() -> None:
    refused = control("trades-1.csv", None, refusal="the control file is not JSON in UTF-8")
    elsewhere = replace(control("trades-1.csv", Control(rows=4)), partner="beta")
    assert statuses(ONE, refused)["trades-1.csv"] == "COMMITTED"
    assert statuses(ONE, refused)["trades-1.csv.control.json"] == "REFUSED"
    assert statuses(ONE, elsewhere)["trades-1.csv"] == "COMMITTED"


def test_of_two_controls_for_one_name_both_must_match() -> None:
    right = control("trades-1.csv", Control(rows=3))
    wrong = replace(control("trades-1.csv", Control(sum_quantity="31")), sha256="dd")
    assert statuses(ONE, right, wrong)["trades-1.csv"] == "REFUSED"
