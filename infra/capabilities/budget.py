"""The month's budget of the account: AWS calls when it is nearly spent, or will be."""

from aws_cdk import Aws, CfnParameter
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.stages import Stage

_BUDGETS = "budgets.amazonaws.com"
USUAL = 100
"""US dollars a month unless the deployment says otherwise, as the rulebook's own budget."""
NEARLY_SPENT = 80
ALL_OF_IT = 100


class Budget(Construct):
    """A budget in US dollars, by the parameter `MonthlyBudget`; it calls the topic of on-call.

    It is of the account, as bills are: the stage is best alone in its account.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, topic: sns.Topic
    ) -> None:
        super().__init__(scope, construct_id)
        amount = self._amount()
        limit = budgets.CfnBudget.SpendProperty(amount=amount.value_as_number, unit="USD")
        budgets.CfnBudget(
            self,
            "Monthly",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=stage.named("month"),
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=limit,
            ),
            notifications_with_subscribers=[
                _call(topic, "ACTUAL", NEARLY_SPENT),
                _call(topic, "FORECASTED", ALL_OF_IT),
            ],
        )
        topic.add_to_resource_policy(_may_call(["sns:Publish"], topic.topic_arn))

    def _amount(self) -> CfnParameter:
        amount = CfnParameter(
            self,
            "MonthlyBudget",
            type="Number",
            default=USUAL,
            min_value=1,
            description="What the account may cost a month, in US dollars.",
        )
        amount.override_logical_id("MonthlyBudget")
        return amount


_OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}


def _call(
    topic: sns.Topic, kind: str, percent: int
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            comparison_operator="GREATER_THAN", notification_type=kind, threshold=percent
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(address=topic.topic_arn, subscription_type="SNS")
        ],
    )


def let_budget_call(key: kms.Key) -> None:
    """Let AWS Budgets write to a topic that `key` encrypts."""
    # in a key's own policy "*" is this key
    key.add_to_resource_policy(_may_call(["kms:Decrypt", "kms:GenerateDataKey*"], "*"))


def _may_call(actions: list[str], resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="BudgetMayCall",
        principals=[iam.ServicePrincipal(_BUDGETS)],
        actions=actions,
        resources=[resource],
        conditions=_OF_THIS_ACCOUNT,
    )
