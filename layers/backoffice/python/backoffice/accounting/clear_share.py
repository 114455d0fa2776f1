"""One bucket's share of a cut-off: cleared, booked, netted."""

from typing import Final

import polars as pl

from backoffice.accounting.book_trades import BookedTrades, book_trades
from backoffice.clearance.clear_bucket import clear_bucket
from backoffice.clearance.share_terms import in_terms_of, known_terms
from backoffice.intake.day_documents import ResolvedDay
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Document, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.day_documents import ClearedShare
from backoffice.settlement.nets import netted_by, partial_nets

_NOTHING_NETTED: Final = "TRADE"


class Share(Document):
    """Everything one bucket's clearing wrote."""

    street: ClearedShare
    booked: BookedTrades


def clear_share(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    bucket: int,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> Share:
    """Clear a bucket, write its entries and its partial nets."""
    books = resolved.books
    cleared, newly = clear_bucket(records, work, resolved, bucket, calendar, rulebook)
    unnetted = _unnetted(records, books)
    terms = known_terms(records, books)
    register = in_terms_of(newly.register, terms, pl.lit(books.day, dtype=pl.Date))
    nets = partial_nets(register, unnetted)
    street = ClearedShare(
        cleared=cleared,
        nets=work.stage(f"{resolved.stem}/nets.{bucket}.parquet", nets),
        netted=work.stage(f"{resolved.stem}/netted.{bucket}.parquet", netted_by(register, unnetted))
        if resolved.after_cut_off
        else None,
    )
    booked = book_trades(records, work, newly, resolved, bucket)
    return Share(street=street, booked=booked)


def _unnetted(records: Records, books: Books) -> list[str]:
    """Name the counterparties whose trades settle one by one."""
    part = books.tables.get("counterparties")
    if part is None:
        return []
    rows = records.read(part, ("lei", "netting"))
    return rows.filter(pl.col("netting") == _NOTHING_NETTED)["lei"].sort().to_list()
