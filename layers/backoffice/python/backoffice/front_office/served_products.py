"""Instruments where they are served: an item a bucket of ISINs, each read when asked for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from backoffice.front_office.product_views import ServedProduct
from backoffice.kernel.columns import bucket_of
from backoffice.records.product_shapes import ISIN_BUCKETS, PRODUCTS

Item = Mapping[str, Any]


def find_product(
    get: Callable[[str, str], Item | None],
    unpack: Callable[[bytes], pl.DataFrame],
    isin: str,
    today: date,
) -> ServedProduct | None:
    """Find an instrument; None where the books know none of that ISIN.

    Parameters
    ----------
    get, unpack
        Reads an item of the table of balances by its keys; reads a frame of bytes.
    """
    bucket: int = bucket_of(pl.Series([isin]), ISIN_BUCKETS).item()
    item = get(PRODUCTS, f"{bucket:04d}")
    if item is None:
        return None
    found = unpack(bytes(item["packed"])).filter(isin=isin)
    if not found.height:
        return None
    due = unpack(bytes(item["due"])).filter(isin=isin)
    return ServedProduct(found.row(0, named=True), due, date.fromisoformat(item["day"]), today)


def all_products(
    items: Iterable[Item], unpack: Callable[[bytes], pl.DataFrame]
) -> pl.DataFrame | None:
    """Return the instruments of all items; None before any."""
    frames = [unpack(bytes(item["packed"])) for item in items]
    return pl.concat(frames) if frames else None
