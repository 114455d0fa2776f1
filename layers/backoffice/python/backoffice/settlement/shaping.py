"""Shaping: what is above a market's largest instruction goes out as several that add up to it.

A part is named `<obligation_id>.<n>`, n from 1. Each is as large as may be, the last is the rest;
money goes with the shares, rounded half-up as it adds up, so that the parts' money is the whole.
Source: the maximum lot of the rulebook (`largest_instruction_quantity.<MIC>` in shares,
`largest_instruction_money.<currency>` in major units); a market without one has no maximum.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.kernel.currencies import minor_units
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import E8, parse_scaled, round_half_up

PART_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "part_id": pl.String,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
    }
)
"""One instruction of several for an obligation; signed as the obligation's are."""

MOST_PARTS: Final = 9_999
"""More find no room in an id of 35 characters: such an obligation stays one instruction."""

_SHARE: Final = 10**E8
_QUANTITY: Final = "largest_instruction_quantity"
_MONEY: Final = "largest_instruction_money"


def shape(obligations: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Return the parts of the obligations that are above a maximum of the day they go out.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, instructed; of several venues the smallest maximum counts.

    Returns
    -------
    pl.DataFrame
        `PART_SCHEMA`; nothing of an obligation that goes out as one instruction.
    """
    parts: list[tuple[str, str, int, int]] = []
    for row in obligations.filter(_may_be_above(rulebook)).iter_rows(named=True):
        parts.extend(_parts(row, rulebook))
    return pl.DataFrame(parts, schema=dict(PART_SCHEMA), orient="row")


def _may_be_above(rulebook: Rulebook) -> pl.Expr:
    """Whether an obligation is above any maximum there ever is: few are, and are looked at."""
    kinds = [(*rule.name.partition(".")[::2], str(rule.value)) for rule in rulebook.rules()]
    lots = [parse_scaled(value, E8) for kind, _, value in kinds if kind == _QUANTITY]
    money = (pl.col("sell_gross_minor") - pl.col("buy_gross_minor")).abs()
    above = [pl.col("quantity_e8").abs() > min(lots)] if lots else []
    above += [
        (pl.col("currency") == currency) & (money > parse_scaled(value, minor_units(currency)))
        for kind, currency, value in kinds
        if kind == _MONEY
    ]
    return pl.any_horizontal(above) if above else pl.lit(value=False)


def instructions(obligations: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Return a row an instruction: obligations, with parts in place of those that have some."""
    if not parts.height:
        return obligations
    nothing = pl.lit(0, dtype=pl.Int128)
    money = pl.col("money_minor")
    several = (
        parts.rename({"quantity_e8": "part_e8"})
        .join(obligations, on="obligation_id", how="inner", maintain_order="left")
        .with_columns(
            obligation_id="part_id",
            quantity_e8="part_e8",
            sell_gross_minor=pl.when(money > 0).then(money).otherwise(nothing),
            buy_gross_minor=pl.when(money < 0).then(money * -1).otherwise(nothing),
        )
        .select(obligations.columns)
    )
    whole = obligations.join(parts, on="obligation_id", how="anti", maintain_order="left")
    return pl.concat([whole, several])


def obligations_of(names: Iterable[str], parts: pl.DataFrame) -> tuple[str, ...]:
    """Return the obligations that instructions are of, each once, in their order."""
    known = dict(parts.select("part_id", "obligation_id").iter_rows())
    return tuple(dict.fromkeys(known.get(name, name) for name in names))


def addressed(messages: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Let messages about a part be about its obligation."""
    if not parts.height:
        return messages
    known = parts.select(obligation_id="part_id", of="obligation_id")
    named = messages.join(known, on="obligation_id", how="left", maintain_order="left")
    return named.with_columns(obligation_id=pl.coalesce("of", "obligation_id")).drop("of")


def _parts(row: Mapping[str, Any], rulebook: Rulebook) -> Iterator[tuple[str, str, int, int]]:
    whole, money = row["quantity_e8"], row["sell_gross_minor"] - row["buy_gross_minor"]
    on, currency = row["instructed_on"], row["currency"]
    venues = [each["venue"] for each in row["venues"]]
    lots = [_largest(rulebook, f"{_QUANTITY}.{venue}", on, E8) for venue in venues]
    lot = min((each for each in lots if each is not None), default=None)
    most = _largest(rulebook, f"{_MONEY}.{currency}", on, minor_units(currency))
    for number, (quantity, amount) in enumerate(_split(whole, money, lot, most), start=1):
        yield row["obligation_id"], f"{row['obligation_id']}.{number}", quantity, amount


def _largest(rulebook: Rulebook, name: str, on: date, scale: int) -> int | None:
    try:
        return rulebook.scaled(name, on, scale)
    except NoRuleError:
        return None


def _split(whole: int, money: int, lot: int | None, most: int | None) -> list[tuple[int, int]]:
    """Split shares and money; an empty list where one instruction holds both."""
    step, total = _step(abs(whole), abs(money), lot, most), abs(whole) or abs(money)
    if not step or step >= total or -(-total // step) > MOST_PARTS:
        return []
    sign = 1 if (whole or money) > 0 else -1
    ends = [*range(step, total, step), total]
    found, done, paid = [], 0, 0
    for end in ends:
        due = round_half_up(money * end, total)
        found.append((sign * (end - done) if whole else 0, due - paid))
        done, paid = end, due
    return found


def _step(whole: int, money: int, lot: int | None, most: int | None) -> int:
    """Return how much one instruction may hold: shares, or money where there are none."""
    if not whole:
        return most if most is not None and money > most else 0
    steps = [lot] if lot is not None and whole > lot else []
    if most is not None and money > most:
        # rounding may bring a part one minor unit more than its exact share
        by_money = (most - 1) * whole // money
        steps.append(by_money // _SHARE * _SHARE or by_money)
    return min(steps, default=0)
