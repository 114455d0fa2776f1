"""Front office: apps send trades, see what became of them and what their accounts have."""

from infra.blocks.function_spec import FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="front_office",
        name="accept_trade",
        layers=("api", "columnar"),
        memory_mb=1769,  # one processor: what a trade costs is its time
        timeout_s=29,  # the HTTP API waits 30
        reads=("records/reference/", "records/clearance/", "records/accounting/"),
        table_reads=("reference", "balances"),
        table_adds=("intake", "front_office"),
    ),
    FunctionSpec(
        capability="front_office",
        name="show_accounts",
        layers=("api", "columnar"),
        memory_mb=1769,
        timeout_s=29,
        reads=("records/reference/", "records/accounting/"),
        table_reads=("reference", "balances"),
        table_adds=("front_office",),
    ),
    FunctionSpec(
        capability="front_office",
        name="show_products",
        layers=("api", "columnar"),
        memory_mb=1769,
        timeout_s=29,
        table_reads=("balances",),
        table_adds=("front_office",),
        invokes=("print_sheet",),
    ),
    FunctionSpec(
        capability="front_office",
        name="print_sheet",
        layers=("documents",),
        memory_mb=1769,
        timeout_s=20,  # less than who waits for it
    ),
    FunctionSpec(
        capability="front_office",
        name="show_trades",
        layers=("api", "columnar"),
        memory_mb=1769,
        timeout_s=29,
        reads=("records/reference/", "records/clearance/"),
        table_reads=("intake", "reference", "balances", "cases"),
        table_adds=("front_office",),
    ),
    FunctionSpec(
        capability="front_office",
        name="show_documents",
        layers=("api", "columnar", "encryption"),
        memory_mb=1769,
        timeout_s=29,
        reads=("records/client-documents/", "work/index/", "work/shown/"),
        writes=("work/shown/",),
        table_adds=("front_office",),
        opens_keys=True,
    ),
    FunctionSpec(
        capability="front_office",
        name="describe_api",
        layers=(),
        memory_mb=256,
        timeout_s=10,
    ),
)
