"""What the API takes and answers, as JSON; every number is text, so that none is ever a float."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _in_unicode(text: str) -> str:
    """Refuse half a surrogate pair: JSON can spell one, but no store can hold it."""
    text.encode()
    return text


Text: TypeAlias = Annotated[str, AfterValidator(_in_unicode)]


class TradeRequest(BaseModel):
    """One trade with the columns of a `trades` file; a field unknown there is kept.

    Which fields must be there and what they may hold is for the validation that files pass: here
    each is text, or null when it is absent.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, Text | None]

    trade_id: Text | None = None
    action: Text | None = None
    version: Text | None = None
    account_id: Text | None = None
    side: Text | None = None
    isin: Text | None = None
    quantity: Text | None = None
    price: Text | None = None
    currency: Text | None = None
    trade_time: Text | None = None
    venue: Text | None = None
    counterparty: Text | None = None
    capacity: Text | None = None
    commission: Text | None = None
    accrued: Text | None = None
    order_id: Text | None = None
    locate_id: Text | None = None

    def texts(self) -> dict[str, str]:
        """Return the fields that are there, as they came."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        fields |= self.__pydantic_extra__
        return {name: text for name, text in fields.items() if text is not None}


class Preview(BaseModel):
    """What clearing would say now; what counts is what it says at the cut-off.

    Amounts are in the trade's currency with its decimals; null where they cannot be computed yet.
    """

    model_config = ConfigDict(frozen=True)

    status: str
    hold_codes: tuple[str, ...]
    settlement_date: date | None
    gross: str | None
    fees: str | None
    net: str | None


_Field = Annotated[Text, Field(min_length=1, max_length=64)]


class OrderRequest(BaseModel):
    """An order as it would be traded, with the columns of a `trades` file as text.

    Without a time it is asked for now; without a counterparty the street is left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    account_id: _Field
    side: _Field
    isin: _Field
    quantity: _Field
    price: _Field
    currency: _Field
    venue: _Field
    trade_time: _Field | None = None
    counterparty: _Field | None = None
    commission: _Field | None = None
    accrued: _Field | None = None
    locate_id: _Field | None = None


class CheckAnswer(BaseModel):
    """Whether an order would clear and, where not, every code that would hold it.

    Amounts are in the order's currency. What was sent since the last cut-off is not counted; no
    answer tells what an account has.
    """

    model_config = ConfigDict(frozen=True)

    would_clear: bool
    codes: tuple[str, ...]
    settlement_date: date | None
    gross: str | None
    fees: str | None
    net: str | None


class TradeReceipt(BaseModel):
    """A trade that was taken, now or before."""

    model_config = ConfigDict(frozen=True)

    trade_id: str
    trade_date: date
    partner: str
    status: Literal["ACCEPTED", "DUPLICATE"]
    preview: Preview | None


class Refusal(BaseModel):
    """Why a trade was not taken: the first reject code that applies, and the field it is about."""

    model_config = ConfigDict(frozen=True)

    field: str
    code: str
    message: str


class AcceptedEvent(BaseModel):
    """One event of a trade as it came."""

    model_config = ConfigDict(frozen=True)

    action: str
    version: str | None
    received_at: str
    trade: Mapping[str, str]


class AcceptedTrade(BaseModel):
    """What was accepted under one trade identity."""

    model_config = ConfigDict(frozen=True)

    trade_id: str
    trade_date: date
    partner: str
    status: Literal["ACCEPTED"] = "ACCEPTED"
    events: tuple[AcceptedEvent, ...]


class Problem(BaseModel):
    """An error as application/problem+json (RFC 9457); a refused trade says its field and code."""

    model_config = ConfigDict(frozen=True)

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = None
    code: str | None = None
    message: str | None = None

    def to_json(self) -> str:
        """Write the problem without the members it lacks."""
        return self.model_dump_json(exclude_none=True)
