"""Margin against the same rules in plain whole numbers and fractions."""

import math
from fractions import Fraction
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.risk.margin import Market, assess
from backoffice.risk.margin_rates import MarginRates

DIGITS: Final = {"USD": 2, "EUR": 2, "ISK": 0, "KWD": 3}
ISINS: Final = {
    f"X{n}": (currency, kind)
    for n, (currency, kind) in enumerate(
        (currency, kind) for currency in DIGITS for kind in ("EQUITY", "BOND")
    )
}
percents = st.integers(1, 150 * 10**4)
RATES: Final = st.builds(
    MarginRates,
    initial=percents,
    long=percents,
    short=percents,
    short_a_share_cents=st.integers(0, 1000),
    low_below_e8=st.integers(0, 20 * 10**8),
    low=percents,
    low_a_share_cents=st.integers(0, 1000),
    bond_principal=percents,
    house=st.none() | percents,
)
quantities = st.integers(-(10**15), 10**15)


def half_up(value: Fraction) -> int:
    size = math.floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


class Plain:
    """One account, assessed number by number."""

    def __init__(self, currency: str, market: dict[str, Any], rates: MarginRates) -> None:
        self.currency, self.market, self.rates = currency, market, rates
        self.long = self.short = self.cash = self.need = 0
        self.missing: set[str] = set()

    def rate(self, theirs: str) -> Fraction | None:
        units = Fraction(10 ** DIGITS[self.currency], 10 ** DIGITS[theirs])
        if theirs == self.currency:
            return Fraction(1)
        found = self.market["rates"].get((theirs, self.currency))
        if found is None:
            self.missing.add(f"NO_FX_RATE {theirs}/{self.currency}")
            return None
        return Fraction(found, 10**18) * units

    def hold(self, isin: str, quantity_e8: int) -> None:
        currency, kind = ISINS[isin]
        close = self.market["closes"].get(isin)
        if close is None:
            self.missing.add(f"NO_PRICE {isin}")
            return
        unit = Fraction(10 ** DIGITS[currency])
        price = Fraction(close, 10**8) / (100 if kind == "BOND" else 1)
        own = half_up(Fraction(quantity_e8, 10**8) * price * unit)
        rate = self.rate(currency)
        if rate is None:
            return
        value = half_up(own * rate)
        if quantity_e8 > 0:
            self.long += value
        else:
            self.short -= value
            needed = self.needed(isin, -own, Fraction(-quantity_e8, 10**8))
            self.need += math.ceil(needed * rate)

    def needed(self, isin: str, own: int, shares: Fraction) -> int:
        currency, kind = ISINS[isin]
        rates, house = self.rates, self.rates.house or 0
        low = currency == "USD" and self.market["closes"][isin] < rates.low_below_e8
        by_value = Fraction(max(rates.low if low and kind != "BOND" else rates.short, house), 10**6)
        asked = [math.ceil(own * by_value)]
        if kind == "BOND":
            principal = shares * 10 ** DIGITS[currency]
            asked.append(math.ceil(principal * Fraction(rates.bond_principal, 10**6)))
        elif currency == "USD":
            cents = rates.low_a_share_cents if low else rates.short_a_share_cents
            asked.append(math.ceil(shares * cents))
        return max(asked)

    def owe(self, currency: str, minor: int) -> None:
        rate = self.rate(currency)
        if rate is not None:
            self.cash += half_up(minor * rate)

    def row(self) -> dict[str, Any]:
        rates = self.rates
        share = Fraction(max(rates.long, rates.house or 0), 10**6)
        maintenance = math.ceil(self.long * share) + self.need
        initial = math.ceil((self.long + self.short) * Fraction(rates.initial, 10**6))
        equity = self.cash + self.long - self.short
        excess = equity - initial
        return {
            "account_id": "M-1",
            "currency": self.currency,
            "long_market_value_minor": self.long,
            "short_market_value_minor": self.short,
            "debit_minor": max(-self.cash, 0),
            "credit_minor": max(self.cash, 0),
            "equity_minor": equity,
            "initial_requirement_minor": initial,
            "maintenance_requirement_minor": maintenance,
            "excess_minor": excess,
            "buying_power_minor": math.floor(max(excess, 0) / Fraction(rates.initial, 10**6)),
            "call_minor": max(maintenance - equity, 0),
        }


def column(values: list[int]) -> pl.Series:
    return pl.Series(values, dtype=pl.Int128)


@settings(max_examples=300, deadline=None)
@given(
    currency=st.sampled_from(list(DIGITS)),
    held=st.dictionaries(st.sampled_from(list(ISINS)), quantities.filter(bool), max_size=5),
    owed=st.dictionaries(
        st.sampled_from(list(DIGITS)), st.integers(-(10**12), 10**12).filter(bool), max_size=3
    ),
    closes=st.fixed_dictionaries({}, optional={i: st.integers(1, 10**13) for i in ISINS}),
    pairs=st.sets(st.tuples(st.sampled_from(list(DIGITS)), st.sampled_from(list(DIGITS)))),
    rate=st.integers(1, 10**22),
    rates=RATES,
)
def test_columns_come_to_what_plain_fractions_do(
    currency: str,
    held: dict[str, int],
    owed: dict[str, int],
    closes: dict[str, int],
    pairs: set[tuple[str, str]],
    rate: int,
    rates: MarginRates,
) -> None:
    known = {pair: rate + n for n, pair in enumerate(sorted(pairs))}
    plain = Plain(currency, {"closes": closes, "rates": known}, rates)
    for isin, quantity in held.items():
        plain.hold(isin, quantity)
    for code, minor in owed.items():
        plain.owe(code, minor)
    found = assess(
        pl.DataFrame({"account_id": ["M-1"], "currency": [currency]}),
        pl.DataFrame(
            {"isin": list(held), "quantity_e8": column(list(held.values()))},
            schema_overrides={"isin": pl.String},
        ).with_columns(account_id=pl.lit("M-1")),
        pl.DataFrame(
            {"currency": list(owed), "cash_minor": column(list(owed.values()))},
            schema_overrides={"currency": pl.String},
        ).with_columns(account_id=pl.lit("M-1")),
        Market(
            closes=pl.DataFrame(
                {"isin": list(closes), "close_e8": column(list(closes.values()))},
                schema_overrides={"isin": pl.String},
            ).with_columns(currency=pl.Series([ISINS[i][0] for i in closes], dtype=pl.String)),
            rates=pl.DataFrame(
                {
                    "currency": [pair[0] for pair in known],
                    "base": [pair[1] for pair in known],
                    "rate_e18": column(list(known.values())),
                },
                schema_overrides={"currency": pl.String, "base": pl.String},
            ),
            instruments=pl.DataFrame(
                {"isin": list(ISINS), "asset_class": [kind for _, kind in ISINS.values()]}
            ),
        ),
        rates,
    )
    assert set(found.missing["missing"]) == plain.missing
    expected = [] if plain.missing or not (held or owed) else [plain.row()]
    assert found.margin.to_dicts() == expected
