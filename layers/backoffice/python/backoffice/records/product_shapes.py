"""How instruments are served: by hash of the ISIN, a frame of facts and one of what is due."""

from typing import Final

import polars as pl

PRODUCTS: Final = "PRODUCTS"
"""The partition of the table of balances that holds them."""
ISIN_BUCKETS: Final = 64
"""As many items: of a hundred thousand instruments each is still far below what an item holds."""

PRODUCT_SCHEMA: Final = pl.Schema(
    {
        "isin": pl.String(),
        "name": pl.String(),
        "symbol": pl.String(),
        "venue": pl.String(),
        "currency": pl.String(),
        "asset_class": pl.String(),
        "status": pl.String(),
        "coupon_rate_e8": pl.Int128(),
        "maturity_date": pl.Date(),
        "close_e8": pl.Int128(),
        "close_currency": pl.String(),
        "close_date": pl.Date(),
        "close_partner": pl.String(),
        "close_file": pl.String(),
        "value_close_e8": pl.Int128(),
        "own_traded_e8": pl.Int128(),
        "own_settled_e8": pl.Int128(),
        "clients_settled_e8": pl.Int128(),
    }
)
"""A row an ISIN that is known, priced or held. `close_e8` is the latest close as it came,
`value_close_e8` what holdings are valued at (a close from before a split, adjusted);
`own_…` is what the firm's accounts have, net; `clients_settled_e8` what clients' long accounts
have settled, which is no one's to deliver but theirs."""

DUE_SCHEMA: Final = pl.Schema(
    {
        "isin": pl.String(),
        "settlement_date": pl.Date(),
        "receive_e8": pl.Int128(),
        "deliver_e8": pl.Int128(),
    }
)
"""What obligations that live still ask for, unsigned, by the date they were to settle on."""
