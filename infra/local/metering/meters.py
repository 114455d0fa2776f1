"""What is counted, each in the smallest unit AWS bills by; the price list spells them alike."""

from typing import Final

TRANSITIONS: Final = "states_transitions"
EXPRESS_REQUESTS: Final = "states_express_requests"
EXPRESS_MB_MS: Final = "states_express_mb_ms"
INVOCATIONS: Final = "lambda_requests"
RUN_MB_MS: Final = "lambda_mb_ms"
INIT_MB_MS: Final = "lambda_init_mb_ms"
WRITE_UNITS: Final = "dynamodb_write_units"
HALF_READ_UNITS: Final = "dynamodb_half_read_units"
TABLE_BYTES: Final = "dynamodb_stored_bytes"
OBJECT_WRITES: Final = "s3_write_requests"
OBJECT_READS: Final = "s3_read_requests"
OBJECT_BYTES: Final = "s3_stored_bytes"
EVENTS: Final = "events"
SCHEDULED: Final = "scheduler_invocations"
API_REQUESTS: Final = "api_requests"
ACCEPTED: Final = "trades_accepted"
TOKENS: Final = "token_requests"
KEY_REQUESTS: Final = "kms_requests"
LOG_BYTES: Final = "log_bytes"
TRACES: Final = "traces"
SENT_OUT_BYTES: Final = "egress_bytes"
QUEUE_REQUESTS: Final = "sqs_requests"
TOPIC_REQUESTS: Final = "sns_requests"

METERS: Final = frozenset(
    value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str)
)
