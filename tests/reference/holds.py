"""Why a captured trade is not cleared yet, and what each reason is about."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference import calendars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference.standing import Standing
    from tests.reference.trades import Trade

_BAND = Decimal("0.20")


def _account_holds(trade: Trade, standing: Standing) -> Iterator[str]:
    values = trade.version
    account = standing.account(values.text("account_id"))
    if account is None:
        yield "UNKNOWN_ACCOUNT"
        return
    if account.text("kyc_status") != "APPROVED":
        yield "KYC_NOT_APPROVED"
    if not trade.buys or not account.has("credit_limit"):
        return
    currency, base = values.text("currency"), account.text("currency")
    same = currency == base
    rate = Decimal(1) if same else standing.rate(currency, base, trade.trade_date)
    if rate is None:
        yield "NO_FX_RATE"
    elif trade.figures and trade.figures.net * rate > account.amount("credit_limit"):
        yield "CREDIT_LIMIT"


def _instrument_holds(trade: Trade, standing: Standing) -> Iterator[str]:
    values = trade.version
    instrument = standing.instrument(values.text("isin"))
    if instrument is None:
        yield "UNKNOWN_INSTRUMENT"
    else:
        if instrument.text("currency") != values.text("currency"):
            yield "CURRENCY_MISMATCH"
        if instrument.text("status") != "ACTIVE":
            yield "INSTRUMENT_NOT_ACTIVE"
    close = standing.close(values.text("isin"), trade.trade_date)
    if close is not None and abs(values.amount("price") - close) > close * _BAND:
        yield "PRICE_OUT_OF_BAND"


def _list_holds(trade: Trade, standing: Standing) -> Iterator[str]:
    if standing.is_restricted(trade.version, trade.trade_date):
        yield "RESTRICTED_LIST"


def _market_holds(trade: Trade, standing: Standing, *, located: bool) -> Iterator[str]:
    values, day = trade.version, trade.trade_date
    if not standing.knows_counterparty(values.text("counterparty")):
        yield "UNKNOWN_COUNTERPARTY"
    if values.text("side") == "SHORT" and not (located and values.has("locate_id")):
        yield "SHORT_WITHOUT_LOCATE"
    if calendars.in_range(day) and not calendars.is_session(values.text("venue"), day):
        yield "NOT_A_SESSION"
    if trade.settles is None:
        yield "NO_RULE"


def holds_of(trade: Trade, standing: Standing, *, located: bool = True) -> tuple[str, ...]:
    """Give every hold code that applies to a priced trade, sorted.

    `located` says whether the locate it names, if it names one, covers it.
    """
    found = {
        *_account_holds(trade, standing),
        *_instrument_holds(trade, standing),
        *_list_holds(trade, standing),
        *_market_holds(trade, standing, located=located),
    }
    return tuple(sorted(found))


def subject_of(code: str, trade: Trade) -> str:
    """Give what a hold is about: trades held for one cause make one case."""
    values = trade.version
    if code in ("UNKNOWN_ACCOUNT", "KYC_NOT_APPROVED"):
        return values.text("account_id")
    if code in ("UNKNOWN_INSTRUMENT", "INSTRUMENT_NOT_ACTIVE", "RESTRICTED_LIST"):
        return values.text("isin")
    if code == "UNKNOWN_COUNTERPARTY":
        return values.text("counterparty")
    if code in ("NOT_A_SESSION", "NO_RULE"):
        return f"{values.text('venue')} {trade.trade_date}"
    return "/".join(str(part) for part in trade.identity)
