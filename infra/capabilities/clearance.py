"""Clearance: trades are cleared or held; what is held stands as cases."""

from infra.blocks.function_spec import PART_S, FunctionSpec

FUNCTIONS = (
    FunctionSpec(
        capability="clearance",
        name="clear_trades",
        layers=("columnar", "api"),
        memory_mb=1769,
        timeout_s=PART_S,
        reads=("records", "work"),
        writes=("records/clearance/", "records/accounting/", "work/days/"),
    ),
    FunctionSpec(
        capability="clearance",
        name="screen_parties",
        layers=("columnar", "screening", "api", "encryption"),
        memory_mb=1769,  # one processor: what a name costs is its time
        reads=("records", "work/days/"),
        writes=("records/clearance/", "work/days/"),
        opens_keys=True,
    ),
    FunctionSpec(
        capability="clearance",
        name="review_customers",
        layers=("columnar", "api"),
        memory_mb=512,
        reads=("records/books/", "records/reference/", "records/clearance/"),
        writes=("records/notices/",),
    ),
    FunctionSpec(
        capability="clearance",
        name="take_decisions",
        layers=("columnar", "api"),
        memory_mb=1024,
        reads=("records", "work/days/"),
        writes=("records/clearance/", "records/intake/", "work/days/"),
    ),
    FunctionSpec(
        capability="clearance",
        name="decide_cases",
        layers=("api", "columnar", "encryption"),
        memory_mb=1024,
        timeout_s=29,  # the HTTP API waits 30
        reads=("records/cases/", "records/clearance/"),
        writes=("records/cases/", "records/accesses/"),
        opens_keys=True,
        table_adds=("cases",),
        starts=("resolve_case",),
    ),
    FunctionSpec(
        capability="clearance",
        name="keep_documents",
        layers=("api", "columnar", "encryption"),
        memory_mb=1024,
        timeout_s=29,  # the HTTP API waits 30
        reads=("records/documents/", "records/reference/"),
        writes=("records/documents/", "records/accesses/"),
        table_reads=("reference",),
        makes_keys=True,
    ),
    FunctionSpec(
        capability="clearance",
        name="resolve_case",
        layers=("columnar", "api"),
        memory_mb=1769,
        reads=("records",),
        writes=("records/cases/",),
        table_adds=("cases",),
    ),
    FunctionSpec(
        capability="clearance",
        name="watch_cases",
        layers=("columnar", "api"),
        memory_mb=512,
        reads=("records/cases/",),
        writes=("records/cases/",),
        table_adds=("cases",),
        starts=("resolve_case",),
    ),
    FunctionSpec(
        capability="clearance",
        name="list_cases",
        layers=("api",),
        memory_mb=512,
        timeout_s=29,  # the HTTP API waits 30
        table_reads=("cases",),
    ),
)
