"""Reads what a bank states: camt.053, balances and entries, and camt.054, entries alone."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from backoffice.formats.iso20022.fields import MISSING_FIELD, Fields, Problem
from backoffice.formats.iso20022.layouts import Layout
from backoffice.formats.iso20022.statement_fields import (
    FALSE,
    amount,
    day,
    page_number,
    reference,
    repeated,
    stated_on,
)
from backoffice.formats.iso20022.statement_rows import Sheet, Told, Waiting
from backoffice.intake.documents import StatementPage
from backoffice.intake.statement_columns import CASH_ENTRIES

_CLOSING: Final = "CLBD"
_STATUSES: Final = {"BOOK": "BOOKED", "INFO": "INFORMATION"}
_MESSAGES: Final = {"Stmt/Ntry": "camt.053", "Ntfctn/Ntry": "camt.054"}
_INDICATOR: Final = ("CdtDbtInd",)
_ENTRY_REFERENCES: Final = ("AcctSvcrRef", "NtryRef")
_ACCOUNT: Final = ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Prxy/Id")
_THEIRS: Final = ("AcctSvcrRef", "AcctSvcrTxId", "TxId")
_OURS: Final = ("AcctOwnrTxId", "EndToEndId", "InstrId")


class Cash:
    """Closing balances and entries of nostro accounts."""

    messages: ClassVar[tuple[str, ...]] = ("camt.053", "camt.054")
    fields: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "cash": {
            "currency": "Stmt/Bal/Amt@Ccy",
            "closing_balance": "Stmt/Bal/Amt",
            "nostro": "Stmt/Acct/Id",
        },
        CASH_ENTRIES: {
            "nostro": "Acct/Id",
            "currency": "Ntry/Amt@Ccy",
            "amount": "Ntry/Amt",
            "status": "Ntry/Sts",
            "booking_date": "Ntry/BookgDt",
            "value_date": "Ntry/ValDt",
        },
    }

    def __init__(self, told: Told) -> None:
        self._told = told
        self._balances = Sheet("currency", "closing_balance", "nostro")
        self._entries = Sheet(
            *("nostro", "currency", "amount", "status", "booking_date", "value_date"),
            *("reference", "our_reference", "message"),
        )
        self._closing, self._moved = Waiting(), Waiting()
        self._of: str | None = None

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """What was gathered, by schema."""
        return {"cash": self._balances, CASH_ENTRIES: self._entries}

    def take(self, part: str, fields: Fields) -> None:
        """Take a piece."""
        if part == "Stmt/Bal":
            self._balance(fields, part)
        elif part.endswith("/Ntry"):
            self._entry(fields, part)
        elif part:
            self._account(fields, part)

    def _balance(self, fields: Fields, part: str) -> None:
        """Take a closing balance; the others say nothing the books are held against."""
        if fields.text("Tp/CdOrPrtry/Cd", "Tp/Cd") != _CLOSING:
            return
        self._of = day(fields, "Dt")
        figure, currency = amount(fields, "", _INDICATOR)
        if fields.problem:
            self._told.reject(fields.problem, part)
            return
        number, unknown = self._told.next(), fields.unread_json(())
        row = self._balances.add(number, unknown, currency, figure, None)
        self._closing.add(part, row)

    def _entry(self, fields: Fields, part: str) -> None:
        """Take an entry; of one that pays several transactions, each that states its amount."""
        figure, currency = amount(fields, "", _INDICATOR)
        status = fields.text("Sts/Cd", "Sts/Prtry", "Sts")
        known = None if status is None else _STATUSES.get(status, "PENDING")
        days = day(fields, "BookgDt"), day(fields, "ValDt")
        theirs = reference(fields, _ENTRY_REFERENCES)
        paid = _transactions(fields, _Paid(figure, currency, theirs, None))
        if fields.problem:
            self._told.reject(fields.problem, part)
            return
        unknown, message = fields.unread_json(()), _MESSAGES[part]
        for one in paid:
            texts = (None, one.currency, one.amount, known, *days, one.theirs, one.ours, message)
            self._moved.add(part, self._entries.add(self._told.next(), unknown, *texts))

    def _account(self, fields: Fields, part: str) -> None:
        """Take the account that balances and entries were of."""
        nostro = fields.text(*_ACCOUNT)
        closing, moved = self._closing.of(part), self._moved.of(part)
        self._balances.fill("nostro", closing, nostro)
        self._entries.fill("nostro", moved, nostro)
        if part != "Stmt":
            return
        page, of = _page(fields, nostro, self._of), self._of
        self._of = None
        self._told.pages.append(page)
        if page.last and not closing and of is None:
            missing = Problem("Bal", MISSING_FIELD, "a closing balance (CLBD) is missing")
            self._told.reject(missing, part)


class _Paid(NamedTuple):
    """What an entry, or a transaction of it, says of itself."""

    amount: str | None
    currency: str | None
    theirs: str | None
    ours: str | None


def _transactions(fields: Fields, entry: _Paid) -> list[_Paid]:
    """Return each transaction of an entry where their amounts add up to it, or the entry.

    What stands alone brings its own references; of several that do not add up none is the entry's.
    """
    found = _named(fields.layout)
    if len(found) == 1:
        return [_referred(fields, found[0], entry)]
    parts = []
    for one in found:
        money, currency = amount(fields, one.base, one.indicators)
        stated = entry._replace(amount=money, currency=currency or entry.currency)
        parts.append(_referred(fields, one, stated))
    return parts if parts and _adds_up(parts, entry) else [entry]


class _Named(NamedTuple):
    """Where a transaction of an entry stands, and what tells of it."""

    base: str
    indicators: tuple[str, ...]
    theirs: tuple[str, ...]
    ours: tuple[str, ...]


@lru_cache(maxsize=512)
def _named(layout: Layout) -> tuple[_Named, ...]:
    """Name the transactions of an entry."""
    bases = [
        f"{transaction}/"
        for details in repeated(layout, "NtryDtls")
        for transaction in repeated(layout, f"{details}/TxDtls")
    ]
    return tuple(
        _Named(
            base,
            (f"{base}CdtDbtInd", *_INDICATOR),
            tuple(f"{base}Refs/{name}" for name in _THEIRS),
            tuple(f"{base}Refs/{name}" for name in _OURS),
        )
        for base in bases
    )


def _referred(fields: Fields, one: _Named, paid: _Paid) -> _Paid:
    theirs = reference(fields, one.theirs) or paid.theirs
    return paid._replace(theirs=theirs, ours=reference(fields, one.ours))


def _adds_up(parts: list[_Paid], entry: _Paid) -> bool:
    try:
        total = sum((Decimal(part.amount or "") for part in parts), Decimal())
        return total == Decimal(entry.amount or "")
    except InvalidOperation:
        return False


def _page(fields: Fields, nostro: str | None, of: str | None) -> StatementPage:
    last = fields.text("StmtPgntn/LastPgInd")
    return StatementPage(
        message="camt.053",
        account=nostro,
        statement_id=fields.text("Id"),
        stated_on=stated_on(of),
        page=page_number(fields.text("StmtPgntn/PgNb")),
        last=last not in FALSE,
    )
