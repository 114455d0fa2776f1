"""Front office: the pool that signs the tokens of the API's callers: apps, and people."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.blocks.acknowledged import acknowledge
from infra.blocks.storage import KEPT
from infra.stages import App, Stage

RESOURCE_SERVER = "backoffice"
SCOPES = {
    "trades.write": "Send trades and see what became of them.",
    "positions.read": "See what its accounts have, and what the firm has to sell.",
    "documents.read": "Fetch the statements and confirmations of its accounts.",
    "cases.read": "See the exceptions desk.",
    "cases.decide": "Act on cases, as a person of the exceptions desk.",
    "customers.read": "List and read customers' documents, as a person of the exceptions desk.",
    "records.read": "Search the records, as a person of the broker's.",
    "customers.write": "Add customers' documents, as a person of the exceptions desk.",
}
ACCOUNTS_SERVER = "accounts"
"""Its scopes name accounts: what a token of `positions.read` may see is in the token itself."""

GROUPS = {
    "case-makers": "May propose what becomes of a case.",
    "case-checkers": "May decide what another proposed.",
    "compliance": "May know of what is confidential.",
    "access-makers": "May ask for access, for others and themselves, and for changes.",
    "access-checkers": "May decide who has access and what is changed.",
    "supervisors": "May decide on home locations, and inspect them.",
    "service-desk": "May see to tickets and have dead letters delivered again.",
}
"""Of the people who sign in; who is in which two people of the broker's decide."""

PEOPLES_SCOPES = (
    "cases.read",
    "cases.decide",
    "customers.read",
    "customers.write",
    "records.read",
)
"""What a person who signs in may open; `cases.read` alone is an app's too."""

SIGNED_IN_AT = "http://localhost:8976/signed-in"
"""Where a person's browser comes back to: the command's own listener on their machine."""

CONSOLE_PATH = "/console"
SIGNED_IN, SIGNED_OUT = "signed-in", "signed-out"
"""The console's pages that the pool sends a browser back to."""


class Callers(Construct):
    """Who may call the API: each app by a client of its own, for its scopes alone.

    Attributes
    ----------
    pool
        The user pool.
    clients
        The client by which each app fetches tokens, by the app's name.
    console
        The client by which the broker's people sign in: it keeps no secret, a code goes with a
        proof of its own (PKCE).
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, console_at: str
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage, self._console_at = stage, console_at
        self.pool = self._pool()
        self._scopes = self._scopes_of_pool()
        self._accounts = self._accounts_of_pool()
        self.clients = {app.name: self._client(app) for app in stage.apps}
        self.console = self._console()
        for name, text in GROUPS.items():
            cognito.CfnUserPoolGroup(
                self,
                "".join(word.title() for word in name.split("-")),
                user_pool_id=self.pool.user_pool_id,
                group_name=name,
                description=text,
            )

    def scopes_of_people(self) -> tuple[str, ...]:
        """Return the scopes that a person's token is asked for, as they are asked for."""
        return ("openid", *(f"{RESOURCE_SERVER}/{name}" for name in PEOPLES_SCOPES))

    def _pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=self._stage.named("callers"),
            self_sign_up_enabled=False,
            mfa=cognito.Mfa.REQUIRED if self._stage.second_factor else cognito.Mfa.OFF,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
            ),
            removal_policy=(KEPT if self._stage.keeps_tables else RemovalPolicy.DESTROY),
        )
        acknowledge(
            pool,
            "COG8",
            "The paid feature plan costs by the month; people sign in with a second factor.",
        )
        if not self._stage.second_factor:
            acknowledge(pool, "COG2", "Nobody but tests and trials signs in on one's own machine.")
        return pool

    def _scopes_of_pool(self) -> dict[str, cognito.OAuthScope]:
        scopes = {
            name: cognito.ResourceServerScope(scope_name=name, scope_description=text)
            for name, text in SCOPES.items()
        }
        server = self.pool.add_resource_server(
            "Scopes", identifier=RESOURCE_SERVER, scopes=list(scopes.values())
        )
        self.domain = self.pool.add_domain(
            "TokenEndpoint",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self._domain()),
        )
        return {
            name: cognito.OAuthScope.resource_server(server, made) for name, made in scopes.items()
        }

    def _accounts_of_pool(self) -> dict[str, cognito.OAuthScope]:
        named = sorted({account for app in self._stage.apps for account in app.accounts})
        if not named:
            return {}
        scopes = {
            name: cognito.ResourceServerScope(
                scope_name=name, scope_description=f"See the accounts {name}."
            )
            for name in named
        }
        server = self.pool.add_resource_server(
            "Accounts", identifier=ACCOUNTS_SERVER, scopes=list(scopes.values())
        )
        return {
            name: cognito.OAuthScope.resource_server(server, made) for name, made in scopes.items()
        }

    def _domain(self) -> str:
        # One name space for every account of a region.
        return f"{self._stage.named('callers')}-{Stack.of(self).account}"

    def _console(self) -> cognito.UserPoolClient:
        return self.pool.add_client(
            "Console",
            user_pool_client_name=self._stage.named("console"),
            generate_secret=False,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                callback_urls=[SIGNED_IN_AT, f"{self._console_at}/{SIGNED_IN}"],
                logout_urls=[f"{self._console_at}/{SIGNED_OUT}"],
                scopes=[
                    cognito.OAuthScope.OPENID,
                    *(self._scopes[name] for name in PEOPLES_SCOPES),
                ],
            ),
            # who is taken out of the pool or a group is out of the console this soon
            access_token_validity=Duration.minutes(15),
            refresh_token_validity=Duration.hours(12),
        )

    def _client(self, app: App) -> cognito.UserPoolClient:
        return self.pool.add_client(
            "".join(word.title() for word in app.name.split("_")),
            user_pool_client_name=self._stage.named(app.name.replace("_", "-")),
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[
                    *(self._scopes[scope] for scope in app.scopes),
                    *(self._accounts[name] for name in app.accounts),
                ],
            ),
            access_token_validity=Duration.hours(1),
        )
