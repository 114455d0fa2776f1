"""The shape of each reference table: its columns, and the key by which a later row replaces one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import polars as pl

Schema: TypeAlias = Mapping[str, pl.DataType | type[pl.DataType]]

PRECEDENCE: Final = ("business_date", "file", "row", "partner")
"""Where a row came from; of two rows of one key the later in this order applies."""

KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "instruments": ("isin",),
        "accounts": ("account_id",),
        "counterparties": ("lei",),
        "owners": ("owned", "owner"),
        "restrictions": ("subject", "list", "accounts", "side", "valid_from"),
        "prices": ("isin", "date"),
        "fx": ("currency", "base", "date"),
        "fees": ("fee_code", "venue", "side", "currency", "valid_from"),
        "locates": ("locate_id", "isin", "trade_date"),
        "ssi": ("party", "market", "currency", "asset_class", "valid_from"),
        "rates": ("currency", "side", "account_type", "tier_from_minor", "valid_from"),
        "policies": ("policy", "valid_from"),
        "thresholds": ("isin", "list_date"),
        "complaints": ("complaint_id", "kind"),
    }
)

_ORIGIN: Final[Schema] = {
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
    "partner": pl.String,
}
_COMPLAINED: Final[Schema] = dict.fromkeys(
    ("complaint_id", "kind", "account_id", "channel", "product", "problem", "person", "summary"),
    pl.String,
)
_LISTED: Final[Schema] = {"status": pl.String, "shares_outstanding_e8": pl.Int128}


def _table(columns: Schema) -> Schema:
    """Frame a table's own columns by where its rows came from and what was unknown in them."""
    return MappingProxyType({**_ORIGIN, **columns, "unknown": pl.String})


SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "instruments": _table(
            {
                "isin": pl.String,
                "symbol": pl.String,
                "name": pl.String,
                "venue": pl.String,
                "currency": pl.String,
                "asset_class": pl.String,
                "lot_size_e8": pl.Int128,
                "liquid": pl.String,
                "cfi": pl.String,
                "issuer_lei": pl.String,
                "issuer_name": pl.String,
                "status": pl.String,
                "coupon_rate_e8": pl.Int128,
                "coupon_frequency": pl.String,
                "day_count": pl.String,
                "issue_date": pl.Date,
                "maturity_date": pl.Date,
                "first_coupon_date": pl.Date,
            }
        ),
        "accounts": _table(
            {
                "account_id": pl.String,
                "name": pl.String,
                "kind": pl.String,
                "account_type": pl.String,
                "currency": pl.String,
                "country": pl.String,
                "lei": pl.String,
                "kyc_status": pl.String,
                "kyc_review_date": pl.Date,
                "lot_method": pl.String,
                "credit_limit_minor": pl.Int128,
                "language": pl.String,
                "given_names": pl.String,
                "surname": pl.String,
                "birth_date": pl.String,
                "national_id": pl.String,
                "national_id_kind": pl.String,
                "nationality": pl.String,
            }
        ),
        "counterparties": _table(
            {
                "lei": pl.String,
                "name": pl.String,
                "bic": pl.String,
                "netting": pl.String,
                "custodian_account": pl.String,
            }
        ),
        "owners": _table(
            {
                "owned": pl.String,
                "owner": pl.String,
                "owner_name": pl.String,
                "owner_kind": pl.String,
                "percent_e8": pl.Int128,
            }
        ),
        "restrictions": _table(
            {
                "subject": pl.String,
                "list": pl.String,
                "accounts": pl.String,
                "side": pl.String,
                "valid_from": pl.Date,
                "valid_to": pl.Date,
                "reason": pl.String,
            }
        ),
        "prices": _table(
            {"isin": pl.String, "date": pl.Date, "close_e8": pl.Int128, "currency": pl.String}
        ),
        "fx": _table(
            {"currency": pl.String, "base": pl.String, "date": pl.Date, "rate_e18": pl.Int128}
        ),
        "fees": _table(
            {
                "fee_code": pl.String,
                "venue": pl.String,
                "side": pl.String,
                "basis": pl.String,
                "rate_e8": pl.Int128,
                "minimum_minor": pl.Int128,
                "maximum_minor": pl.Int128,
                "rounding": pl.String,
                "currency": pl.String,
                "valid_from": pl.Date,
                "valid_to": pl.Date,
            }
        ),
        "locates": _table(
            {
                "locate_id": pl.String,
                "isin": pl.String,
                "trade_date": pl.Date,
                "quantity_e8": pl.Int128,
                "lender": pl.String,
                "received_at": pl.Datetime("ns", "UTC"),
            }
        ),
        "ssi": _table(
            {
                "party": pl.String,
                "market": pl.String,
                "currency": pl.String,
                "asset_class": pl.String,
                "place_of_settlement": pl.String,
                "agent": pl.String,
                "safekeeping_account": pl.String,
                "nostro": pl.String,
                "valid_from": pl.Date,
                "valid_to": pl.Date,
            }
        ),
        "rates": _table(
            {
                "currency": pl.String,
                "side": pl.String,
                "account_type": pl.String,
                "tier_from_minor": pl.Int128,
                "rate_e6": pl.Int128,
                "valid_from": pl.Date,
                "valid_to": pl.Date,
            }
        ),
        "policies": _table(
            {"policy": pl.String, "currency": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
        ),
        "complaints": _table({**_COMPLAINED, "on_date": pl.Date}),
        "thresholds": _table({"isin": pl.String, "list_date": pl.Date, **_LISTED}),
    }
)


def empty_table(kind: str) -> pl.DataFrame:
    """Return the table of one kind with no rows, as it stands before its first file.

    Raises
    ------
    KeyError
        When `kind` is no reference table.
    """
    return pl.DataFrame(schema=dict(SCHEMAS[kind]))
