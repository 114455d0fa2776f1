"""Who is called: an alarm has one reason, and names the runbook to open."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

RUNBOOKS = "docs/runbooks"
_MINUTE = Duration.minutes(1)
_MINUTE = Duration.minutes(1)
_SPELL = Duration.minutes(5)
_HOUR = Duration.hours(1)
_HOURS_WITHOUT_START = 26
_A_DAY_S = 24 * 60 * 60


def alarm_on_letters(scope: Construct, construct_id: str, queue: sqs.Queue) -> cloudwatch.Alarm:
    """Alarm when a dead letter waits in `queue`."""
    metric = queue.metric_approximate_number_of_messages_visible(
        period=_MINUTE, statistic="Maximum"
    )
    return _alarm(scope, construct_id, metric, f"An event was given up: {RUNBOOKS}/dead-letters.md")


def alarm_on_old_letters(scope: Construct, construct_id: str, queue: sqs.Queue) -> cloudwatch.Alarm:
    """Alarm when a dead letter has waited in `queue` for a day: nobody sees to it."""
    metric = queue.metric_approximate_age_of_oldest_message(period=_SPELL, statistic="Maximum")
    reason = f"A letter waits for a day: {RUNBOOKS}/dead-letters.md"
    return _alarm(scope, construct_id, metric, reason, threshold=_A_DAY_S)


def alarm_on_table(
    scope: Construct, construct_id: str, table: str, writes_by: str
) -> cloudwatch.Alarm:
    """Alarm when a table throttles, or fails a write.

    Parameters
    ----------
    table
        Its physical name.
    writes_by
        The operation that writes it most, of which failures are counted: an alarm costs by metric.
    """
    named = {"TableName": table}
    metric = cloudwatch.MathExpression(
        expression="SUM([reads, writes, failed, TIME_SERIES(0)])",
        using_metrics={
            "reads": _dynamodb("ReadThrottleEvents", named),
            "writes": _dynamodb("WriteThrottleEvents", named),
            "failed": _dynamodb("SystemErrors", {**named, "Operation": writes_by}),
        },
        period=_SPELL,
    )
    return _alarm(scope, construct_id, metric, f"A table throttles or fails: {RUNBOOKS}/tables.md")


def _dynamodb(name: str, dimensions: Mapping[str, str]) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=name,
        dimensions_map={**dimensions},
        period=_SPELL,
        statistic="Sum",
    )


def alarm_on_throttles(scope: Construct, construct_id: str) -> cloudwatch.Alarm:
    """Alarm when any function of the account is throttled: its limit is one for all of them."""
    metric = cloudwatch.Metric(
        namespace="AWS/Lambda", metric_name="Throttles", period=_SPELL, statistic="Sum"
    )
    return _alarm(
        scope, construct_id, metric, f"Functions are throttled: {RUNBOOKS}/failed-function.md"
    )


def alarm_on_failures(
    scope: Construct, construct_id: str, machine: sfn.StateMachine
) -> cloudwatch.Alarm:
    """Alarm when an execution of `machine` failed or timed out.

    One that a person aborted calls nobody: it opens a ticket as every other does.
    """
    metric = cloudwatch.MathExpression(
        # a sum of what is there: each figure comes only when there is something to tell
        expression="SUM([failed, timed_out, TIME_SERIES(0)])",
        using_metrics={
            "failed": machine.metric_failed(period=_MINUTE, statistic="Sum"),
            "timed_out": machine.metric_timed_out(period=_MINUTE, statistic="Sum"),
        },
        period=_MINUTE,
    )
    return _alarm(
        scope, construct_id, metric, f"An execution failed: {RUNBOOKS}/failed-execution.md"
    )


def alarm_on_missed_start(
    scope: Construct, construct_id: str, machine: sfn.StateMachine
) -> cloudwatch.Alarm:
    """Alarm when `machine`, which starts daily from Monday to Friday, has not for 26 hours.

    Two hours are left for a start that is tried again or told of late. From Saturday, 6:00 UTC, to
    the end of Sunday nothing is asked: Friday's start, should it be missing, is missed before then.
    `TIME_SERIES` stands where no execution gave a figure.
    """
    return cloudwatch.Alarm(
        scope,
        construct_id,
        metric=_starts(machine),
        threshold=1,
        evaluation_periods=_HOURS_WITHOUT_START,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        alarm_description=f"A scheduled start is missing: {RUNBOOKS}/missed-start.md",
    )


def _starts(machine: sfn.StateMachine) -> cloudwatch.MathExpression:
    """Count an hour's starts; an hour of the weekend counts as one."""
    day, hour = "DAY(TIME_SERIES(0))", "HOUR(TIME_SERIES(0))"
    return cloudwatch.MathExpression(
        expression=(
            f"IF({day} == 7 OR ({day} == 6 AND {hour} >= 6), 1, MAX([started, TIME_SERIES(0)]))"
        ),
        using_metrics={"started": machine.metric_started(period=_HOUR, statistic="Sum")},
        period=_HOUR,
    )


def alarm_on_server_errors(
    scope: Construct, construct_id: str, api: apigateway.HttpApi
) -> cloudwatch.Alarm:
    """Alarm when `api` answered 5xx: once is enough, an app that calls twice a day counts too."""
    metric = api.metric_server_error(period=_SPELL, statistic="Sum")
    return _alarm(scope, construct_id, metric, f"The API answers 5xx: {RUNBOOKS}/api-errors.md")


def alarm_on_errors(
    scope: Construct,
    construct_id: str,
    function: lambda_.IFunction,
    reason: str = f"A function of the API fails: {RUNBOOKS}/api-errors.md",
) -> cloudwatch.Alarm:
    """Alarm when `function` failed, or was ended for its time or memory."""
    metric = function.metric_errors(period=_SPELL, statistic="Sum")
    return _alarm(scope, construct_id, metric, reason)


def alarm_on_new_version(
    scope: Construct, construct_id: str, alias: lambda_.IFunction
) -> cloudwatch.Alarm:
    """Alarm when what an alias leads to failed within a minute: its new version is taken back.

    Nobody is called by it: who is called for the API's errors is called then too; its ticket says
    which function it was.
    """
    metric = alias.metric_errors(period=_MINUTE, statistic="Sum")
    reason = f"A new version fails, it is taken back: {RUNBOOKS}/rollback.md"
    return _alarm(scope, construct_id, metric, reason)


def _alarm(
    scope: Construct,
    construct_id: str,
    metric: cloudwatch.IMetric,
    reason: str,
    threshold: int = 1,
) -> cloudwatch.Alarm:
    return cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        threshold=threshold,
        evaluation_periods=1,
        comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=reason,
    )
