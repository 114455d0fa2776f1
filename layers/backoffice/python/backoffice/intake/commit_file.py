"""Commit a captured file: keep its original, then write its entry, once.

What tells of people is deleted from the drops then: it lies sealed among the records.
"""

from collections.abc import Sequence

from backoffice.intake.documents import CapturedRange, FileEntry, FilePlan, original_key
from backoffice.intake.drops import Drops, GoneDropError
from backoffice.intake.originals import Originals, Outcome, SealsOriginals, keep_original
from backoffice.intake.schemas import DELIMITED, unknown_columns
from backoffice.intake.staging import read_plan
from backoffice.intake.totals import Totals, total
from backoffice.kernel.parts import Work


def commit_file(
    records: Originals,
    drops: Drops,
    work: Work,
    plan_key: str,
    captured: Sequence[CapturedRange],
    seals: SealsOriginals,
) -> FileEntry:
    """Make a file visible: keep its original, then write its entry, once.

    Before the entry stands nothing of the file exists; after it everything does. A second commit
    of the same file changes nothing, whether the drop is there any more or not.
    """
    plan = read_plan(work, plan_key)
    entry = _entry(plan, captured)
    outcome = Outcome(entry.refusal, entry.rows, entry.captured)
    try:
        is_sealed = keep_original(records, drops, plan, outcome, str(entry.original), seals)
    except GoneDropError:
        return FileEntry.model_validate_json(records.read_bytes(entry.key))
    records.put_once(entry.key, entry.model_dump_json().encode())
    if is_sealed:
        drops.delete_version(plan.drop.key, plan.drop.version)
    return entry


def _entry(plan: FilePlan, captured: Sequence[CapturedRange]) -> FileEntry:
    drop = plan.drop
    refusal = plan.refusal or next((r.refusal for r in captured if r.refusal), None)
    good = () if refusal else sorted(captured, key=lambda found: found.index)
    return FileEntry(
        drop=drop,
        sha256=plan.sha256,
        size=plan.size,
        rows=plan.rows if drop.kind in DELIMITED and plan.header else sum(r.rows for r in good),
        captured=sum(found.captured for found in good),
        rejected=sum(found.rejected for found in good),
        sum_quantity=total(Totals(quantity=found.sum_quantity) for found in good).quantity,
        header=plan.header,
        unknown_columns=_unknown(plan, good),
        set_aside=plan.set_aside,
        cuts=tuple(found.cut for found in good if found.cut),
        parts=tuple(found.part for found in good if found.part),
        identities=tuple(found.identities for found in good if found.identities),
        shorts=tuple(found.shorts for found in good if found.shorts),
        rejects=tuple(found.rejects for found in good if found.rejects),
        entries=tuple(found.entries for found in good if found.entries),
        pages=tuple(page for found in good for page in found.pages),
        original=original_key(drop.business_date, plan.sha256),
        refusal=refusal,
    )


def _unknown(plan: FilePlan, captured: Sequence[CapturedRange]) -> tuple[str, ...]:
    """Name what the contract does not know: of the header, or, sorted, met in the rows."""
    met = {name for found in captured for name in found.unknown}
    named = unknown_columns(plan.drop.kind, plan.header) if plan.drop.kind else ()
    return (*named, *sorted(met, key=lambda tag: (len(tag), tag)))
