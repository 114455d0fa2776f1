"""Remote operations: the job that watches the register of home locations."""

from infra.blocks.function_spec import FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="remote_operations",
        name="watch_locations",
        layers=("api", "columnar"),
        memory_mb=512,
        reads=("records/locations/", "records/notices/"),
        writes=("records/locations/", "records/notices/"),
    ),
)
