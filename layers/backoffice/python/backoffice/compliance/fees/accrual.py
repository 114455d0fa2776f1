"""Accrue what each sale of US-listed shares owes: per trade, by the rate of its trade date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.kernel.columns import int128, round_up_expr
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import E8

USD: Final = "USD"
_SHARES: Final = ("EQUITY", "ETF", "FUND")
_CENTS: Final = 10**2
_MILLION: Final = 10**6


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """A fee on sales: its rate and its cap in the rulebook, and of what it is taken.

    `rate` is dollars a million of the amount sold, or a share; `codes` names the rule with the fee
    codes that clients are charged it under.
    """

    name: str
    rate: str
    of_amount: bool
    codes: str
    cap: str | None = None


SECTION_31: Final = FeeTerms(
    "SEC31", "section_31_usd_per_million", of_amount=True, codes="regulatory_fee_codes.SEC31"
)
TAF: Final = FeeTerms(
    "TAF",
    "finra_taf_usd_per_share",
    of_amount=False,
    codes="regulatory_fee_codes.TAF",
    cap="finra_taf_cap_usd_per_trade",
)


def sales(rows: pl.DataFrame, instruments: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Keep the sales in dollars of shares that are listed, or were sold, in the United States.

    Parameters
    ----------
    rows : pl.DataFrame
        `trades.with_terms`. What reverses a sale stays, its sign turned; what is allotted of a
        block is no sale in the market.
    instruments : pl.DataFrame
        isin, asset_class, venue.
    """
    known = instruments.select("isin", "asset_class", listed="venue")
    listed = [mic for mic in rulebook.venues() if rulebook.venue(mic).country == "US"]
    sold = (pl.col("quantity_e8") < 0) ^ pl.col("reverses").is_not_null()
    in_market = rows.filter(~pl.col("is_allotted"))
    joined = in_market.join(known, on="isin", how="left", maintain_order="left")
    return joined.filter(
        sold,
        pl.col("asset_class").is_in(list(_SHARES)),
        pl.col("listed").is_in(listed) | pl.col("venue").is_in(listed),
    )


def accrued(rows: pl.DataFrame, fee: FeeTerms, rulebook: Rulebook) -> pl.DataFrame:
    """Add `accrued_minor`: what each sale owes, in cents rounded up, less what a reversal undoes.

    Raises
    ------
    NoRuleError
        When no rate holds on a trade date.
    """
    days = rows["trade_date"].unique().to_list()
    rates = [rulebook.scaled(fee.rate, day, E8) for day in days]
    caps = [rulebook.scaled(fee.cap, day, 2) if fee.cap else None for day in days]
    terms = pl.DataFrame(
        {"trade_date": days, "rate_e8": rates, "cap_minor": caps},
        schema={"trade_date": pl.Date, "rate_e8": pl.Int128, "cap_minor": pl.Int128},
    )
    priced = rows.join(terms, on="trade_date", how="left", maintain_order="left")
    if fee.of_amount:
        exact, by = pl.col("gross_minor").abs(), _MILLION * 10**E8
    else:
        exact, by = pl.col("quantity_e8").abs(), 10**E8 * 10**E8 // _CENTS
    owed = round_up_expr(exact * pl.col("rate_e8"), int128(by))
    capped = pl.when(pl.col("cap_minor") < owed).then("cap_minor").otherwise(owed)
    sign = pl.when(pl.col("reverses").is_null()).then(int128(1)).otherwise(int128(-1))
    return priced.with_columns(accrued_minor=capped * sign)


def charged(journal: pl.DataFrame, codes: Iterable[str]) -> pl.DataFrame:
    """Return entry_id, charged_minor: what entries charged under some fee codes, in dollars."""
    ours = (pl.col("book") == chart.FEES) & pl.col("ref").is_in(list(codes))
    fees = journal.filter(ours, pl.col("unit") == USD)
    return fees.group_by("entry_id").agg(charged_minor=pl.col("amount").sum() * -1)


def codes_of(fee: FeeTerms, rulebook: Rulebook, day: date) -> list[str]:
    """Return the fee codes that clients are charged the fee under."""
    return [code for code in str(rulebook.value(fee.codes, day)).split(";") if code]


def in_dollars(rows: pl.DataFrame) -> Iterator[str]:
    """Say what was sold for another currency: no rate is of it."""
    other = rows.filter(pl.col("currency") != USD)
    if other.height:
        yield f"{other.height} sales are not in {USD}: {', '.join(sorted(set(other['isin'])))}"
