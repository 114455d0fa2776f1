"""The settlement desk's books as people fetch them: instructions, fails, cash, breaks, matches."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.kernel.columns import format_e8, format_money
from backoffice.records.view_columns import table


def instructions(states: pl.DataFrame) -> pl.DataFrame:
    """Show how every instruction stands."""
    return table("instructions", states)


def fails(known: pl.DataFrame) -> pl.DataFrame:
    """Show the register of fails: quantities unsigned, money and penalties + where we receive."""
    return table(
        "fails",
        known,
        open_quantity=format_e8("open_quantity_e8"),
        open_money=format_money("open_money_minor"),
        age=pl.col("age_days"),
        penalties=format_money("penalties_minor"),
    )


def fail_history(events: pl.DataFrame) -> pl.DataFrame:
    """Show what happened to fails, a row an event."""
    return table(
        "fail-history",
        events,
        quantity=format_e8("quantity_e8"),
        money=format_money("money_minor"),
    )


def rolls(known: pl.DataFrame) -> pl.DataFrame:
    """Show what rolled into another net: shares and money signed, + where we receive."""
    return table(
        "rolls",
        known,
        late=pl.when("late").then(pl.lit("Y")).otherwise(pl.lit("N")),
        quantity=format_e8("quantity_e8"),
        money=format_money("money_minor"),
        mark=format_money("mark_minor"),
    )


def cash_ladder(rungs: pl.DataFrame) -> pl.DataFrame:
    """Show the projected cash, a row a currency and value date."""
    figures = ("opening", "receipts", "payments", "closing", "assured", "need")
    money = {name: format_money(f"{name}_minor") for name in figures}
    return table("cash-ladder", rungs, **money)


def breaks(lives: pl.DataFrame) -> pl.DataFrame:
    """Show the breaks of reconciliation, open and healed."""
    return table(
        "breaks",
        lives,
        ours=chart.amount_text("ours"),
        theirs=chart.amount_text("theirs"),
        difference=chart.amount_text("difference"),
        value=format_money("value_minor"),
    )


def matches(made: pl.DataFrame) -> pl.DataFrame:
    """Show what reconciliation matched, a row an item, and by which rule."""
    return table("matches", made, amount=chart.amount_text())


def payments(known: pl.DataFrame) -> pl.DataFrame:
    """Show payments out, as each stands."""
    return table("payments", known, amount=format_money("amount_minor"))


def conditions(known: pl.DataFrame) -> pl.DataFrame:
    """Show what was asked of instructions under way, as each request stands."""
    return table("conditions", known, quantity=format_e8("quantity_e8"))


def settlement_instructions(known: pl.DataFrame) -> pl.DataFrame:
    """Show standing settlement instructions, as each stands."""
    return table("settlement-instructions", known)


DESK_VIEWS: Final[Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]]] = MappingProxyType(
    {
        "instructions": instructions,
        "fails": fails,
        "fail-history": fail_history,
        "rolls": rolls,
        "cash-ladder": cash_ladder,
        "breaks": breaks,
        "matches": matches,
        "payments": payments,
        "conditions": conditions,
        "settlement-instructions": settlement_instructions,
    }
)
"""What the desk exports, by the name it is asked for."""
