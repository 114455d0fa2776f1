"""What things of a stage are called: fixed, so that no stack needs another's export for it."""

from aws_cdk import Aws

from infra.stages import Stage


class FixedNames:
    """The names and ARNs of a stage's buckets, tables, functions and state machines."""

    _stage: Stage

    def bucket_name(self, name: str) -> str:
        """Return a bucket's name: fixed, so that no stack needs another's export for it."""
        if self._stage.account:
            return self._stage.named(name)
        # Bucket names are one name space for the whole world.
        return f"{self._stage.named(name)}-{Aws.ACCOUNT_ID}-{Aws.REGION}"

    def bucket_arn(self, name: str) -> str:
        """Return a bucket's ARN."""
        return f"arn:{Aws.PARTITION}:s3:::{self.bucket_name(name)}"

    def table_name(self, name: str) -> str:
        """Return a table's name."""
        return self._stage.named(name.replace("_", "-"))

    def table_arn(self, name: str) -> str:
        """Return a table's ARN."""
        where = f"{Aws.PARTITION}:dynamodb:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return f"arn:{where}:table/{self.table_name(name)}"

    def machine_arn(self, name: str) -> str:
        """Return a state machine's ARN by its fixed name: its stack is made of the functions'."""
        return self._named("states", "stateMachine", name)

    def function_arn(self, name: str) -> str:
        """Return a function's ARN by its fixed name."""
        return self._named("lambda", "function", name)

    def stack_arn(self, name: str) -> str:
        """Return a stack's ARN by its fixed name; `*` is any of the stage's."""
        where = f"{Aws.PARTITION}:cloudformation:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return f"arn:{where}:stack/{self._stage.named(name)}/*"

    def _named(self, service: str, kind: str, name: str) -> str:
        where = f"{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return f"arn:{where}:{kind}:{self._stage.named(name.replace('_', '-'))}"
