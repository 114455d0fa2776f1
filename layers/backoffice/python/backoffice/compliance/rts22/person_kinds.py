"""Which kinds of number tell who a person of a country is: annex II of RTS 22."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook

_RULE: Final = "mifir_person_id"
_OTHERS: Final = "OTHERS"


def with_kinds(rows: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Add `kinds`: those of the nationality on the trade date; null where there is no person.

    Parameters
    ----------
    rows : pl.DataFrame
        trade_date, nationality.
    """
    asked = rows.select("trade_date", "nationality").drop_nulls().unique()
    kinds = [_kinds(rulebook, *row) for row in asked.iter_rows()]
    known = asked.with_columns(pl.Series("kinds", kinds, dtype=pl.List(pl.String)))
    return rows.join(known, on=["trade_date", "nationality"], how="left", maintain_order="left")


def _kinds(rulebook: Rulebook, day: date, nationality: str) -> list[str]:
    try:
        said = rulebook.value(f"{_RULE}.{nationality}", day)
    except NoRuleError:
        said = rulebook.value(f"{_RULE}.{_OTHERS}", day)
    return str(said).split(";")
