"""What is billed by the month for its mere existence: resources, by their CloudFormation type."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

_ALARM: Final = "AWS::CloudWatch::Alarm"


def units(resources: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many units of each type a template's resources are.

    Examples
    --------
    >>> units([{"Type": "AWS::KMS::Key"}, {"Type": "AWS::KMS::Key"}])
    {'AWS::KMS::Key': 2}
    """
    counted: Counter[str] = Counter()
    for resource in resources:
        counted[resource["Type"]] += _units(resource)
    return dict(counted)


def _units(resource: Mapping[str, Any]) -> int:
    """Count an alarm by the metrics it looks at; an expression over them is none."""
    if resource["Type"] != _ALARM:
        return 1
    metrics = resource.get("Properties", {}).get("Metrics", ())
    return max(1, sum("MetricStat" in metric for metric in metrics))
