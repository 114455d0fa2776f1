"""Who is called: an alarm has one threshold, one, and one reason."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

RUNBOOKS = "docs/runbooks"


def alarm_on_letters(scope: Construct, construct_id: str, queue: sqs.Queue) -> cloudwatch.Alarm:
    """Alarm when a dead letter waits in `queue`."""
    metric = queue.metric_approximate_number_of_messages_visible(
        period=Duration.minutes(1), statistic="Maximum"
    )
    return _alarm(scope, construct_id, metric, f"An event was given up: {RUNBOOKS}/dead-letters.md")


def alarm_on_failures(
    scope: Construct, construct_id: str, machine: sfn.StateMachine
) -> cloudwatch.Alarm:
    """Alarm when an execution of `machine` failed, was aborted by a fault or timed out."""
    metric = cloudwatch.MathExpression(
        expression="failed + timed_out",
        using_metrics={
            "failed": machine.metric_failed(period=Duration.minutes(1), statistic="Sum"),
            "timed_out": machine.metric_timed_out(period=Duration.minutes(1), statistic="Sum"),
        },
        period=Duration.minutes(1),
    )
    return _alarm(
        scope, construct_id, metric, f"An execution failed: {RUNBOOKS}/failed-execution.md"
    )


def _alarm(
    scope: Construct, construct_id: str, metric: cloudwatch.IMetric, reason: str
) -> cloudwatch.Alarm:
    return cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        threshold=1,
        evaluation_periods=1,
        comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=reason,
    )
