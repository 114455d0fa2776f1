"""Front office: the HTTP API that apps and desks call, with their tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.blocks.acknowledged import acknowledge
from infra.blocks.function import log_retention
from infra.capabilities.callers import CONSOLE_PATH, RESOURCE_SERVER, Callers
from infra.capabilities.own_names import OwnNames
from infra.stages import Stage

API_STAGE = "v1"
# Ids alone: no body, no query, no client's name.
ACCESS_LOG = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "client": "$context.authorizer.claims.client_id",
    "milliseconds": "$context.responseLatency",
}


OPEN_ROUTES = (
    "Health and the API's description are open: they say what anyone may know, of nobody's trades."
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way into the API; no scope means it is open."""

    method: apigateway.HttpMethod
    path: str
    function: str
    scope: str | None


def _read(path: str, *, function: str, scope: str | None) -> Route:
    return Route(method=apigateway.HttpMethod.GET, path=path, function=function, scope=scope)


def _post(path: str, *, function: str, scope: str) -> Route:
    return Route(method=apigateway.HttpMethod.POST, path=path, function=function, scope=scope)


ROUTES = (
    _post("/trades", function="AcceptTrade", scope="trades.write"),
    _post("/checks", function="AcceptTrade", scope="trades.write"),
    _read("/trades/{trade_date}/{trade_id}", function="AcceptTrade", scope="trades.write"),
    _post("/trades/bulk", function="AcceptTrade", scope="trades.write"),
    _read("/trades", function="ShowTrades", scope="trades.write"),
    _read("/trades/{trade_date}/{trade_id}/status", function="ShowTrades", scope="trades.write"),
    _read("/cases", function="ListCases", scope="cases.read"),
    _read("/cases/{case_id}", function="DecideCases", scope="cases.read"),
    _post("/cases/{case_id}/acts", function="DecideCases", scope="cases.decide"),
    _post("/cases/acts", function="DecideCases", scope="cases.decide"),
    _post("/customers/{account_id}/documents", function="KeepDocuments", scope="customers.write"),
    _read("/customers/{account_id}/documents", function="KeepDocuments", scope="customers.read"),
    _read(
        "/customers/{account_id}/documents/{document_id}",
        function="KeepDocuments",
        scope="customers.read",
    ),
    _read("/accounts/{account_id}/positions", function="ShowAccounts", scope="positions.read"),
    _read("/accounts/{account_id}/balances", function="ShowAccounts", scope="positions.read"),
    _read("/accounts/{account_id}/documents", function="ShowDocuments", scope="documents.read"),
    _read(
        "/accounts/{account_id}/documents/{document_id}",
        function="ShowDocuments",
        scope="documents.read",
    ),
    _read("/inventory/{isin}", function="ShowProducts", scope="positions.read"),
    _read("/prices/{isin}", function="ShowProducts", scope="positions.read"),
    _read("/products/{isin}", function="ShowProducts", scope="positions.read"),
    _read("/products/{isin}/sheet", function="ShowProducts", scope="positions.read"),
    _read("/records", function="SearchRecords", scope="records.read"),
    _read("/health", function="AcceptTrade", scope=None),
    _read("/openapi.json", function="DescribeApi", scope=None),
)


class FrontDoor(Construct):
    """The HTTP API, its routes, and the pool that signs its callers' tokens.

    Attributes
    ----------
    api
        The HTTP API.
    callers
        Who may call it.
    address, console_address
        Where the API and the console are, without a slash at the end.
    names
        Names of the broker's own, where the stage has any.
    """

    names: OwnNames | None = None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        functions: Mapping[str, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.api = apigateway.HttpApi(
            self,
            "Api",
            api_name=stage.named("api"),
            create_default_stage=False,
            disable_execute_api_endpoint=True if stage.address else None,
        )
        self.address, console = self._addresses()
        self.console_address = f"{console}{CONSOLE_PATH}"
        self.callers = Callers(self, "Callers", stage=stage, console_at=self.console_address)
        made = self._stage_of_api()
        if own := stage.address:
            self.names = OwnNames(self, "Names", address=own, api=self.api, stage=made)
        self._route(functions)

    def _addresses(self) -> tuple[str, str]:
        if own := self._stage.address:
            return f"https://{own.api}", f"https://{own.console}"
        given = f"{self.api.api_endpoint}/{API_STAGE}"
        return given, given

    def _stage_of_api(self) -> apigateway.HttpStage:
        log = logs.LogGroup(
            self,
            "AccessLog",
            retention=log_retention(self._stage.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name=API_STAGE,
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=200, burst_limit=400),
        )
        settings = cast("apigateway.CfnStage", stage.node.default_child)
        settings.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=json.dumps(ACCESS_LOG)
        )
        return stage

    def _route(self, functions: Mapping[str, lambda_.IFunction]) -> None:
        authorizer = authorizers.HttpUserPoolAuthorizer(
            "Callers",
            self.callers.pool,
            user_pool_clients=[*self.callers.clients.values(), self.callers.console],
        )
        for name in sorted({route.function for route in ROUTES}):
            integration = integrations.HttpLambdaIntegration(name, functions[name])
            for route in (each for each in ROUTES if each.function == name):
                self._add(route, integration, authorizer)

    def _add(
        self,
        route: Route,
        integration: apigateway.HttpRouteIntegration,
        authorizer: apigateway.IHttpRouteAuthorizer,
    ) -> None:
        closed = route.scope is not None
        made = self.api.add_routes(
            path=route.path,
            methods=[route.method],
            integration=integration,
            authorizer=authorizer if closed else apigateway.HttpNoneAuthorizer(),
            authorization_scopes=[f"{RESOURCE_SERVER}/{route.scope}"] if closed else None,
        )
        if not closed:
            for each in made:
                acknowledge(each, "APIG4", OPEN_ROUTES)
