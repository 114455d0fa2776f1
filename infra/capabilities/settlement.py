"""Settlement: cleared trades are netted, instructed and settled."""

from infra.blocks.function_spec import FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="settlement",
        name="net_obligations",
        layers=("columnar", "messages", "api", "encryption"),
        memory_mb=2048,
        opens_keys=True,
        reads=("records", "work/days/"),
        writes=(
            *("records/intake/", "records/clearance/", "records/settlement/"),
            *("records/accounting/", "records/books/", "outbox/outbox/"),
        ),
    ),
    FunctionSpec(
        capability="settlement",
        name="settle_obligations",
        layers=("columnar", "messages", "api"),
        memory_mb=2048,
        reads=("records", "work"),
        writes=(
            *("records/intake/", "records/clearance/", "records/settlement/"),
            *("records/accounting/", "work/days/", "outbox/outbox/"),
        ),
    ),
    FunctionSpec(
        capability="settlement",
        name="pursue_fail",
        layers=("columnar", "api"),
        memory_mb=512,
        reads=("records/books/", "records/settlement/", "records/clearance/", "records/cases/"),
        writes=("records/cases/",),
    ),
)
