"""A queue of what was given up."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.acknowledged import acknowledge

KEPT = Duration.days(14)


def letter_queue(scope: Construct, name: str) -> sqs.Queue:
    """Make a queue of dead letters by its physical name; they stay for 14 days."""
    queue = sqs.Queue(
        scope,
        "Letters",
        queue_name=name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=KEPT,
    )
    acknowledge(queue, "SQS3", "It is a dead-letter queue.")
    return queue
