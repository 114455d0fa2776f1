"""The cost meter in real Chromium: looked at, and its figures changed by two people."""

import pytest

from cli.main import run
from cli.output import DONE
from tests.browser.chromium import Person

pytestmark = pytest.mark.local


def test_a_measured_day_is_there_with_its_desks_and_its_trade(anna: Person) -> None:
    anna.open("cost")
    page = anna.page
    assert page.locator("section h2#sofar").is_visible()
    assert page.locator("figure svg rect.bar").count() >= 2
    assert page.locator("#table-cost-desks").get_by_text("Clearance").count() == 1
    assert page.get_by_text("Within the budget").is_visible()


def test_figures_are_changed_by_one_and_the_other_is_told(anna: Person, bjorn: Person) -> None:
    bjorn.open("cost")
    anna.open("cost")
    anna.page.get_by_label("People at home").fill("12")
    anna.page.get_by_role("button", name="Keep these figures").click()
    anna.page.get_by_text("The figures are kept.").wait_for()
    assert anna.page.get_by_text("USD 12,000").count() == 1
    bjorn.page.get_by_label("People at home").fill("7")
    bjorn.page.get_by_role("button", name="Keep these figures").click()
    bjorn.page.get_by_text("Somebody changed the figures").wait_for()
    assert bjorn.page.get_by_label("People at home").input_value() == "7"
    anna.page.get_by_label("An office place").fill("a lot")
    anna.page.get_by_role("button", name="Keep these figures").click()
    anna.page.get_by_text("The office place is an amount").wait_for()


def test_the_command_says_the_same(anna: Person, capsys: pytest.CaptureFixture[str]) -> None:
    del anna
    assert run(["cost", "scenario", "set", "--people", "9", "--as", "bjorn"]) == DONE
    assert run(["cost", "scenario", "show"]) == DONE
    assert run(["cost", "--by", "desk"]) == DONE
    told = capsys.readouterr().out
    assert "9 people at home" in told
    assert "bjorn" in told
    assert "clearance" in told


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(anna: Person, theme: str) -> None:
    anna.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    anna.open("cost")
    assert anna.axe() == []
    anna.page.set_viewport_size({"width": 390, "height": 844})
    anna.open("cost")
    assert anna.axe() == []
    assert anna.page.evaluate("document.documentElement.scrollWidth") <= 390
    anna.page.set_viewport_size({"width": 1280, "height": 800})
