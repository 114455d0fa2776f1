"""What the API takes and answers of many trades at once, and of what became of one."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from backoffice.front_office.bulk_trades import MOST_TRADES
from backoffice.front_office.models import AcceptedTrade, Refusal, TradeReceipt, TradeRequest
from backoffice.intake.resolve import CONFLICTING_DUPLICATE


class BulkTrades(BaseModel):
    """Trades, each as it would be sent alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trades: tuple[TradeRequest, ...] = Field(min_length=1, max_length=MOST_TRADES)

    @field_validator("trades", mode="before")
    @classmethod
    def _of_objects(cls, trades: object) -> object:
        """Refuse what is no object: the router would take the fields of anything for a trade's."""
        if not isinstance(trades, list) or not all(isinstance(each, dict) for each in trades):
            raise ValueError("must be a list of trades, each an object")
        return trades


class TradeOutcome(BaseModel):
    """What became of one of many: the status it would have been answered with alone."""

    model_config = ConfigDict(frozen=True)

    status: Literal[200, 201, 409, 422]
    trade_id: str | None
    trade_date: date | None = None
    field: str | None = None
    code: str | None = None
    message: str | None = None


class TradeOutcomes(BaseModel):
    """What became of each trade, in the order they were sent."""

    model_config = ConfigDict(frozen=True)

    outcomes: tuple[TradeOutcome, ...]


class FoundTrades(BaseModel):
    """What was accepted under a reference, the latest trade date first."""

    model_config = ConfigDict(frozen=True)

    trades: tuple[AcceptedTrade, ...]


class HoldCause(BaseModel):
    """A code that holds a trade back, and the case that decides it, where there is one yet."""

    model_config = ConfigDict(frozen=True)

    code: str
    case_id: str | None


class TradeStatus(BaseModel):
    """What became of a trade at the latest cut-off that saw it."""

    model_config = ConfigDict(frozen=True)

    trade_id: str
    trade_date: date
    partner: str
    status: Literal["ACCEPTED", "CLEARED", "HELD", "CANCELLED", "REFUSED"] = Field(
        description="ACCEPTED: no cut-off has taken it yet."
    )
    as_of: date | None = Field(description="The day whose cut-off said so; null: none has.")
    settlement_date: date | None
    holds: tuple[HoldCause, ...]


def outcome_of(request: TradeRequest, said: TradeReceipt | Refusal) -> TradeOutcome:
    """Tell what became of a trade as one of many."""
    if isinstance(said, Refusal):
        status: Literal[409, 422] = 409 if said.code == CONFLICTING_DUPLICATE else 422
        return TradeOutcome(status=status, trade_id=request.trade_id, **said.model_dump())
    return TradeOutcome(
        status=201 if said.status == "ACCEPTED" else 200,
        trade_id=said.trade_id,
        trade_date=said.trade_date,
    )
