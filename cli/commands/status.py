"""`backoffice status`: the health of every part."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.output import FAILED, print_json, print_rows
from cli.platform import Platform, PlatformError


@dataclass(frozen=True)
class Part:
    """One part of the platform: whether it is well, and what it says of itself."""

    kind: str
    name: str
    healthy: bool
    detail: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Tell the health of the emulator, stacks, functions, machines, tables and buckets."""
    parts = check()
    healthy = all(part.healthy for part in parts)
    if as_json:
        print_json({"healthy": healthy, "parts": [asdict(part) for part in parts]})
    else:
        rows = [{**asdict(part), "healthy": "yes" if part.healthy else "NO"} for part in parts]
        print_rows(rows, ("kind", "name", "healthy", "detail"))
    if not healthy:
        raise typer.Exit(FAILED)


def check() -> list[Part]:
    """Ask every part for its health; a platform that is down is one part that is not well."""
    try:
        platform = Platform.connect(None)
    except PlatformError as error:
        return [Part("platform", "embedded AWS", healthy=False, detail=str(error))]
    parts = [Part("platform", "embedded AWS", healthy=True, detail=platform.endpoint)]
    for kind, ask in _CHECKS.items():
        try:
            parts += ask(platform)
        except (BotoCoreError, ClientError) as error:
            parts.append(Part(kind, "all", healthy=False, detail=str(error)))
    return parts


def _stacks(platform: Platform) -> Iterator[Part]:
    for stack in platform.client("cloudformation").describe_stacks()["Stacks"]:
        state = stack["StackStatus"]
        well = state.endswith("_COMPLETE") and "ROLLBACK" not in state
        yield Part("stack", stack["StackName"], well, state)


def _functions(platform: Platform) -> Iterator[Part]:
    pages = platform.client("lambda").get_paginator("list_functions").paginate()
    for found in (each for page in pages for each in page["Functions"]):
        state = found.get("State", "Active")
        yield Part(
            "function", found["FunctionName"], state == "Active", f"{found['MemorySize']} MB"
        )


def _machines(platform: Platform) -> Iterator[Part]:
    client = platform.client("stepfunctions")
    for name, arn in sorted(platform.machines().items()):
        state = client.describe_state_machine(stateMachineArn=arn)["status"]
        failed = client.list_executions(stateMachineArn=arn, statusFilter="FAILED", maxResults=100)
        detail = f"{len(failed['executions'])} executions failed"
        yield Part("machine", name, state == "ACTIVE", detail)


def _tables(platform: Platform) -> Iterator[Part]:
    for name, physical in sorted(platform.tables().items()):
        table = platform.client("dynamodb").describe_table(TableName=physical)["Table"]
        detail = f"{table.get('ItemCount', 0)} items"
        yield Part("table", name, table["TableStatus"] == "ACTIVE", detail)


def _buckets(platform: Platform) -> Iterator[Part]:
    for name in ("drops", "work", "records", "outbox", "keys"):
        bucket = platform.outputs[f"{name.title()}Bucket"]
        platform.client("s3").head_bucket(Bucket=bucket)
        yield Part("bucket", name, healthy=True, detail=bucket)


def _letters(platform: Platform) -> Iterator[Part]:
    found: dict[str, Any] = platform.client("sqs").get_queue_attributes(
        QueueUrl=platform.outputs["LettersQueue"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    waiting = int(found["Attributes"]["ApproximateNumberOfMessages"])
    yield Part("queue", "letters", waiting == 0, f"{waiting} dead letters")


_CHECKS: dict[str, Callable[[Platform], Iterator[Part]]] = {
    "stack": _stacks,
    "function": _functions,
    "machine": _machines,
    "table": _tables,
    "bucket": _buckets,
    "queue": _letters,
}
