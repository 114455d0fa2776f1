"""Tell an app what the firm has of an instrument and what it costs, on a sheet for sales too."""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.front_office import account_answers as answers
from backoffice.front_office.account_models import Inventory, Price, Product
from backoffice.front_office.product_sheets import sheet_contents
from backoffice.front_office.product_views import ServedProduct, inventory_of, price_of, product_of
from backoffice.front_office.served_products import find_product
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.routes.callers import DOCUMENT_TYPES, FrontDesk
from backoffice.routes.json_api import json_api, problem
from backoffice.stores.parquet import from_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

_JSON: Final = "application/json"
_NO_PRODUCT: Final = "The books know no such instrument."
_NO_CLOSE: Final = "No close of this instrument is known."

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()
DESK = FrontDesk(APP, WIRING)


@APP.get("/inventory/<isin>", **answers.GET_INVENTORY)
def get_inventory(isin: str) -> Response[Inventory | str]:
    """Answer what the firm has of an instrument."""
    product = _product(isin)
    return _found(inventory_of(product)) if product else _none(_NO_PRODUCT)


@APP.get("/prices/<isin>", **answers.GET_PRICE)
def get_price(isin: str) -> Response[Price | str]:
    """Answer the latest close of an instrument."""
    product = _product(isin)
    if product is None:
        return _none(_NO_PRODUCT)
    price = price_of(product, default_calendar())
    return _found(price) if price else _none(_NO_CLOSE)


@APP.get("/products/<isin>", **answers.GET_PRODUCT)
def get_product(isin: str) -> Response[Product | str]:
    """Answer what is known of an instrument."""
    product = _product(isin)
    return _found(product_of(product)) if product else _none(_NO_PRODUCT)


@APP.get("/products/<isin>/sheet", **answers.GET_SHEET)
def get_sheet(
    isin: str,
    form: Annotated[Literal["pdf", "html"], Query(alias="format")] = "pdf",
    language: Literal["en", "is"] = "en",
) -> Response[Any]:
    """Answer a sheet of an instrument that sales may hand on."""
    product = _product(isin)
    if product is None:
        return _none(_NO_PRODUCT)
    price = price_of(product, default_calendar())
    contents = sheet_contents(product_of(product), price, default_rulebook(), language)
    asked = json.dumps({"contents": contents, "format": form}, default=str).encode()
    said = WIRING.lambdas.invoke(FunctionName=WIRING.settings.print_sheet_function, Payload=asked)
    if "FunctionError" in said:
        raise RuntimeError("a product's sheet could not be printed")
    body = json.loads(said["Payload"].read())["body"]
    return Response(HTTPStatus.OK, content_type=DOCUMENT_TYPES[form], body=body)


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return DESK.answer_documents(event, context)


def _found(body: Any) -> Response[Any]:  # noqa: ANN401 - any of the answers
    return Response(HTTPStatus.OK, content_type=_JSON, body=body)


def _none(detail: str) -> Response[Any]:
    return problem(HTTPStatus.NOT_FOUND, detail)


def _product(isin: str) -> ServedProduct | None:
    balances = ServedTable(WIRING.dynamodb, WIRING.settings.balances_table)
    return find_product(balances.get, from_parquet, isin, datetime.now(UTC).date())
