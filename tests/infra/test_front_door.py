"""The front door's routes are those of the API's document, each open to whom the document says."""

import json

from infra.local.home import PROJECT
from tests.infra.conftest import Synthesized

DOCUMENT = PROJECT / "functions" / "front_office" / "describe_api" / "openapi.json"
CONSOLE = {"GET /console", "GET /console/{page+}", "POST /console/{page+}"}
NOBODY_IN_PARTICULAR = {"GET /health", "GET /openapi.json"}


def _routes(stage: Synthesized) -> dict[str, tuple[str, ...]]:
    return {
        each["Properties"]["RouteKey"]: tuple(each["Properties"].get("AuthorizationScopes", ()))
        for each in stage.of_type("AWS::ApiGatewayV2::Route").values()
    }


def test_every_route_is_described_with_the_scope_that_opens_it(prod: Synthesized) -> None:
    described = {
        f"{method.upper()} {path}": tuple(
            scope for each in operation.get("security", ()) for scope in each["token"]
        )
        for path, item in json.loads(DOCUMENT.read_text())["paths"].items()
        for method, operation in item.items()
    }
    routes = {key: scopes for key, scopes in _routes(prod).items() if key not in CONSOLE}
    assert routes == described


def test_only_what_is_of_nobodys_trades_is_open(prod: Synthesized) -> None:
    for each in prod.of_type("AWS::ApiGatewayV2::Route").values():
        properties = each["Properties"]
        # of the console the function itself checks who asks
        is_open = properties["RouteKey"] in NOBODY_IN_PARTICULAR | CONSOLE
        assert properties["AuthorizationType"] == ("NONE" if is_open else "JWT")
        assert bool(properties.get("AuthorizationScopes")) is not is_open
