"""What is counted, what it is priced as, and whether it comes by the call or by the amount."""

from dataclasses import dataclass
from typing import Final

_MB_MS_OF_GB_SECOND: Final = 1024 * 1000
_BYTES_OF_GB: Final = 2**30


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the bill.

    Attributes
    ----------
    service, name
        As AWS calls them.
    meters
        What is counted for it.
    price
        The rule's name after `price.`.
    counted_in
        How many counted units make one of the price's: 1,024,000 MB-milliseconds a GB-second.
    is_kept
        Whether it is billed each month for as long as it is kept, not once.
    """

    service: str
    name: str
    meters: tuple[str, ...]
    price: str
    counted_in: int = 1
    is_kept: bool = False


ITEMS: Final = (
    Item("Step Functions", "state transitions", ("states_transitions",),
         "step_functions_transition"),
    Item("Step Functions", "Express requests", ("states_express_requests",),
         "step_functions_express_request"),
    Item("Step Functions", "Express duration", ("states_express_mb_ms",),
         "step_functions_express_duration", _MB_MS_OF_GB_SECOND),
    Item("Lambda", "invocations", ("lambda_requests",), "lambda_request"),
    Item("Lambda", "duration", ("lambda_mb_ms", "lambda_init_mb_ms"),
         "lambda_duration_arm64", _MB_MS_OF_GB_SECOND),
    Item("DynamoDB", "write units", ("dynamodb_write_units",), "dynamodb_write_unit"),
    Item("DynamoDB", "read units", ("dynamodb_half_read_units",), "dynamodb_read_unit", 2),
    Item("DynamoDB", "storage", ("dynamodb_stored_bytes",), "dynamodb_storage",
         _BYTES_OF_GB, is_kept=True),
    Item("DynamoDB", "recovery", ("dynamodb_stored_bytes",), "dynamodb_recovery",
         _BYTES_OF_GB, is_kept=True),
    Item("S3", "PUT, COPY, POST, LIST", ("s3_write_requests",), "s3_write_request"),
    Item("S3", "GET, HEAD", ("s3_read_requests",), "s3_read_request"),
    Item("S3", "storage", ("s3_stored_bytes",), "s3_storage", _BYTES_OF_GB, is_kept=True),
    Item("EventBridge", "events", ("events",), "event"),
    Item("EventBridge", "scheduled starts", ("scheduler_invocations",), "scheduler_invocation"),
    Item("API Gateway", "HTTP API requests", ("api_requests",), "http_api_request"),
    Item("Cognito", "token requests", ("token_requests",), "cognito_token_request"),
    Item("KMS", "key requests", ("kms_requests",), "kms_request"),
    Item("CloudWatch", "logs written", ("log_bytes",), "log_ingestion", _BYTES_OF_GB),
    Item("X-Ray", "traces", ("traces",), "trace"),
    Item("Data transfer", "sent out", ("egress_bytes",), "sent_out", _BYTES_OF_GB),
    Item("SQS", "requests", ("sqs_requests",), "sqs_request"),
    Item("SNS", "requests", ("sns_requests",), "sns_request"),
)  # fmt: skip

FREE: Final = frozenset({"trades_accepted"})
"""Counted, but no line of any bill."""
METERS: Final = FREE | {meter for item in ITEMS for meter in item.meters}

AMOUNTS: Final = frozenset(
    {"lambda_mb_ms", "states_express_mb_ms", "dynamodb_write_units", "dynamodb_half_read_units"}
    | {"dynamodb_stored_bytes", "s3_stored_bytes", "egress_bytes"}
)
"""What grows with what is worked on; all others are calls, which come by the piece of work."""
