"""What an account has, as the API tells it: as of the latest close, no trade of today counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.front_office.account_models import (
    AccountBalances,
    AccountPositions,
    BuyingPower,
    MarginFigures,
    Money,
    Position,
)
from backoffice.front_office.cursors import read_cursor, write_cursor
from backoffice.front_office.served_accounts import AccountBooks
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import E8, format_exact, format_scaled
from backoffice.risk.funds import clients_money
from backoffice.risk.margin import Market, assess
from backoffice.risk.margin_figures import FIGURES
from backoffice.risk.margin_rates import MarginRates

_SETTLED: Final = "Liabilities:ClientCash"
_MINOR: Final = "_minor"


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """What is known of an account.

    Attributes
    ----------
    account
        Its row of the reference data: account_id, kind, account_type, currency.
    books
        What stands of it.
    as_of, today
        The latest closed day, and now.
    """

    account: Mapping[str, Any]
    books: AccountBooks
    as_of: date
    today: date

    @property
    def said(self) -> dict[str, Any]:
        """Say of which account and when."""
        age = (self.today - self.as_of).days
        return {
            "account_id": self.account["account_id"],
            "as_of": self.as_of,
            "age_days": max(age, 0),
        }


def positions_of(desk: AccountDesk, limit: int, cursor: str | None) -> AccountPositions:
    """Tell a page of what an account holds, by ISIN and currency.

    Raises
    ------
    BadCursorError
        When the cursor is none of this account's pages.
    """
    listed = f"positions {desk.account['account_id']}"
    after = read_cursor(listed, cursor) if cursor else ()
    rows = sorted(desk.books.held.to_dicts(), key=_place)
    left = [row for row in rows if _place(row) > after]
    page = left[:limit]
    is_more = len(left) > limit
    return AccountPositions(
        **desk.said,
        source=desk.books.sources[-1] if rows else None,
        positions=tuple(map(_position, page)),
        next=write_cursor(listed, _place(page[-1])) if is_more else None,
    )


def balances_of(
    desk: AccountDesk, market: Callable[[], Market], rulebook: Rulebook
) -> AccountBalances:
    """Tell an account's money, what it can buy for and how its margin stands.

    Raises
    ------
    NoRuleError
        When a rule of margin does not hold on the day.
    """
    cash = _cash(desk.books.balances)
    said = {
        **desk.said,
        "source": desk.books.sources[0] if desk.books.sources else None,
        "cash": cash,
    }
    if desk.account["account_type"] != "MARGIN" or desk.account["kind"] != "CLIENT":
        can_buy = [BuyingPower(currency=one.currency, amount=_no_debt(one)) for one in cash]
        return AccountBalances(**said, buying_power=tuple(can_buy), margin=None, missing=())
    margin, missing = _margin(desk, market(), MarginRates.on(rulebook, desk.as_of))
    can_buy = [BuyingPower(currency=margin.currency, amount=margin.buying_power)] if margin else []
    return AccountBalances(**said, buying_power=tuple(can_buy), margin=margin, missing=missing)


def _place(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["isin"], row["currency"]


def _position(row: Mapping[str, Any]) -> Position:
    decimals = MINOR_UNITS[row["currency"]]
    return Position(
        isin=row["isin"],
        currency=row["currency"],
        traded_quantity=format_scaled(row["traded_quantity_e8"], E8),
        settled_quantity=format_scaled(row["settled_quantity_e8"], E8),
        cost_basis=format_exact(row["cost_basis_minor"], decimals),
        realised_pnl=format_exact(row["realised_pnl_minor"], decimals),
    )


def _cash(balances: pl.DataFrame) -> tuple[Money, ...]:
    """Add up an account's money: of every currency that it has or owes."""
    traded = clients_money(balances).group_by("currency").agg(pl.col("cash_minor").sum())
    settled = clients_money(balances.filter(book=_SETTLED))
    paid = dict(settled.group_by("currency").agg(pl.col("cash_minor").sum()).iter_rows())
    return tuple(
        Money(
            currency=currency,
            traded=format_exact(minor, MINOR_UNITS[currency]),
            settled=format_exact(paid.get(currency, 0), MINOR_UNITS[currency]),
        )
        for currency, minor in traded.sort("currency").iter_rows()
    )


def _no_debt(money: Money) -> str:
    """Return what there is of money, or nothing where it is owed."""
    return format_exact(0, MINOR_UNITS[money.currency]) if money.traded[0] == "-" else money.traded


def _margin(
    desk: AccountDesk, market: Market, rates: MarginRates
) -> tuple[MarginFigures | None, tuple[str, ...]]:
    account = desk.account
    known = pl.DataFrame([{name: account[name] for name in ("account_id", "currency")}])
    cash = clients_money(desk.books.balances)
    assessed = assess(known, desk.books.positions, cash, market, rates)
    missing: Sequence[str] = assessed.missing["missing"].to_list()
    if not assessed.margin.height:
        return None, tuple(missing)
    row = assessed.margin.row(0, named=True)
    decimals = MINOR_UNITS[row["currency"]]
    figures = {name.removesuffix(_MINOR): format_exact(row[name], decimals) for name in FIGURES}
    return MarginFigures(currency=row["currency"], **figures), ()
