"""What each kind of file holds: one declared list of columns a kind, in the contract's order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backoffice.intake.accounting_columns import ACCOUNTING_SCHEMAS
from backoffice.intake.action_columns import ACTIONS, ELECTIONS
from backoffice.intake.codes import (
    ACCOUNT_ID,
    ANY_VENUE,
    COUNTRY,
    CURRENCY,
    ISIN,
    ISSUE_OR_ISSUER,
    LEI,
    PARTY_ID,
    TRADE_ID,
    VENUE,
    choice,
)
from backoffice.intake.column import Check, Column, Personal
from backoffice.intake.column import may as _may
from backoffice.intake.column import need as _need
from backoffice.intake.cross_checks import (
    above_a_hundred,
    ends_before_it_begins,
    exceeds_maximum,
    notional_too_big,
    rate_too_big,
)
from backoffice.intake.forms import Money, Number, Text, Whole
from backoffice.intake.instrument_columns import INSTRUMENTS
from backoffice.intake.money_columns import MONEY_SCHEMAS
from backoffice.intake.order_columns import ORDERS
from backoffice.intake.personal_columns import PERSONAL
from backoffice.intake.post_trade_columns import POST_TRADE
from backoffice.intake.record_columns import RECORD_SCHEMAS
from backoffice.intake.settlement_columns import (
    CONDITION_COLUMNS,
    INSTRUCTION_COLUMNS,
    PAYMENT_COLUMNS,
)
from backoffice.intake.statement_columns import STATEMENT_SCHEMAS
from backoffice.intake.times import Day, Instant

_CASH_KINDS: Final = ("DEPOSIT", "WITHDRAWAL")
_TRANSFER_KINDS: Final = ("TRANSFER_IN", "TRANSFER_OUT")

_LOT_METHODS: Final = ("FIFO", "LIFO", "HIFO", "AVERAGE", "SPECIFIC")
_POSITIVE: Final = Number(scale=8, above_zero=True)
_TEXT: Final = Text()

SCHEMAS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "instruments": INSTRUMENTS,
        "accounts": (
            _need("account_id", ACCOUNT_ID),
            _need("name", _TEXT, personal=Personal("account_id", when=("kind", "CLIENT"))),
            _need("kind", choice("CLIENT", "HOUSE")),
            _need("account_type", choice("CASH", "MARGIN")),
            _need("currency", CURRENCY),
            _need("country", COUNTRY),
            _may("lei", LEI),
            _need("kyc_status", choice("APPROVED", "PENDING", "EXPIRED", "REJECTED")),
            _may("kyc_review_date", Day()),
            _may("lot_method", choice(*_LOT_METHODS), default="FIFO"),
            _may("credit_limit", Money()),
            _may("language", choice("EN", "IS")),
            *PERSONAL,  # of a natural person: nothing plain of them is to lie in the records
        ),
        "counterparties": (
            _need("lei", LEI),
            _need("name", _TEXT),
            _may("bic", _TEXT),
            _may("netting", choice("NET", "TRADE", "CNS"), default="NET"),
            _may("custodian_account", _TEXT),
        ),
        "owners": (
            _need("owned", PARTY_ID),
            _need("owner", PARTY_ID),
            _need("owner_name", _TEXT, personal=Personal("owner")),
            _may("owner_kind", choice("PERSON", "ENTITY")),
            _need("percent", _POSITIVE, Check("must not be above 100", above_a_hundred)),
        ),
        "restrictions": (
            _need("subject", ISSUE_OR_ISSUER),
            _need("list", choice("RESTRICTED", "WATCH")),
            _may("accounts", choice("ALL", "CLIENT", "HOUSE"), default="ALL"),
            _may("side", choice("BUY", "SELL", "BOTH"), default="BOTH"),
            _need("valid_from", Day()),
            _may("valid_to", Day(), Check("must not be before valid_from", ends_before_it_begins)),
            _may("reason", _TEXT),
        ),
        "prices": (
            _need("isin", ISIN),
            _need("date", Day()),
            _need("close", _POSITIVE),
            _need("currency", CURRENCY),
        ),
        "fx": (
            _need("currency", CURRENCY),
            _need("base", CURRENCY),
            _need("date", Day()),
            _need("rate", Number(scale=18, above_zero=True)),
        ),
        "fees": (
            _need("fee_code", _TEXT),
            _need("venue", ANY_VENUE),
            _need("side", choice("BUY", "SELL", "BOTH")),
            _need("basis", choice("NOTIONAL", "SHARES", "TRADE")),
            _need(
                "rate",
                Number(scale=8, above_zero=False),
                Check("must be below 1000 where the basis is NOTIONAL or SHARES", rate_too_big),
            ),
            _may("minimum", Money()),
            _may("maximum", Money(), Check("must not be below the minimum", exceeds_maximum)),
            _need("rounding", choice("HALF_UP", "UP")),
            _need("currency", CURRENCY),
            _need("valid_from", Day()),
            _may("valid_to", Day(), Check("must not be before valid_from", ends_before_it_begins)),
        ),
        "locates": (
            _need("locate_id", _TEXT),
            _need("isin", ISIN),
            _need("trade_date", Day()),
            # nothing located is a locate withdrawn
            _need("quantity", Number(scale=8, above_zero=False)),
            _may("lender", _TEXT),
            _may("received_at", Instant("received_at")),
        ),
        "payments": PAYMENT_COLUMNS,
        "conditions": CONDITION_COLUMNS,
        **ACCOUNTING_SCHEMAS,
        **RECORD_SCHEMAS,
        "ssi": INSTRUCTION_COLUMNS,
        "movements": (
            _need("movement_id", _TEXT),
            _need("account_id", ACCOUNT_ID),
            _need("kind", choice(*_CASH_KINDS, *_TRANSFER_KINDS)),
            _may("currency", CURRENCY, needed_for=_CASH_KINDS),
            _may("amount", Money(above_zero=True), needed_for=_CASH_KINDS),
            _may("isin", ISIN, needed_for=_TRANSFER_KINDS),
            _may("quantity", _POSITIVE, needed_for=_TRANSFER_KINDS),
            _may("cost", Money("cost_currency"), needed_for=("TRANSFER_IN",)),
            _may("cost_currency", CURRENCY, needed_for=("TRANSFER_IN",)),
            _need("value_date", Day()),
        ),
        "buyins": (
            _need("buy_in_id", _TEXT),
            _need("obligation_id", _TEXT),
            _need("counterparty", LEI),
            _need("quantity", _POSITIVE),
            _need("price", _POSITIVE),
            _need("currency", CURRENCY),
            _need("money", Money(above_zero=True)),
            _need("trade_date", Day()),
            _need("settlement_date", Day()),
        ),
        "claims": (
            _need("payment_id", _TEXT),
            _need("buy_in_id", _TEXT),
            _need("currency", CURRENCY),
            _need("amount", Money(above_zero=True)),
            _need("value_date", Day()),
        ),
        "trades": (
            _need("trade_id", TRADE_ID),
            _may("action", choice("NEW", "CANCEL", "AMEND"), default="NEW"),
            _may("version", Whole()),
            _need("account_id", ACCOUNT_ID),
            _need("side", choice("BUY", "SELL", "SHORT")),
            _need("isin", ISIN),
            _need(
                "quantity",
                _POSITIVE,
                Check("times the price must be below 10^21", notional_too_big),
            ),
            _need("price", _POSITIVE),
            _need("currency", CURRENCY),
            _need("trade_time", Instant("traded_at")),
            _need("venue", VENUE),
            _need("counterparty", LEI),
            _need("capacity", choice("AGENCY", "PRINCIPAL")),
            _may("commission", Money(), default="0"),
            _may("accrued", Money()),
            _may("order_id", _TEXT),
            _may("locate_id", _TEXT),
        ),
        "orders": ORDERS,
        **POST_TRADE,
        **MONEY_SCHEMAS,
        "actions": ACTIONS,
        "elections": ELECTIONS,
        **STATEMENT_SCHEMAS,
    }
)
