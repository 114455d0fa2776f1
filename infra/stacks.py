"""How the stacks of a stage hang together: one that keeps state, one a capability."""

from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.function_spec import FunctionSpec
from infra.blocks.gradual import GradualDeployment, answering
from infra.blocks.stage_stack import StageStack
from infra.blocks.storage import Storage
from infra.capabilities import (
    access,
    accounting,
    clearance,
    compliance,
    costs,
    front_office,
    intake,
    records,
    remote_operations,
    risk,
    service_desk,
    settlement,
)
from infra.capabilities.budget import Budget
from infra.capabilities.business_day import BusinessDay
from infra.capabilities.capability import Capability
from infra.capabilities.console import FUNCTIONS as PAGES
from infra.capabilities.console import PAGES_FUNCTION, Console
from infra.capabilities.dashboard import Dashboard
from infra.capabilities.front_door import ROUTES
from infra.capabilities.on_call import OnCall, Watched
from infra.capabilities.query_catalogue import QueryCatalogue
from infra.front_door_stack import FrontDoorStack
from infra.partners_stack import PartnersStack
from infra.stages import Stage
from infra.state_stack import StateStack

CAPABILITIES: Mapping[str, tuple[FunctionSpec, ...]] = {
    "intake": intake.FUNCTIONS,
    "risk": risk.FUNCTIONS,
    "clearance": clearance.FUNCTIONS,
    "settlement": settlement.FUNCTIONS,
    "accounting": accounting.FUNCTIONS,
    "compliance": compliance.FUNCTIONS,
    "records": records.FUNCTIONS,
    "front_office": front_office.FUNCTIONS,
    "access": access.FUNCTIONS,
    "remote_operations": remote_operations.FUNCTIONS,
    "service_desk": service_desk.FUNCTIONS,
    "console": PAGES,
    "costs": costs.FUNCTIONS,
}


SPECS = tuple(spec for specs in CAPABILITIES.values() for spec in specs)
ENTRANCES = (PAGES_FUNCTION, *(route.function for route in ROUTES))
"""The functions that the API calls."""


class CapabilityStack(StageStack):
    """One capability's functions.

    Attributes
    ----------
    capability
        The functions.
    entrances
        Those that the API calls, or the aliases by which it calls them.
    """

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
        found = answering(self.capability.functions, ENTRANCES)
        self.entrances: Mapping[str, lambda_.IFunction] = found
        if found and stage.shifts_gradually:
            self.entrances = GradualDeployment(self, "Gradual", functions=found).aliases

    def open_tickets(self, stage: Stage, storage: Storage) -> service_desk.ServiceDesk:
        """Have the service desk's function open tickets by itself."""
        function = self.capability.functions["OpenTickets"]
        desk = service_desk.ServiceDesk(
            self, "Desk", stage=stage, storage=storage, function=function
        )
        self.tell("TicketLettersQueue", desk.letters.queue_url)
        return desk


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
        called = OnCall(self, "OnCall", stage=stage, watched=watched)
        Budget(self, "Budget", stage=stage, topic=called.topic)
        Dashboard(self, "Dashboard", stage=stage, watched=watched)


class CatalogueStack(StageStack):
    """What a query engine needs to read the records."""

    def __init__(self, scope: Construct, *, stage: Stage, state: StateStack) -> None:
        super().__init__(scope, "catalogue", stage=stage)
        self.add_stack_dependency(state, "Its tables are over the records.")
        QueryCatalogue(self, "Catalogue", stage=stage, storage=state.storage)


def compose(app: Construct, *, stage: Stage, layer_folders: Mapping[str, Path]) -> None:
    """Put every stack of `stage` into `app`, the program or a part of it.

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
    functions = dict(ChainMap(*(each.capability.functions for each in stacks.values())))
    entrances = dict(ChainMap(*(dict(each.entrances) for each in stacks.values())))
    door = FrontDoorStack(app, stage=stage, functions=entrances).door
    # in the stack of its function: what the function is told comes from the front door
    pages = (functions[PAGES_FUNCTION], entrances[PAGES_FUNCTION])
    Console(stacks["console"], "Pages", stage=stage, door=door, pages=pages)
    service_desk.tell_of_platform(pages[0], stage)
    desk = stacks["service_desk"].open_tickets(stage, state.storage)
    access.tell_configuration(functions["RecordConfiguration"], stage)
    access.let_keep_access(stacks["access"], functions["KeepAccess"], door.callers)
    day = BusinessDayStack(app, stage=stage, state=state, functions=functions).day
    CatalogueStack(app, stage=stage, state=state)
    if stage.partners:
        PartnersStack(app, stage=stage, state=state)
    costs.tell_what_is_metered(app, functions, stage=stage, storage=state.storage, specs=SPECS)
    if stage.has_alarms:
        storage, api = state.storage, door.api
        watched = Watched(storage=storage, day=day, desk=desk, api=api, functions=functions)
        OnCallStack(app, stage=stage, watched=watched)


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
