"""The columns of every kind of file, in the order of the contract's table."""

from __future__ import annotations

from dataclasses import dataclass

from tests.reference import fields
from tests.reference.fields import Reader, number, one_of, shaped

_SIZE = number(above_zero=True, fine=False)
_MONEY = number()
_RATE = number(above_zero=True)
_BIC = shaped(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


def _party(value: str) -> fields.Value:
    return value if value == "OWN" else fields.lei(value)


def _currency_or_any(value: str) -> fields.Value:
    return value if value == "*" else fields.currency(value)


def _unit(value: str) -> fields.Value:
    return fields.currency(value) if len(value) == len("ISK") else fields.isin(value)


@dataclass(frozen=True)
class Column:
    """A column: its reader, whether it may be empty or absent, and what currency it is in."""

    name: str
    read: Reader
    optional: bool = False
    money_in: str = ""
    default: str = ""


def _must(name: str, read: Reader, *, money_in: str = "") -> Column:
    return Column(name, read, money_in=money_in)


def _may(name: str, read: Reader, *, money_in: str = "", default: str = "") -> Column:
    return Column(name, read, optional=True, money_in=money_in, default=default)


_REPORT_STATES = (
    *("ACPT", "ACTC", "PART", "RCVD", "RJCT", "RMDR", "WARN", "INCF", "CRPT", "ACPD", "PDNG"),
    "RJPD",
)

_PROBLEMS = (
    *("EXECUTION", "FEES", "SETTLEMENT", "STATEMENTS", "ADVICE", "UNAUTHORISED", "TRANSFER"),
    *("SERVICE", "THEFT", "OTHER"),
)

KINDS: dict[str, tuple[Column, ...]] = {
    "instruments": (
        _must("isin", fields.isin),
        _must("symbol", fields.text),
        _must("name", fields.text),
        _must("venue", fields.venue),
        _must("currency", fields.currency),
        _must("asset_class", one_of("EQUITY", "ETF", "BOND", "FUND")),
        _may("lot_size", _SIZE),
        _may("liquid", one_of("Y", "N")),
        _may("cfi", shaped(r"[A-Z]{6}")),
        _may("issuer_lei", fields.lei),
        _may("issuer_name", fields.text),
        _may("status", one_of("ACTIVE", "HALTED", "RESTRICTED"), default="ACTIVE"),
        _may("coupon_rate", number(fine=False)),
        _may("coupon_frequency", one_of("1", "2", "4", "12")),
        _may("day_count", one_of("ACT/360", "ACT/365F", "30/360", "30E/360", "ACT/ACT-ICMA")),
        _may("issue_date", fields.date),
        _may("maturity_date", fields.date),
        _may("first_coupon_date", fields.date),
    ),
    "accounts": (
        _must("account_id", fields.account_id),
        _must("name", fields.text),
        _must("kind", one_of("CLIENT", "HOUSE")),
        _must("account_type", one_of("CASH", "MARGIN")),
        _must("currency", fields.currency),
        _must("country", fields.country),
        _may("lei", fields.lei),
        _must("kyc_status", one_of("APPROVED", "PENDING", "EXPIRED", "REJECTED")),
        _may("kyc_review_date", fields.date),
        _may("lot_method", one_of("FIFO", "LIFO", "HIFO", "AVERAGE", "SPECIFIC"), default="FIFO"),
        _may("credit_limit", _MONEY, money_in="currency"),
        _may("language", one_of("EN", "IS")),
        _may("given_names", fields.text),
        _may("surname", fields.text),
        _may("birth_date", fields.date),
        _may("national_id", fields.shaped(r"[ ./-]*(?:[A-Za-z0-9][ ./-]*){1,33}")),
        _may("national_id_kind", one_of("NIDN", "CCPT", "CONCAT")),
        _may("nationality", fields.country),
    ),
    "counterparties": (
        _must("lei", fields.lei),
        _must("name", fields.text),
        _may("bic", fields.bic),
        _may("netting", one_of("NET", "TRADE", "CNS"), default="NET"),
        _may("custodian_account", fields.text),
    ),
    "restrictions": (
        _must("subject", fields.isin_or_lei),
        _must("list", one_of("RESTRICTED", "WATCH")),
        _may("accounts", one_of("ALL", "CLIENT", "HOUSE"), default="ALL"),
        _may("side", one_of("BUY", "SELL", "BOTH"), default="BOTH"),
        _must("valid_from", fields.date),
        _may("valid_to", fields.date),
        _may("reason", fields.text),
    ),
    "prices": (
        _must("isin", fields.isin),
        _must("date", fields.date),
        _must("close", _SIZE),
        _must("currency", fields.currency),
    ),
    "fx": (
        _must("currency", fields.currency),
        _must("base", fields.currency),
        _must("date", fields.date),
        _must("rate", _RATE),
    ),
    "fees": (
        _must("fee_code", fields.text),
        _must("venue", fields.venue_or_any),
        _must("side", one_of("BUY", "SELL", "BOTH")),
        _must("basis", one_of("NOTIONAL", "SHARES", "TRADE")),
        _must("rate", number()),
        _may("minimum", _MONEY, money_in="currency"),
        _may("maximum", _MONEY, money_in="currency"),
        _must("rounding", one_of("HALF_UP", "UP")),
        _must("currency", fields.currency),
        _must("valid_from", fields.date),
        _may("valid_to", fields.date),
    ),
    "locates": (
        _must("locate_id", fields.text),
        _must("isin", fields.isin),
        _must("trade_date", fields.date),
        _must("quantity", number(fine=False)),
        _may("lender", fields.text),
        _may("received_at", fields.time),
    ),
    "movements": (
        _must("movement_id", fields.text),
        _must("account_id", fields.account_id),
        _must("kind", one_of("DEPOSIT", "WITHDRAWAL", "TRANSFER_IN", "TRANSFER_OUT")),
        _may("currency", fields.currency),
        _may("amount", number(above_zero=True), money_in="currency"),
        _may("isin", fields.isin),
        _may("quantity", _SIZE),
        _may("cost", _MONEY, money_in="cost_currency"),
        _may("cost_currency", fields.currency),
        _must("value_date", fields.date),
    ),
    "buyins": (
        _must("buy_in_id", fields.text),
        _must("obligation_id", fields.text),
        _must("counterparty", fields.lei),
        _must("quantity", _SIZE),
        _must("price", _SIZE),
        _must("currency", fields.currency),
        _must("money", number(above_zero=True), money_in="currency"),
        _must("trade_date", fields.date),
        _must("settlement_date", fields.date),
    ),
    "claims": (
        _must("payment_id", fields.text),
        _must("buy_in_id", fields.text),
        _must("currency", fields.currency),
        _must("amount", number(above_zero=True), money_in="currency"),
        _must("value_date", fields.date),
    ),
    "payments": (
        _must("payment_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("kind", one_of("WITHDRAWAL", "FEE", "CLAIM")),
        _may("account_id", fields.account_id),
        _may("fee_code", fields.text),
        _may("counterparty", fields.lei),
        _must("currency", fields.currency),
        _must("amount", number(above_zero=True), money_in="currency"),
        _must("value_date", fields.date),
        _must("beneficiary", fields.text),
        _must("beneficiary_account", shaped(r"[A-Za-z0-9._-]{1,34}")),
        _may("beneficiary_agent", _BIC),
        _may("reference", fields.text),
    ),
    "conditions": (
        _must("request_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("obligation_id", fields.text),
        _must("action", one_of("HOLD", "RELEASE", "CANCEL")),
        _may("quantity", number(above_zero=True)),
        _may("reason", fields.text),
    ),
    "entries": (
        _must("entry_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("effective_date", fields.date),
        _must("account", fields.text),
        _must("unit", _unit),
        _must("amount", number(signed=True), money_in="unit"),
        _may("corrects", fields.text),
        _may("reverse_on", fields.date),
        _may("repeat_until", fields.date),
        _must("reason", fields.text),
    ),
    "periods": (
        _must("request_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("period", shaped(r"[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?")),
        _must("action", one_of("LOCK", "UNLOCK")),
        _may("reason", fields.text),
    ),
    "recordrequests": (
        _must("request_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("kind", one_of("HOLD", "LIFT", "ERASE", "DISPOSE")),
        _may("account_id", fields.account_id),
        _may("hold_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _may("since", fields.date),
        _may("until", fields.date),
        _must("reason", fields.text),
    ),
    "complaints": (
        _must("complaint_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("kind", one_of("RECEIVED", "ACKNOWLEDGED", "ANSWERED", "CLOSED")),
        _must("on_date", fields.date),
        _may("account_id", fields.account_id),
        _may("channel", one_of("LETTER", "EMAIL", "PHONE", "PORTAL", "PERSON", "REGULATOR")),
        _may("product", one_of("EQUITY", "ETF", "BOND", "FUND", "OTHER")),
        _may("problem", one_of(*_PROBLEMS)),
        _may("person", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _may("summary", shaped(r"[0-9a-f]{64}")),
    ),
    "sars": (
        _must("sar_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("account_id", fields.account_id),
        _must("detected_on", fields.date),
        _may("case_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _may("has_suspect", one_of("Y", "N"), default="Y"),
        _must(
            "activity",
            one_of(
                "STRUCTURING",
                "MONEY_LAUNDERING",
                "FRAUD",
                "IDENTITY",
                "INSIDER_TRADING",
                "MARKET_MANIPULATION",
                "WASH_TRADING",
                "TERRORIST_FINANCING",
                "CYBER",
                "OTHER",
            ),
        ),
        _must("amount", number(above_zero=True), money_in="currency"),
        _must("currency", fields.currency),
        _may("active_from", fields.date),
        _may("active_to", fields.date),
        _must("kind", one_of("FILE", "NO_FILE")),
        _may(
            "reason",
            one_of("BELOW_THRESHOLD", "EXPLAINED", "ERROR", "ALREADY_REPORTED", "OTHER"),
        ),
        _may("continues", shaped(r"[A-Za-z0-9._-]{1,35}")),
    ),
    "sarfilings": (
        _must("sar_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("bsa_id", shaped(r"[A-Za-z0-9._-]{1,35}")),
        _must("filed_on", fields.date),
    ),
    "thresholds": (
        _must("isin", fields.isin),
        _must("list_date", fields.date),
        _must("status", one_of("ON", "OFF")),
        _may("shares_outstanding", _SIZE),
    ),
    "ssi": (
        _must("party", _party),
        _may("market", fields.venue_or_any, default="*"),
        _may("currency", _currency_or_any, default="*"),
        _may("asset_class", one_of("EQUITY", "ETF", "BOND", "FUND", "*"), default="*"),
        _must("place_of_settlement", _BIC),
        _may("agent", _BIC),
        _may("safekeeping_account", shaped(r"[A-Za-z0-9/?:().,'+ -]{1,35}")),
        _may("nostro", shaped(r"[A-Za-z0-9._-]{1,34}")),
        _must("valid_from", fields.date),
        _may("valid_to", fields.date),
    ),
    "trades": (
        _must("trade_id", fields.trade_id),
        _may("action", one_of("NEW", "CANCEL", "AMEND"), default="NEW"),
        _may("version", fields.integer),
        _must("account_id", fields.account_id),
        _must("side", one_of("BUY", "SELL", "SHORT")),
        _must("isin", fields.isin),
        _must("quantity", _SIZE),
        _must("price", _SIZE),
        _must("currency", fields.currency),
        _must("trade_time", fields.time),
        _must("venue", fields.venue),
        _must("counterparty", fields.lei),
        _must("capacity", one_of("AGENCY", "PRINCIPAL")),
        _may("commission", _MONEY, money_in="currency", default="0"),
        _may("accrued", _MONEY, money_in="currency"),
        _may("order_id", fields.text),
        _may("locate_id", fields.text),
    ),
    "orders": (
        _must("order_id", fields.text),
        _must("event", one_of("NEW", "REPLACE", "FILL", "CANCEL")),
        _may("parent_id", fields.text),
        _must("account_id", fields.account_id),
        _must("side", one_of("BUY", "SELL", "SHORT")),
        _must("isin", fields.isin),
        _must("quantity", _SIZE),
        _may("limit_price", _SIZE),
        _may("currency", fields.currency),
        _must("venue", fields.venue),
        _must("event_time", fields.time),
        _may("trade_id", fields.trade_id),
    ),
    "allocations": (
        _must("allocation_id", fields.trade_id),
        _may("action", one_of("NEW", "CANCEL", "AMEND"), default="NEW"),
        _may("version", fields.integer),
        _must("block_trade_id", fields.trade_id),
        _must("trade_date", fields.date),
        _must("account_id", fields.account_id),
        _must("quantity", _SIZE),
        _may("currency", fields.currency),
        _may("commission", _MONEY, money_in="currency"),
    ),
    "affirmations": (
        _must("trade_id", fields.trade_id),
        _must("trade_date", fields.date),
        _may("account_id", fields.account_id),
        _must("status", one_of("AFFIRMED", "DISPUTED", "UNAFFIRMED")),
        _must("affirmed_at", fields.time),
        _may("reason", fields.text),
    ),
    "lotchoices": (
        _must("trade_id", fields.trade_id),
        _must("trade_date", fields.date),
        _must("lots", fields.text),
    ),
    "borrows": (
        _must("borrow_id", fields.trade_id),
        _may("action", one_of("NEW", "RETURN", "CANCEL"), default="NEW"),
        _may("return_id", fields.trade_id),
        _must("lender", fields.lei),
        _must("isin", fields.isin),
        _must("quantity", _SIZE),
        _must("date", fields.date),
        _may("return_date", fields.date),
        _may("currency", fields.currency),
        _may("collateral", _MONEY, money_in="currency"),
        _may("fee_rate", number()),
    ),
    "rates": (
        _must("currency", fields.currency),
        _must("side", one_of("DEBIT", "CREDIT")),
        _may("account_type", one_of("CASH", "MARGIN", "ALL"), default="ALL"),
        _may("tier_from", _MONEY, money_in="currency", default="0"),
        _must("rate", number(signed=True)),
        _must("valid_from", fields.date),
        _may("valid_to", fields.date),
    ),
    "policies": (
        _must("policy", one_of("FX_REVALUATION", "MARK_TO_MARKET")),
        _may("currency", fields.currency),
        _must("valid_from", fields.date),
        _may("valid_to", fields.date),
    ),
    "fxdeals": (
        _must("deal_id", fields.trade_id),
        _may("account_id", fields.account_id),
        _may("counterparty", fields.lei),
        _must("buy_currency", fields.currency),
        _must("buy_amount", number(above_zero=True), money_in="buy_currency"),
        _must("sell_currency", fields.currency),
        _must("sell_amount", number(above_zero=True), money_in="sell_currency"),
        _must("trade_date", fields.date),
        _must("value_date", fields.date),
    ),
    "reportstatus": (
        _must("message_id", fields.text),
        _may("record_id", fields.text),
        _must("status", one_of(*_REPORT_STATES)),
        _may("reason", fields.text),
        _may("accepted", fields.integer),
    ),
    "holdings": (
        _must("isin", fields.isin),
        _must("quantity", number()),
        _may("location", fields.text),
    ),
    "holdings.xml": (
        _must("isin", fields.isin),
        _must("quantity", number(signed=True)),
        _may("location", fields.text),
    ),
    "transactions": (
        _may("our_reference", fields.text),
        _may("reference", fields.text),
        _must("isin", fields.isin),
        _must("direction", one_of("RECEIVE", "DELIVER")),
        _must("quantity", number(fine=False)),
        _may("amount", number(signed=True), money_in="currency"),
        _may("currency", fields.currency),
        _may("status", one_of("SETTLED", "PENDING", "CANCELLED"), default="SETTLED"),
        _may("settled_on", fields.date),
        _may("location", fields.text),
    ),
    "cash": (
        _must("currency", fields.currency),
        _must("closing_balance", number(signed=True), money_in="currency"),
        _may("nostro", fields.text),
    ),
    "bank": (
        _must("nostro", fields.text),
        _must("currency", fields.currency),
        _must("amount", number(signed=True), money_in="currency"),
        _must("value_date", fields.date),
        _may("reference", fields.text),
        _may("our_reference", fields.text),
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "instruments": ("isin",),
    "accounts": ("account_id",),
    "counterparties": ("lei",),
    "restrictions": ("subject", "list", "accounts", "side", "valid_from"),
    "prices": ("isin", "date"),
    "fx": ("currency", "base", "date"),
    "fees": ("fee_code", "venue", "side", "currency", "valid_from"),
    "locates": ("locate_id", "isin", "trade_date"),
    "rates": ("currency", "side", "account_type", "tier_from", "valid_from"),
    "policies": ("policy", "valid_from"),
    "thresholds": ("isin", "list_date"),
    "complaints": ("complaint_id", "kind"),
}
"""What a row of reference data replaces an earlier one by."""

NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    "movements": {
        "DEPOSIT": ("currency", "amount"),
        "WITHDRAWAL": ("currency", "amount"),
        "TRANSFER_IN": ("isin", "quantity", "cost", "cost_currency"),
        "TRANSFER_OUT": ("isin", "quantity"),
    },
    "payments": {
        "WITHDRAWAL": ("account_id",),
        "FEE": ("fee_code",),
        "CLAIM": ("counterparty",),
    },
    "complaints": {"RECEIVED": ("account_id", "channel", "problem")},
    "sars": {"NO_FILE": ("reason",)},
    "recordrequests": {
        "LIFT": ("hold_id",),
        "ERASE": ("account_id",),
        "DISPOSE": ("until",),
    },
}
"""What each kind of movement and of payment cannot do without."""


def required(kind: str) -> frozenset[str]:
    """Give the columns a file of the kind must have."""
    return frozenset(column.name for column in KINDS[kind] if not column.optional)
