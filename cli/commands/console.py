"""`backoffice console`: where the console is, and who may sign in to it on one's own machine."""

import secrets
import string
from typing import Annotated, Any, Final

import typer

from cli.output import print_json
from cli.platform import Platform, PlatformError
from cli.staff import GROUPS

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", help=f"Of {', '.join(GROUPS)}; more than once. Else the first two."),
]
_DESK: Final = GROUPS[:2]
_LETTERS: Final = string.ascii_letters + string.digits
_LENGTH: Final = 16


def register(app: typer.Typer) -> None:
    """Add the commands."""
    console = typer.Typer(no_args_is_help=True, help="The operations console.")
    console.command("address")(address)
    console.command("user")(user)
    app.add_typer(console, name="console")


def address() -> None:
    """Say where the console is."""
    typer.echo(Platform.connect().console_url)


def user(name: str, group: Groups = None, as_json: AsJson = False) -> None:
    """Put a person into the embedded pool, or give them another one-time password.

    In the cloud the pool's keepers do that: this is for one's own machine alone.
    """
    platform = Platform.connect()
    groups = tuple(group or _DESK)
    if unknown := sorted(set(groups) - set(GROUPS)):
        raise PlatformError(f"there is no group {unknown[0]}: {', '.join(GROUPS)}")
    password = enrol_once(platform, name, groups)
    told = {"name": name, "password": password, "console": platform.console_url}
    if as_json:
        print_json({**told, "groups": list(groups)})
    else:
        typer.echo(f"{name} ({', '.join(groups)}) signs in at {platform.console_url}")
        typer.echo(f"with the one-time password {password}")


def enrol_once(platform: Platform, name: str, groups: tuple[str, ...]) -> str:
    """Put a person into the pool; return a password that they replace when they first sign in."""
    pool: Any = platform.client("cognito-idp")
    place = {"UserPoolId": platform.outputs["UserPoolId"], "Username": name}
    password = "Aa1!" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    try:
        pool.admin_get_user(**place)
    except pool.exceptions.UserNotFoundException:
        pool.admin_create_user(**place, TemporaryPassword=password, MessageAction="SUPPRESS")
    else:
        pool.admin_set_user_password(**place, Password=password, Permanent=False)
    for group in groups:
        pool.admin_add_user_to_group(**place, GroupName=group)
    return password
