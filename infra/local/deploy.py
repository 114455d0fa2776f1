"""Deploy an assembly by CloudFormation's change sets, as a pipeline would on AWS."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from infra.local.clients import Clients
from infra.local.errors import DeployError
from infra.local.home import Tell
from infra.local.manifest import ASSETS_BUCKET, StackTemplate, in_waves
from infra.local.packing import packed

_POLL_S = 0.03
_PATIENCE_S = 180.0
_THREADS = 4
_STANDING = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
_UPDATABLE = _STANDING | {"UPDATE_ROLLBACK_COMPLETE"}
_GONE = frozenset({"", "DELETE_COMPLETE"})
_NO_CHANGE = ("didn't contain changes", "No updates are to be performed")


def deploy(stacks: list[StackTemplate], clients: Clients, tell: Tell) -> dict[str, str]:
    """Make every stack stand as its template says; return the outputs of all.

    A bucket that is already there is taken up with what is in it.

    Raises
    ------
    DeployError
        A stack was refused; the sentence names the resource and the reason.
    """
    tell("deploying the stacks")
    publish(stacks, clients)
    outputs: dict[str, str] = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        for wave in in_waves(stacks):
            for found in pool.map(lambda stack: _deploy_one(stack, clients), wave):
                outputs |= found
    return outputs


def undeploy(stacks: list[StackTemplate], clients: Clients) -> None:
    """Delete every stack, the last first; its buckets stay."""
    for wave in reversed(in_waves(stacks)):
        for stack in wave:
            if _status(clients, stack.name) not in _GONE:
                _delete(clients, stack.name)


def publish(stacks: list[StackTemplate], clients: Clients) -> None:
    """Put every template and folder that is not there yet, and drop those of other assemblies."""
    wanted: dict[str, Callable[[], bytes]] = {}
    for stack in stacks:
        wanted[stack.key] = stack.text.encode
        wanted |= {asset.key: partial(packed, asset.folder) for asset in stack.assets}
    s3 = clients.get("s3")
    if ASSETS_BUCKET not in {found["Name"] for found in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=ASSETS_BUCKET)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=ASSETS_BUCKET)
    there = {found["Key"] for page in pages for found in page.get("Contents", [])}
    for key in there - set(wanted):
        s3.delete_object(Bucket=ASSETS_BUCKET, Key=key)
    for key in set(wanted) - there:
        s3.put_object(Bucket=ASSETS_BUCKET, Key=key, Body=wanted[key]())


def _deploy_one(stack: StackTemplate, clients: Clients) -> dict[str, str]:
    status = _settled(clients, stack.name)
    if status not in _UPDATABLE | _GONE:
        _delete(clients, stack.name)
        status = ""
    if _change(stack, clients, creates=status in _GONE):
        status = _settled(clients, stack.name)
        if status not in _STANDING:
            raise DeployError(f"{stack.name} could not be deployed: {_why(clients, stack.name)}")
    found = _describe(clients, stack.name)
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def _change(stack: StackTemplate, clients: Clients, *, creates: bool) -> bool:
    """Make and execute a change set; return False when there is nothing to change."""
    cloudformation = clients.get("cloudformation")
    place = f"{clients.endpoint}/{ASSETS_BUCKET}/{stack.key}"
    made = cloudformation.create_change_set(
        StackName=stack.name,
        ChangeSetName=f"up-{uuid4().hex[:12]}",
        ChangeSetType="CREATE" if creates else "UPDATE",
        TemplateURL=place,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        ImportExistingResources=True,
        # It would refuse the very buckets that are taken up.
        DisableValidation=True,
    )["Id"]
    give_up_at = time.monotonic() + _PATIENCE_S
    while (found := cloudformation.describe_change_set(ChangeSetName=made))["Status"] in (
        "CREATE_PENDING",
        "CREATE_IN_PROGRESS",
    ):
        _pause(stack.name, give_up_at)
    if found["Status"] == "FAILED":
        reason = found.get("StatusReason", "no reason given")
        if any(text in reason for text in _NO_CHANGE):
            cloudformation.delete_change_set(ChangeSetName=made)
            return False
        raise DeployError(f"{stack.name} could not be changed: {reason}")
    cloudformation.execute_change_set(ChangeSetName=made)
    return True


def _settled(clients: Clients, name: str) -> str:
    """Return the stack's status once nothing is under way; empty when there is no stack."""
    give_up_at = time.monotonic() + _PATIENCE_S
    while (status := _status(clients, name)).endswith("IN_PROGRESS"):
        if status == "REVIEW_IN_PROGRESS":
            return status
        _pause(name, give_up_at)
    return status


def _pause(name: str, give_up_at: float) -> None:
    if time.monotonic() > give_up_at:
        raise DeployError(f"{name} was not deployed in {_PATIENCE_S:.0f} s")
    time.sleep(_POLL_S)


def _delete(clients: Clients, name: str) -> None:
    clients.get("cloudformation").delete_stack(StackName=name)
    if (status := _settled(clients, name)) not in _GONE:
        raise DeployError(f"{name} could not be deleted: it is {status}")


def _status(clients: Clients, name: str) -> str:
    return str(_describe(clients, name).get("StackStatus", ""))


def _describe(clients: Clients, name: str) -> dict[str, Any]:
    try:
        found = clients.get("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise
    return dict(found[0])


def _why(clients: Clients, name: str) -> str:
    events = clients.get("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    failed = [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED") and event["LogicalResourceId"] != name
    ]
    reason = _describe(clients, name).get("StackStatusReason", "no reason given")
    return failed[-1] if failed else str(reason)
