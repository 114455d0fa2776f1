"""A router of JSON bodies, and the problems (RFC 9457) it answers to what no route takes."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.front_office.http_events import of_json, staged, tagged
from backoffice.front_office.json_bodies import Twice, read_body
from backoffice.front_office.models import Problem

Handler = TypeVar("Handler", bound=Callable[..., Response[Any]])

_NO_OBJECT: Final = "The body must be one JSON object as the document describes it."
_NO_ROUTE: Final = "There is nothing at this path."
_NO_JSON: Final = "The body must be application/json."


def json_api() -> APIGatewayHttpResolver:
    """Return a router that answers 404, 415 and 422 as problems.

    A function whose 422 says more has its own for the same error: the last one given counts.
    """
    app = APIGatewayHttpResolver(enable_validation=True, json_body_deserializer=read_body)
    app.not_found(no_such_route)
    on(app, RequestUnsupportedContentType)(_of_another_type)
    on(app, UnicodeDecodeError)(_of_other_bytes)
    on(app, RequestValidationError)(_of_another_shape)
    return app


def on(app: APIGatewayHttpResolver, error: type[Exception]) -> Callable[[Handler], Handler]:
    """Answer an error by the function below; the router's own decorator is untyped."""
    return cast("Callable[[Handler], Handler]", app.exception_handler(error))


def resolve(
    app: APIGatewayHttpResolver, event: Mapping[str, Any], context: LambdaContext
) -> dict[str, Any]:
    """Take an HTTP API event; return its answer, or that it is what the caller has already."""
    return tagged(event, app.resolve(of_json(staged(event)), context))


def claims(app: APIGatewayHttpResolver) -> Mapping[str, Any]:
    """Return what the token of the current request says."""
    authorizer = app.current_event.request_context.authorizer
    return (authorizer and authorizer.jwt_claim) or {}


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    field: str | None = None,
    code: str | None = None,
    message: str | None = None,
) -> Response[Any]:
    """Answer a problem, and what of a request it is about."""
    said = {"field": field, "code": code, "message": message}
    body = Problem.model_validate(
        {"title": status.phrase, "status": status, "detail": detail, **said}
    )
    return Response(status, content_type="application/problem+json", body=body.to_json())


def no_such_route(_error: NotFoundError) -> Response[Any]:
    """Answer 404 as a problem."""
    return problem(HTTPStatus.NOT_FOUND, _NO_ROUTE)


def _of_another_type(_error: RequestUnsupportedContentType) -> Response[Any]:
    return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _NO_JSON)


def _of_other_bytes(_error: UnicodeDecodeError) -> Response[Any]:
    """Answer 422 to a body that is no UTF-8."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _NO_OBJECT)


def _of_another_shape(error: RequestValidationError) -> Response[Any]:
    """Answer 422 to what is not as the document describes it, by the first field that is not."""
    first = error.errors()[0]
    place = ".".join(str(step) for step in first["loc"])
    why = "stands there twice" if isinstance(first.get("input"), Twice) else first["msg"]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: {why}", field=place)
