"""Physical names and ARNs that are known without asking the stack that makes the part."""

from typing import TYPE_CHECKING

from aws_cdk import Aws

if TYPE_CHECKING:
    from infra.stages import Stage


class FixedNames:
    """Names of a stage: fixed, so that no stack needs another's export for them."""

    _stage: "Stage"

    def bucket_name(self, name: str) -> str:
        """Return a bucket's name: fixed, so that no stack needs another's export for it."""
        if self._stage.account:
            return self._stage.named(name)
        # Bucket names are one name space for the whole world.
        return f"{self._stage.named(name)}-{Aws.ACCOUNT_ID}-{Aws.REGION}"

    def bucket_arn(self, name: str) -> str:
        """Return a bucket's ARN."""
        return f"arn:{Aws.PARTITION}:s3:::{self.bucket_name(name)}"

    def part_name(self, name: str) -> str:
        """Return the physical name of a table, machine, queue or function."""
        return self._stage.named(name.replace("_", "-"))

    def table_arn(self, name: str) -> str:
        """Return a table's ARN."""
        return self.part_arn("dynamodb", name, "table/")

    def machine_arn(self, name: str) -> str:
        """Return a state machine's ARN by its fixed name: its stack is made of the functions'."""
        return self.part_arn("states", name, "stateMachine:")

    def function_arn(self, name: str) -> str:
        """Return a function's ARN by its fixed name."""
        return self.part_arn("lambda", name, "function:")

    def stack_arn(self, name: str) -> str:
        """Return a stack's ARN by its fixed name; `*` is any of the stage's."""
        return self.part_arn("cloudformation", name, "stack/") + "/*"

    def part_arn(self, service: str, name: str, kind: str = "") -> str:
        """Return a part's ARN by its fixed name; `kind` is what some services put before it."""
        where = f"{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return f"arn:{where}:{kind}{self.part_name(name)}"
