"""A handle on the platform that stands in a home: its names, its clients, a few short reads."""

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from infra.local.bring_up import Standing, bring_up, find_standing
from infra.local.clients import PARTNER, Clients
from infra.local.errors import NotUpError, PlatformError
from infra.local.home import Home
from infra.local.mend_console import console_address

if TYPE_CHECKING:
    from backoffice.stores.key_rings import KeyRings

__all__ = ["NotUpError", "Platform", "PlatformError"]

Tell = Callable[[str], None]
_CAPTURE = "capture_file"
_FAILED = ("FAILED", "TIMED_OUT", "ABORTED")
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True)
class Platform:
    """The platform as partners, apps and operators reach it.

    Attributes
    ----------
    endpoint
        Where the embedded AWS answers.
    outputs
        What the stacks put out, by name.
    """

    endpoint: str
    outputs: dict[str, str]

    @classmethod
    def connect(cls, home: Path | None = None) -> Self:
        """Return the platform that stands in `home`, or the home the environment names.

        Raises
        ------
        NotUpError
            Nothing stands there.
        """
        return cls._of(find_standing(Home.find(home)))

    @classmethod
    def ensure_up(cls, home: Path | None, tell: Tell) -> Self:
        """Return the platform of `home`, brought up first if it does not stand.

        Raises
        ------
        PlatformError
            It cannot be brought up; the sentence says why.
        """
        return cls._of(bring_up(Home.find(home), tell))

    @classmethod
    def _of(cls, standing: Standing) -> Self:
        return cls(standing.running.endpoint, standing.outputs)

    @cached_property
    def _clients(self) -> Clients:
        return Clients(self.endpoint)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Return the boto3 client of `service`, always the same one."""
        return self._clients.get(service)

    @cached_property
    def _partners(self) -> Clients:
        return Clients(self.endpoint, PARTNER)

    def partner_client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients
        """Return the boto3 client of `service` by which a partner calls, not the operator."""
        return self._partners.get(service)

    @property
    def drops_bucket(self) -> str:
        """Where partners drop files."""
        return self.outputs["DropsBucket"]

    @property
    def work_bucket(self) -> str:
        """Where parts stand before their commit."""
        return self.outputs["WorkBucket"]

    @property
    def records_bucket(self) -> str:
        """Where the books stand."""
        return self.outputs["RecordsBucket"]

    @property
    def outbox_bucket(self) -> str:
        """Where partners fetch files."""
        return self.outputs["OutboxBucket"]

    def client_keys(self) -> "KeyRings":
        """Open the clients' keys, as whoever may read what is encrypted under them."""
        # few commands open any, and what opens them takes its time to load
        from backoffice.stores.key_rings import KeyRings  # noqa: PLC0415
        from backoffice.stores.ring_bucket import RingBucket  # noqa: PLC0415

        rings = RingBucket(self.client("s3"), self.outputs["KeysBucket"])
        return KeyRings(rings, self.client("kms"), "")

    @property
    def api_url(self) -> str:
        """The HTTP API's address, without a slash at its end."""
        return (
            f"{self.endpoint}/_aws/execute-api/{self.outputs['ApiId']}/{self.outputs['ApiStage']}"
        )

    @property
    def console_url(self) -> str:
        """The operations console's address."""
        return console_address(self.outputs, self.endpoint)

    def table(self, name: str) -> str:
        """Return the physical name of the table ``intake``, ``cases`` ..."""
        return self._named(name, "Table")

    def machine_arn(self, name: str) -> str:
        """Return the ARN of the state machine ``cut_off`` ..."""
        return self._named(name, "Machine")

    def machines(self) -> dict[str, str]:
        """Return the ARN of every state machine by its name."""
        ending = "Machine"
        return {
            _snake(name.removesuffix(ending)): arn
            for name, arn in self.outputs.items()
            if name.endswith(ending)
        }

    def tables(self) -> dict[str, str]:
        """Return the physical name of every table by its name."""
        ending = "Table"
        return {
            _snake(name.removesuffix(ending)): physical
            for name, physical in self.outputs.items()
            if name.endswith(ending)
        }

    def _named(self, name: str, ending: str) -> str:
        key = "".join(word.title() for word in name.split("_")) + ending
        if key not in self.outputs:
            raise PlatformError(f"the platform has no {ending.lower()} {name}")
        return self.outputs[key]

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """Return the keys under `prefix`, sorted."""
        return list(self._keys(bucket, prefix))

    def _keys(self, bucket: str, prefix: str) -> Iterator[str]:
        pages = self.client("s3").get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            yield from (found["Key"] for found in page.get("Contents", []))

    def exists(self, bucket: str, key: str) -> bool:
        """Tell whether an object stands."""
        try:
            self._clients.get_impatient("s3").head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return False
            raise
        return True

    def read(self, bucket: str, key: str) -> bytes:
        """Return an object's content.

        Raises
        ------
        PlatformError
            There is no such object.
        """
        try:
            return bytes(self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                raise PlatformError(f"{key} is not in {bucket}") from error
            raise

    def now(self) -> datetime:
        """Return the time that executions started from now on are later than."""
        return datetime.now(UTC)

    def failed_capture(self, drop_keys: Collection[str], since: datetime) -> str | None:
        """Return why a capture of one of `drop_keys` begun at or after `since` failed, if one did.

        Other partners' files are captured at the same time; their failures are theirs.
        """
        client = self.client("stepfunctions")
        for arn in self._failed_since(self.machine_arn(_CAPTURE), since):
            run = client.describe_execution(executionArn=arn)
            if (key := _dropped_key(run["input"])) in drop_keys:
                return f"{key}: {run.get('error', run['status'])}: {run.get('cause')}"
        return None

    def _failed_since(self, machine_arn: str, since: datetime) -> Iterator[str]:
        pages = self.client("stepfunctions").get_paginator("list_executions")
        for status in _FAILED:
            for page in pages.paginate(stateMachineArn=machine_arn, statusFilter=status):
                begun = [run for run in page["executions"] if run["startDate"] >= since]
                yield from (run["executionArn"] for run in begun)
                if len(begun) < len(page["executions"]):
                    break  # they come the latest first


def _dropped_key(event: str) -> str | None:
    """Return the key an execution was started for; None when it was started by hand, for none."""
    try:
        return str(json.loads(event)["detail"]["object"]["key"])
    except (ValueError, LookupError, TypeError):
        return None


def _snake(pascal: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", pascal).lower()
