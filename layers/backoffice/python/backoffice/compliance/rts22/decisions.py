"""Who decided and who executed within the firm (fields 57 to 60), where data say it."""

from typing import Final

import polars as pl

from backoffice.kernel.rulebook import Rulebook

CLIENT: Final = "CLIENT"
"""The client gave the instruction for the execution (NORE)."""
_ALGORITHM: Final = "ALGO:"
_PERSON: Final = "PERSON:"
_SHAPE: Final = "^(ALGO:[ -~]{1,50}|PERSON:[A-Za-z0-9._-]{1,40})$"
_RULE: Final = "mifir_own_decision"
_WITH_AN_ID: Final = ("NIDN", "CCPT")
"""Of the firm's own people a number is given: what is put together of their names is none."""


def with_deciders(rows: pl.DataFrame, accounts: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Add who decided to invest and who executed: an algorithm, or a person by their account.

    A trade says `ALGO:<name>`, `PERSON:<account_id>`, of an execution also CLIENT. Without a word
    the firm's own dealing is decided by what the rulebook names, an execution for a client is as
    the client instructed. `undecided` names what lacks or cannot be read.
    """
    own = _own(rows, rulebook)
    is_own = pl.col("capacity") == "DEAL"
    instead = pl.when(is_own).then("own_decision")
    rows = rows.join(own, on="trade_date", how="left", maintain_order="left").with_columns(
        investment=pl.coalesce("investment_decision", instead),
        execution=pl.coalesce("execution_decision", instead, pl.lit(CLIENT)),
    )
    known = accounts.select(
        decider="account_id",
        decider_id="national_id",
        decider_kind="national_id_kind",
        decider_nationality=pl.coalesce("nationality", "country"),
    )
    for role in ("investment", "execution"):
        rows = _with_role(rows, known, role)
    lacks = pl.concat_str("no_investment", "no_execution", separator=";", ignore_nulls=True)
    return rows.with_columns(undecided=pl.when(lacks != "").then(lacks))


def _own(rows: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Return by trade date who decides for the firm; null where the rulebook names nobody."""
    days = rows["trade_date"].unique()
    names = [str(rulebook.value(_RULE, day)) or None for day in days]
    schema = {"trade_date": pl.Date, "own_decision": pl.String}
    return pl.DataFrame({"trade_date": days, "own_decision": names}, schema=schema)


def _with_role(rows: pl.DataFrame, known: pl.DataFrame, role: str) -> pl.DataFrame:
    said = pl.col(role)
    by_client = said == CLIENT if role == "execution" else pl.lit(value=False)
    rows = rows.with_columns(
        decider=pl.when(said.str.starts_with(_PERSON)).then(said.str.strip_prefix(_PERSON))
    ).join(known, on="decider", how="left", maintain_order="left")
    named = pl.col("decider_kind").is_in(list(_WITH_AN_ID)) & pl.col("decider_id").is_not_null()
    nobody = pl.col("decider").is_not_null() & ~named.fill_null(value=False)
    needed = (pl.col("capacity") == "DEAL") | (pl.lit(role == "execution"))
    wrong = (~said.str.contains(_SHAPE) & ~by_client) | nobody | (said.is_null() & needed)
    return rows.with_columns(
        pl.when(said.str.starts_with(_ALGORITHM))
        .then(said.str.strip_prefix(_ALGORITHM))
        .alias(f"{role}_algorithm"),
        pl.col("decider_id").alias(f"{role}_national_id"),
        pl.col("decider_kind").alias(f"{role}_id_kind"),
        pl.when(pl.col("decider").is_not_null())
        .then("decider_nationality")
        .alias(f"{role}_nationality"),
        pl.when(wrong).then(pl.lit(f"{role}_decision")).alias(f"no_{role}"),
    ).drop("decider", "decider_id", "decider_kind", "decider_nationality")
