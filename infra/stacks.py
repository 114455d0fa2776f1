"""How the stacks of a stage hang together: one that keeps state, one a capability."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.function_spec import FunctionSpec
from infra.blocks.stage_stack import StageStack
from infra.blocks.storage import BUCKETS, TABLES, Storage
from infra.capabilities import (
    accounting,
    clearance,
    compliance,
    front_office,
    intake,
    records,
    risk,
    service_desk,
    settlement,
)
from infra.capabilities.business_day import BusinessDay
from infra.capabilities.callers import RESOURCE_SERVER
from infra.capabilities.capability import Capability
from infra.capabilities.console import FUNCTIONS as PAGES
from infra.capabilities.console import Console
from infra.capabilities.dashboard import Dashboard
from infra.capabilities.front_door import API_STAGE, FrontDoor
from infra.capabilities.on_call import OnCall, Watched, let_alarms_call
from infra.capabilities.query_catalogue import QueryCatalogue
from infra.stages import Stage

CAPABILITIES: Mapping[str, tuple[FunctionSpec, ...]] = {
    "intake": intake.FUNCTIONS,
    "risk": risk.FUNCTIONS,
    "clearance": clearance.FUNCTIONS,
    "settlement": settlement.FUNCTIONS,
    "accounting": accounting.FUNCTIONS,
    "compliance": compliance.FUNCTIONS,
    "records": records.FUNCTIONS,
    "front_office": front_office.FUNCTIONS,
    "service_desk": service_desk.FUNCTIONS,
    "console": PAGES,
}


class StateStack(StageStack):
    """Everything that outlives a deployment."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(scope, "state", stage=stage)
        self.storage = Storage(self, "Storage", stage=stage)
        if stage.has_alarms:
            let_alarms_call(self.storage.key)
        for name in BUCKETS:
            self.tell(f"{name.title()}Bucket", self.storage.bucket_name(name))
        for name in TABLES:
            self.tell(f"{_pascal(name)}Table", self.storage.part_name(name))


class CapabilityStack(StageStack):
    """One capability's functions."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: Stage,
        state: StateStack,
        layer_folders: Mapping[str, Path],
    ) -> None:
        super().__init__(scope, name.replace("_", "-"), stage=stage)
        self.add_stack_dependency(state, "Its functions work on buckets and tables.")
        self.capability = Capability(
            self,
            _pascal(name),
            stage=stage,
            storage=state.storage,
            layer_folders=layer_folders,
            specs=CAPABILITIES[name],
        )

    def open_tickets(self, stage: Stage, storage: Storage) -> service_desk.ServiceDesk:
        """Have the service desk's function open tickets by itself."""
        function = self.capability.functions["OpenTickets"]
        desk = service_desk.ServiceDesk(
            self, "Desk", stage=stage, storage=storage, function=function
        )
        self.tell("TicketLettersQueue", desk.letters.queue_url)
        return desk


class FrontDoorStack(StageStack):
    """The HTTP API over the capabilities' functions."""

    def __init__(
        self, scope: Construct, *, stage: Stage, functions: Mapping[str, lambda_.IFunction]
    ) -> None:
        super().__init__(scope, "front-door", stage=stage)
        self.door = door = FrontDoor(self, "FrontDoor", stage=stage, functions=functions)
        self.tell("ApiId", door.api.http_api_id)
        self.tell("ApiStage", API_STAGE)
        self.tell("UserPoolId", door.callers.pool.user_pool_id)
        for name, client in door.callers.clients.items():
            self.tell(f"{_pascal(name)}ClientId", client.user_pool_client_id)
        self.tell("ConsoleClientId", door.callers.console.user_pool_client_id)
        self.tell("SignInDomain", door.callers.domain.base_url())
        self.tell("ScopePrefix", RESOURCE_SERVER)


class BusinessDayStack(StageStack):
    """The state machines, and what starts them."""

    def __init__(
        self,
        scope: Construct,
        *,
        stage: Stage,
        state: StateStack,
        functions: Mapping[str, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, "business-day", stage=stage)
        self.add_stack_dependency(state, "Drops start a machine.")
        self.day = day = BusinessDay(
            self, "BusinessDay", stage=stage, storage=state.storage, functions=functions
        )
        for name, machine in day.machines.items():
            self.tell(f"{_pascal(name)}Machine", machine.state_machine_arn)
        self.tell("LettersQueue", day.letters.queue_url)
        self.tell("EventBus", day.bus.event_bus_name)


class OnCallStack(StageStack):
    """The alarms, whom they call, and the dashboard."""

    def __init__(self, scope: Construct, *, stage: Stage, watched: Watched) -> None:
        super().__init__(scope, "on-call", stage=stage)
        OnCall(self, "OnCall", stage=stage, watched=watched)
        Dashboard(self, "Dashboard", stage=stage, watched=watched)


class CatalogueStack(StageStack):
    """What a query engine needs to read the records."""

    def __init__(self, scope: Construct, *, stage: Stage, state: StateStack) -> None:
        super().__init__(scope, "catalogue", stage=stage)
        self.add_stack_dependency(state, "Its tables are over the records.")
        QueryCatalogue(self, "Catalogue", stage=stage, storage=state.storage)


def compose(app: App, *, stage: Stage, layer_folders: Mapping[str, Path]) -> None:
    """Put every stack of `stage` into `app`.

    Parameters
    ----------
    layer_folders
        The folder each layer is made of, by its name.
    """
    state = StateStack(app, stage=stage)
    stacks = {
        name: CapabilityStack(app, name, stage=stage, state=state, layer_folders=layer_folders)
        for name in CAPABILITIES
    }
    functions: dict[str, lambda_.Function] = {}
    for stack in stacks.values():
        functions |= stack.capability.functions
    door = FrontDoorStack(app, stage=stage, functions=functions).door
    pages = functions["ShowPages"]
    # in the stack of its function: what the function is told comes from the front door
    Console(stacks["console"], "Pages", stage=stage, door=door, function=pages)
    service_desk.tell_of_platform(pages, stage)
    desk = stacks["service_desk"].open_tickets(stage, state.storage)
    day = BusinessDayStack(app, stage=stage, state=state, functions=functions).day
    CatalogueStack(app, stage=stage, state=state)
    if stage.has_alarms:
        storage, api = state.storage, door.api
        watched = Watched(storage=storage, day=day, desk=desk, api=api, functions=functions)
        OnCallStack(app, stage=stage, watched=watched)


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
