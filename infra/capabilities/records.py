"""Records: the day is sealed, served, verified and exported."""

from infra.blocks.function_spec import FunctionSpec

_LONG_S = 900  # the longest Lambda allows: a whole record store is read

FUNCTIONS = (
    FunctionSpec(
        capability="records",
        name="seal_records",
        layers=("columnar", "api"),
        memory_mb=1024,
        reads=("records",),
        writes=("records/seals/", "records/books/", "records/signatures/"),
        signing_key="sign",
    ),
    FunctionSpec(
        capability="records",
        name="publish_state",
        layers=("columnar", "api"),
        memory_mb=1024,
        timeout_s=_LONG_S,
        reads=("records", "outbox/catalogue/"),
        writes=("outbox/catalogue/",),
        table_replaces=("obligations", "cases", "balances", "reference"),
        starts=("pursue_fail",),
    ),
    FunctionSpec(
        capability="records",
        name="verify_records",
        layers=("columnar", "api", "encryption"),
        memory_mb=2048,
        timeout_s=_LONG_S,
        reads=("records",),
        lists_versions=("records",),
        signing_key="read",
    ),
    FunctionSpec(
        capability="records",
        name="index_records",
        layers=("columnar", "api"),
        memory_mb=2048,
        timeout_s=_LONG_S,
        reads=("records", "work/index/"),
        writes=("work/index/",),
    ),
    FunctionSpec(
        capability="records",
        name="search_records",
        layers=("columnar", "api"),
        memory_mb=1769,
        timeout_s=29,  # the HTTP API waits 30
        reads=("work/index/",),
    ),
    FunctionSpec(
        capability="records",
        name="drill_restore",
        layers=("columnar", "api"),
        memory_mb=2048,
        timeout_s=_LONG_S,
        reads=("records",),
        writes=("records/drills/", "records/notices/"),
        table_scans=("obligations", "cases", "balances", "reference"),
    ),
    FunctionSpec(
        capability="records",
        name="export_books",
        layers=("columnar", "api"),
        memory_mb=2048,
        timeout_s=_LONG_S,
        reads=("records",),
        writes=("outbox/outbox/",),
    ),
    FunctionSpec(
        capability="records",
        name="plan_documents",
        layers=("columnar", "api"),
        memory_mb=2048,
        reads=("records",),
        writes=("work/documents/",),
    ),
    FunctionSpec(
        capability="records",
        name="gather_documents",
        layers=("columnar", "api"),
        memory_mb=2048,
        reads=("records", "work/documents/"),
        writes=("work/documents/",),
    ),
    FunctionSpec(
        capability="records",
        name="print_documents",
        # without columns: the engine that sets pages is half of what a function may carry
        layers=("documents",),
        memory_mb=1769,
        reads=("work/documents/",),
        writes=("records/client-documents/", "work/documents/"),
    ),
    FunctionSpec(
        capability="records",
        name="register_documents",
        layers=("columnar", "api"),
        memory_mb=1024,
        reads=("records", "work/documents/"),
        writes=("records/client-documents/", "records/notices/"),
    ),
)
