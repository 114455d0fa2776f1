"""Console: the pages that the broker's people work on, in their browsers."""

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.acknowledged import acknowledge
from infra.blocks.function_spec import FunctionSpec
from infra.capabilities.business_day import CAPTURE, HOUR_OF
from infra.capabilities.callers import CONSOLE_PATH
from infra.capabilities.front_door import FrontDoor
from infra.stages import Stage

FUNCTIONS = (
    FunctionSpec(
        capability="console",
        name="show_pages",
        layers=("api", "columnar", "console", "encryption"),
        memory_mb=1769,  # one processor: what a page costs is a person's time
        timeout_s=29,  # the HTTP API waits 30
        reads=("records", "work"),
        writes=(
            *("records/cases/", "records/accesses/", "records/notices/"),
            *("records/access/", "records/configuration/", "records/locations/"),
            *("records/service-desk/", "work/costs/scenario/"),
        ),
        makes_keys=True,  # whose home is registered gets a key of their own
        table_reads=("reference",),
        table_adds=("cases", "service_desk"),
        starts=("resolve_case", "keep_access"),
        watches_platform=True,
        redrives=(CAPTURE, *HOUR_OF),
    ),
)
PAGES_FUNCTION = "ShowPages"
ROUTES = (
    (apigateway.HttpMethod.GET, CONSOLE_PATH),
    (apigateway.HttpMethod.GET, f"{CONSOLE_PATH}/{{page+}}"),
    (apigateway.HttpMethod.POST, f"{CONSOLE_PATH}/{{page+}}"),
)
SIGNS_IN_ITSELF = (
    "A browser sends no bearer: the function itself checks who asks, by the pool's keys, and sends "
    "whoever has not signed in to the pool's own page."
)


class Console(Construct):
    """The console's routes on the API, and what its function is told of who signs in, and where.

    `pages` are the function, and what the API calls: the same, or its alias.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        door: FrontDoor,
        pages: tuple[lambda_.Function, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        function, entrance = pages
        for name, value in _settings(self, stage, door).items():
            function.add_environment(name, value)
        for method, path in ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{'Page' if '{' in path else 'Entrance'}",
                http_api=door.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=integrations.HttpLambdaIntegration(PAGES_FUNCTION, entrance),
                authorizer=apigateway.HttpNoneAuthorizer(),
            )
            acknowledge(route, "APIG4", SIGNS_IN_ITSELF)


def _settings(scope: Construct, stage: Stage, door: FrontDoor) -> dict[str, str]:
    callers, pool, region = door.callers, door.callers.pool, Stack.of(scope).region
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool.user_pool_id}"
    return {
        "STAGE": stage.name,
        "CONSOLE_ADDRESS": door.console_address,
        "SIGN_IN_ADDRESS": callers.domain.base_url(),
        "TOKEN_ISSUER": issuer,
        "TOKEN_KEYS_ADDRESS": f"{issuer}/.well-known/jwks.json",
        "CONSOLE_CLIENT_ID": callers.console.user_pool_client_id,
        "PERSONS_SCOPES": " ".join(callers.scopes_of_people()),
    }
