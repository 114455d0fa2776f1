"""The stack of the HTTP API, and what of it commands and people look up."""

from collections.abc import Mapping

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.stage_stack import StageStack
from infra.capabilities.callers import RESOURCE_SERVER
from infra.capabilities.front_door import API_STAGE, FrontDoor
from infra.stages import Stage


class FrontDoorStack(StageStack):
    """The HTTP API over the capabilities' functions."""

    def __init__(
        self, scope: Construct, *, stage: Stage, functions: Mapping[str, lambda_.IFunction]
    ) -> None:
        super().__init__(scope, "front-door", stage=stage)
        self.door = door = FrontDoor(self, "FrontDoor", stage=stage, functions=functions)
        self.tell("ApiId", door.api.http_api_id)
        self.tell("ApiStage", API_STAGE)
        self.tell("ApiAddress", door.address)
        self.tell("ConsoleAddress", door.console_address)
        for name, target in (door.names.targets if door.names else {}).items():
            self.tell(f"{name}Target", target)
        self.tell("UserPoolId", door.callers.pool.user_pool_id)
        for name, client in door.callers.clients.items():
            self.tell(
                f"{''.join(word.title() for word in name.split('_'))}ClientId",
                client.user_pool_client_id,
            )
        self.tell("ConsoleClientId", door.callers.console.user_pool_client_id)
        self.tell("SignInDomain", door.callers.domain.base_url())
        self.tell("ScopePrefix", RESOURCE_SERVER)
