"""Lots, positions, disposals and entitlements of odd days are those of the reference, in any order.

The reference (tests/reference/share_lots.py, actions.py) has no arithmetic of the product's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from tests.reference.actions import AccountBook, Action
from tests.reference.codes import MINOR_UNITS
from tests.reference.scenario_actions import ACCOUNTS, DAYS, KINDS, PLACES, ActionDays, Row
from tests.reference.share_lots import Event, Opening, half_up
from tests.reference.writing import table_bytes
from tests.simulation.house import House

ORDERED = ("lots", "positions", "disposals", "entitlements", "stock-record")


def e8(text: str) -> int:
    return int(Decimal(text or "0").scaleb(8))


def minor(text: str, currency: str) -> int:
    return int(Decimal(text or "0").scaleb(MINOR_UNITS[currency]))


def currency_of(isin: str) -> str:
    return PLACES[isin[:2]][1]


def events_of(days: ActionDays, account_id: str) -> list[Event]:
    found = []
    for row in days.deals:
        if row["account_id"] == account_id:
            day = date.fromisoformat(row["trade_time"][:10])
            opening = Opening(day, row["trade_time"], row["trade_id"], day)
            worth = Fraction(Decimal(row["quantity"]) * Decimal(row["price"]))
            money = half_up(worth * 10 ** MINOR_UNITS[row["currency"]])
            figures = (row["isin"], row["side"], e8(row["quantity"]), money)
            found.append(Event(*figures, opening))
    for row in days.moves:
        if row["account_id"] == account_id:
            day = date.fromisoformat(row["value_date"])
            opening = Opening(day, "", row["movement_id"], day)
            cost = minor(row["cost"], row["cost_currency"])
            found.append(Event(row["isin"], "IN", e8(row["quantity"]), cost, opening))
    return found


def modelled(days: ActionDays) -> list[AccountBook]:
    actions = [Action(name, row) for name, row in days.actions.items()]
    elections: dict[tuple[str, str], list[tuple[str, int | None]]] = defaultdict(list)
    for row in sorted(days.elections, key=lambda row: row["election_id"]):
        size = e8(row["quantity"]) if row["quantity"] else None
        elections[f"local/{row['action_id']}", row["account_id"]].append((row["option"], size))
    books = []
    for row in ACCOUNTS:
        book = AccountBook(row["account_id"], row["kind"], row["lot_method"])
        book.run(events_of(days, row["account_id"]), actions, elections)
        books.append(book)
    return books


def played(days: ActionDays, shuffle: Random | None = None, rows_per_bucket: int = 80_000) -> House:
    """Run the days on their files; shuffled, a row a file here and there, and in any order."""
    house = House(rows_per_bucket=rows_per_bucket)
    for day in DAYS:
        files = [
            (f"{kind}-{number}.csv", some)
            for kind, rows in days.rows[day].items()
            for number, some in enumerate(cut(rows, shuffle))
        ]
        if shuffle is not None:
            shuffle.shuffle(files)
        for name, rows in files:
            house.drop("local", day, name, table_bytes(rows))
        house.business_day(day)
    return house


def cut(rows: list[Row], shuffle: Random | None) -> Iterable[list[Row]]:
    if shuffle is None or len(rows) < 2:
        return [rows]
    mixed = shuffle.sample(rows, len(rows))
    place = shuffle.randint(1, len(mixed) - 1)
    return [mixed[:place], mixed[place:]]


def lots_of(books: list[AccountBook]) -> list[tuple[object, ...]]:
    return sorted(
        (book.name, isin, str(lot.opening.day), lot.opening.name, lot.quantity, lot.cost)
        for book in books
        for isin, pile in book.holdings.piles.items()
        for lot in pile
    )


def lots_in(house: House) -> list[tuple[object, ...]]:
    return sorted(
        (
            *(row[name] for name in ("account_id", "isin", "opened_on", "trade_id")),
            *(e8(row["quantity"]), minor(row["cost"], row["currency"])),
        )
        for row in house.table("lots")
    )


def positions_of(books: list[AccountBook]) -> dict[tuple[str, str], tuple[int, int, int]]:
    found = {}
    for book in books:
        held = book.holdings
        for isin in {*held.piles, *held.realised}:
            cost = sum(lot.cost for lot in held.piles[isin])
            figures = (held.total(isin), cost, held.realised[isin])
            if any(figures):
                found[book.name, isin] = figures
    return found


def positions_in(house: House) -> dict[tuple[str, str], tuple[int, int, int]]:
    found = {}
    for row in house.table("positions"):
        currency = row["currency"]
        figures = (
            e8(row["traded_quantity"]),
            minor(row["cost_basis"], currency),
            minor(row["realised_pnl"], currency),
        )
        assert row["settled_quantity"] == row["traded_quantity"]
        if any(figures):
            found[row["account_id"], row["isin"]] = figures
    return found


def disposals_of(books: list[AccountBook]) -> Counter[tuple[object, ...]]:
    return Counter(
        (
            *(book.name, told.isin, str(told.closed_on), told.kind, told.name),
            *(str(told.opening.day), told.opening.name, told.direction),
            *(told.quantity, told.cost, told.proceeds),
        )
        for book in books
        for told in book.holdings.disposals
    )


def disposals_in(house: House) -> Counter[tuple[object, ...]]:
    return Counter(
        (
            *(row[name] for name in ("account_id", "isin", "closed_on", "kind", "trade_id")),
            *(row[name] for name in ("opened_on", "opening_id", "direction")),
            *(e8(row["quantity"]), minor(row["cost"], row["currency"])),
            minor(row["proceeds"], row["currency"]),
        )
        for row in house.table("disposals")
    )


def entitled_of(books: list[AccountBook]) -> dict[tuple[str, str], tuple[int, ...]]:
    return {
        (name, book.name): (
            *(told.quantity, told.came.gone, told.came.new, told.came.fraction),
            *(told.came.income + told.came.proceeds + told.came.lieu, told.came.lieu, told.tax),
        )
        for book in books
        for name, told in book.entitled.items()
    }


def entitled_in(house: House) -> dict[tuple[str, str], tuple[int, ...]]:
    found = {}
    for row in house.table("entitlements"):
        if row["role"] in {"CLIENT", "HOUSE"}:
            currency = row["currency"] or "USD"
            found[f"{row['partner']}/{row['action_id']}", row["party"]] = (
                *(e8(row[name]) for name in ("quantity", "gone", "new", "fraction")),
                *(minor(row[name], currency) for name in ("gross", "lieu", "tax")),
            )
            net = minor(row["gross"], currency) - minor(row["tax"], currency)
            assert minor(row["net"], currency) == net
    return found


def owed_in(house: House) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Give what accounts are owed by the stock record, and its sums by instrument."""
    owed: dict[tuple[str, str], int] = {}
    sums: dict[str, int] = defaultdict(int)
    for row in house.table("stock-record"):
        sums[row["isin"]] += e8(row["quantity"])
        _, book, *party = row["account"].split(":")
        if book in {"Client", "House"}:
            owed[party[0], row["isin"]] = -e8(row["quantity"])
    return owed, sums


