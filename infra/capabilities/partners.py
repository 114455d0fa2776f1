"""Partners: a role each, by which they drop what is theirs and fetch what is for them."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.blocks.access import CLIENT_CONTEXT
from infra.blocks.acknowledged import acknowledge_wildcard
from infra.blocks.storage import Storage
from infra.stages import Partner, Stage


class PartnerRole(Construct):
    """The role of one partner: it may put below its own prefix and fetch below its own, no more.

    Attributes
    ----------
    role
        Taken on from the partner's account, with the external id agreed with them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        partner: Partner,
        storage: Storage,
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=stage.named(f"partner-{partner.name}"),
            description=f"What the partner {partner.name} may touch.",
            assumed_by=iam.AccountPrincipal(partner.account),
            external_ids=[partner.external_id],
        )
        self._let(partner, storage)

    def _let(self, partner: Partner, storage: Storage) -> None:
        mine = f"outbox/{partner.name}/*"
        put = f"{storage.bucket_arn('drops')}/drops/{partner.name}/*"
        get = f"{storage.bucket_arn('outbox')}/{mine}"
        acknowledge_wildcard(self.role, put, "A partner names its files itself.")
        acknowledge_wildcard(self.role, get, "What it fetches is named by the day's data.")
        for statement in (
            _may(["s3:PutObject"], put),
            _may(["s3:GetObject"], get),
            _may(["s3:ListBucket"], storage.bucket_arn("outbox"), {"s3:prefix": [mine]}),
            self._use_key(storage),
        ):
            self.role.add_to_policy(statement)

    def _use_key(self, storage: Storage) -> iam.PolicyStatement:
        """Let the firm's key be used by way of the buckets alone, and no client's key be opened."""
        return iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[storage.key.key_arn],
            conditions={
                "StringLike": {"kms:ViaService": "s3.*.amazonaws.com"},
                "ForAllValues:StringNotEquals": {"kms:EncryptionContextKeys": [CLIENT_CONTEXT]},
            },
        )


def _may(
    actions: list[str], resource: str, like: dict[str, list[str]] | None = None
) -> iam.PolicyStatement:
    conditions = {"StringLike": like} if like else None
    return iam.PolicyStatement(actions=actions, resources=[resource], conditions=conditions)
