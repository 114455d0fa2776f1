"""What can be wrong with an entry as a whole: its accounts, its balance, its missing lines."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from backoffice.intake.accounting_columns import unit_of
from backoffice.intake.documents import FileEntry
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work
from backoffice.reference.manual_accounts import ANY, manual_account

FAULTS: Final[Mapping[str, str]] = {
    "BAD_ACCOUNT": "people post no such unit to this account, or it is no account of ours",
    "INCOMPLETE_ENTRY": "another line of the entry is refused, or a row that may be one of its",
    "MIXED_ENTRY": "the lines of the entry differ in dates, correction or reason",
    "OVERSIZED_ENTRY": "the entry has more than 100 lines, or more text than a case can say",
    "UNBALANCED_ENTRY": "the lines of the entry do not come to zero in every unit",
    "UNKNOWN_ENTRY": "the books know no entry of the name that it corrects",
}
"""In the order in which they are looked for: a line's own first, then those of its entry."""

_MOST_LINES, _LONGEST_LINE = 100, 2_000
_HEAD: Final = ("effective_date", "reverse_on", "repeat_until", "corrects", "reason")
_OF_ENTRY: Final = ("entry", "entry_id")
_DATE_LENGTH: Final = len("2026-10-05")


def faults_of_entries(
    records: Records,
    work: Work,
    books: Books,
    rows: pl.DataFrame,
    files: Sequence[tuple[int, FileEntry]],
) -> pl.DataFrame:
    """Add to rows of entries the account as the journal has it, the amount, and what is wrong.

    Parameters
    ----------
    rows : pl.DataFrame
        The captured rows with `entry`, their file's position.
    files
        The files: a row that was refused at its capture may be of any entry, or of one it names.

    Returns
    -------
    pl.DataFrame
        The rows with book, ref, amount (Int128), and `code`: null where nothing is wrong.
    """
    named = _with_accounts(records, books, rows)
    placed = _with_broken(work, files, named.with_columns(amount=pl.col("amount_e8") // unit_of()))
    of_entry = list(_OF_ENTRY)
    bad = pl.col("book").is_null()
    mixed = pl.struct(_HEAD).n_unique() > 1
    sums = pl.col("amount").sum().over(*of_entry, "unit")
    unknown = ~pl.col("corrects").is_in(_known_names(records, books, rows))
    found = (
        (bad, "BAD_ACCOUNT"),
        (bad.any().over(of_entry) | pl.col("broken"), "INCOMPLETE_ENTRY"),
        (mixed.over(of_entry), "MIXED_ENTRY"),
        (_oversized().over(of_entry), "OVERSIZED_ENTRY"),
        ((sums != 0).any().over(of_entry), "UNBALANCED_ENTRY"),
        (unknown, "UNKNOWN_ENTRY"),
    )
    code = pl.coalesce(pl.when(holds).then(pl.lit(name)) for holds, name in found)
    return placed.with_columns(code=code).drop("broken")


def _oversized() -> pl.Expr:
    """Tell an entry that its case, which says all of it, could not hold."""
    texts = pl.concat_str("account", pl.col("corrects").fill_null(""), "reason")
    return (pl.len() > _MOST_LINES) | (texts.str.len_bytes().max() > _LONGEST_LINE)


def _with_accounts(records: Records, books: Books, rows: pl.DataFrame) -> pl.DataFrame:
    """Add book and ref, null where people may not post there."""
    part = books.tables.get("accounts")
    kinds: dict[str, str] = {}
    if part is not None:
        kinds = dict(records.read(part, ("account_id", "kind")).iter_rows())
    found = []
    for name, unit in rows.select("account", "unit").unique().iter_rows():
        account = manual_account(name, unit)
        if account and account.whose in (ANY, kinds.get(account.ref)):
            found.append((name, unit, account.book, account.ref))
    known = pl.DataFrame(
        found, schema=dict.fromkeys(("account", "unit", "book", "ref"), pl.String), orient="row"
    )
    return rows.join(known, on=["account", "unit"], how="left", maintain_order="left")


def _with_broken(
    work: Work, files: Sequence[tuple[int, FileEntry]], rows: pl.DataFrame
) -> pl.DataFrame:
    """Add `broken`: whether a refused row of the file names the entry, or names none."""
    schema = {"entry": pl.UInt32, "entry_id": pl.String, "field": pl.String}
    found = [pl.DataFrame(schema=schema)]
    for position, file in files:
        refused = work.read_all(file.rejects)
        if refused is not None:
            row = refused.select("field", entry=pl.lit(position, pl.UInt32), entry_id="trade_id")
            found.append(row.select(list(schema)))
    refused = pl.concat(found)
    nameless = (pl.col("field") == "row") | pl.col("entry_id").is_null()
    files_hit = refused.filter(nameless)["entry"]
    named = refused.filter(~nameless).select(_OF_ENTRY).unique()
    marks = named.with_columns(broken=pl.lit(value=True))
    joined = rows.join(marks, on=_OF_ENTRY, how="left", maintain_order="left")
    hit = pl.col("entry").is_in(files_hit.implode())
    return joined.with_columns(broken=pl.col("broken").fill_null(value=False) | hit)


def _known_names(records: Records, books: Books, rows: pl.DataFrame) -> list[str]:
    """Return which of the entries that are corrected the journal knows."""
    wanted = rows["corrects"].drop_nulls().unique()
    days = {text[:_DATE_LENGTH] for text in wanted}
    parts = [part for part in books.journal if str(part.day) in days]
    known: set[str] = set()
    for part in parts:
        known |= set(
            records.read(part, ("entry_id",)).filter(pl.col("entry_id").is_in(wanted.implode()))[
                "entry_id"
            ]
        )
    return sorted(known)
