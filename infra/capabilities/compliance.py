"""Compliance: the reports that are due of closed days."""

from infra.blocks.function_spec import FunctionSpec

_LONG_S = 900  # the longest Lambda allows: a month's blotters and every trade of a day are read

# The closed books and what of them is reported: the register and its reference data, the journal,
# movements and what settled; and the reports before.
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
        layers=("columnar", "messages", "api"),
        memory_mb=3008,
        timeout_s=_LONG_S,
        reads=_LOOKED_AT,
        writes=("records/compliance/", "records/notices/", "outbox/outbox/"),
    ),
)
