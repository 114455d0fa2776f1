"""Costs: what the platform used of the cloud, measured from outside it."""

import json
from collections.abc import Mapping

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.function_spec import FunctionSpec
from infra.blocks.stage_stack import StageStack
from infra.blocks.storage import BUCKETS, TABLES, Storage
from infra.stages import Stage

FUNCTIONS = (
    FunctionSpec(
        capability="costs",
        name="measure_usage",
        layers=("columnar", "api"),
        memory_mb=512,
        timeout_s=300,
        reads=("records",),
        writes=("work/costs/",),
        reads_meters=True,
    ),
)


def tell_what_is_metered(
    app: Construct,
    functions: Mapping[str, lambda_.Function],
    *,
    stage: Stage,
    storage: Storage,
    specs: tuple[FunctionSpec, ...],
) -> None:
    """Tell the measuring function what there is: it can list nothing by itself."""
    function = functions["MeasureUsage"]
    stacks = [each.stack_name for each in app.node.children if isinstance(each, StageStack)]
    metered = {
        "functions_mb": {spec.name: spec.memory_mb for spec in specs},
        "prefix": stage.named(""),
        "tables": [storage.part_name(name) for name in TABLES],
        "buckets": [storage.bucket_name(name) for name in BUCKETS],
    }
    function.add_environment("METERED", json.dumps(metered, separators=(",", ":")))
    function.add_environment("STACKS", json.dumps(stacks, separators=(",", ":")))
