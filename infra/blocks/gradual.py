"""A new version of what answers people and apps takes over by and by, and goes back by itself."""

from collections.abc import Iterable, Mapping

from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.acknowledged import acknowledge
from infra.blocks.alarms import alarm_on_new_version

LIVE = "live"
"""The alias by which the API calls."""
_POLICY = "service-role/AWSCodeDeployRoleForLambdaLimited"


class GradualDeployment(Construct):
    """Aliases of functions, each moved to a new version a tenth first, the rest five minutes later.

    A version that fails in that time is taken back. Only what answers a caller each by itself is
    so deployed: a business day's steps are of one version, from its first to its last.

    Attributes
    ----------
    aliases
        By the functions' names.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, functions: Mapping[str, lambda_.Function]
    ) -> None:
        super().__init__(scope, construct_id)
        self._application = codedeploy.LambdaApplication(self, "Application")
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_POLICY)],
            description="Moves aliases from a version to the next.",
        )
        acknowledge(
            self._role,
            f"IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_POLICY}]",
            "AWS's own policy for moving aliases; CodeDeploy asks for no less.",
        )
        self.aliases: dict[str, lambda_.IFunction] = {
            name: self._alias(name, function) for name, function in functions.items()
        }

    def _alias(self, name: str, function: lambda_.Function) -> lambda_.Alias:
        alias = lambda_.Alias(
            self, f"{name}Live", alias_name=LIVE, version=function.current_version
        )
        alarm = alarm_on_new_version(self, f"{name}Rollback", alias)
        codedeploy.LambdaDeploymentGroup(
            self,
            f"{name}Shift",
            application=self._application,
            role=self._role,
            alias=alias,
            alarms=[alarm],
            deployment_config=codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
            auto_rollback=codedeploy.AutoRollbackConfig(
                failed_deployment=True, stopped_deployment=True, deployment_in_alarm=True
            ),
        )
        return alias


def answering(
    functions: Mapping[str, lambda_.Function], names: Iterable[str]
) -> dict[str, lambda_.Function]:
    """Return those of some functions that answer callers, by their names."""
    wanted = set(names)
    return {name: function for name, function in functions.items() if name in wanted}
