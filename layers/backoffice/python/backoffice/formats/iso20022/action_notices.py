"""Reads what is announced of corporate actions: seev.031, a row a notification."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from backoffice.formats.iso20022.fields import Fields
from backoffice.formats.iso20022.statement_fields import (
    LONGEST_FIGURE,
    day,
    plain_decimal,
    repeated,
)
from backoffice.formats.iso20022.statement_rows import Sheet, Told
from backoffice.intake.documents import StatementPage

_KINDS: Final = {"NEWM": "NEW", "REPL": "AMEND", "RMDR": None}
"""A reminder says what is known."""
_EVENTS: Final[Mapping[str, str]] = {
    "DVCA": "CASH_DIVIDEND",
    "DVSE": "STOCK_DIVIDEND",
    "BONU": "STOCK_DIVIDEND",
    "DVOP": "DIVIDEND_OPTION",
    "SPLF": "SPLIT",
    "SPLR": "REVERSE_SPLIT",
    "MRGR": "MERGER",
    "SOFF": "SPIN_OFF",
    "RHDI": "RIGHTS",
    "EXRI": "EXERCISE",
    "TEND": "TENDER",
    "REDM": "REDEMPTION",
    "MCAL": "REDEMPTION",
    "CHAN": "ISIN_CHANGE",
}
_OPTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("DVOP", "CASH"): "CASH",
    ("DVOP", "SECU"): "SHARES",
    ("EXRI", "EXER"): "EXERCISE",
    ("EXRI", "LAPS"): "LAPSE",
    ("TEND", "CASH"): "TENDER",
    ("TEND", "NOAC"): "KEEP",
}
_COLUMNS: Final = (
    *("action_id", "action", "event", "isin", "ex_date", "record_date", "pay_date", "currency"),
    *("rate", "ratio_new", "ratio_old", "new_isin", "lieu_price", "election_deadline"),
    *("default_option",),
)
_GENERAL: Final = "CorpActnGnlInf"
_DATES: Final = "CorpActnDtls/DtDtls"
_PRICES: Final = ("GncCshPricRcvdPerPdct", "GncCshPricPdPerPdct")
_RATIOS: Final = ("NewToOd", "AddtlQtyForExstgScties", "AddtlQtyForSbcbdRsltntScties")


@dataclass(slots=True)
class _Offer:
    """What the options of a notification say together; the first that says a thing counts."""

    texts: dict[str, str]
    default: str | None = None

    def say(self, name: str, text: str | None) -> None:
        """Note a text, if there is one and none was there."""
        if text is not None:
            self.texts.setdefault(name, text)


class ActionNotices:
    """Notifications of corporate actions, a row each."""

    messages: ClassVar[tuple[str, ...]] = ("seev.031",)
    fields: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "actions": {
            "action_id": f"{_GENERAL}/CorpActnEvtId",
            "event": f"{_GENERAL}/EvtTp/Cd",
            "isin": f"{_GENERAL}/UndrlygScty/FinInstrmId/ISIN",
            "ex_date": f"{_DATES}/ExDvddDt/Dt",
            "record_date": f"{_DATES}/RcrdDt/Dt",
            "pay_date": "CorpActnOptnDtls/CshMvmntDtls/DtDtls/PmtDt/Dt",
            "rate": "CorpActnOptnDtls/CshMvmntDtls/RateAndAmtDtls/GrssDvddRate/Amt",
            "currency": "CorpActnOptnDtls/CshMvmntDtls/RateAndAmtDtls/GrssDvddRate/Amt@Ccy",
            "new_isin": "CorpActnOptnDtls/SctiesMvmntDtls/SctyDtls/FinInstrmId/ISIN",
        }
    }

    def __init__(self, told: Told) -> None:
        self._told = told
        self._rows = Sheet(*_COLUMNS)
        self._offer = _Offer({})

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """What was gathered, by schema."""
        return {"actions": self._rows}

    def take(self, part: str, fields: Fields) -> None:
        """Take an option; the notification itself is "" and comes last."""
        if part:
            self._take_option(fields)
            return
        offer, self._offer = self._offer, _Offer({})
        self._take_notice(fields, offer)
        self._told.pages.append(StatementPage(message="seev.031"))

    def _take_option(self, fields: Fields) -> None:
        offer = self._offer
        if fields.text("DfltPrcgOrStgInstr/DfltOptnInd") in {"true", "1"}:
            offer.default = fields.text("OptnTp/Cd")
        offer.say("election_deadline", day(fields, "DtDtls/RspnDdln/Dt", "DtDtls/RspnDdln"))
        for base in repeated(fields.layout, "CshMvmntDtls"):
            _take_cash(fields, base, offer)
        for base in repeated(fields.layout, "SctiesMvmntDtls"):
            _take_shares(fields, base, offer)

    def _take_notice(self, fields: Fields, offer: _Offer) -> None:
        action = fields.choice("NtfctnGnlInf/NtfctnTp", _KINDS)
        code = fields.choice(f"{_GENERAL}/EvtTp/Cd", _EVENTS) or ""
        if fields.problem:
            self._told.reject(fields.problem)
            return
        if _KINDS[str(action)] is None:
            return
        texts = offer.texts | {
            "action": str(_KINDS[str(action)]),
            "event": _EVENTS[code],
            "action_id": fields.text(f"{_GENERAL}/CorpActnEvtId") or "",
            "isin": fields.text(f"{_GENERAL}/UndrlygScty/FinInstrmId/ISIN") or "",
        }
        if _OPTIONS.get((code, offer.default or "")):
            texts["default_option"] = _OPTIONS[code, str(offer.default)]
        else:
            texts.pop("election_deadline", None)
        dates = {
            "ex_date": day(fields, f"{_DATES}/ExDvddDt", f"{_DATES}/FctvDt"),
            "record_date": day(fields, f"{_DATES}/RcrdDt"),
        }
        unknown = fields.unread_json(("AcctDtls/",))
        said = texts | {name: text for name, text in dates.items() if text}
        self._rows.add(self._told.next(), unknown, *(said.get(name) for name in _COLUMNS))


def _take_cash(fields: Fields, base: str, offer: _Offer) -> None:
    offer.say("pay_date", day(fields, f"{base}/DtDtls/PmtDt"))
    prices = [f"{base}/PricDtls/{price}/AmtPric/PricVal" for price in _PRICES]
    paths = (f"{base}/RateAndAmtDtls/GrssDvddRate/Amt", *prices)
    for path in fields.there(paths):
        offer.say("rate", plain_decimal(fields.text(path, longest=LONGEST_FIGURE)))
        offer.say("currency", fields.text(f"{path}@Ccy"))
    _take_lieu(fields, base, offer)


def _take_shares(fields: Fields, base: str, offer: _Offer) -> None:
    if fields.text(f"{base}/CdtDbtInd") != "CRDT":
        return
    offer.say("pay_date", day(fields, f"{base}/DtDtls/PmtDt"))
    offer.say("new_isin", fields.text(f"{base}/SctyDtls/FinInstrmId/ISIN"))
    for ratio in _RATIOS:
        of = f"{base}/RateDtls/{ratio}/QtyToQty"
        offer.say("ratio_new", plain_decimal(fields.text(f"{of}/Qty1", longest=LONGEST_FIGURE)))
        offer.say("ratio_old", plain_decimal(fields.text(f"{of}/Qty2", longest=LONGEST_FIGURE)))
    _take_lieu(fields, base, offer)


def _take_lieu(fields: Fields, base: str, offer: _Offer) -> None:
    path = f"{base}/PricDtls/CshInLieuOfShrPric/AmtPric/PricVal"
    offer.say("lieu_price", plain_decimal(fields.text(path, longest=LONGEST_FIGURE)))
    offer.say("currency", fields.text(f"{path}@Ccy"))
