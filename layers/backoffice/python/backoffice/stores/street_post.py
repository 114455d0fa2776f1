"""Post a step's settlement messages: to the outbox for the depository, and to the records."""

from datetime import date

import polars as pl

from backoffice.clearance.instruction_changes import INSTRUCTIONS, known_instructions
from backoffice.formats.iso20022.archives import DEPOSITORY, Firm, archives
from backoffice.formats.iso20022.parties import Depository, Party
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Outbox, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.standing_instructions import of_obligations, read_asset_classes
from backoffice.settlement.street import Post, Posted


def poster(records: Records, outbox: Outbox, rulebook: Rulebook, books: Books, phase: str) -> Post:
    """Return what posts a step's messages; the same messages again are the same objects."""

    def post(day: date, instructed: pl.DataFrame, requests: pl.DataFrame) -> Posted:
        counterparties = books.tables.get("counterparties")
        known = records.read(counterparties) if counterparties else _nobody()
        standing = _standing(records, books, day, instructed, requests)
        made = archives(instructed, requests, known, _firm(rulebook, day), phase, standing)
        kept = []
        for name, body in made.files:
            kept.append(records.keep_bytes("settlement", day, body, ".zip"))
            outbox.post(DEPOSITORY, day, name, body)
        return Posted(records=tuple(kept), unsendable=made.unsendable)

    return post


def _standing(
    records: Records,
    books: Books,
    day: date,
    instructed: pl.DataFrame,
    requests: pl.DataFrame,
) -> pl.DataFrame | None:
    """Find the standing instructions of what is posted; None before there were any."""
    parts = [part for part in (instructed, requests) if part.height]
    if INSTRUCTIONS not in books.tables or not parts:
        return None
    columns = ["obligation_id", "counterparty", "isin", "currency", "settlement_date", "venues"]
    columns += ["instructed_on"]
    rows = pl.concat([part.select(columns) for part in parts])
    known = known_instructions(records, books)
    return of_obligations(rows, known, read_asset_classes(records, books), day)


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("lei", "bic", "custodian_account"), pl.String))


def _firm(rulebook: Rulebook, day: date) -> Firm:
    said = {
        name: str(rulebook.value(name, day))
        for name in ("firm_lei", "depository_bic", "depository_account")
    }
    account = said["depository_account"]
    return Firm(
        us=Party(said["firm_lei"], None, account),
        depository=Depository(said["depository_bic"], account),
    )
