"""Take the desk's decisions into a day: with the cut-off's inputs, or alone at the close."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from backoffice.clearance.holds import SANCTIONS_HIT
from backoffice.clearance.lasting_decisions import remember
from backoffice.clearance.listed_parties import HITS_FOUND
from backoffice.clearance.short_claims import accounts_told_otherwise, allot_locates
from backoffice.clearance.taken import take_acts
from backoffice.clearance.verdicts import VERSION, verdicts
from backoffice.intake.day_documents import ResolvedDay, TradeCounts
from backoffice.intake.documents import FrozenInputs
from backoffice.intake.known_trades import TAKEN_OVER, TAKEN_OVER_SCHEMA
from backoffice.intake.resolve import IDENTITY
from backoffice.intake.trade_frames import TRADE_SCHEMA
from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import Records, Work

_GRAVEST = ("REFUSE", "ERROR_ACCOUNT", "RELEASE", "ACKNOWLEDGE")
_TAKEN_SCHEMA = {**TRADE_SCHEMA, "amended": pl.Boolean, "cancelled": pl.Boolean}


def take_decisions(
    records: Records, work: Work, resolved: ResolvedDay, acts: Sequence[str]
) -> ResolvedDay:
    """Take the desk's new acts into a resolved day, and stage that.

    Parameters
    ----------
    records, work
        The stores.
    resolved
        The day's inputs. What its events say of a trade today stands before what was decided of an
        earlier version.
    acts
        The keys of the acts, as they were frozen.
    """
    if not acts:
        return resolved
    taken = take_acts(records, resolved.books, acts, resolved.day)
    found = _takeable(verdicts(records, taken.books, taken.decisions), records, taken.books)
    books = remember(records, taken, found, resolved.day, at_close=resolved.after_cut_off)
    events = work.read(resolved.taken)
    moved = _taken_over(_held(records, books, found, events))
    stem, rows = resolved.stem, pl.concat([events, moved.select(list(_TAKEN_SCHEMA))])
    # under a key of its own: whoever resolves the day once more does not take it back
    decided = resolved.model_copy(
        update={
            "key": f"{stem}/decided.json",
            "books": _with_taken_over(records, books, moved, resolved.day),
            "taken": work.stage(f"{stem}/taken-decided.parquet", rows),
            "verdicts": work.stage(f"{stem}/verdicts.parquet", found),
            "moved": work.stage(f"{stem}/moved.parquet", moved.select(IDENTITY)),
        }
    )
    work.stage_json(decided.key, decided.model_dump_json().encode())
    return decided


def _takeable(found: pl.DataFrame, records: Records, books: Books) -> pl.DataFrame:
    """Leave out what names no account of the firm's own: its case stays as it was."""
    part = books.tables.get("accounts")
    own: list[str] = []
    if part is not None:
        own = records.read(part).filter(pl.col("kind") == "HOUSE")["account_id"].to_list()
    takes_over = pl.col("outcome") == "ERROR_ACCOUNT"
    return found.filter(~takes_over | pl.col("account").is_in(own))


def decide_at_close(records: Records, work: Work, inputs: str) -> tuple[ResolvedDay, list[int]]:
    """Take the decisions that came since the cut-off; return the day, and the buckets they touch.

    What is released nets and is instructed the same day, beside what the cut-off instructed.
    """
    frozen = FrozenInputs.model_validate_json(records.read_bytes(inputs))
    before = load(records, state_key(frozen.day, "cut-off"))
    nothing = _nothing(records, work, before, inputs)
    resolved = take_decisions(records, work, nothing, frozen.acts)
    resolved = allot_locates(records, work, resolved)
    return resolved, _touched(records, work, resolved, before)


def _nothing(records: Records, work: Work, books: Books, inputs: str) -> ResolvedDay:
    """Return the day of a cut-off's books, on which no file came since."""
    day, stem = books.day, f"days/{books.day}/decided"
    rows = pl.DataFrame(schema={**TRADE_SCHEMA, "status": pl.String})
    withdrawn = records.keep("intake", day, rows)
    no_rows = pl.DataFrame(schema={"entry": pl.UInt32})
    no_events = pl.DataFrame(schema=_TAKEN_SCHEMA)
    return ResolvedDay(
        key=f"{stem}/resolved.json",
        day=day,
        inputs=inputs,
        books=books.model_copy(update={"written": (withdrawn.key,)}),
        files=(),
        counts=TradeCounts(),
        sources=(),
        exceptions=work.stage(f"{stem}/exceptions.parquet", no_rows),
        taken=work.stage(f"{stem}/taken.parquet", no_events),
        withdrawn=withdrawn,
        statuses=None,
        holdings=None,
        holdings_stated=False,
        cash=None,
        causes=(),
        after_cut_off=True,
    )


