"""The deployed API answers as the document that it serves says, and keeps apps apart."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis

from cli.platform import Platform
from cli.staff import sign_in
from infra.local.bring_up import Standing
from infra.local.clients import Clients
from samples.app import TRADES_WRITE, Credentials
from tests.api.calling import call
from tests.api.fuzzing import OF_PEOPLE, Findings, config, fuzz, know_formats, theirs
from tests.api.gateway import DOCUMENT
from tests.api.isolation import APP, CHECKS, DESK, NOBODY, OTHER

pytestmark = [
    pytest.mark.local,
    # what is large is only shown at length
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]

CASES_READ = "backoffice/cases.read"
_APP = f"{TRADES_WRITE} backoffice/positions.read backoffice/documents.read"
SCOPES = {APP: f"{_APP} accounts/*", OTHER: f"{_APP} accounts/H-1", DESK: CASES_READ}
"""What tokens are asked for; the stage's own app sees every account, the other its own."""


class DeployedApi:
    """The deployed API, called by two apps and the desk, each by a client of its own."""

    def __init__(self, standing: Standing, deployed: Clients) -> None:
        outputs, cognito = standing.outputs, deployed.get("cognito-idp")
        place = f"{outputs['ApiId']}/{outputs['ApiStage']}"
        self.address = f"{standing.running.endpoint}/_aws/execute-api/{place}"
        clients = {
            APP: outputs["AppClientId"],
            OTHER: _another_app(deployed, outputs),
            DESK: outputs.get("DeskClientId", outputs["AppClientId"]),
        }
        self._credentials = {
            caller: _credentials(cognito, outputs["UserPoolId"], client)
            for caller, client in clients.items()
        }
        self.tokens: dict[str, str | None] = {
            caller: found.token(standing.running.endpoint, SCOPES[caller])
            for caller, found in self._credentials.items()
        }
        self.tokens[NOBODY] = None

    def send(
        self, caller: str, method: str, path: str, document: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        return call(self.address, self.tokens[caller], method, path, document)

    def client(self, caller: str) -> str:
        return self._credentials[caller].client_id


def _credentials(cognito: Any, pool: str, client: str) -> Credentials:  # noqa: ANN401 - a client
    found = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client)["UserPoolClient"]
    return Credentials(found["ClientId"], found["ClientSecret"])


def _another_app(deployed: Clients, outputs: Mapping[str, str]) -> str:
    """Give a second app a client that the door knows, as a stage with two apps would."""
    made = deployed.get("cognito-idp").create_user_pool_client(
        UserPoolId=outputs["UserPoolId"],
        ClientName="other-app",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=SCOPES[OTHER].split(),
    )["UserPoolClient"]["ClientId"]
    door = deployed.get("apigatewayv2")
    (known,) = door.get_authorizers(ApiId=outputs["ApiId"])["Items"]
    audience = [*known["JwtConfiguration"]["Audience"], made]
    door.update_authorizer(
        ApiId=outputs["ApiId"],
        AuthorizerId=known["AuthorizerId"],
        JwtConfiguration={**known["JwtConfiguration"], "Audience": audience},
    )
    return str(made)


@pytest.fixture(scope="module")
def api(standing: Standing) -> DeployedApi:
    return DeployedApi(standing, Clients(standing.running.endpoint))


def test_the_document_is_served_as_it_was_written(api: DeployedApi) -> None:
    assert api.send(NOBODY, "GET", "/openapi.json") == (200, json.loads(DOCUMENT.read_text()))


@pytest.mark.parametrize("operation", sorted(CHECKS))
def test_an_app_sees_on_no_deployed_route_what_is_anothers(
    api: DeployedApi, operation: str
) -> None:
    CHECKS[operation](api)


@pytest.mark.soak
def test_the_deployed_api_answers_as_its_document_says(
    api: DeployedApi, standing: Standing
) -> None:
    know_formats()
    found = Findings()
    person = sign_in(Platform(standing.running.endpoint, standing.outputs), "fuzzer")
    tokens = {"/trades": api.tokens[APP], "/cases": api.tokens[DESK]}
    tokens |= dict.fromkeys(OF_PEOPLE, person)
    for beginning, token in tokens.items():
        said = config(str(token), examples=150, seed=1, base_url=api.address)
        schema = schemathesis.openapi.from_url(f"{api.address}/openapi.json", config=said)
        fuzz(theirs(schema, beginning), found)
    assert found.wrong == []
    assert not [status for _, status in found.answers if status >= 500]
    assert {status for _, status in found.answers} >= {200, 201, 401, 404, 415, 422}
