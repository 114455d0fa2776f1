"""The product's exports against the model's, row for row, whatever ids each has chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from tests.reference.amounts import EXACT, write_unit
from tests.reference.format_rules import COLUMNS, format_faults

if TYPE_CHECKING:
    import datetime as dt

    from tests.reference.model import Model
    from tests.reference.tables import Rows

Row = Mapping[str, str]
TABLES = (
    "trades",
    "allocations",
    "rejects",
    "obligations",
    "fails",
    "fail-history",
    "positions",
    "lots",
    "journal",
    "trial-balance",
    "stock-record",
    "cash-ladder",
)
_DROPPED = {"rejects": {"message"}, "obligations": {"obligation_id"}}
_TWO_WORDS = (
    "Securities:Depository",
    "Income:Commission",
    "Income:Penalties",
    "Income:Trading",
    "Expenses:Penalties",
)
_THREE_WORDS = (
    "Assets:Cash",
    "Liabilities:Fees",
    "Liabilities:ClientCash",
    "Assets:Inventory",
    "Assets:Penalties",
    "Liabilities:Penalties",
    "Assets:Claims",
    "Liabilities:Claims",
)
_OBLIGATION_KEY = (
    "counterparty",
    "isin",
    "currency",
    "settlement_date",
    "direction",
    "quantity",
    "money",
)


def parent_account(account: str) -> str:
    """Give the contract's account of an account or of a child of it."""
    words = account.split(":")
    head = ":".join(words[:2])
    if head in _TWO_WORDS:
        return head
    short = head in _THREE_WORDS or words[0] == "Securities"
    return ":".join(words[: 3 if short else 4])


def obligation_key(row: Row) -> str:
    """Name an obligation by what it is, not by its id."""
    return "/".join(row[name] for name in _OBLIGATION_KEY)


def _summed(rows: Sequence[Row], keys: tuple[str, ...], unit: str, amount: str) -> Rows:
    """Add up the rows of one key; zero sums are left out."""
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[tuple(row[name] for name in keys)] += Decimal(row[amount])
    place = keys.index(unit)
    return [
        {**dict(zip(keys, key, strict=True)), amount: write_unit(value, key[place])}
        for key, value in sums.items()
        if value
    ]


def _journal(rows: Sequence[Row], obligations: Sequence[Row]) -> Rows:
    names = {row["obligation_id"]: obligation_key(row) for row in obligations}
    plain = [
        {
            **row,
            "source": names.get(row["source"], row["source"]),
            "account": parent_account(row["account"]),
            "reversal": "Y" if row["reverses"] else "N",
        }
        for row in rows
    ]
    keys = ("effective_date", "recorded_on", "source", "reversal", "account", "unit")
    return _summed(plain, keys, "unit", "amount")


def _fails(what: str, rows: Sequence[Row], obligations: Sequence[Row]) -> Rows:
    """Name fails by their obligations; which one replaced another is told by ids, and left out."""
    names = {row["obligation_id"]: obligation_key(row) for row in obligations}
    shown = []
    for row in rows:
        kept = {name: row[name] for name in COLUMNS[what].split()}
        kept["fail_id"] = names[kept["fail_id"].removeprefix("FAIL-")]
        if "obligation_id" in kept:
            kept["obligation_id"] = names[kept["obligation_id"]]
        if kept.get("event") in ("CANCELLED", "ROLLED"):
            kept["note"] = ""
        shown.append(kept)
    return shown


def _in_contract(what: str, row: Row) -> dict[str, str]:
    """Keep the contract's columns, and its accounts for their children."""
    kept = {name: row[name] for name in COLUMNS[what].split()}
    if "account" in kept:
        kept["account"] = parent_account(kept["account"])
    if what == "allocations" and kept["status"] == "CANCELLED":
        # what it would have been may be of its last version, or of the last that was decided
        names = ("allocation_id", "partner", "trade_date", "status")
        return {name: value if name in names else "" for name, value in kept.items()}
    if what == "trades" and not kept["gross"]:
        kept["commission"] = ""  # of a trade not priced yet it may be shown or not
    return kept


def _says_nothing(what: str, row: Row) -> bool:
    """Tell rows one may show and another leave out: nothing held, nothing owed."""
    if what == "positions":
        amounts = ("traded_quantity", "settled_quantity", "cost_basis", "realised_pnl")
        return not any(Decimal(row[name]) for name in amounts)
    if what == "obligations":
        return row["direction"] == "FLAT" and row["status"] == "CANCELLED"
    return False


def comparable(what: str, rows: Sequence[Row], obligations: Sequence[Row] = ()) -> Rows:
    """Leave out what an implementation is free to choose.

    Ids of obligations and entries, messages, kinds, the split of one event's postings over
    entries, and children of the contract's accounts go; `obligations` is the table of the
    same books, by which the journal's sources are named.
    """
    with localcontext(EXACT):
        if what == "journal":
            return _journal(rows, obligations)
        if what in ("fails", "fail-history"):
            return _fails(what, rows, obligations)
        parents = [_in_contract(what, row) for row in rows]
        if what == "trial-balance":
            return _summed(parents, ("account", "unit"), "unit", "balance")
        if what == "stock-record":
            return _summed(parents, ("isin", "account"), "isin", "quantity")
        dropped = _DROPPED.get(what, set())
        return [
            {name: value for name, value in row.items() if name not in dropped}
            for row in parents
            if not _says_nothing(what, row)
        ]


def _counted(rows: Rows) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(tuple(sorted(row.items())) for row in rows)


def _described(row: tuple[tuple[str, str], ...], count: int) -> str:
    fields = " ".join(f"{name}={value}" for name, value in row)
    return fields if count == 1 else f"{count} x {fields}"


def differences(what: str, ours: Rows, theirs: Rows) -> list[str]:
    """Name the rows of two comparable tables that only one of them has."""
    own, other = _counted(ours), _counted(theirs)
    missing = [f"{what} lacks {_described(*item)}" for item in sorted((own - other).items())]
    extra = [f"{what} has extra {_described(*item)}" for item in sorted((other - own).items())]
    return missing + extra


def compare(
    model: Model,
    product_exports: Mapping[str, Sequence[Row]],
    day: dt.date | None = None,
    known_at: dt.date | None = None,
) -> list[str]:
    """Compare the product's exports with the model's; an empty list is agreement."""
    found: list[str] = []
    their_obligations = product_exports.get("obligations", ())
    our_obligations = model.export("obligations", day, known_at)
    for what, rows in product_exports.items():
        if what not in TABLES:
            continue
        found += format_faults(what, rows)
        ours = comparable(what, model.export(what, day, known_at), our_obligations)
        found += differences(what, ours, comparable(what, rows, their_obligations))
    return found


def same_obligations(model: Model, product_rows: Sequence[Row]) -> dict[str, str]:
    """Pair the product's obligation ids with the model's, and let the model answer to them."""
    ours: dict[str, list[str]] = defaultdict(list)
    for own in model.export("obligations"):
        ours[obligation_key(own) + own["status"]].append(own["obligation_id"])
    pairs = {}
    for other in product_rows:
        waiting = ours[obligation_key(other) + other["status"]]
        if waiting:
            pairs[other["obligation_id"]] = waiting.pop(0)
    model.street.aliases.update(pairs)
    return pairs