def _held(
    records: Records, books: Books, found: pl.DataFrame, events: pl.DataFrame
) -> pl.DataFrame:
    """Return the held trades that the verdicts are about, with `outcome` and `taker`."""
    held = records.read_all(books.bucketed.get("held", ())) if found.height else None
    if held is None:
        schema = {**_TAKEN_SCHEMA, "hold_codes": pl.String, "state_on": pl.Date}
        held = pl.DataFrame(schema=schema).drop("cancelled")
    # of several codes of a trade the gravest way out stands, whichever was approved first
    rank = pl.col("outcome").replace_strict(_GRAVEST, range(len(_GRAVEST)), return_dtype=pl.Int8)
    about = found.sort(rank, maintain_order=True).unique(VERSION, keep="first")
    about = about.select(*VERSION, "outcome", taker="account")
    rows = held.join(about, on=VERSION, how="inner")
    return rows.join(events.select(IDENTITY), on=IDENTITY, how="anti")


def _taken_over(held: pl.DataFrame) -> pl.DataFrame:
    """Return the trades the firm takes over by their new account; `from_account` had them."""
    # whoever may be listed is not rid of a trade before that is decided
    clean = ~pl.col("hold_codes").str.contains(SANCTIONS_HIT, literal=True)
    rows = held.filter(pl.col("outcome") == "ERROR_ACCOUNT", clean)
    return rows.with_columns(
        from_account="account_id", account_id="taker", cancelled=pl.lit(value=False)
    )


def _with_taken_over(records: Records, books: Books, moved: pl.DataFrame, day: date) -> Books:
    """Remember who took which trades over, and what was sent of them: a repeat is a duplicate."""
    if not moved.height:
        return books
    known = _rows(records, books, "events", TRADE_SCHEMA)
    sent = moved.with_columns(account_id="from_account").select(list(TRADE_SCHEMA))
    events = pl.concat([known, sent.join(known, on=IDENTITY, how="anti")])
    before = _rows(records, books, TAKEN_OVER, TAKEN_OVER_SCHEMA)
    both = pl.concat([before, moved.select(*IDENTITY, account="account_id")])
    takers = both.unique(IDENTITY, keep="last").sort(IDENTITY)
    tables = {"events": events, TAKEN_OVER: takers}
    if part := books.tables.get("events"):
        books = books.with_written(part.key)  # the day's own events wrote it before
    return books.with_tables(**{n: records.keep("intake", day, t) for n, t in tables.items()})


def _rows(
    records: Records, books: Books, name: str, schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    part = books.tables.get(name)
    return records.read(part) if part else pl.DataFrame(schema=dict(schema))


def _touched(records: Records, work: Work, resolved: ResolvedDay, before: Books) -> list[int]:
    """Name the buckets whose trades were decided: where they are held, and where they go.

    When a party was cleared, also those of all that is held for any; and those of shorts that
    have a locate, or have none any more, by what was decided of others.
    """
    if resolved.verdicts is None:
        return []
    books = resolved.books
    empty = pl.DataFrame(schema=_TAKEN_SCHEMA)
    held = _held(records, books, work.read(resolved.verdicts), empty)
    accounts = pl.concat(
        [
            held["account_id"],
            work.read(resolved.taken)["account_id"],
            accounts_told_otherwise(records, work, resolved),
        ]
    )
    if books.tables.get(HITS_FOUND) != before.tables.get(HITS_FOUND):
        rows = records.read_all(books.bucketed.get("held", ()))
        if rows is not None:
            listed = pl.col("hold_codes").str.contains(SANCTIONS_HIT, literal=True)
            accounts = pl.concat([accounts, rows.filter(listed)["account_id"]])
    return sorted(bucket_of(accounts, books.buckets).unique().to_list())
