"""Each language's numbers, money and dates; both catalogues say the same things."""

import string
from datetime import date

import pytest

from backoffice.accounting.kinds import CASH_KINDS
from backoffice.formats.printing.catalogue import catalogue
from backoffice.formats.printing.languages import (
    ENGLISH,
    ICELANDIC,
    LANGUAGES,
    Language,
    time_of,
)
from backoffice.intake.action_columns import EVENTS

DAY = date(2026, 11, 26)
SAME_IN_BOTH = {
    "firm.address", "firm.website", "firm.lei", "footer", "fact.isin", "column.isin",
    "status.unknown", "side.unknown", "capacity.unknown", "account_type.unknown", "cash.other",
    "cash.entitled", "cash.entitled_first", "event.unknown", "asset_class.unknown",
    "listing.unknown",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        (ICELANDIC, "1234567.5", "1.234.567,5"),
        (ICELANDIC, "-999", "\N{MINUS SIGN}999"),
        (ICELANDIC, "0.00000001", "0,00000001"),
        (ENGLISH, "1234567.5", "1,234,567.5"),
        (ENGLISH, "-1000", "\N{MINUS SIGN}1,000"),
        (ENGLISH, "999999999999999999.99999999", "999,999,999,999,999,999.99999999"),
    ],
)
def test_a_number_is_grouped_and_loses_no_digit(language: Language, text: str, shown: str) -> None:
    assert language.number(text) == shown


def test_kronur_have_no_decimals_and_stand_behind_their_amount() -> None:
    assert ICELANDIC.money("1234567", "ISK") == "1.234.567\N{NO-BREAK SPACE}kr."
    assert ICELANDIC.money("1234.56", "USD") == "1.234,56\N{NO-BREAK SPACE}USD"
    assert ENGLISH.money("1234567", "ISK") == "ISK\N{NO-BREAK SPACE}1,234,567"
    assert ICELANDIC.in_column("1234567", "ISK") == "1.234.567\N{NO-BREAK SPACE}kr."
    assert ENGLISH.in_column("1234567", "ISK") == "1,234,567"


def test_dates_are_written_as_each_language_does() -> None:
    assert ICELANDIC.long(DAY) == "26. nóvember 2026"
    assert ICELANDIC.short(DAY) == "26.11.2026"
    assert ICELANDIC.month(DAY) == "nóvember 2026"
    assert ENGLISH.long(DAY) == "26 November 2026"
    assert ENGLISH.short(DAY) == "26 Nov 2026"
    assert ENGLISH.month(DAY) == "November 2026"


def test_a_time_keeps_its_nanoseconds() -> None:
    assert time_of(1_760_000_000_000_000_000) == (date(2025, 10, 9), "08:53:20")
    assert time_of(1_760_000_000_000_000_001) == (date(2025, 10, 9), "08:53:20.000000001")


def _fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_catalogues_have_exactly_the_same_keys_and_fields() -> None:
    first, *others = (catalogue(code).texts for code in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        for key, text in first.items():
            assert _fields(text) == _fields(other[key]), key


def test_every_text_says_something_and_is_translated() -> None:
    english, icelandic = catalogue("EN").texts, catalogue("IS").texts
    assert all(text.strip() for text in (*english.values(), *icelandic.values()))
    same = {key for key, text in english.items() if text == icelandic[key]}
    assert same == SAME_IN_BOTH


def _words(code: str, group: str) -> set[str]:
    keys = (key.split(".") for key in catalogue(code).texts)
    return {key[1] for key in keys if key[0] == group} - {"unknown"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_of_entry_that_moves_a_clients_money_has_words(code: str) -> None:
    # a movement of money is a deposit or a withdrawal
    assert _words(code, "cash_kind") == CASH_KINDS - {"MOVEMENT"} | {"DEPOSIT", "WITHDRAWAL"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_corporate_action_has_words(code: str) -> None:
    assert _words(code, "event") == set(EVENTS)
