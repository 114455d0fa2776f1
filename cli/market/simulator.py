"""The market's shell: it reads the outbox, writes drops, and has no other memory than S3."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from backoffice.formats.iso20022.instruction_reader import Wanted
from cli.market.answers import answer
from cli.market.drops import Drops, new_status_files
from cli.market.history import read_history
from cli.market.holds import take_changes
from cli.market.outbox import Outbox
from cli.market.script_file import load_script
from cli.market.sending import extra_files, statement_files

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def run_market(
    s3: "S3Client", outbox_bucket: str, drops_bucket: str, day: date, script: str
) -> list[str]:
    """Let the market do its day and return the keys of its drops of `day`.

    It reads every archive left for it up to `day` and everything it ever dropped itself. What is
    new goes into one file, `drops/market/<day>/status-<n>.xml` (a script may ask for more). When
    nothing is new the day's files are dropped again, byte for byte: whoever waits for them may
    have missed the first time.

    Parameters
    ----------
    script
        `settle-all`, `none`, or the path of a script file (docs/contracts/market.md).

    Raises
    ------
    BadFileError
        When the script cannot be read, an archive of the outbox is broken, or a statement would
        hold less than nothing.
    """
    rules = load_script(script)
    if rules.is_silent:
        return []
    drops = Drops(s3, drops_bucket, day)
    history = read_history(drop.body for drop in drops.statuses)
    outbox = Outbox(s3, outbox_bucket, day)
    requests = list(outbox.requests())
    asked_of = {request.cancellation.obligation_id for request in requests}
    wanted = _wanted(history.finished, asked_of, day, acts_early=rules.acts_early)
    held = take_changes(outbox.changes(), history)
    said = answer(list(outbox.instructions(wanted)), requests, history, day, rules, held)
    written = new_status_files(said, drops)
    if not written:
        drops.repeat()
    drops.put(written)
    drops.put(extra_files(rules, drops))
    drops.put(statement_files(rules, drops, outbox))
    return drops.dropped


def _wanted(
    finished: Collection[str], asked_of: Collection[str | None], day: date, *, acts_early: bool
) -> Wanted:
    """Return what tells whether there may be something to say: what is not due has its day."""

    def wanted(obligation_id: str, settlement_date: date) -> bool:
        if obligation_id in finished:
            return False
        return settlement_date <= day or acts_early or obligation_id in asked_of

    return wanted
