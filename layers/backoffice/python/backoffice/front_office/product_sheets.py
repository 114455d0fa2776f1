"""What a product's sheet holds: facts, price and inventory of an instrument, for sales."""

from collections.abc import Iterator
from typing import Final

from backoffice.front_office.account_models import Inventory, Price, Product
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import E8, format_exact, parse_scaled, round_half_up
from backoffice.records.client_documents.clients import firm
from backoffice.records.client_documents.contents import (
    Block,
    Contents,
    facts,
    group,
    heading,
    note,
    table,
)

_PERCENT: Final = "PERCENT"
_SIZES: Final = {"UNIT": (100, 1_000, 10_000), _PERCENT: (10_000, 100_000, 1_000_000)}
"""Of how many units, or of what nominal amount, a sheet says what they cost at the close."""


def sheet_contents(
    product: Product, price: Price | None, rulebook: Rulebook, language: str
) -> Contents:
    """Return what a sheet of an instrument holds, as `formats.printing.wording` reads it.

    Parameters
    ----------
    price
        The latest close; None where none has come, which the sheet says.
    language
        `en` or `is`.
    """
    day = product.as_of.isoformat()
    blocks = [*_facts(product), *_price(product, price), *_inventory(product.inventory)]
    return {
        "kind": "PRODUCT",
        "document_id": product.isin,
        "as_of": day,
        "period": day,
        "period_type": "long",
        "language": language.upper(),
        "firm": firm(rulebook, product.as_of),
        "facts": [("isin", "short", product.isin), ("as_of", "long", day)],
        "blocks": [*blocks, note("note.product")],
    }


def _facts(product: Product) -> Iterator[Block]:
    yield heading("section.product")
    yield facts(
        ("security", "text", product.name),
        ("symbol", "short", product.symbol),
        ("asset_class", "code:asset_class", product.asset_class),
        ("venue", "short", product.venue),
        ("currency", "short", product.currency),
        ("listing", "code:listing", product.status),
        ("coupon", "price", product.price.coupon_percent),
        ("maturity", "long", product.price.maturity and product.price.maturity.isoformat()),
        strong=("security",),
    )


def _price(product: Product, price: Price | None) -> Iterator[Block]:
    yield heading("section.price")
    if price is None:
        yield note("note.no_close", strong=True)
        return
    is_percent = product.price.per == _PERCENT
    age = None if price.age_sessions is None else str(price.age_sessions)
    close = "price_percent" if is_percent else "close"
    yield facts(
        (close, "price" if is_percent else "amount", price.close if is_percent else _said(price)),
        ("close_of", "long", price.date.isoformat()),
        ("source", "text", price.partner),
        ("age_sessions", "quantity", age),
        strong=(close,),
    )
    size = "nominal" if is_percent else "quantity"
    rows = [
        {size: str(each), "worth": _worth(price, each, product.price.per)}
        for each in _SIZES[product.price.per]
    ]
    if price.currency in MINOR_UNITS:
        yield table("worth", {size: "quantity", "worth": "money"}, rows, currency=price.currency)


def _said(price: Price) -> tuple[str, str]:
    return price.close, price.currency


def _worth(price: Price, size: int, per: str) -> str:
    """Return what so much is worth at the close, rounded half up to the currency's minor unit."""
    decimals = MINOR_UNITS.get(price.currency, 0)
    hundred = 100 if per == _PERCENT else 1
    worth = parse_scaled(price.close, E8) * size * 10**decimals
    return format_exact(round_half_up(worth, 10**E8 * hundred), decimals)


def _inventory(inventory: Inventory) -> Iterator[Block]:
    yield group(
        heading("section.inventory"),
        facts(
            ("can_sell", "quantity", inventory.can_sell),
            ("can_deliver", "quantity", inventory.can_deliver),
            ("own_traded", "quantity", inventory.traded),
            ("own_settled", "quantity", inventory.settled),
            strong=("can_sell", "can_deliver"),
        ),
    )
    if inventory.due:
        columns = {"due": "day", "receive": "quantity", "deliver": "quantity"}
        rows = [
            {
                "due": each.settlement_date.isoformat(),
                "receive": each.receive,
                "deliver": each.deliver,
            }
            for each in inventory.due
        ]
        yield table("due", columns, rows)
