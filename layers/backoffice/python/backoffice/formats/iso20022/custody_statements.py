"""Reads what a custodian states: semt.002, what it holds, and semt.017, what it posted."""

from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar, Final

from backoffice.formats.iso20022.fields import Fields
from backoffice.formats.iso20022.layouts import Layout
from backoffice.formats.iso20022.statement_fields import (
    FALSE,
    amount,
    day,
    page_number,
    place,
    quantity,
    reference,
    repeated,
    stated_on,
)
from backoffice.formats.iso20022.statement_rows import Sheet, Told, Waiting
from backoffice.intake.documents import StatementPage
from backoffice.intake.statement_columns import CUSTODY_BALANCES

_LONG_SHORT: Final = {"LONG": "", "SHOR": "-"}
_DIRECTIONS: Final = {"RECE": "RECEIVE", "DELI": "DELIVER"}
_KNOWN: Final = ("TxDtls/SfkpgPlc/", "TxDtls/Pmt")
_PERIOD: Final = "StmtGnlDtls/StmtPrd"
_OURS: Final = ("AcctOwnrTxId",)
_THEIRS: Final = ("AcctSvcrTxId", "MktInfrstrctrTxId")
_INDICATORS: Final = ("TxDtls/PstngAmt/CdtDbt", "TxDtls/PstngAmt/CdtDbtInd")
BALANCES: Final = ("BalForAcct", "SubAcctDtls/BalForSubAcct")


class Holdings:
    """Balances by ISIN and place, a row each."""

    messages: ClassVar[tuple[str, ...]] = ("semt.002",)
    fields: ClassVar[Mapping[str, Mapping[str, str]]] = {
        CUSTODY_BALANCES: {
            "isin": "BalForAcct/FinInstrmId/ISIN",
            "quantity": "BalForAcct/AggtBal/Qty/Qty/Qty/Unit",
            "location": "BalForAcct/SfkpgPlc",
        }
    }

    def __init__(self, told: Told) -> None:
        self._told = told
        self._balances = Sheet("isin", "quantity", "location")
        self._waiting = Waiting()

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """What was gathered, by schema."""
        return {CUSTODY_BALANCES: self._balances}

    def take(self, part: str, fields: Fields) -> None:
        """Take a piece."""
        if part in BALANCES:
            self._balance(fields, part)
            return
        self._balances.locate(self._waiting.of(part), fields)
        if not part:
            self._told.pages.append(_page("semt.002", fields, "StmtGnlDtls/StmtDtTm"))

    def _balance(self, fields: Fields, part: str) -> None:
        """Add a row for each place a balance is broken down by, or the one."""
        bases = _places(fields.layout)
        isin = fields.text("FinInstrmId/ISIN")
        stated = []
        for base in bases:
            side = fields.choice(f"{base}AggtBal/ShrtLngInd", _LONG_SHORT)
            figure = quantity(fields, f"{base}AggtBal/Qty/Qty", _LONG_SHORT.get(side or "", ""))
            stated.append((figure, place(fields, f"{base}SfkpgPlc")))
        if fields.problem:
            self._told.reject(fields.problem, part)
            return
        unknown = fields.unread_json(("AggtBal/", *(f"{base}SfkpgPlc/" for base in bases)))
        for figure, where in stated:
            row = self._balances.add(self._told.next(), unknown, isin, figure, where)
            self._waiting.add(part, row)


@lru_cache(maxsize=512)
def _places(layout: Layout) -> tuple[str, ...]:
    """Name the places a balance is broken down by; "" is the balance itself, where it is not."""
    names = repeated(layout, "BalAtSfkpgPlc")
    return tuple(f"{name}/" for name in names) or ("",)


class Transactions:
    """What a custodian posted, a row a transaction."""

    messages: ClassVar[tuple[str, ...]] = ("semt.017",)
    fields: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "transactions": {
            "isin": "FinInstrmDtls/FinInstrmId/ISIN",
            "direction": "FinInstrmDtls/Tx/TxDtls/SctiesMvmntTp",
            "quantity": "FinInstrmDtls/Tx/TxDtls/PstngQty/Qty/Unit",
            "amount": "FinInstrmDtls/Tx/TxDtls/PstngAmt/Amt",
            "currency": "FinInstrmDtls/Tx/TxDtls/PstngAmt/Amt@Ccy",
            "settled_on": "FinInstrmDtls/Tx/TxDtls/FctvSttlmDt",
        }
    }

    def __init__(self, told: Told) -> None:
        self._told = told
        self._posted = Sheet(
            *("our_reference", "reference", "isin", "direction", "quantity"),
            *("amount", "currency", "settled_on", "location"),
        )
        self._waiting = Waiting()

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """What was gathered, by schema."""
        return {"transactions": self._posted}

    def take(self, part: str, fields: Fields) -> None:
        """Take a piece."""
        if part.endswith("/Tx"):
            self._transaction(fields, part)
            return
        rows = self._waiting.of(part)
        if part.endswith("FinInstrmDtls"):
            self._posted.fill("isin", rows, fields.text("FinInstrmId/ISIN"))
            self._waiting.add(part, *rows)
            return
        self._posted.locate(rows, fields)
        if not part:
            ends = (f"{_PERIOD}/FrDtToDt/ToDt", f"{_PERIOD}/FrDtTmToDtTm/ToDtTm")
            self._told.pages.append(_page("semt.017", fields, *ends))

    def _transaction(self, fields: Fields, part: str) -> None:
        movement = fields.choice("TxDtls/SctiesMvmntTp", _DIRECTIONS)
        money, currency = amount(fields, "TxDtls/PstngAmt/", _INDICATORS)
        texts = (
            reference(fields, _OURS),
            reference(fields, _THEIRS),
            None,
            _DIRECTIONS.get(movement or ""),
            quantity(fields, "TxDtls/PstngQty"),
            money,
            currency,
            day(fields, "TxDtls/FctvSttlmDt"),
            place(fields, "TxDtls/SfkpgPlc"),
        )
        if fields.problem:
            self._told.reject(fields.problem, part)
            return
        row = self._posted.add(self._told.next(), fields.unread_json(_KNOWN), *texts)
        self._waiting.add(part, row)


def _page(message: str, fields: Fields, *dates: str) -> StatementPage:
    number, last = fields.text("Pgntn/PgNb"), fields.text("Pgntn/LastPgInd")
    return StatementPage(
        message=message,
        account=fields.text("SfkpgAcct/Id"),
        statement_id=fields.text("StmtGnlDtls/StmtId"),
        stated_on=stated_on(day(fields, *dates)),
        page=page_number(number),
        last=last not in FALSE,
    )
