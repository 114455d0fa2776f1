"""What rows of the computation are worth in dollars, by the latest closes and direct rates."""

from dataclasses import dataclass

import polars as pl

from backoffice.compliance.reserve.frames import ROW, USD
from backoffice.kernel.columns import format_scaled_expr
from backoffice.kernel.frames import shaped
from backoffice.risk.margin import Market
from backoffice.risk.valuation import converted, with_rate, with_values

_RATE_SCALE = 18


@dataclass(frozen=True, slots=True)
class Dollars:
    """Turns shares and money into dollars; what cannot be is null, and `missing` says why."""

    market: Market

    def of_shares(self, holdings: pl.DataFrame) -> pl.DataFrame:
        """Add currency, value_minor, usd_minor, rate, missing to rows of isin, quantity_e8."""
        known = self.market.instruments.unique("isin")
        held = holdings.join(known, on="isin", how="left", maintain_order="left")
        valued = with_values(held, self.market.closes)
        drops = ["asset_class", "close_e8", "value_unit"]
        return self._rated(valued.drop(drops)).rename({"value_currency": "currency"})

    def of_money(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add usd_minor, rate, missing to rows of currency, value_minor."""
        named = rows.rename({"currency": "value_currency"})
        nothing = pl.lit(None, pl.String)
        return self._rated(named.with_columns(missing=nothing)).rename(
            {"value_currency": "currency"}
        )

    def _rated(self, rows: pl.DataFrame) -> pl.DataFrame:
        rated = with_rate(rows.with_columns(account_currency=pl.lit(USD)), self.market.rates)
        pairs = self.market.rates.filter(pl.col("base") == USD)
        shown = pairs.select(
            value_currency="currency", rate=format_scaled_expr(pl.col("rate_e18"), _RATE_SCALE)
        )
        done = rated.with_columns(usd_minor=converted("value_minor"))
        large = pl.format("OUT_OF_RANGE {}", "value_currency")
        done = done.with_columns(
            missing=pl.coalesce("missing", pl.when(pl.col("usd_minor").is_null()).then(large))
        )
        said = done.join(shown, on="value_currency", how="left", maintain_order="left")
        own = pl.when(pl.col("value_currency") == USD).then(pl.lit("1"))
        return said.with_columns(rate=pl.coalesce(own, "rate")).drop(
            "account_currency", "rate_times", "rate_by"
        )

    def money_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Complete rows of money: `ROW` without dollars."""
        bare = rows.drop("usd_minor", "rate", "missing", strict=False)
        return shaped(self.of_money(bare), ROW)

    def share_rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Complete rows of shares: `ROW` whose `unit` is the ISIN and `amount` the shares."""
        drops = ("currency", "value_minor", "usd_minor", "rate", "missing")
        bare = rows.drop(*drops, strict=False)
        valued = self.of_shares(bare.with_columns(isin="unit", quantity_e8="amount"))
        return shaped(valued, ROW)
