"""Who is called: an alarm has one reason, and names the runbook to open."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

RUNBOOKS = "docs/runbooks"
_MINUTE = Duration.minutes(1)
_SPELL = Duration.minutes(5)


def alarm_on_letters(scope: Construct, construct_id: str, queue: sqs.Queue) -> cloudwatch.Alarm:
    """Alarm when a dead letter waits in `queue`."""
    metric = queue.metric_approximate_number_of_messages_visible(
        period=_MINUTE, statistic="Maximum"
    )
    return _alarm(scope, construct_id, metric, f"An event was given up: {RUNBOOKS}/dead-letters.md")


def alarm_on_failures(
    scope: Construct, construct_id: str, machine: sfn.StateMachine
) -> cloudwatch.Alarm:
    """Alarm when an execution of `machine` failed, was aborted or timed out."""
    metric = cloudwatch.MathExpression(
        expression="failed + aborted + timed_out",
        using_metrics={
            "failed": machine.metric_failed(period=_MINUTE, statistic="Sum"),
            "aborted": machine.metric_aborted(period=_MINUTE, statistic="Sum"),
            "timed_out": machine.metric_timed_out(period=_MINUTE, statistic="Sum"),
        },
        period=_MINUTE,
    )
    return _alarm(
        scope, construct_id, metric, f"An execution failed: {RUNBOOKS}/failed-execution.md"
    )


def alarm_on_missed_start(
    scope: Construct, construct_id: str, machine: sfn.StateMachine, hour: str
) -> cloudwatch.Alarm:
    """Alarm when `machine` was not started once in a day that holds a weekday's `hour`, UTC.

    The day is any 24 hours that begin from Monday on until Friday at `hour`; `TIME_SERIES`
    stands where no execution gave a figure.
    """
    begins_on, at = "DAY(TIME_SERIES(0))", "HOUR(TIME_SERIES(0))"
    metric = cloudwatch.MathExpression(
        expression=(
            f"IF({begins_on} < 5 OR ({begins_on} == 5 AND {at} < {hour}), "
            "MAX([started, TIME_SERIES(0)]), 1)"
        ),
        using_metrics={"started": machine.metric_started(period=Duration.days(1), statistic="Sum")},
        period=Duration.days(1),
    )
    return cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        alarm_description=f"A scheduled start is missing: {RUNBOOKS}/missed-start.md",
    )


def alarm_on_server_errors(
    scope: Construct, construct_id: str, api: apigateway.HttpApi
) -> cloudwatch.Alarm:
    """Alarm when `api` answered 5xx: once is enough, an app that calls twice a day counts too."""
    metric = api.metric_server_error(period=_SPELL, statistic="Sum")
    return _alarm(scope, construct_id, metric, f"The API answers 5xx: {RUNBOOKS}/api-errors.md")


def alarm_on_errors(
    scope: Construct, construct_id: str, function: lambda_.IFunction
) -> cloudwatch.Alarm:
    """Alarm when `function` failed, or was ended for its time or memory."""
    metric = function.metric_errors(period=_SPELL, statistic="Sum")
    return _alarm(
        scope, construct_id, metric, f"A function of the API fails: {RUNBOOKS}/api-errors.md"
    )


def _alarm(
    scope: Construct,
    construct_id: str,
    metric: cloudwatch.IMetric,
    reason: str,
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
