"""Which standing instruction holds: the most specific, on its date, as it was known."""

from datetime import date
from typing import Any, Final

import polars as pl
import pytest

from backoffice.clearance.instruction_changes import INSTRUCTION_SCHEMA
from backoffice.settlement.standing_instructions import ASKED, holding

_JUNE: Final = date(2026, 6, 1)
_ANY: Final = {"market": "*", "currency": "*", "asset_class": "*"}


def known(*rows: dict[str, Any]) -> pl.DataFrame:
    """Give approved rows, each named by its account."""
    plain = dict.fromkeys(INSTRUCTION_SCHEMA) | _ANY | {"party": "OWN", "status": "APPROVED"}
    plain |= {"place_of_settlement": "NASDISRE", "valid_from": date(2026, 1, 1)}
    plain |= {"counts_from": date(2026, 1, 1), "decided_at": "2026-01-01T10:00:00.000+00:00"}
    return pl.DataFrame([plain | row for row in rows], schema=dict(INSTRUCTION_SCHEMA))


def found(
    table: pl.DataFrame, on: date = _JUNE, known_on: date | None = None, **asked: str | None
) -> str | None:
    """Return the account of the row that holds."""
    told = {"market": "XNYS", "currency": "USD", "asset_class": "EQUITY", "party": "OWN"} | asked
    row = {"number": 0, **{name: told[name] for name in ASKED}, "on": on}
    row["known_on"] = known_on or on
    types = dict.fromkeys(ASKED, pl.String)
    rows = holding(pl.DataFrame([row], schema_overrides=types), table)
    return rows["safekeeping_account"].item() if rows.height else None


def account(name: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 - what a row says
    return {"safekeeping_account": name, **said}


@pytest.mark.parametrize(
    "stronger_first",
    [
        ({"market": "XNYS", "currency": "USD", "asset_class": "EQUITY"}, {"market": "XNYS"}),
        ({"currency": "USD", "asset_class": "EQUITY"}, {"market": "XNYS"}),
        ({"market": "XNYS"}, {"asset_class": "EQUITY"}),
        ({"asset_class": "EQUITY"}, {"currency": "USD"}),
        ({"market": "XNYS", "currency": "USD"}, {"currency": "USD", "asset_class": "EQUITY"}),
        ({"currency": "USD"}, {}),
        ({"valid_from": date(2026, 3, 1)}, {"valid_from": date(2026, 2, 1)}),
        ({"decided_at": "2026-02-01T10:00:00.000+00:00"}, {}),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_more_specific_holds_then_the_later(
    stronger_first: tuple[dict[str, Any], dict[str, Any]],
    turned: bool,  # noqa: FBT001 - pytest's own
) -> None:
    strong, weak = stronger_first
    rows = [account("strong", **strong), account("weak", **weak)]
    assert found(known(*(reversed(rows) if turned else rows))) == "strong"


@pytest.mark.parametrize(
    "said", [{"market": "XLON"}, {"currency": "EUR"}, {"asset_class": "BOND"}, {"party": "X"}]
)
def test_what_is_about_something_else_never_holds(said: dict[str, str]) -> None:
    assert found(known(account("other", **said))) is None
    assert found(known(account("other", **said), account("any"))) == "any"


def test_of_what_has_no_market_only_what_is_of_any_holds() -> None:
    rows = known(account("market", market="XNYS"), account("usd", currency="USD"))
    assert found(rows, market=None, asset_class=None) == "usd"


def test_it_holds_in_its_time_and_once_it_counts() -> None:
    rows = known(account("one", valid_from=_JUNE, valid_to=_JUNE))
    assert found(rows) == "one"
    assert found(rows, date(2026, 5, 31)) is None
    assert found(rows, date(2026, 6, 2)) is None
    late = known(account("late", counts_from=_JUNE))
    assert found(late, known_on=date(2026, 5, 31)) is None
    assert found(late) == "late"


def test_the_later_approved_of_a_key_ends_the_earlier() -> None:
    ended = account("ended", valid_to=date(2026, 5, 1), decided_at="2026-04-01T10:00:00.000+00:00")
    ended["counts_from"] = date(2026, 4, 1)
    rows = known(account("first"), ended)
    assert found(rows) is None
    assert found(rows, date(2026, 3, 1)) == "first"


def test_what_is_proposed_or_refused_never_holds() -> None:
    rows = [account("no", status=status) for status in ("PROPOSED", "REFUSED", "SUPERSEDED")]
    assert found(known(*rows)) is None
