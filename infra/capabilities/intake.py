"""Intake: partner files become captured rows; a day's inputs are frozen and resolved."""

from infra.blocks.function_spec import PART_S, FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="intake",
        name="plan_file",
        layers=("columnar", "messages", "api"),
        memory_mb=512,
        reads=("drops",),
        writes=("work/captured/",),
    ),
    FunctionSpec(
        capability="intake",
        name="capture_range",
        layers=("columnar", "messages", "api", "encryption"),
        memory_mb=1769,
        timeout_s=PART_S,
        reads=("drops", "work/captured/"),
        writes=("work/captured/",),
        makes_keys=True,
    ),
    FunctionSpec(
        capability="intake",
        name="commit_file",
        layers=("columnar", "api", "encryption"),
        memory_mb=1769,
        reads=("drops", "work/captured/", "records/intake/"),
        writes=("records/intake/",),
        deletes=("drops/drops/",),
        makes_keys=True,
    ),
    FunctionSpec(
        capability="intake",
        name="freeze_inputs",
        layers=("columnar", "api"),
        memory_mb=1024,
        reads=("records",),
        writes=("records/inputs/", "records/intake/", "work/captured/"),
        table_scans=("intake",),
    ),
    FunctionSpec(
        capability="intake",
        name="resolve_trades",
        layers=("columnar", "api"),
        memory_mb=2048,
        reads=("records", "work"),
        writes=(*("records/intake/", "records/reference/", "records/clearance/", "work/days/"),),
    ),
)
