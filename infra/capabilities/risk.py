"""Risk: the sanctions lists that parties are screened against, and what a closed day leaves."""

from infra.blocks.function_spec import FunctionSpec

_LONG_S = 900  # the longest Lambda allows: every position and balance is read

# The closed books and what of them is looked at: the register and standing causes (clearance),
# positions and balances (accounting), reference data, obligations (settlement), the trades
# superseded (intake); and the report before.
_LOOKED_AT = tuple(
    f"records/{room}/"
    for room in ("books", "clearance", "accounting", "reference", "settlement", "intake", "risk")
)

FUNCTIONS = (
    FunctionSpec(
        capability="risk",
        name="take_lists",
        layers=("columnar", "messages", "screening", "api"),
        memory_mb=1769,
        timeout_s=600,
        reads=("drops/lists/", "records/lists/"),
        writes=("records/lists/",),
        fetches_lists=True,
    ),
    FunctionSpec(
        capability="risk",
        name="assess_risk",
        layers=("columnar", "api"),
        memory_mb=2048,
        timeout_s=_LONG_S,
        reads=_LOOKED_AT,
        writes=("records/risk/", "records/notices/", "outbox/outbox/operations/"),
    ),
)
