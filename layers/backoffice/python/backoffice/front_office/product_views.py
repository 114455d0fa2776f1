"""What is known of an instrument, as the API tells it: as of the latest close."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.front_office.account_models import Due, Inventory, Price, PriceStructure, Product
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.scaled import E8, format_scaled

_MOST_DAYS: Final = 3_660


@dataclass(frozen=True, slots=True)
class ServedProduct:
    """An instrument as it is served.

    Attributes
    ----------
    facts
        A row of `records.product_shapes.PRODUCT_SCHEMA`.
    due
        `DUE_SCHEMA` of it.
    as_of, today
        The latest closed day, and now.
    """

    facts: Mapping[str, Any]
    due: pl.DataFrame
    as_of: date
    today: date

    @property
    def said(self) -> dict[str, Any]:
        """Say of which instrument and when."""
        age = (self.today - self.as_of).days
        return {"isin": self.facts["isin"], "as_of": self.as_of, "age_days": max(age, 0)}


def inventory_of(product: ServedProduct) -> Inventory:
    """Tell what the firm has of an instrument and what is due."""
    facts = product.facts
    traded, settled = facts["own_traded_e8"], facts["own_settled_e8"]
    return Inventory(
        **product.said,
        traded=_quantity(traded),
        settled=_quantity(settled),
        can_sell=_quantity(max(traded, 0)),
        can_deliver=_quantity(max(min(traded, settled), 0)),
        segregated=_quantity(facts["clients_settled_e8"]),
        due=tuple(
            Due(
                settlement_date=row["settlement_date"],
                receive=_quantity(row["receive_e8"]),
                deliver=_quantity(row["deliver_e8"]),
            )
            for row in product.due.sort("settlement_date").to_dicts()
        ),
    )


def price_of(product: ServedProduct, calendar: SettlementCalendar) -> Price | None:
    """Tell the latest close of an instrument; None where none has come."""
    facts = product.facts
    if facts["close_e8"] is None:
        return None
    return Price(
        **product.said,
        close=_quantity(facts["close_e8"]),
        currency=facts["close_currency"],
        date=facts["close_date"],
        partner=facts["close_partner"],
        file=facts["close_file"],
        age_sessions=_sessions(calendar, facts["venue"], facts["close_date"], product.as_of),
    )


def product_of(product: ServedProduct) -> Product:
    """Tell all that is known of an instrument."""
    facts = product.facts
    close, coupon = facts["close_e8"], facts["coupon_rate_e8"]
    said = ("name", "symbol", "venue", "currency", "asset_class", "status")
    return Product(
        **product.said,
        **{name: facts[name] for name in said},
        inventory=inventory_of(product),
        price=PriceStructure(
            close=None if close is None else _quantity(close),
            currency=facts["close_currency"],
            date=facts["close_date"],
            per="PERCENT" if facts["asset_class"] == "BOND" else "UNIT",
            coupon_percent=None if coupon is None else _quantity(coupon),
            maturity=facts["maturity_date"],
        ),
    )


def _sessions(
    calendar: SettlementCalendar, venue: str | None, after: date, until: date
) -> int | None:
    """Count a venue's sessions after a day, until another."""
    days = range(1, min((until - after).days, _MOST_DAYS) + 1)
    try:
        return sum(calendar.is_session(venue or "", after + timedelta(each)) for each in days)
    except NoRuleError:
        return None


def _quantity(value: int) -> str:
    return format_scaled(value, E8)
