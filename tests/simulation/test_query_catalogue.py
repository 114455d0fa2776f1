"""The query catalogue: the cookbook's questions, asked of the parts that its lists name."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest

from backoffice.kernel.books import latest
from backoffice.records.query_catalogue import PLACE, TABLES, lists_wanting
from functions.write_catalogue_tables import DOCUMENT, text
from samples.make_days import DAYS
from tests.simulation.conftest import SampleDays
from tests.simulation.full_month import AFTER, EX, WASHED, full_month
from tests.simulation.house import House

COOKBOOK: Final = Path(__file__).parents[2] / "docs" / "cookbook.md"
BUCKET: Final = "records"
LAST: Final = DAYS[-1]
WORDS: Final = {
    "day": str(LAST),
    "account": "IS-002",
    "isin": "US0378331005",
    "known_at": str(LAST),
    "book": "Income:Commission",
    "ref": "",
    "year": str(LAST.year),
}
OVER_A_YEAR: Final = "An account over a year, every posting with the balance after it"
OF_A_MONTH: Final = {
    "Wash sales by client",
    "Entitlements against payments",
    "Who wrote in the books by hand",
}
"""What the samples have nothing of, and a month of everything has."""
Row = Mapping[str, Any]


def lists(house: House, *known: str) -> dict[str, bytes]:
    books = latest(house.records, closed=True)
    assert books is not None
    return dict(lists_wanting(house.records, books, BUCKET, known))


def questions() -> dict[str, list[str]]:
    """Return the cookbook's queries by the headings they stand under."""
    sections = re.split(r"^## ", COOKBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        section.partition("\n")[0]: re.findall(r"```sql\n(.*?)```", section, flags=re.DOTALL)
        for section in sections
    }


