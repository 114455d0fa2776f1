"""The stack of partners' roles; a stage without partners has none."""

from constructs import Construct

from infra.blocks.stage_stack import StageStack
from infra.capabilities.partners import PartnerRole
from infra.stages import Stage
from infra.state_stack import StateStack


class PartnersStack(StageStack):
    """A role a partner, each put out by the partner's name."""

    def __init__(self, scope: Construct, *, stage: Stage, state: StateStack) -> None:
        super().__init__(scope, "partners", stage=stage)
        self.add_stack_dependency(state, "Roles are for its buckets.")
        for each in stage.partners:
            name = "".join(word.title() for word in each.name.replace("_", "-").split("-"))
            made = PartnerRole(self, name, stage=stage, partner=each, storage=state.storage)
            self.tell(f"{name}Role", made.role.role_arn)
