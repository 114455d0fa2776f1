"""Write down what the API takes and answers: ``python -m functions.write_api_document``.

The handlers say their routes and answers, `intake` the shapes of a trade's fields, the front door
who may come in; the document is what follows, served as it was last written.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from backoffice import __version__
from backoffice.front_office.answers import JSON
from backoffice.front_office.unfit_trades import LONGEST_TRADE, MOST_FIELDS
from backoffice.intake.column import Column
from backoffice.intake.exact_numbers import number
from backoffice.intake.file_columns import SCHEMAS
from backoffice.intake.forms import DIGITS, Choice, Money, Number, Pattern, Whole
from backoffice.intake.times import Instant
from functions.document_across import EXAMPLE, say_across
from infra.capabilities.callers import RESOURCE_SERVER, SCOPES
from infra.capabilities.front_door import API_STAGE, ROUTES, Route

HERE: Final = Path(__file__).parent
DOCUMENT: Final = HERE / "front_office" / "describe_api" / "openapi.json"
HANDLERS: Final = (
    "front_office/accept_trade",
    "front_office/show_accounts",
    "front_office/show_products",
    "front_office/show_trades",
    "front_office/show_documents",
    "clearance/list_cases",
    "clearance/decide_cases",
    "clearance/keep_documents",
    "records/search_records",
)
INFO: Final = {
    "title": "Bakskrifstofa",
    "version": __version__,
    "description": (
        "Send trades, see what became of them and what accounts have, decide what waits for a "
        "person, keep customers' documents, and search the records. "
        "Every amount and quantity is text."
    ),
}
_ROW: Final = {
    "type": "object",
    "description": "As TradeRequest; one that is not so has an outcome that says why.",
    "additionalProperties": {"type": ["string", "null"]},
}
_SCHEME: Final = "token"
_FORMATS: Final = {"isin": "isin", "counterparty": "lei", "venue": "mic", "currency": "iso-4217"}
_TRADE: Final = (
    "One trade with the columns of a `trades` file; a field unknown there is kept. Null is absent, "
    "blanks around a text are trimmed, and what is left has the shape said here. Names and texts "
    f"come to at most {LONGEST_TRADE} bytes."
)


class GatewayMessage(BaseModel):
    """What the gateway answers by itself, before any function is asked."""

    message: str


def document() -> dict[str, Any]:
    """Make the document."""
    described = [_described(path) for path in HANDLERS]
    paths: dict[str, Any] = {}
    for each in described:
        for path, item in each["paths"].items():
            paths[path] = {**paths.get(path, {}), **item}
    paths["/openapi.json"] = {"get": _own_route()}
    schemas = {name: s for each in described for name, s in each["components"]["schemas"].items()}
    schemas["GatewayMessage"] = GatewayMessage.model_json_schema()
    schemas["TradeRequest"] = _trade_schema()
    schemas["BulkTrades"]["properties"]["trades"]["items"] = _ROW
    paths["/trades"]["post"]["requestBody"]["content"][JSON]["example"] = EXAMPLE
    for route in ROUTES:
        _guard(paths[route.path][route.method.value.lower()], route)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": f"/{API_STAGE}"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {n: schemas[n] for n in sorted(schemas) if "ValidationError" not in n},
            "securitySchemes": {_SCHEME: _scheme()},
        },
    }


def _described(path: str) -> dict[str, Any]:
    """Load a handler and let its router describe it."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    place = HERE / path / "handler.py"
    spec = importlib.util.spec_from_file_location(path.replace("/", "_"), place)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(place)
    handler = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(handler)
    found = handler.APP.get_openapi_schema(title="", version="")
    described: dict[str, Any] = found.model_dump(by_alias=True, exclude_none=True, mode="json")
    return described


def _own_route() -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object"}}}
    return {
        "summary": "Describe the API",
        "operationId": "describe_api",
        "responses": {"200": {"description": "This document.", "content": content}},
    }


def _guard(operation: dict[str, Any], route: Route) -> None:
    """Add what the gateway asks for and answers; take out what the router only supposes."""
    answers = operation["responses"]
    if JSON in answers.get("422", {}).get("content", {}):
        del answers["422"]
    said = {"429": "Too many requests."}
    if route.scope:
        operation["security"] = [{_SCHEME: [f"{RESOURCE_SERVER}/{route.scope}"]}]
        said |= {"401": "There is no good token.", "403": "The token lacks the scope."}
    for status, why in said.items():
        answer = answers.setdefault(status, {"description": why, "content": {}})
        answer["description"] = why
        answer["content"][JSON] = {"schema": {"$ref": "#/components/schemas/GatewayMessage"}}
    say_across(operation, route)
    operation["responses"] = dict(sorted(answers.items()))


def _scheme() -> dict[str, Any]:
    scopes = " ".join(f"`{RESOURCE_SERVER}/{name}`: {text}" for name, text in SCOPES.items())
    how = "An access token by OAuth 2.0 client credentials. Scopes:"
    return {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": f"{how} {scopes}",
    }


def _trade_schema() -> dict[str, Any]:
    columns = SCHEMAS["trades"]
    return {
        "type": "object",
        "description": _TRADE,
        "properties": {column.name: _field_schema(column) for column in columns},
        "required": [column.name for column in columns if column.needed],
        "additionalProperties": {"type": ["string", "null"]},
        "propertyNames": {"minLength": 1},
        "maxProperties": MOST_FIELDS,
    }


def _field_schema(column: Column) -> dict[str, Any]:
    form = column.form
    schema: dict[str, Any] = {"type": "string", "description": f"It {form.says}."}
    if isinstance(form, Choice):
        schema["enum"] = list(form.codes)
    elif isinstance(form, Pattern):
        schema["pattern"] = form.regex
    elif isinstance(form, Number):
        schema["pattern"] = number(form.scale, whole_digits=form.whole_digits)
    elif isinstance(form, Money):
        schema["pattern"] = number(None)
    elif isinstance(form, Whole):
        schema["pattern"] = DIGITS
    elif isinstance(form, Instant):
        schema["format"] = "date-time"
    if column.name in _FORMATS:
        schema["format"] = _FORMATS[column.name]
    if column.needed:
        return schema
    also = {"default": column.default} if column.default else {}
    return {"anyOf": [schema, {"type": "null"}], **also}


def main() -> None:
    """Write the document where it is served from."""
    DOCUMENT.write_text(json.dumps(document(), indent=1) + "\n")
    sys.stdout.write(f"{DOCUMENT} written\n")


if __name__ == "__main__":
    main()
