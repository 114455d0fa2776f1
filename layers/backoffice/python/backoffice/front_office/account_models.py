"""What the API answers of an account and of an instrument; amounts and quantities are text."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class AsOf(_Answer):
    """Of when it is, and from where."""

    as_of: dt.date = Field(description="The business day whose close it is of.")
    age_days: int = Field(description="Days from then to now.")


class Position(_Answer):
    """What an account has of an instrument, by the currency it was bought in; short is negative."""

    isin: str
    currency: str
    traded_quantity: str
    settled_quantity: str
    cost_basis: str
    realised_pnl: str


class AccountPositions(AsOf):
    """A page of an account's positions, by ISIN and currency."""

    account_id: str
    source: str | None = Field(description="The record it is read from; null: it holds nothing.")
    positions: tuple[Position, ...]
    next: str | None = Field(description="The cursor of the next page; null after the last.")


class Money(_Answer):
    """An account's money of a currency; negative where it owes."""

    currency: str
    traded: str = Field(description="With what trades not settled yet will take and bring.")
    settled: str


class MarginFigures(_Answer):
    """How a margin account stands, in its own currency."""

    currency: str
    long_market_value: str
    short_market_value: str
    debit: str
    credit: str
    equity: str
    initial_requirement: str
    maintenance_requirement: str
    excess: str
    buying_power: str
    call: str


class BuyingPower(_Answer):
    """What an account can buy for in a currency."""

    currency: str
    amount: str


class AccountBalances(AsOf):
    """An account's money, what it can buy for, and its margin."""

    account_id: str
    source: str | None = Field(description="The record it is read from; null: nothing is booked.")
    cash: tuple[Money, ...]
    buying_power: tuple[BuyingPower, ...]
    margin: MarginFigures | None = Field(description="Of a margin account that can be assessed.")
    missing: tuple[str, ...] = Field(
        description="What keeps a margin account from being assessed: a code and its subject."
    )


class Due(_Answer):
    """What is still to come in and go out of an instrument by the date it was to settle on."""

    settlement_date: dt.date
    receive: str
    deliver: str


class Inventory(AsOf):
    """What the firm has of an instrument on its own account, and what is due.

    Nothing of it is pledged: the firm gives no securities as collateral.
    """

    isin: str
    traded: str = Field(description="What the firm's own accounts have, trades not settled too.")
    settled: str
    can_sell: str = Field(description="`traded` where it is long, else 0.")
    can_deliver: str = Field(description="What is both its own now and not sold: the lower.")
    segregated: str = Field(
        description="What clients have settled: nobody's to deliver but theirs."
    )
    due: tuple[Due, ...]


class Price(AsOf):
    """The latest close of an instrument."""

    isin: str
    close: str
    currency: str
    date: dt.date
    partner: str = Field(description="Whose file it came in.")
    file: str
    age_sessions: int | None = Field(
        description="Sessions of its venue since its date; null where no calendar is known."
    )


class PriceStructure(_Answer):
    """What the latest close is to a buyer of one unit, and of a lot."""

    close: str | None
    currency: str | None
    date: dt.date | None
    per: str = Field(description="UNIT, or PERCENT of the nominal for a bond.")
    coupon_percent: str | None = Field(description="A bond's, a year.")
    maturity: dt.date | None


class Product(AsOf):
    """What sales may say of an instrument: facts, inventory and price."""

    isin: str
    name: str | None
    symbol: str | None
    venue: str | None
    currency: str | None
    asset_class: str | None
    status: str | None
    inventory: Inventory
    price: PriceStructure
