"""What an app is told of an instrument is what the books export, on a screen and on paper."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backoffice.formats.printing.wording import sheet_of
from backoffice.front_office.account_models import Price, Product
from backoffice.front_office.product_sheets import sheet_contents
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.objects import RecordBucket
from tests.handlers import load_handler
from tests.simulation.house import House
from tests.simulation.small_days import SECOND
from tests.unit.front_office.api_events import Context, event
from tests.unit.front_office.in_process import InProcess
from tests.unit.front_office.served_house import priced_house, serve
from tests.unit.stores.aws import aws, make_bucket, make_table

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def house() -> House:
    return priced_house()


@pytest.fixture(scope="module")
def fetch(house: House) -> Iterator[Callable[..., dict[str, Any]]]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BALANCES_TABLE", "balances")
        environment.setenv("PRINT_SHEET_FUNCTION", "front_office/print_sheet")
        environment.setenv("POWERTOOLS_SERVICE_NAME", "front_office")
        with aws(environment):
            client = make_table("balances")
            make_table("reference")
            make_table("cases")
            serve(house, RecordBucket(make_bucket("records"), "records"), client)
            handler = load_handler("front_office/show_products")
            handler.WIRING.__dict__["lambdas"] = InProcess()

            def _fetch(path: str, **query: str) -> dict[str, Any]:
                asked = event("GET", path)
                answer: dict[str, Any] = handler.main(
                    {**asked, "queryStringParameters": query}, Context()
                )
                return answer

            yield _fetch


@pytest.fixture
def ask(fetch: Callable[..., dict[str, Any]]) -> Ask:
    def _ask(path: str, **query: str) -> tuple[int, Any]:
        answer = fetch(path, **query)
        return answer["statusCode"], json.loads(answer["body"])

    return _ask


def _export(house: House, what: str, **of: str) -> list[dict[str, str]]:
    rows = house.table(what)
    return [row for row in rows if all(row[name] == value for name, value in of.items())]


def test_inventory_is_the_firms_own_and_what_is_due(house: House, ask: Ask) -> None:
    status, told = ask("/inventory/US0000000010")
    (own,) = _export(house, "positions", account_id="H-1")
    assert (status, told["as_of"], told["traded"]) == (200, str(SECOND), own["traded_quantity"])
    assert told["can_sell"] == told["can_deliver"] == own["settled_quantity"] == "7"
    live = [
        row
        for row in _export(house, "obligations", isin="US0000000010")
        if row["status"] not in {"SETTLED", "CANCELLED"}
    ]
    assert {one["settlement_date"] for one in told["due"]} == {
        row["settlement_date"] for row in live
    }
    assert ask("/inventory/US9999999999")[0] == 404
    assert ask("/prices/US9999999999")[0] == 404


def test_a_price_says_its_date_its_file_and_how_old_it_is(ask: Ask) -> None:
    status, told = ask("/prices/US0000000010")
    del told["age_days"]
    assert (status, told) == (
        200,
        {
            "isin": "US0000000010",
            "as_of": str(SECOND),
            "close": "101.5",
            "currency": "USD",
            "date": "2026-10-06",
            "partner": "local",
            "file": "prices.csv",
            "age_sessions": 2,
        },
    )
    assert ask("/prices/DE0000000033")[1]["detail"] == "No close of this instrument is known."


def test_a_product_is_its_facts_its_inventory_and_its_price(ask: Ask) -> None:
    status, told = ask("/products/US0000000010")
    assert (status, told["asset_class"], told["venue"]) == (200, "EQUITY", "XNYS")
    assert told["inventory"] == ask("/inventory/US0000000010")[1]
    assert (told["price"]["close"], told["price"]["per"]) == ("101.5", "UNIT")
    bond = ask("/products/DE0000000066")[1]["price"]
    assert (bond["close"], bond["per"]) == (None, "PERCENT")
    assert ask("/products/US9999999999")[0] == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Product sheet", "We can sell", "10,150.00", "7")),
        ("is", ("Upplýsingablað", "Getum selt", "10.150,00", "7")),
    ],
)
def test_a_sheet_says_facts_price_and_inventory_in_the_language_asked_for(
    fetch: Callable[..., dict[str, Any]], language: str, said: tuple[str, ...]
) -> None:
    answer = fetch("/products/US0000000010/sheet", format="html", language=language)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    page = b64decode(answer["body"]).decode()
    for text in said:
        assert text in page
    assert f'lang="{language}"' in page


def test_a_sheet_is_a_pdf_and_the_same_bytes_each_time(
    fetch: Callable[..., dict[str, Any]],
) -> None:
    first, again = (fetch("/products/US0000000010/sheet") for _ in range(2))
    assert first["headers"]["Content-Type"] == "application/pdf"
    assert b64decode(first["body"]).startswith(b"%PDF-")
    assert first["body"] == again["body"]


def test_a_sheet_of_what_has_no_close_says_so(fetch: Callable[..., dict[str, Any]]) -> None:
    page = b64decode(fetch("/products/DE0000000066/sheet", format="html")["body"]).decode()
    assert "We know no closing price of this security." in page


def test_no_sheet_of_what_nobody_knows_and_in_no_other_language(ask: Ask) -> None:
    assert ask("/products/US9999999999/sheet")[0] == 404
    assert ask("/products/US0000000010/sheet", language="de")[1]["field"] == "query.language"


@pytest.mark.parametrize(
    ("close", "per", "worth"),
    [
        ("101.5", "UNIT", "10150.00"),
        ("99.98765432", "UNIT", "9998.77"),
        ("0.00005", "UNIT", "0.01"),
        ("98.765", "PERCENT", "9876.50"),
    ],
)
def test_what_it_costs_is_the_close_rounded_half_up(
    ask: Ask, close: str, per: str, worth: str
) -> None:
    told = ask("/products/US0000000010")[1]
    told["price"] |= {"close": close, "per": per}
    price = {**ask("/prices/US0000000010")[1], "close": close}
    contents = sheet_contents(
        Product.model_validate(told), Price.model_validate(price), default_rulebook(), "en"
    )
    (costs,) = (block for block in contents["blocks"] if block.get("name") == "worth")
    assert costs["rows"][0][1] == worth
    assert sheet_of(contents).addressee == ()
