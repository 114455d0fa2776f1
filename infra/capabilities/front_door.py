"""Front office: the HTTP API that apps and desks call, with their tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.blocks.acknowledged import acknowledge
from infra.blocks.function import log_retention
from infra.stages import Stage

RESOURCE_SERVER = "backoffice"
SCOPES = {
    "trades.write": "Send trades and see what became of them.",
    "cases.read": "See the exceptions desk.",
}
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


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way into the API; no scope means it is open."""

    method: apigateway.HttpMethod
    path: str
    function: str
    scope: str | None


ROUTES = (
    Route(
        method=apigateway.HttpMethod.POST,
        path="/trades",
        function="AcceptTrade",
        scope="trades.write",
    ),
    Route(
        method=apigateway.HttpMethod.GET,
        path="/trades/{trade_date}/{trade_id}",
        function="AcceptTrade",
        scope="trades.write",
    ),
    Route(
        method=apigateway.HttpMethod.GET,
        path="/cases",
        function="ListCases",
        scope="cases.read",
    ),
    Route(
        method=apigateway.HttpMethod.GET,
        path="/health",
        function="AcceptTrade",
        scope=None,
    ),
)


class FrontDoor(Construct):
    """The HTTP API, its routes, and the pool that signs its callers' tokens.

    Attributes
    ----------
    api
        The HTTP API.
    pool, client
        The user pool, and the client by which an app fetches a token for its scopes.
    """

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
        self.pool = self._pool()
        self.scopes = self._scopes()
        self.client = self._app()
        self.api = apigateway.HttpApi(
            self, "Api", api_name=stage.named("api"), create_default_stage=False
        )
        self._stage_of_api()
        self._route(functions)

    def _pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=self._stage.named("callers"),
            self_sign_up_enabled=False,
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
            ),
            removal_policy=(
                RemovalPolicy.RETAIN if self._stage.keeps_tables else RemovalPolicy.DESTROY
            ),
        )
        acknowledge(
            pool,
            "COG8",
            "The paid feature plan guards sign-ins of people; only apps have clients here.",
        )
        return pool

    def _scopes(self) -> dict[str, cognito.OAuthScope]:
        scopes = {
            name: cognito.ResourceServerScope(scope_name=name, scope_description=text)
            for name, text in SCOPES.items()
        }
        server = self.pool.add_resource_server(
            "Scopes", identifier=RESOURCE_SERVER, scopes=list(scopes.values())
        )
        self.pool.add_domain(
            "TokenEndpoint",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self._stage.named("callers")),
        )
        return {
            name: cognito.OAuthScope.resource_server(server, made) for name, made in scopes.items()
        }

    def _app(self) -> cognito.UserPoolClient:
        return self.pool.add_client(
            "App",
            user_pool_client_name=self._stage.named("app"),
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=list(self.scopes.values()),
            ),
            access_token_validity=Duration.hours(1),
        )

    def _stage_of_api(self) -> None:
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

    def _route(self, functions: Mapping[str, lambda_.IFunction]) -> None:
        authorizer = authorizers.HttpUserPoolAuthorizer(
            "Callers", self.pool, user_pool_clients=[self.client]
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
                acknowledge(each, "APIG4", "Health is open: it says nothing but that it answers.")
