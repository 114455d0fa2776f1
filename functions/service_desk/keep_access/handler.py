"""Keep access: carry out what was approved, see to the quarter's review, look what is drifted."""

import os
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.access_carry_out import keep_access
from backoffice.service_desk.registers import Registers
from backoffice.stores.people_pool import PeoplePool
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
METRICS = Metrics()
WIRING = Wiring()


@METRICS.log_metrics
def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the requests that were carried out, those that were not, and how much is drifted."""
    pool = PeoplePool(boto3.client("cognito-idp"), os.environ["PEOPLE_POOL_ID"])
    registers = Registers(WIRING.records)
    kept = keep_access(registers, pool, default_rulebook(), datetime.now(UTC))
    METRICS.add_metric("AccessDrift", MetricUnit.Count, len(kept.drift))
    METRICS.add_metric("AccessNotCarriedOut", MetricUnit.Count, len(kept.not_carried_out))
    LOGGER.info("carried out %d", len(kept.carried_out), extra={"requests": kept.carried_out})
    return {
        "carried_out": list(kept.carried_out),
        "not_carried_out": list(kept.not_carried_out),
        "review_opened": kept.opened,
        "reviews_expired": kept.expired,
        "drift": len(kept.drift),
    }
