"""Risk: the sanctions lists that parties are screened against."""

from infra.blocks.function_spec import FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="risk",
        name="take_lists",
        layers=("columnar", "messages", "screening", "api"),
        memory_mb=1769,
        timeout_s=600,
        reads=("drops/lists/", "records/lists/"),
        writes=("records/lists/",),
    ),
)
