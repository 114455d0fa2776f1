"""The dashboard: how the platform does, at one look."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.blocks.storage import TABLES
from infra.capabilities.on_call import Watched
from infra.stages import Stage

_HOUR = Duration.hours(1)
_SPELL = Duration.minutes(5)
_WIDTH = 12


class Dashboard(Construct):
    """Executions, letters, the API, functions and tables, each in a graph of its own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        watched: Watched,
    ) -> None:
        super().__init__(scope, construct_id)
        board = cloudwatch.Dashboard(
            self, "Board", dashboard_name=stage.named("overview"), default_interval=Duration.days(1)
        )
        day, functions, storage = watched.day, watched.functions, watched.storage
        board.add_widgets(_failed(day.machines), _durations(day.machines))
        queues = (day.letters, watched.desk.letters)
        board.add_widgets(_letters(queues), _of_api(watched.api))
        board.add_widgets(_errors(functions), _throttles(functions))
        board.add_widgets(_of_tables({name: storage.part_name(name) for name in TABLES}))


def _failed(machines: Mapping[str, sfn.StateMachine]) -> cloudwatch.GraphWidget:
    made = [
        metric(period=_HOUR, statistic="Sum", label=f"{name} {said}")
        for name, machine in machines.items()
        for said, metric in (
            ("failed", machine.metric_failed),
            ("aborted", machine.metric_aborted),
            ("timed out", machine.metric_timed_out),
        )
    ]
    return _graph("Executions that failed, by the hour", made)


def _durations(machines: Mapping[str, sfn.StateMachine]) -> cloudwatch.GraphWidget:
    made = [
        machine.metric_time(period=_HOUR, statistic="Maximum", label=name)
        for name, machine in machines.items()
    ]
    return _graph("Longest execution in the hour, ms", made)


def _letters(queues: Sequence[sqs.Queue]) -> cloudwatch.GraphWidget:
    depth = [
        queue.metric_approximate_number_of_messages_visible(period=_SPELL, statistic="Maximum")
        for queue in queues
    ]
    age = [
        queue.metric_approximate_age_of_oldest_message(period=_SPELL, statistic="Maximum")
        for queue in queues
    ]
    return cloudwatch.GraphWidget(
        title="Dead letters, and the age of the oldest (s)", left=depth, right=age, width=_WIDTH
    )


def _of_api(api: apigateway.HttpApi) -> cloudwatch.GraphWidget:
    errors = [
        api.metric_server_error(period=_SPELL, statistic="Sum"),
        api.metric_client_error(period=_SPELL, statistic="Sum"),
    ]
    latency = [api.metric_latency(period=_SPELL, statistic=each) for each in ("p50", "p99")]
    return cloudwatch.GraphWidget(
        title="API and console: errors, and latency (ms)", left=errors, right=latency, width=_WIDTH
    )


def _errors(functions: Mapping[str, lambda_.IFunction]) -> cloudwatch.GraphWidget:
    made = [
        function.metric_errors(period=_HOUR, statistic="Sum", label=name)
        for name, function in sorted(functions.items())
    ]
    return _graph("Errors of functions, by the hour", made)


def _throttles(functions: Mapping[str, lambda_.IFunction]) -> cloudwatch.GraphWidget:
    made = [
        function.metric_throttles(period=_HOUR, statistic="Sum", label=name)
        for name, function in sorted(functions.items())
    ]
    return _graph("Throttles of functions, by the hour", made)


def _of_tables(tables: Mapping[str, str]) -> cloudwatch.GraphWidget:
    made = [
        cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=metric,
            dimensions_map={"TableName": physical},
            period=_HOUR,
            statistic="Sum",
            label=f"{name} {said}",
        )
        for name, physical in tables.items()
        for said, metric in (("reads", "ReadThrottleEvents"), ("writes", "WriteThrottleEvents"))
    ]
    return _graph("Throttles of tables, by the hour", made)


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=[*metrics], width=_WIDTH)
