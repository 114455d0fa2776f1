"""A seeded share of the obligations draws each act, whatever else there is and in any order."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from backoffice.kernel.errors import BadFileError
from cli.market.script import Script
from cli.market.script_file import parse_script
from tests.unit.market.market import BUY, TUESDAY, Market

MIX = """
[[mix]]
seed = 7
rates = { fail = "0.2", partial = "0.1", late = "0.05", none = 0.0 }
days = 1
"""
_SCRIPT = MIX.replace(", none = 0.0", "")
_MANY = [replace(BUY, obligation_id=f"OB-{number:05d}") for number in range(4_000)]


def _drawn(script: Script) -> dict[str, str]:
    return {each.obligation_id: script.decide(each, TUESDAY)[0] for each in _MANY}


def test_each_act_comes_to_about_its_share() -> None:
    drawn = Counter(_drawn(parse_script(_SCRIPT)).values())
    for act, rate in {"fail": "0.2", "partial": "0.1", "none": "0.05"}.items():
        assert abs(drawn[act] - Fraction(rate) * len(_MANY)) < len(_MANY) / 50


def test_another_seed_draws_others_and_7_is_the_seed_that_is_written_in_quotes() -> None:
    one, same = parse_script(_SCRIPT), parse_script(_SCRIPT.replace("seed = 7", 'seed = "7"'))
    other = parse_script(_SCRIPT.replace("seed = 7", "seed = 8"))
    assert _drawn(one) == _drawn(same) != _drawn(other)


def test_what_one_draws_hangs_on_nothing_else() -> None:
    shuffled = random.Random(1).sample(_MANY, 50)  # noqa: S311 - an order, no secret
    together = Market(_SCRIPT, *shuffled).day(TUESDAY)
    alone = [row for each in shuffled for row in Market(_SCRIPT, each).day(TUESDAY)]
    keys = [(row["obligation_id"], row["outcome"], row["quantity_e8"]) for row in alone]
    assert sorted(keys, key=str) == sorted(
        ((row["obligation_id"], row["outcome"], row["quantity_e8"]) for row in together), key=str
    )


def test_the_files_own_answers_win() -> None:
    script = parse_script('[[answer]]\ndo = "reject"\nobligation = "OB-00001"\n' + _SCRIPT)
    assert script.decide(_MANY[1], TUESDAY)[0] == "reject"


def test_a_mix_speaks_of_what_fits_it_and_the_next_of_the_rest() -> None:
    script = parse_script(
        '[[mix]]\nseed = 1\nisin = "IS0000000297"\nrates = { reject = 1 }\n'
        "[[mix]]\nseed = 2\nrates = { fail = 1 }\n"
    )
    assert set(_drawn(script).values()) == {"fail"}


def test_what_was_drawn_once_is_left_to_the_default_and_to_no_other_mix() -> None:
    market = Market(
        "[[mix]]\nseed = 1\nrates = { malformed = 1 }\n[[mix]]\nseed = 2\nrates = { fail = 1 }\n",
        BUY,
    )
    assert market.day(TUESDAY) == []
    (row,) = market.day(TUESDAY.replace(day=7))
    assert row["outcome"] == "SETTLED"


def test_everything_may_be_drawn() -> None:
    script = parse_script('[[mix]]\nseed = 1\nrates = { fail = "0.5", reject = "0.5" }')
    assert set(_drawn(script).values()) == {"fail", "reject"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MIX, "neither text nor an integer"),
        ('[[mix]]\nseed = 1\nrates = { fail = "0.6", none = "0.5" }', "at most 1"),
        ('[[mix]]\nrates = { fail = "0.6" }', "needs a seed"),
        ("[[mix]]\nseed = 1", "no table"),
        ('[[mix]]\nseed = 1\nrates = { explode = "0.6" }', "no such key"),
        ('[[mix]]\nseed = 1\nrates = { late = "0.6" }', "days"),
        ('[[mix]]\nseed = 1\nobligation = "OB"\nrates = { fail = "0.6" }', "no such key"),
        ('[[answer]]\ndo = "late"', "days"),
        ('[[answer]]\ndo = "settle"\ndays = 1', "goes with late or fail"),
        ('[[answer]]\ndo = "wrong-quantity"\noff = "-1"', "too little"),
        ('[[answer]]\ndo = "wrong-amount"\noff = "0.00"', "no difference"),
        ('[[answer]]\ndo = "late"\ndays = 0', "no whole number of days"),
        ('[[opening]]\nisin = "US0378331005"', "needs isin and quantity"),
        ('[[opening]]\ncurrency = "ISK"\namount = "1.5"', "decimals"),
        ('[[opening]]\ncurrency = "ZZZ"\namount = "1"', "ISO 4217"),
        ('[[statement]]\ndo = "send"', "needs a kind"),
        ('[[statement]]\nkind = "cash"\ndo = "wrong"\nisin = "US0378331005"\noff = 1', "currency"),
        ('[[statement]]\nkind = "cash"\ndo = "late"\ndays = 1', "the days whose"),
        ('[[statement]]\nkind = "cash"\ndo = "late"\non = 2026-01-06', "late its days"),
        ('[[file]]\ndo = "again"', "needs a do and the days"),
        ('[[file]]\ndo = "again"\non = 2026-01-06\nof = "x"', "no date"),
    ],
)
def test_what_makes_no_sense_is_refused_with_one_sentence(text: str, says: str) -> None:
    with pytest.raises(BadFileError, match=says):
        parse_script(text)
