"""What became of an app's trade: the latest state of it, and the cases that hold it back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import hold_causes
from backoffice.front_office.accept_trade import AcceptedTrades, find_trade, is_trade_id
from backoffice.front_office.bulk_models import FoundTrades, HoldCause, TradeStatus
from backoffice.front_office.models import AcceptedTrade
from backoffice.kernel.columns import bucket_of

_DAYS: Final = 36
"""A trade is served for 35 days, and may be of tomorrow's date where it was made."""

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StatusDesk:
    """What tells of a trade.

    Attributes
    ----------
    parts
        The parts of the register that tell of a trade date: `<bucket>/<buckets>/<key>`.
    read
        Reads a part by its key.
    accounts
        account_id, currency of the accounts on record.
    cases
        The open cases as they are served: sk, code, subject.
    """

    parts: Sequence[str]
    read: Callable[[str], pl.DataFrame]
    accounts: Callable[[], pl.DataFrame]
    cases: Callable[[], Iterable[Item]]


def status_of(desk: StatusDesk, trade: AcceptedTrade) -> TradeStatus:
    """Tell what became of a trade that was accepted."""
    row = _latest(desk, trade)
    said: dict[str, Any] = {
        "trade_id": trade.trade_id,
        "trade_date": trade.trade_date,
        "partner": trade.partner,
    }
    if row is None:
        return TradeStatus(**said, status="ACCEPTED", as_of=None, settlement_date=None, holds=())
    register = row.row(0, named=True)
    return TradeStatus(
        **said,
        status=register["status"],
        as_of=register["state_on"],
        settlement_date=register["settlement_date"],
        holds=_holds(desk, row) if register["status"] == "HELD" else (),
    )


def _latest(desk: StatusDesk, trade: AcceptedTrade) -> pl.DataFrame | None:
    """Find the latest row of the register: its amendments may have moved it between accounts."""
    accounts = pl.Series(sorted({event.trade.get("account_id", "") for event in trade.events}))
    found = []
    for place in desk.parts:
        bucket, buckets, key = place.split("/", 2)
        if int(bucket) in bucket_of(accounts, int(buckets)).to_list():
            own = desk.read(key).filter(
                partner=trade.partner, trade_date=trade.trade_date, trade_id=trade.trade_id
            )
            if own.height:
                found.append(own)
    if not found:
        return None
    return pl.concat(found, how="diagonal").sort("state_on", maintain_order=True).tail(1)


def _holds(desk: StatusDesk, row: pl.DataFrame) -> tuple[HoldCause, ...]:
    causes = hold_causes(row, desk.accounts())
    subjects = dict(causes.select("code", "subject").iter_rows())
    known = {(case["code"], case["subject"]): case["sk"] for case in desk.cases()}
    codes = [code for code in row["hold_codes"].item().split(";") if code]
    return tuple(
        HoldCause(code=code, case_id=known.get((code, subjects.get(code)))) for code in codes
    )


def find_by_reference(
    accepted: AcceptedTrades, partner: str, reference: str, today: date
) -> FoundTrades:
    """Find what was accepted of an app's trades of one trade_id, whatever their date."""
    if not is_trade_id(reference):
        return FoundTrades(trades=())
    dates = [today + timedelta(1) - timedelta(each) for each in range(_DAYS + 1)]
    found = (find_trade(accepted, partner, str(each), reference) for each in dates)
    return FoundTrades(trades=tuple(each for each in found if each is not None))
