"""Say beside a resource why a rule of cdk-nag does not apply to it."""

from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Acknowledge one finding of ``rule`` on ``construct``, with its sentence."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason))


def acknowledge_wildcard(construct: IConstruct, resource: str, reason: str) -> None:
    """Acknowledge a wildcard in a policy's resource ARN, with its sentence."""
    written = _flat(Stack.of(construct).resolve(resource))
    acknowledge(construct, f"IAM5[Resource::{written}]", reason)


def _flat(value: Any) -> str:  # noqa: ANN401 - a template's JSON
    """Write a template's value as cdk-nag spells it: references in angle brackets."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(_flat(part) for part in parts)
    if "Ref" in value:
        return f"<{value['Ref']}>"
    return f"<{'.'.join(value['Fn::GetAtt'])}>"
