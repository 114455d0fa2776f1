"""The breaks as people read them: how old they are, whose, and in which case."""

import polars as pl

from backoffice.accounting.reconciliation.frames import OPEN
from backoffice.accounting.reconciliation.lives import age
from backoffice.accounting.reconciliation.tables import LIVES
from backoffice.clearance.read_trails import read_trails
from backoffice.clearance.taken import acts_taken
from backoffice.clearance.trails import opened_on
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_CASE = ("case_id", "opened_on", "closed_on")


def break_listing(records: Records, books: Books, asked: object = None) -> pl.DataFrame:
    """Return `LIFE_SCHEMA` with age and case_id; the owner is who its open case is assigned to.

    Without a column when there never was a break.
    """
    del asked
    part = books.tables.get(LIVES)
    if part is None:
        return pl.DataFrame()
    lives = records.read(part).with_columns(age=age(books.day))
    with_cases = _with_cases(records, books, lives)
    owners = _assigned(records, books, with_cases)
    named = pl.DataFrame(owners, schema={"case_id": pl.String, "assignee": pl.String}, orient="row")
    beside = with_cases.join(named, on="case_id", how="left")
    return beside.with_columns(owner=pl.coalesce("assignee", "owner"))


def _with_cases(records: Records, books: Books, lives: pl.DataFrame) -> pl.DataFrame:
    """Name the latest case of each break's cause that was opened while it lasted or before."""
    part = books.tables.get("cases")
    if part is None:
        return lives.with_columns(case_id=pl.lit(None, dtype=pl.String))
    numbered = lives.with_row_index("life")
    cases = records.read(part).select("code", *_CASE, cause="subject")
    until = pl.coalesce("healed_on", pl.lit(books.day, dtype=pl.Date))
    in_time = (pl.col("opened_on") <= until) & (
        pl.col("closed_on").is_null() | (pl.col("closed_on") >= pl.col("first_seen"))
    )
    about = numbered.join(cases, on=["code", "cause"], how="inner").filter(in_time)
    last = about.sort("opened_on", "case_id").unique("life", keep="last", maintain_order=True)
    joined = numbered.join(last.select("life", "case_id"), on="life", how="left")
    return joined.drop("life")


def _assigned(records: Records, books: Books, lives: pl.DataFrame) -> list[tuple[str, str]]:
    """Return who the cases of open breaks were assigned to last, as far as the books have it."""
    wanted = set(lives.filter(pl.col("status") == OPEN)["case_id"].drop_nulls().to_list())
    taken = acts_taken(records, books)
    moved = wanted & taken.keys()
    days = sorted({opened_on(case_id) for case_id in moved})
    found = []
    for case_id, trail in read_trails(records, days).items():
        acts = [event.act for event in trail if event.number <= taken.get(case_id, 0)]
        assigned = [act.assignee for act in acts if act.verb == "ASSIGN" and act.assignee]
        if case_id in moved and assigned:
            found.append((case_id, assigned[-1]))
    return found
