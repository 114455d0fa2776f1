"""The stack that keeps state: what outlives a deployment, and who may use its key."""

from constructs import Construct

from infra.blocks.stage_stack import StageStack
from infra.blocks.storage import BUCKETS, TABLES, Storage
from infra.capabilities.budget import let_budget_call
from infra.capabilities.on_call import let_alarms_call
from infra.stages import Stage
from infra.version import VERSION


class StateStack(StageStack):
    """Everything that outlives a deployment."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(scope, "state", stage=stage)
        self.storage = Storage(self, "Storage", stage=stage)
        if stage.has_alarms:
            let_alarms_call(self.storage.key)
            let_budget_call(self.storage.key)
        self.tell("Version", VERSION)
        for name in BUCKETS:
            self.tell(f"{name.title()}Bucket", self.storage.bucket_name(name))
        for name in TABLES:
            self.tell(
                "".join(word.title() for word in (*name.split("_"), "table")),
                self.storage.part_name(name),
            )
