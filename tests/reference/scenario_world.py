"""The made-up world of a scenario: instruments, accounts, streets, prices, rates, fees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.samples import account, counterparty, fee, instrument, isin, lei

if TYPE_CHECKING:
    import random

Line = dict[str, str]
WINDOWS = (
    dt.date(2026, 10, 8),  # Columbus Day
    dt.date(2024, 5, 23),  # T+2 becomes T+1 in the US, over Memorial Day
    dt.date(2026, 11, 24),  # Thanksgiving
    dt.date(2025, 12, 22),  # Christmas
    dt.date(2026, 3, 31),  # Easter
    dt.date(2018, 11, 8),  # Veterans Day on a Sunday
    dt.date(2017, 8, 31),  # T+3 becomes T+2 in the US, over Labor Day
    dt.date(2027, 10, 7),  # T+2 becomes T+1 in Europe
)
"""First days of weeks that have a holiday or a new cycle in them."""


@dataclass(frozen=True)
class Paper:
    """An instrument with the close its prices stay near."""

    isin: str
    venue: str
    currency: str
    close: str
    asset_class: str = "EQUITY"
    status: str = ""
    issuer: str = ""


ISSUER = lei(51)
PAPERS = (
    Paper(isin("US", 11), "XNYS", "USD", "100"),
    Paper(isin("US", 12), "XNAS", "USD", "12.34", "ETF", issuer=ISSUER),
    Paper(isin("IS", 13), "XICE", "ISK", "250.5"),
    Paper(isin("DE", 14), "XETR", "EUR", "45.6", issuer=ISSUER),
    Paper(isin("KW", 15), "XLON", "KWD", "1.2355", "FUND"),
    Paper(isin("JP", 16), "XPAR", "JPY", "2500"),
    Paper(isin("DE", 17), "XETR", "EUR", "98.525", "BOND"),
    Paper(isin("US", 18), "XNYS", "USD", "101.25", "BOND"),
)
HALTED = Paper(isin("US", 21), "XNYS", "USD", "50", status="HALTED")
RESTRICTED = Paper(isin("SE", 22), "XSTO", "EUR", "9", status="RESTRICTED")
LATE_PAPER = Paper(isin("IS", 23), "XICE", "ISK", "77")
NO_PAPER = Paper(isin("US", 24), "XNAS", "USD", "5")

TRADERS = ("C-FIFO", "C-LIFO", "C-HIFO", "C-AVERAGE", "C-plain", "H-1", "H-2.avg")
MOVER, LIMITED, NO_RATE, PENDING, LATE_ACCOUNT = "C-mover", "C-limit", "C-norate", "C-kyc", "C-late"
NOBODY = "C-nobody"
STREETS = tuple(lei(number) for number in (31, 32, 33))
TRADE_STREET, LATE_STREET, NO_STREET = lei(41), lei(42), lei(43)

_RATES = {"USD": "137.25", "EUR": "148.5", "KWD": "447.125", "JPY": "0.912"}


def instruments(papers: tuple[Paper, ...]) -> list[Line]:
    """Give the instruments rows of some papers."""
    return [
        instrument(p.isin, p.venue, p.currency, asset_class=p.asset_class, status=p.status)
        | {"issuer_lei": p.issuer}
        for p in papers
    ]


def accounts() -> list[Line]:
    """Give the accounts known from the first day."""
    methods = {"C-FIFO": "FIFO", "C-LIFO": "LIFO", "C-HIFO": "HIFO", "C-AVERAGE": "AVERAGE"}
    rows = [account(name, lot_method=method) for name, method in methods.items()]
    rows += [account("C-plain"), account(MOVER)]
    rows += [account("H-1", kind="HOUSE"), account("H-2.avg", kind="HOUSE", lot_method="AVERAGE")]
    rows += [account(LIMITED, currency="ISK", credit_limit="1500000", account_type="MARGIN")]
    rows += [account(NO_RATE, currency="KWD", credit_limit="1000000.125")]
    return [*rows, account(PENDING, kyc_status="PENDING", kyc_review_date="2026-01-31")]


def counterparties() -> list[Line]:
    """Give the counterparties known from the first day."""
    rows = [
        counterparty(code, netting=netting)
        for code, netting in zip(STREETS, ("", "CNS", "NET"), strict=True)
    ]
    return [*rows, counterparty(TRADE_STREET, netting="TRADE", bic="BKSKISRE")]


def first_fees() -> list[Line]:
    """Give a schedule with every basis, rounding, clamp and wildcard."""
    return [
        fee("SEC31", "NOTIONAL", "0.0000278", venue="XNYS", side="SELL", rounding="UP"),
        fee("SEC31", "NOTIONAL", "0.0000278", venue="XNAS", side="SELL", rounding="UP"),
        fee("TAF", "SHARES", "0.000166", side="SELL", maximum="8.30"),
        fee("DESK", "TRADE", "1.25", side="BUY"),
        fee("DESK", "NOTIONAL", "0.0001", venue="XETR", currency="EUR", minimum="0.50"),
        fee("FLOOR", "NOTIONAL", "0.00013", venue="XICE", currency="ISK", rounding="UP"),
        fee("FLOOR", "SHARES", "0.0333", currency="JPY", minimum="10", maximum="500"),
        fee("FLOOR", "NOTIONAL", "0.00021", currency="KWD", valid_to="2099-12-31"),
        fee("GONE", "TRADE", "99", valid_to="2010-12-31"),
    ]


def new_fees(day: dt.date) -> list[Line]:
    """Give rows that end the desk's fee the day before and bring another from `day`."""
    before = (day - dt.timedelta(days=1)).isoformat()
    return [
        fee("DESK", "TRADE", "1.25", side="BUY", valid_to=before),
        fee("DESK", "TRADE", "2.75", side="BUY", valid_from=day.isoformat()),
    ]


