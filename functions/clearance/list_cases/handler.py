"""List the open cases."""

import os
from functools import cache
from http import HTTPStatus
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.front_office import answers
from backoffice.front_office.http_events import staged
from backoffice.front_office.models import Problem
from backoffice.front_office.open_cases import OpenCases, open_cases
from backoffice.stores.served_tables import ServedTable

LOGGER = Logger()
APP = APIGatewayHttpResolver(enable_validation=True)


@cache
def _table() -> ServedTable:
    # not by `stores.wiring`: this function goes without the columnar layer that buckets need
    return ServedTable(boto3.client("dynamodb"), os.environ["CASES_TABLE"])


@APP.get("/cases", **answers.LIST_CASES)
def list_cases() -> OpenCases:
    """Answer every open case."""
    return open_cases(_table().query("CASES"))


@APP.not_found
def no_such_route(_error: NotFoundError) -> Response[str]:
    """Answer 404 as a problem."""
    status = HTTPStatus.NOT_FOUND
    problem = Problem(title=status.phrase, status=status, detail="There is nothing at this path.")
    return Response(status, content_type="application/problem+json", body=problem.to_json())


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return APP.resolve(staged(event), context)