@pytest.fixture(scope="module")
def catalogue(
    sample_days: SampleDays, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """Make DuckDB's views of what Athena's tables are: the parts that a day's list names."""
    return _tables(sample_days.house, tmp_path_factory.mktemp("records"))


@pytest.fixture(scope="module")
def month() -> House:
    return full_month()


@pytest.fixture(scope="module")
def months_catalogue(
    month: House, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    return _tables(month, tmp_path_factory.mktemp("records"))


def _tables(house: House, folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for name, table in TABLES.items():
        days = [_day_of(house, folder, name, key, body) for key, body in lists(house).items()]
        nothing = ", ".join(f"NULL AS {column}" for column in (*table.schema, "day"))
        parts = [*filter(None, days)] or [f"SELECT {nothing} WHERE FALSE"]
        connection.execute(f"CREATE VIEW {name} AS " + " UNION ALL ".join(parts))
    return connection


def _day_of(house: House, folder: Path, table: str, key: str, body: bytes) -> str | None:
    found = re.fullmatch(rf"{PLACE}{table}/day=([0-9-]+)/parts", key)
    if not found or not body:
        return None
    files = []
    for line in body.decode().split():
        part = folder / line.removeprefix(f"s3://{BUCKET}/").replace("/", "_")
        part.write_bytes(house.records.read_bytes(line.removeprefix(f"s3://{BUCKET}/")))
        files.append(str(part))
    columns = ", ".join(TABLES[table].schema)
    return f"SELECT {columns}, DATE '{found[1]}' AS day FROM read_parquet({files})"  # noqa: S608


def ask(
    catalogue: duckdb.DuckDBPyConnection, heading: str, number: int = 0, **words: str
) -> list[Row]:
    query = questions()[heading][number].format(**WORDS | words)
    answer = catalogue.execute(query)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def accounts(rows: list[Row]) -> dict[tuple[str, str], int]:
    return {
        (":".join(filter(None, (row["book"], row["ref"]))), row["unit"]): int(row["balance"])
        for row in rows
    }


def exported(house: House) -> dict[tuple[str, str], int]:
    """Return the trial balance in minor units and 10^-8."""
    places = {"ISK": 0, "USD": 2}
    return {
        (row["account"], row["unit"]): int(
            Decimal(row["balance"]).scaleb(places.get(row["unit"], 8))
        )
        for row in house.table("trial-balance", LAST)
    }


def test_every_question_of_the_cookbook_is_answered(
    catalogue: duckdb.DuckDBPyConnection, months_catalogue: duckdb.DuckDBPyConnection
) -> None:
    assert questions().keys() >= OF_A_MONTH
    for heading, queries in questions().items():
        for number, _ in enumerate(queries):
            if heading in OF_A_MONTH:
                found = ask(months_catalogue, heading, number, day=str(AFTER))
            else:
                found = ask(catalogue, heading, number)
            assert bool(found) != (heading == "Whatever does not balance"), heading


@pytest.mark.parametrize(
    "heading",
    [
        "The trial balance at a close",
        "The same from the journal, as of one day and as known at another",
    ],
)
def test_balances_are_the_exports(
    catalogue: duckdb.DuckDBPyConnection, sample_days: SampleDays, heading: str
) -> None:
    assert accounts(ask(catalogue, heading)) == exported(sample_days.house)


def test_positions_and_trades_are_the_exports(
    catalogue: duckdb.DuckDBPyConnection, sample_days: SampleDays
) -> None:
    house = sample_days.house
    held = {
        row["account_id"]: int(row["traded_quantity_e8"])
        for row in ask(catalogue, "Who holds an instrument, and what it cost them")
    }
    assert held == {
        row["account_id"]: int(Decimal(row["traded_quantity"]).scaleb(8))
        for row in house.table("positions", LAST)
        if row["isin"] == WORDS["isin"] and Decimal(row["traded_quantity"])
    }
    counted = {
        (row["status"], row["currency"]): row["trades"]
        for row in ask(catalogue, "The trades as they stand")
    }
    standing = [(row["status"], row["currency"]) for row in house.table("trades", LAST)]
    assert counted == {key: standing.count(key) for key in set(standing)}


def test_a_clients_lines_end_with_its_balance(
    catalogue: duckdb.DuckDBPyConnection, sample_days: SampleDays
) -> None:
    lines = ask(catalogue, "A client's account, line by line")
    last = {row["unit"]: int(row["balance"]) for row in lines}
    name = f"Liabilities:ClientCash:{WORDS['account']}"
    balances = exported(sample_days.house)
    assert last == {unit: balances.get((name, unit), 0) for unit in last}


@pytest.mark.parametrize(
    ("book", "ref"), [("Income:Commission", ""), ("Liabilities:ClientCash", "C-EN")]
)
def test_an_accounts_lines_lead_to_its_balance(
    months_catalogue: duckdb.DuckDBPyConnection, month: House, book: str, ref: str
) -> None:
    words = {"book": book, "ref": ref, "known_at": str(AFTER)}
    lines = ask(
        months_catalogue,
        "An account over a year, every posting with the balance after it",
        0,
        **words,
    )
    left: dict[str, int] = {}
    for line in lines:
        assert line["balance"] == left.get(line["unit"], 0) + line["amount"]
        left[line["unit"]] = int(line["balance"])
    name = ":".join(filter(None, (book, ref)))
    balances = {
        row["unit"]: int(row["balance"].replace(".", ""))
        for row in month.table("trial-balance", AFTER)
        if row["account"] == name
    }
    assert {unit: amount for unit, amount in left.items() if amount} == balances
    assert ask(months_catalogue, OVER_A_YEAR, 0, **words | {"year": "2027"}) == []


def test_an_auditors_questions_have_the_exports_answers(
    months_catalogue: duckdb.DuckDBPyConnection, month: House
) -> None:
    day = str(AFTER)
    (washed,) = ask(months_catalogue, "Wash sales by client", day=day)
    exported = month.table("wash-sales", AFTER)
    assert (washed["account_id"], washed["sales"]) == (WASHED, len(exported))
    told = sum(Decimal(row["disallowed"]) for row in exported)
    assert Decimal(int(washed["disallowed_minor"])) / 100 == told > 0
    paid = ask(months_catalogue, "Entitlements against payments", day=day)
    assert {row["action_id"] for row in paid} == {"DIV-1", "DIV-EUR", "SPLIT-1"}
    assert {(row["status"], row["open_minor"]) for row in paid} == {("PAID", 0)}
    before = ask(months_catalogue, "Entitlements against payments", day=str(EX))
    assert {row["status"] for row in before} == {"ENTITLED"}
    assert all(row["open_minor"] == row["net_minor"] for row in before)
    written = ask(months_catalogue, "Who wrote in the books by hand", day=day)
    assert [row["entry_id"] for row in written] == ["E-C-1", "E-C-EN"]
    assert {(row["proposed_by"], row["approved_by"]) for row in written} == {("maker", "checker")}


def test_a_table_that_is_new_is_listed_for_days_of_before(sample_days: SampleDays) -> None:
    every = lists(sample_days.house)
    known = [key for key in every if "/wash_sales/" not in key]
    assert lists(sample_days.house, *known) == {
        key: body for key, body in every.items() if key not in known
    }


def test_every_closed_day_is_listed_once_and_a_day_that_was_missed_is_caught_up(
    sample_days: SampleDays,
) -> None:
    house = sample_days.house
    every = lists(house)
    assert {key.split("/")[2] for key in every} == {f"day={day}" for day in DAYS}
    assert lists(house, *every) == {}
    without = [key for key in every if str(DAYS[1]) not in key]
    assert lists(house, *without) == {key: every[key] for key in every if key not in without}


def test_every_part_that_is_listed_is_a_record(sample_days: SampleDays) -> None:
    house = sample_days.house
    assert set(_named(lists(house))) <= {f"s3://{BUCKET}/{key}" for key in house.records.keys("")}


def _named(found: Mapping[str, bytes]) -> Iterator[str]:
    for body in found.values():
        yield from body.decode().split()


def test_the_stacks_tables_are_those_of_the_records() -> None:
    """Renew by ``python -m functions.write_catalogue_tables`` after reading what changes."""
    assert DOCUMENT.read_text(encoding="utf-8") == text()


def test_a_journal_part_is_in_the_list_of_the_day_that_recorded_it(
    sample_days: SampleDays,
) -> None:
    house = sample_days.house
    for day in DAYS:
        keys = lists(house)[f"{PLACE}journal/day={day}/parts"].decode().split()
        parts = [part for part in house.books(day).journal if f"s3://{BUCKET}/{part.key}" in keys]
        frames = [house.records.read(part) for part in parts]
        assert {found for frame in frames for found in frame["recorded_on"]} == {day}
