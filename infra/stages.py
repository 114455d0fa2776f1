"""The stages the platform is deployed to, and everything that differs between them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class LayerSource(StrEnum):
    """Where a layer's third-party packages come from."""

    THIS_MACHINE = "this machine's environment"
    LAMBDA_WHEELS = "wheels of the Lambda platform"


@dataclass(frozen=True, kw_only=True)
class App:
    """Whoever calls the API by a machine: a partner of its own, with a client of its own.

    Attributes
    ----------
    name
        In snake case; its client's id is put out as ``<Name>ClientId``.
    scopes
        What its tokens may open, and nothing else.
    accounts
        Whose accounts it sees, where it may see any (`positions.read`,
        `documents.read`): ids, or with `*` at the end
        all that begin so.
    """

    name: str
    scopes: tuple[Literal["trades.write", "positions.read", "documents.read", "cases.read"], ...]
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Partner:
    """Whoever drops files and fetches answers from an account of its own.

    Attributes
    ----------
    name
        As it stands in keys: what it drops is below ``drops/<name>/``.
    account
        The twelve digits of the account that may take the partner's role on.
    external_id
        Said by both: nobody takes the role on by another customer's name.
    """

    name: str
    account: str
    external_id: str


@dataclass(frozen=True, kw_only=True)
class Address:
    """The names by which the world reaches the API and the console, in place of AWS's own.

    Attributes
    ----------
    api, console
        Fully qualified: ``api.broker.example`` answers at its root, the console below
        ``/console``. Both may be one name.
    certificate
        The ARN of a certificate of ACM in the stage's region that covers both.
    zone
        The id and the name of the hosted zone that gets their records; ``None`` leaves them to
        whoever keeps the names: the stack puts out what they have to lead to.
    """

    api: str
    console: str
    certificate: str
    zone: tuple[str, str] | None = None


APPS = (
    App(name="app", scopes=("trades.write", "positions.read", "documents.read"), accounts=("*",)),
    App(name="desk", scopes=("cases.read",)),
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One deployment of the platform.

    Attributes
    ----------
    account, region
        Where it is deployed; ``None`` leaves both to the deploying credentials.
    records_lock
        Object Lock mode of the record store: GOVERNANCE can be lifted by a person with the
        right, COMPLIANCE by nobody.
    records_retention_days, work_expiry_days, log_retention_days
        Whole days.
    keeps_tables
        Whether the tables outlive their stack; buckets always do.
    has_alarms, runs_schedules
        Whether somebody is called, and whether the day starts by the clock.
    shifts_gradually
        Whether what answers people and apps moves to a new version a tenth first, and goes back
        by itself where that fails.
    second_factor
        Whether people sign in with a one-time password beside their own.
    called
        The e-mail address that alarms call; ``None`` has each deployment ask for it.
    address
        Names of the broker's own; ``None`` leaves those that AWS gives.
    calls_per_second, calls_at_once
        How often an app may call on the average, and how often at most without a pause.
    apps
        Who has a client; each costs 6 US dollars a month where it is billed.
    partners
        Who has a role to drop and fetch by.
    list_sources
        Sanctions lists that are fetched rather than dropped: a list (OFAC, EU, UN, HOUSE) and the
        https addresses of its files, each ending in the file's name as the authority publishes it.
    """

    name: str
    account: str | None
    region: str | None
    records_lock: Literal["GOVERNANCE", "COMPLIANCE"]
    records_retention_days: int
    work_expiry_days: int
    log_retention_days: int
    keeps_tables: bool
    has_alarms: bool
    runs_schedules: bool
    second_factor: bool
    layer_source: LayerSource
    polars_threads: int
    shifts_gradually: bool = False
    called: str | None = None
    address: Address | None = None
    calls_per_second: int = 50
    calls_at_once: int = 500
    apps: tuple[App, ...] = APPS
    partners: tuple[Partner, ...] = ()
    list_sources: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def named(self, name: str) -> str:
        """Return the physical name of a resource that others find by its name."""
        return f"backoffice-{self.name}-{name}"


LOCAL = Stage(
    name="local",
    account="000000000000",
    region="us-east-1",
    records_lock="GOVERNANCE",
    records_retention_days=1,
    work_expiry_days=7,
    log_retention_days=7,
    keeps_tables=False,
    has_alarms=False,
    runs_schedules=False,
    second_factor=False,
    layer_source=LayerSource.THIS_MACHINE,
    polars_threads=1,
)

DEV = Stage(
    name="dev",
    account=None,
    region=None,
    records_lock="GOVERNANCE",
    records_retention_days=1,
    work_expiry_days=7,
    log_retention_days=7,
    keeps_tables=False,
    has_alarms=True,
    runs_schedules=False,
    second_factor=True,
    layer_source=LayerSource.LAMBDA_WHEELS,
    polars_threads=2,
)

PROD = Stage(
    name="prod",
    account=None,
    region=None,
    records_lock="COMPLIANCE",
    records_retention_days=2557,  # seven years with their leap days
    work_expiry_days=30,
    log_retention_days=365,
    keeps_tables=True,
    has_alarms=True,
    runs_schedules=True,
    shifts_gradually=True,
    second_factor=True,
    layer_source=LayerSource.LAMBDA_WHEELS,
    polars_threads=2,
)

STAGES = {stage.name: stage for stage in (LOCAL, DEV, PROD)}