def compare(house: House, days: ActionDays) -> int:
    """Hold a house's days against the reference; count the holdings that met an action."""
    books = modelled(days)
    assert entitled_in(house) == entitled_of(books)
    assert lots_in(house) == lots_of(books)
    assert positions_in(house) == positions_of(books)
    assert disposals_in(house) == disposals_of(books)
    owed, sums = owed_in(house)
    assert owed == held_of(books)
    assert set(sums.values()) <= {0}
    return sum(len(book.entitled) for book in books)


def held_of(books: list[AccountBook]) -> dict[tuple[str, str], int]:
    return {key: figures[0] for key, figures in positions_of(books).items() if figures[0]}


@pytest.fixture(scope="module")
def days() -> ActionDays:
    return ActionDays(Random(1), 36)  # noqa: S311


@pytest.fixture(scope="module")
def plain(days: ActionDays) -> House:
    return played(days)


def test_what_actions_come_to_is_what_the_reference_tells(days: ActionDays, plain: House) -> None:
    assert compare(plain, days) > 120


def test_files_in_any_order_and_any_cut_give_the_same_books(days: ActionDays, plain: House) -> None:
    mixed = played(days, Random(4), rows_per_bucket=150)  # noqa: S311
    for what in ORDERED:
        assert plain.table(what) == mixed.table(what)


def test_what_is_known_in_time_leaves_nothing_with_issuers_and_on_the_street() -> None:
    """Rights that are exercised too: what the new shares cost is told where actions are booked."""
    days = ActionDays(Random(6), 24, tuple(KINDS), in_time=True)  # noqa: S311
    house, books = played(days, Random(7)), modelled(days)  # noqa: S311
    assert entitled_in(house) == entitled_of(books)
    assert [lot[:-1] for lot in lots_in(house)] == [lot[:-1] for lot in lots_of(books)]
    assert owed_in(house)[0] == held_of(books)
    # what an account chose of shares that are not at the depository, no rounding hides
    [over] = {row["subject"] for row in house.table("cases") if row["code"] == "ACTION_LEFT_OVER"}
    name = over.removeprefix("local/")
    assert days.actions[over]["event"] == "DIVIDEND_OPTION"
    holders = {":".join(row["account"].split(":")[1:]) for row in house.table("stock-record")}
    assert {name for name in holders if name.startswith(("Issuer", "Street"))} == {f"Issuer:{name}"}
    accounts = {row["account"] for row in house.table("trial-balance")}
    assert {name for name in accounts if "Receivable:Actions" in name} == {
        f"Assets:Receivable:Actions:{name}"
    }
    assert not {name for name in accounts if "Payable:Actions" in name}


@pytest.mark.soak
def test_what_many_actions_come_to_is_what_the_reference_tells() -> None:
    shuffle, holdings = Random(5), 0  # noqa: S311
    for seed in range(100, 120):
        days = ActionDays(Random(seed), 66)  # noqa: S311
        holdings += compare(played(days, shuffle), days)
    print(f"{holdings} holdings met an action")  # noqa: T201
