"""Compliance: what is watched for in the books, and told of them."""

from infra.blocks.function_spec import FunctionSpec

_LONG_S = 900  # the longest Lambda allows: a day's trades and orders are read whole

# The closed books and what of them is looked at: the register (clearance), positions and balances
# (accounting), reference data, movements and orders (intake); and the reports before.
_LOOKED_AT = tuple(
    f"records/{room}/"
    for room in ("books", "clearance", "accounting", "reference", "intake", "compliance")
)

FUNCTIONS = (
    FunctionSpec(
        capability="compliance",
        name="survey_trading",
        layers=("columnar", "api"),
        memory_mb=3538,
        timeout_s=_LONG_S,
        reads=_LOOKED_AT,
        writes=("records/compliance/", "records/notices/", "outbox/outbox/operations/"),
    ),
)
