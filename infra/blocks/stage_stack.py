"""A stack of a stage."""

from aws_cdk import CfnOutput, DefaultStackSynthesizer, Environment, Stack, Tags
from constructs import Construct

from infra.stages import Stage
from infra.version import VERSION


class StageStack(Stack):
    """A stack of a stage; it asks nothing of the account it is synthesized for."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage) -> None:
        super().__init__(
            scope,
            f"Backoffice-{stage.name}-{name}",
            stack_name=stage.named(name),
            description=f"Bakskrifstofa {VERSION}: {name}, stage {stage.name}.",
            env=Environment(account=stage.account, region=stage.region),
            synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
            termination_protection=stage.keeps_tables,
        )
        Tags.of(self).add("application", "backoffice")
        Tags.of(self).add("stage", stage.name)

    def tell(self, name: str, value: str) -> None:
        """Put out a value that commands and people look up by its name."""
        CfnOutput(self, name, value=value)
