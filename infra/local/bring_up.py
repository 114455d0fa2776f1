"""Bring the platform up in a home, from whatever state it was left in."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as AwsConnectionError

from infra.local import emulator
from infra.local.assembly import assembly, digest
from infra.local.clients import Clients
from infra.local.deploy import deploy, undeploy
from infra.local.emulator import Running
from infra.local.errors import DIED, DeployError, EmulatorError, NotUpError, PlatformError
from infra.local.home import Home, Tell, read_json, write_json
from infra.local.manifest import StackTemplate, read_stacks
from infra.local.mend import mend
from infra.local.mend_console import mend_console

STAGE = "local"
REBUILD_OUTPUT = "RebuildTablesMachine"
_REBUILD_PATIENCE_S = 900.0
_POLL_S = 0.05


@dataclass(frozen=True)
class Standing:
    """A platform that stands: where it answers, and its stacks' outputs by name."""

    running: Running
    outputs: dict[str, str]


@dataclass(frozen=True)
class _Deployed:
    """Which assembly stands, and its stacks' outputs by name."""

    digest: str
    outputs: dict[str, str]


def find_standing(home: Home) -> Standing:
    """Return what stands in `home` now.

    Raises
    ------
    NotUpError
        Nothing answers there, or what answers was never wholly deployed.
    """
    running = emulator.find(home)
    deployed = _deployed(home)
    if running is None or not running.answers():
        raise NotUpError(f"the platform is not up in {home.folder}: run backoffice up")
    if deployed is None or home.tables_lost.exists():
        raise NotUpError(f"the platform is half up in {home.folder}: run backoffice up")
    return Standing(running, deployed.outputs)


def bring_up(home: Home, tell: Tell) -> Standing:
    """Start, deploy, mend and rebuild whatever of it does not stand yet.

    Raises
    ------
    PlatformError
        One sentence: what keeps the platform from standing.
    """
    home.prepare()
    with home.exclusively(tell):
        try:
            return _bring_up(home, tell)
        except (AwsConnectionError, HTTPClientError) as error:
            raise EmulatorError(DIED) from error
        except (BotoCoreError, ClientError) as error:
            raise PlatformError(f"the embedded AWS refused: {error}") from error


def take_down(home: Home, *, wipe: bool, tell: Tell) -> bool:
    """Stop the emulator, keeping its state unless `wipe`; return whether it ran."""
    if not home.folder.is_dir():
        return False
    with home.exclusively(tell):
        ran = emulator.stop(home, keep_state=not wipe)
        if wipe:
            home.wipe()
    return ran


def _bring_up(home: Home, tell: Tell) -> Standing:
    running = emulator.ensure(home, tell)
    wanted = digest(STAGE)
    deployed = _deployed(home)
    if deployed is None or deployed.digest != wanted:
        folder = assembly(STAGE, tell)
        deployed = _Deployed(wanted, _deploy(home, folder, Clients(running.endpoint), tell))
        write_json(home.deployed, asdict(deployed))
    standing = Standing(running, deployed.outputs)
    mend_console(deployed.outputs, Clients(running.endpoint), running.endpoint)
    if home.tables_lost.exists():
        _rebuild(standing, tell)
        home.tables_lost.unlink()
    return standing


def _deployed(home: Home) -> _Deployed | None:
    """Return what stands in `home`; None when nothing does, or its note was lost or garbled."""
    match read_json(home.deployed):
        case {"digest": str(found), "outputs": dict(outputs)} if outputs:
            return _Deployed(found, outputs)
    return None


def _deploy(home: Home, folder: Path, clients: Clients, tell: Tell) -> dict[str, str]:
    home.deployed.unlink(missing_ok=True)
    stacks = read_stacks(folder)
    try:
        outputs = deploy(stacks, clients, tell)
    except DeployError as error:
        outputs = _deploy_anew(home, stacks, clients, tell, error)
    mend(stacks, clients)
    return outputs


def _deploy_anew(
    home: Home, stacks: list[StackTemplate], clients: Clients, tell: Tell, error: DeployError
) -> dict[str, str]:
    """Delete every stack and deploy again: the buckets stay, the tables are rebuilt."""
    tell(f"{error}; making every stack anew")
    if home.holds_records():
        home.tables_lost.touch()
    undeploy(stacks, clients)
    return deploy(stacks, clients, tell)


def _rebuild(standing: Standing, tell: Tell) -> None:
    tell("rebuilding the tables from the records")
    executions = Clients(standing.running.endpoint).get("stepfunctions")
    started = executions.start_execution(
        stateMachineArn=standing.outputs[REBUILD_OUTPUT], input="{}"
    )["executionArn"]
    give_up_at = time.monotonic() + _REBUILD_PATIENCE_S
    while (run := executions.describe_execution(executionArn=started))["status"] == "RUNNING":
        if time.monotonic() > give_up_at:
            raise PlatformError("the tables were not rebuilt in time: run backoffice up again")
        time.sleep(_POLL_S)
    if run["status"] != "SUCCEEDED":
        raise PlatformError(
            f"the tables could not be rebuilt: {run.get('error')}: {run.get('cause')}"
        )
