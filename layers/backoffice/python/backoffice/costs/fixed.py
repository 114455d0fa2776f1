"""What is billed by the month for its mere existence: resources, by their CloudFormation type."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

_ALARM: Final = "AWS::CloudWatch::Alarm"
_CLIENT: Final = "AWS::Cognito::UserPoolClient"
_KEY: Final = "AWS::KMS::Key"
_MACHINES: Final = "client_credentials"


def units(resources: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many units of each type a template's resources are.

    Examples
    --------
    >>> units([{"Type": "AWS::SQS::Queue"}, {"Type": "AWS::SQS::Queue"}])
    {'AWS::SQS::Queue': 2}
    """
    counted: Counter[str] = Counter()
    for resource in resources:
        counted[_kind(resource)] += _units(resource)
    return dict(counted)


def _kind(resource: Mapping[str, Any]) -> str:
    """Return the type; a key that is never rotated has a price of its own."""
    kind = str(resource["Type"])
    rotates = resource.get("Properties", {}).get("EnableKeyRotation", False)
    return f"{kind}, not rotated" if kind == _KEY and not rotates else kind


def _units(resource: Mapping[str, Any]) -> int:
    """Count an alarm by the metrics it looks at, and a client only where a machine signs in by it.

    An expression over metrics is none; people who sign in are billed by their number.
    """
    said = resource.get("Properties", {})
    if resource["Type"] == _CLIENT:
        return int(_MACHINES in said.get("AllowedOAuthFlows", [_MACHINES]))
    if resource["Type"] != _ALARM:
        return 1
    return max(1, sum("MetricStat" in metric for metric in said.get("Metrics", ())))
