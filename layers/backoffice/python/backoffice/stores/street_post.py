"""Post a step's settlement messages: to the outbox for the depository, and to the records."""

from datetime import date

import polars as pl

from backoffice.clearance.instruction_changes import INSTRUCTIONS, known_instructions
from backoffice.formats.iso20022.archives import DEPOSITORY, Firm, Outgoing, archives
from backoffice.formats.iso20022.parties import Depository, Party
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Outbox, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.shaping import PART_SCHEMA, instructions, obligations_of, shape
from backoffice.settlement.standing_instructions import of_obligations, read_asset_classes
from backoffice.settlement.street import Post, Posted


def poster(records: Records, outbox: Outbox, rulebook: Rulebook, books: Books, phase: str) -> Post:
    """Return what posts a step's messages; the same messages again are the same objects."""

    def post(
        day: date, instructed: pl.DataFrame, requests: pl.DataFrame, changes: pl.DataFrame
    ) -> Posted:
        counterparties = books.tables.get("counterparties")
        known = records.read(counterparties) if counterparties else _nobody()
        parts = shape(instructed, rulebook)
        sent = pl.concat([_sent(records, books), parts])
        outgoing = Outgoing(
            instructions(instructed, parts), instructions(requests, sent), _told(changes, sent)
        )
        standing = _standing(records, books, day, outgoing)
        made = archives(outgoing, known, _firm(rulebook, day), day, phase, standing)
        kept = [records.keep_bytes("settlement", day, body, ".zip") for _, body in made.files]
        for name, body in made.files:
            outbox.post(DEPOSITORY, day, name, body)
        unsendable = obligations_of(made.unsendable, parts)
        return Posted(records=tuple(kept), unsendable=unsendable, parts=parts)

    return post


def _sent(records: Records, books: Books) -> pl.DataFrame:
    """Return the parts that obligations went out as."""
    known = books.tables.get("instruction_parts")
    return records.read(known) if known else pl.DataFrame(schema=dict(PART_SCHEMA))


def _told(changes: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame | None:
    """Return what is told of holds, an instruction a row."""
    if not changes.height:
        return None
    return instructions(changes, sent)


def _standing(records: Records, books: Books, day: date, outgoing: Outgoing) -> pl.DataFrame | None:
    """Find the standing instructions of what is posted; None before there were any."""
    sent = (outgoing.instructed, outgoing.requests, outgoing.changes)
    parts = [part for part in sent if part is not None and part.height]
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
