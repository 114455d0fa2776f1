"""Parts and misfits: each confirmation meets its obligation as the one before left it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backoffice.settlement.exceptions import SETTLEMENT
from backoffice.settlement.frames import OBLIGATION_SCHEMA, PROBLEM_SCHEMA, SETTLEMENT_SCHEMA
from backoffice.settlement.obligations import SETTLED
from backoffice.settlement.parts import (
    Misfit,
    Progress,
    Said,
    Terms,
    advance,
    misfit,
    money_difference,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """`OBLIGATION_SCHEMA` as they now stand, `SETTLEMENT_SCHEMA` and `PROBLEM_SCHEMA`."""

    obligations: pl.DataFrame
    settlements: pl.DataFrame
    problems: pl.DataFrame


def take_one_by_one(paired: pl.DataFrame, applied: pl.DataFrame, day: date) -> Taken:
    """Take confirmations in their order, each meeting what the one before left.

    Parameters
    ----------
    paired : pl.DataFrame
        Confirmations, their figures as said_*, beside their obligations with expected_minor,
        paired_minor and cash_against.
    applied : pl.DataFrame
        `APPLIED_SCHEMA`: how many parts there were before.
    day : date
        The business day.
    """
    counts = applied.join(paired, on="obligation_id", how="semi").group_by("obligation_id").len()
    parts = dict(counts.iter_rows())
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in paired.iter_rows(named=True):
        rows.setdefault(row["obligation_id"], []).append(row)
    runs = [_Run(group[0], parts.get(name, 0), day) for name, group in rows.items()]
    for run, group in zip(runs, rows.values(), strict=True):
        for row in group:
            run.take(row)
    return Taken(
        obligations=_frame((run.obligation() for run in runs), OBLIGATION_SCHEMA),
        settlements=_frame((row for run in runs for row in run.settlements), SETTLEMENT_SCHEMA),
        problems=_frame((row for run in runs for row in run.problems), PROBLEM_SCHEMA),
    )


def _frame(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(
        [tuple(row[name] for name in schema) for row in rows], schema=dict(schema), orient="row"
    )


class _Run:
    """One obligation while its confirmations are taken."""

    def __init__(self, row: Mapping[str, Any], parts: int, day: date) -> None:
        self._row = row
        self._day = day
        self._terms = Terms(row["isin"], row["currency"], row["quantity_e8"], row["expected_minor"])
        self._progress = Progress(
            row["status"], row["settled_quantity_e8"], row["settled_money_minor"], parts
        )
        self.settlements: list[Mapping[str, Any]] = []
        self.problems: list[Mapping[str, Any]] = []

    def take(self, row: Mapping[str, Any]) -> None:
        """Apply a confirmation, or note why not."""
        said = Said(row["said_quantity_e8"], row["said_money_minor"], row["said_currency"])
        wrong = misfit(self._terms, self._progress, said)
        if wrong is not None:
            self.problems.append(_problem(row, wrong))
            return
        before, self._progress = self._progress, advance(self._terms, self._progress, said)
        self._settle(row, before, said)
        differs = money_difference(self._terms, before, said, self._progress)
        if differs is not None:
            self.problems.append(_problem(row, differs))

    def _settle(self, row: Mapping[str, Any], before: Progress, said: Said) -> None:
        self.settlements.append(
            {
                **row,
                "number": self._progress.parts,
                "effective_date": row["effective_date"] or self._day,
                "quantity_e8": said.quantity_e8 if row["quantity_e8"] > 0 else -said.quantity_e8,
                "money_minor": said.money_minor,
                "paired_minor": row["paired_minor"] if before.parts == 0 else 0,
            }
        )

    def obligation(self) -> Mapping[str, Any]:
        """Return the obligation's row as it now stands."""
        done = self._progress.status == SETTLED and self.settlements
        return {
            **self._row,
            "status": self._progress.status,
            "settled_quantity_e8": self._progress.quantity_e8,
            "settled_money_minor": self._progress.money_minor,
            "settled_on": self._day if done else self._row["settled_on"],
        }


def _problem(row: Mapping[str, Any], wrong: Misfit) -> Mapping[str, Any]:
    return {
        "kind": SETTLEMENT,
        "code": wrong.code,
        "subject": row["obligation_id"],
        "unit": wrong.unit,
        "ours": wrong.ours,
        "theirs": wrong.theirs,
        "difference": wrong.ours - wrong.theirs,
        "partner": row["partner"],
        "file": row["file"],
        "row": row["row"],
    }
