"""What DynamoDB serves of the books: current state only, restored from the records at any time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from backoffice.clearance.election_codes import ELECTION_DUE
from backoffice.clearance.elections import open_options
from backoffice.clearance.listed_parties import HITS_FOUND
from backoffice.clearance.read_trails import read_trails
from backoffice.clearance.served_cases import facts_of, with_trail
from backoffice.clearance.short_claims import CLAIMS, CLAIMS_SERVED
from backoffice.clearance.taken import acts_taken
from backoffice.kernel.books import Books, state_key
from backoffice.kernel.parts import Records
from backoffice.records.served_products import product_items
from backoffice.records.served_register import register_items
from backoffice.reference.tables import KEYS

Item = Mapping[str, Any]

SERVED: Final = ("obligations", "cases", "balances", "reference")
_LIVE: Final = ("OPEN", "INSTRUCTED", "PARTIAL", "FAILED")
_ROWS_PER_ITEM: Final = 2_000
_KEY: Final = ("counterparty", "settlement_date")


def served_items(
    records: Records, books: Books, pack: Callable[[pl.DataFrame], bytes]
) -> dict[str, list[Item]]:
    """Return every served table's items, by the table's name.

    Parameters
    ----------
    records, books
        The record store and the state to serve.
    pack
        Writes a frame as bytes; obligations are packed, one item a counterparty and date, because
        a row an item would make a large day's writes its largest cost.
    """
    return {
        "obligations": list(_obligations(records, books, pack)),
        "cases": list(_cases(records, books)),
        # before the reference, which says in how many buckets to look
        "balances": [
            *_balances_of_buckets(books),
            *product_items(records, books, pack),
            *register_items(books),
        ],
        "reference": [
            _latest(books),
            _pointer("BOOKS", "REFERENCE", books, (*KEYS, HITS_FOUND)),
            *_locate_claims(books),
        ],
    }


def _obligations(
    records: Records, books: Books, pack: Callable[[pl.DataFrame], bytes]
) -> Iterable[Item]:
    part = books.tables.get("obligations")
    if part is None:
        return
    live = records.read(part).filter(pl.col("status").is_in(_LIVE)).sort("obligation_id")
    for (counterparty, due), rows in live.group_by(_KEY, maintain_order=True):
        for number, start in enumerate(range(0, rows.height, _ROWS_PER_ITEM)):
            some = rows.slice(start, _ROWS_PER_ITEM)
            yield {
                "pk": f"OBLIGATIONS#{counterparty}",
                "sk": f"{due}#{number:04d}",
                "rows": some.height,
                "packed": pack(some),
            }


def _cases(records: Records, books: Books) -> Iterable[Item]:
    """Serve every open case as the books and its trail leave it."""
    part = books.tables.get("cases")
    if part is None:
        return
    taken, evidence = acts_taken(records, books), books.tables.get("case_members")
    open_ones = records.read(part).filter(pl.col("status") == "OPEN")
    trails = read_trails(records, open_ones["opened_on"].unique().sort())
    options = open_options(records, books)
    for row in open_ones.to_dicts():
        case_id = row["case_id"]
        hits = books.tables.get(HITS_FOUND)
        choice = options.get(row["subject"], ()) if row["code"] == ELECTION_DUE else ()
        facts = facts_of(row, evidence, taken.get(case_id, 0), hits, choice)
        yield with_trail(facts, trails.get(case_id, []))


def _latest(books: Books) -> Item:
    """Say which state is served, and in how many buckets its accounts' balances are."""
    balances = books.bucketed.get("balances", ())
    return {
        "pk": "BOOKS",
        "sk": "LATEST",
        "day": str(books.day),
        "phase": books.phase,
        "state": state_key(books.day, books.phase),
        "closed": str(books.last_closed or ""),
        "counterparties_known": books.counterparties_known,
        "locates_known": books.locates_known,
        "buckets": balances[0].buckets if balances else 0,
    }


def _balances_of_buckets(books: Books) -> Iterable[Item]:
    """Point to each bucket's balances and positions: who asks for an account reads these alone."""
    cut = {(part.bucket, part.buckets): part for part in books.bucketed.get("positions", ())}
    for part in books.bucketed.get("balances", ()):
        positions = cut.get((part.bucket, part.buckets))
        yield {
            "pk": f"BALANCES#{part.buckets}",
            "sk": f"{part.bucket:06d}",
            "part": part.key,
            **({"positions": positions.key} if positions else {}),
        }


def _locate_claims(books: Books) -> Iterable[Item]:
    """Point to the shorts of each trade date that use locates: a preview reads its own date's."""
    for name, part in books.tables.items():
        if name.startswith(CLAIMS):
            yield {"pk": CLAIMS_SERVED, "sk": name.removeprefix(CLAIMS), "part": part.key}


def _pointer(pk: str, sk: str, books: Books, tables: Sequence[str]) -> Item:
    keys = {name: books.tables[name].key for name in tables if name in books.tables}
    return {"pk": pk, "sk": sk, "parts": keys}
