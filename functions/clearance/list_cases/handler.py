"""List the open cases."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.front_office import answers
from backoffice.front_office.open_cases import OpenCases, open_cases
from backoffice.routes.json_api import claims, json_api, resolve
from backoffice.stores.served_tables import ServedTable

LOGGER = Logger()
APP = json_api()


@cache
def _table() -> ServedTable:
    # not by `stores.wiring`: this function goes without the columnar layer that buckets need
    return ServedTable(boto3.client("dynamodb"), os.environ["CASES_TABLE"])


@APP.get("/cases", **answers.LIST_CASES)
def list_cases() -> OpenCases:
    """Answer every open case; to an app, whose token names no person, none of surveillance."""
    is_person = bool(claims(APP).get("username"))
    return open_cases(_table().query("CASES"), all_of_them=is_person)


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return resolve(APP, event, context)
