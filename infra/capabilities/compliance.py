"""Compliance: the reports that are due of closed days, and what is watched for in them."""

from infra.blocks.function_spec import FunctionSpec

_LONG_S = 900  # the longest Lambda allows: a month's blotters, a day's trades and orders are read

# The closed books and what of them is looked at: the register and its reference data, the journal,
# movements, orders and what settled; and the reports before.
_LOOKED_AT = tuple(
    f"records/{room}/"
    for room in (
        *("books", "clearance", "accounting", "reference", "settlement", "intake", "compliance"),
    )
)

FUNCTIONS = (
    FunctionSpec(
        capability="compliance",
        name="make_reports",
        layers=("columnar", "messages", "api", "encryption"),
        memory_mb=3008,
        timeout_s=_LONG_S,
        reads=_LOOKED_AT,
        writes=("records/compliance/", "records/notices/", "outbox/outbox/"),
        opens_keys=True,
    ),
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
