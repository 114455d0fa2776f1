"""The `backoffice` command: its commands, and its exit codes.

0 done · 1 it failed · 2 wrong usage · 3 done, and something needs a person.
"""

import errno
import os
import sys
from typing import Annotated

import typer
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
)
from botocore.exceptions import (
    ConnectionError as AwsConnectionError,
)

from backoffice import __version__
from backoffice.kernel.errors import BackofficeError
from cli.commands import (
    access,
    actions,
    books,
    cases,
    complaints,
    configuration,
    console,
    cost,
    customers,
    day,
    demo,
    desk,
    documents,
    down,
    entries,
    instructions,
    lists,
    locations,
    payments,
    periods,
    records,
    reports,
    risk,
    statements,
    status,
    surveillance,
    up,
)
from cli.output import DONE, FAILED
from cli.platform import PlatformError
from infra.local.errors import DIED

_COMMANDS = (
    *(up, down, status, day, access, actions, books, cases, complaints, configuration),
    *(console, cost, customers, demo, desk, documents, entries),
    *(instructions, lists, locations, payments, periods, records, reports, risk),
    *(statements, surveillance),
)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"backoffice {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="backoffice",
    help="A stock broker's back office.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def begin(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Say which it is."),
    ] = False,
) -> None:
    """Run a stock broker's back office."""
    del version


for _command in _COMMANDS:
    _command.register(app)


def run(arguments: list[str]) -> int:
    """Run a command; return its exit code, with any failure told in one sentence on stderr."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
        return code  # noqa: TRY300 - what is not wholly written is not done
    except (PlatformError, BackofficeError) as error:
        return _fail(str(error))
    except (AwsConnectionError, HTTPClientError):
        return _fail(DIED)
    except (BotoCoreError, ClientError) as error:
        return _fail(f"the embedded AWS does not do what was asked: {error}")
    except OSError as error:
        _drop_what_cannot_be_written()
        # Who closed the pipe has read enough.
        return FAILED if isinstance(error, BrokenPipeError) else _fail(_told(error))


def _invoke(arguments: list[str]) -> int:
    try:
        app(args=arguments, prog_name="backoffice")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else DONE
    return DONE


def _drop_what_cannot_be_written() -> None:
    """Keep the interpreter's end from failing on standard output once more."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"the disk is full: {error.filename or 'nothing more can be written'}"
    return f"{error.filename or 'the machine'}: {error.strerror or error}"


def _fail(sentence: str, code: int = FAILED) -> int:
    sys.stderr.write(f"backoffice: {sentence}\n")
    return code
