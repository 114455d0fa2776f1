"""What every capability is: functions over the shared storage."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.function import BackofficeFunction
from infra.blocks.function_spec import FunctionSpec
from infra.blocks.layers import Layers
from infra.blocks.storage import Storage
from infra.stages import Stage


class Capability(Construct):
    """A capability's functions.

    Attributes
    ----------
    functions
        The Lambda functions by the name state machines use: ``PlanFile``.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        storage: Storage,
        layer_folders: Mapping[str, Path],
        specs: Sequence[FunctionSpec],
    ) -> None:
        super().__init__(scope, construct_id)
        layers = Layers(self, "Layers", stage=stage, folders=layer_folders)
        self.functions: dict[str, lambda_.Function] = {
            spec.pascal_name: BackofficeFunction(
                self, spec.pascal_name, spec=spec, stage=stage, storage=storage, layers=layers
            ).function
            for spec in specs
        }
