"""Gather what documents hold: plan an edition's slices of accounts, and read one of them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books, latest, load, state_key
from backoffice.kernel.columns import bucket_of
from backoffice.kernel.parts import Document, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.records.client_documents.clients import accounts_of, clients, firm
from backoffice.records.client_documents.confirmations import Said, confirmation
from backoffice.records.client_documents.contents import Contents
from backoffice.records.client_documents.days_trades import accounts_with_trades, days_trades
from backoffice.records.client_documents.editions import (
    CONFIRMATION,
    STATEMENT,
    AskedDocuments,
    Edition,
    NotClosedError,
    editions,
    find_edition,
)
from backoffice.records.client_documents.gains import gains_report, years_gains
from backoffice.records.client_documents.holdings import instruments_of
from backoffice.records.client_documents.months_books import months_books
from backoffice.records.client_documents.statements import statement

ACCOUNTS_A_SLICE: Final = 250


class Slice(Document):
    """Some accounts of one bucket whose documents are made in one go."""

    edition: Edition
    number: int
    bucket: int
    accounts: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The prefix of what is staged for it."""
        return f"{self.edition.stem}/{self.number:05}"


class Planned(Document):
    """The editions that were asked for and are not made yet, and where their slices are staged."""

    editions: tuple[Edition, ...]
    made: tuple[Edition, ...]
    slices: tuple[str, ...]


def plan_documents(
    records: Records, work: Work, asked: AskedDocuments, slice_accounts: int = ACCOUNTS_A_SLICE
) -> Planned:
    """Stage the slices of every edition asked for that is not made yet.

    Raises
    ------
    NotClosedError
        When nothing of a period asked for by name is closed.
    """
    newest = latest(records, closed=True)
    if newest is None:
        raise NotClosedError("no business day is closed")
    wanted = editions(asked, newest.closed_days)
    made = tuple(edition for edition in wanted if find_edition(records, edition))
    missing = tuple(edition for edition in wanted if edition not in made)
    slices = [one for edition in missing for one in _slices(records, edition, slice_accounts)]
    for one in slices:
        work.stage_json(f"{one.stem}.json", one.model_dump_json().encode())
    return Planned(editions=missing, made=made, slices=tuple(f"{one.stem}.json" for one in slices))


def _slices(records: Records, edition: Edition, slice_accounts: int) -> Iterator[Slice]:
    books = load(records, state_key(edition.as_of, "closed"))
    names = clients(records, books)["account_id"]
    if edition.kind == CONFIRMATION:
        names = names.filter(names.is_in(list(accounts_with_trades(records, books, edition))))
    place = pl.DataFrame({"account_id": names, "bucket": bucket_of(names, books.buckets)})
    number = 0
    for (bucket,), rows in sorted(place.group_by("bucket", maintain_order=True)):
        for piece in rows.iter_slices(slice_accounts):
            yield Slice(
                edition=edition,
                number=number,
                bucket=int(bucket),
                accounts=tuple(piece["account_id"]),
            )
            number += 1


def gather_slice(records: Records, work: Work, one: Slice, rulebook: Rulebook) -> str:
    """Stage the contents of a slice's documents; return where."""
    found = contents_of_slice(records, one, rulebook)
    key = f"{one.stem}.contents.json"
    work.stage_json(key, json.dumps(list(found), ensure_ascii=False).encode())
    return key


def contents_of_slice(records: Records, one: Slice, rulebook: Rulebook) -> Iterator[Contents]:
    """Yield the contents of a slice's documents, from the sealed records alone."""
    edition = one.edition
    books = load(records, state_key(edition.as_of, "closed"))
    accounts = accounts_of(clients(records, books), one.accounts)
    sender = firm(rulebook, edition.as_of)
    for account_id, said in _said(records, books, one):
        account = accounts[account_id]
        facts, blocks, mark = said
        yield {
            "document_id": edition.document_id(account_id),
            "kind": edition.kind,
            "language": account["language"],
            "period": edition.period,
            "period_type": edition.period_type,
            "as_of": str(edition.as_of),
            "account": account,
            "firm": sender,
            "mark": mark,
            "facts": _facts(edition, account, facts),
            "blocks": blocks,
        }


def _said(records: Records, books: Books, one: Slice) -> Iterator[tuple[str, Said]]:
    """Yield what there is to say to each account."""
    edition, accounts = one.edition, one.accounts
    earlier = load(records, state_key(edition.before, "closed")) if edition.before else None
    say: Any
    told: Any
    if edition.kind == CONFIRMATION:
        instruments = instruments_of(records, books)
        told, say = days_trades(records, books, edition, one.bucket, instruments), confirmation
    elif edition.kind == STATEMENT:
        told, say = months_books(records, books, earlier, accounts, one.bucket), statement
    else:
        told, say = years_gains(records, books, earlier, accounts, one.bucket), gains_report
    for account_id in accounts:
        said = say(told, edition, account_id)
        if said is not None:
            yield account_id, said


def _facts(
    edition: Edition, account: dict[str, Any], more: Sequence[Sequence[Any]]
) -> list[Sequence[Any]]:
    return [
        ("document", "text", edition.document_id(account["account_id"])),
        ("account", "text", account["account_id"]),
        ("account_type", "code:account_type", account["account_type"]),
        *more,
    ]
