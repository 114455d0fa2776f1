"""A house's books where functions look for them: its served items, and the parts they point to."""

from typing import Any

from backoffice.kernel.books import latest
from backoffice.records.serving import served_items
from backoffice.stores.objects import RecordBucket
from backoffice.stores.parquet import to_parquet
from backoffice.stores.served_tables import ServedTable
from tests.reference.samples import US_SHARE
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, run_into_silence

CLOSE = {"isin": US_SHARE, "date": "2026-10-06", "close": "101.5", "currency": "USD"}


def priced_house() -> House:
    """Run the small days into silence, after a close of the American share has come."""
    house = House()
    house.drop("local", FIRST, "prices.csv", table_bytes([CLOSE]))
    return run_into_silence(house)


def serve(house: House, records: RecordBucket, client: Any) -> None:  # noqa: ANN401 - of boto3
    """Serve what a house's records say; tables are called as what they hold."""
    books = latest(house.records)
    assert books is not None
    items = served_items(house.records, books, to_parquet)
    for name in ("balances", "reference", "cases"):
        ServedTable(client, name).replace_all(items[name])
    for key in sorted(_keys([*items["balances"], *items["reference"]])):
        records.put_once(key, house.records.read_bytes(key))


def _keys(value: Any) -> set[str]:  # noqa: ANN401 - any item
    """Find every key of a part in items."""
    if isinstance(value, dict):
        return _keys(list(value.values()))
    if isinstance(value, list):
        return {key for each in value for key in _keys(each)}
    if not isinstance(value, str) or not value.endswith(".parquet"):
        return set()
    return {"/".join(value.split("/")[-3:])}