def _listed(subject: str, code: str, first: dt.date, last: dt.date | None = None) -> Line:
    row = {"subject": subject, "list": code, "valid_from": first.isoformat()}
    return row | {"valid_to": last.isoformat() if last else "", "accounts": "", "side": ""}


def restrictions(days: list[dt.date]) -> list[Line]:
    """Give entries of both lists that overlap, on issues and an issuer, from the first day on."""
    first, second = days[:2]
    issue, sold = PAPERS[5].isin, PAPERS[2].isin
    return [
        _listed(issue, "RESTRICTED", second, second),
        _listed(issue, "RESTRICTED", first, second) | {"accounts": "HOUSE", "side": "BUY"},
        _listed(ISSUER, "RESTRICTED", first) | {"accounts": "CLIENT", "side": "BUY"},
        _listed(PAPERS[3].isin, "RESTRICTED", second) | {"accounts": "CLIENT", "side": "BOTH"},
        _listed(sold, "RESTRICTED", first, first) | {"accounts": "ALL", "side": "SELL"},
        _listed(NO_PAPER.isin, "RESTRICTED", first),
        _listed(PAPERS[0].isin, "WATCH", first),
        _listed(ISSUER, "WATCH", first) | {"reason": "Advice, not yet announced"},
    ]


def ended(days: list[dt.date]) -> list[Line]:
    """Give the row that ends the issuer's entry with the first day: what it held since goes."""
    return [row | {"valid_to": str(days[0])} for row in restrictions(days)[2:3]]


def prices(rng: random.Random, day: dt.date) -> list[Line]:
    """Give closes of the day, each within a twentieth of where the paper lives."""
    rows = []
    for paper in (*PAPERS, HALTED, RESTRICTED):
        close = Decimal(paper.close) * rng.randint(95, 105) / 100
        row = {"isin": paper.isin, "date": day.isoformat(), "close": f"{close.normalize():f}"}
        rows.append(row | {"currency": paper.currency})
    return rows


def rates(rng: random.Random, day: dt.date) -> list[Line]:
    """Give the rates into krónur of the day."""
    rows = []
    for currency, rate in _RATES.items():
        value = Decimal(rate) * rng.randint(990, 1010) / 1000
        row = {"currency": currency, "base": "ISK", "date": day.isoformat()}
        rows.append(row | {"rate": f"{value.normalize():f}"})
    return rows


def weekdays(first: dt.date, count: int) -> list[dt.date]:
    """Give `count` days from Monday to Friday, from the first on."""
    days = [first + dt.timedelta(days=step) for step in range(count + 2 * (count // 5 + 1))]
    return [day for day in days if day.isoweekday() <= 5][:count]


def day_before(day: dt.date) -> dt.date:
    """Give the calendar day before."""
    return day - dt.timedelta(days=1)
