"""Finish a cut-off: the street's side, the facts the close reports, and the state."""

from collections.abc import Sequence

from backoffice.accounting.clear_share import Share
from backoffice.accounting.day_documents import CutOffFacts, DecidedDay
from backoffice.accounting.off_date import dated_balances, posted_at_cut_off
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.day_statements import BALANCES, keep_statements
from backoffice.kernel.books import decided_key
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Records, Work, concerning
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.cut_off import commit_cut_off, finish_cut_off, finish_decisions
from backoffice.settlement.street import Post


def cut_off(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    shares: Sequence[Share],
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    post: Post,
) -> str:
    """Bring a cut-off's shares together; return the key of its state."""
    books = finish_cut_off(
        records,
        work,
        resolved,
        [share.street for share in shares],
        journal=[share.booked.journal for share in shares],
        calendar=calendar,
        rulebook=rulebook,
        post=post,
    )
    facts = _facts(records, work, resolved, shares)
    key = records.keep_bytes("clearance", resolved.day, facts.model_dump_json().encode(), ".json")
    books = books.model_copy(update={"report": key})
    return commit_cut_off(records, books)


def close_decisions(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    shares: Sequence[Share],
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    post: Post,
) -> str:
    """Bring together what was decided after the cut-off; return where the close finds it."""
    books = finish_decisions(
        records,
        work,
        resolved,
        [share.street for share in shares],
        journal=[share.booked.journal for share in shares],
        calendar=calendar,
        rulebook=rulebook,
        post=post,
    )
    before = CutOffFacts.model_validate_json(records.read_bytes(str(resolved.books.report)))
    facts = _with_released(records, work, resolved, before, shares)
    decided = DecidedDay(books=books, facts=facts)
    key = decided_key(resolved.day)
    records.put_once(key, decided.model_dump_json().encode())
    return key


def _with_released(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    facts: CutOffFacts,
    shares: Sequence[Share],
) -> CutOffFacts:
    """Add the entries of what was released; the day still says how its cut-off left the trades."""
    posted = list(facts.balances)
    for share in shares:
        bucket = share.street.cleared.bucket
        pending = concerning(resolved.books.pending_journal, bucket, resolved.books.buckets)
        before = posted_at_cut_off(records, posted[bucket], pending)
        both = dated_balances(before, work.read(share.booked.balances))
        posted[bucket] = records.keep("accounting", resolved.day, both)
    return facts.model_copy(
        update={
            "balances": tuple(posted),
            "entries": facts.entries + sum(share.booked.entries for share in shares),
            "postings": facts.postings + sum(share.booked.postings for share in shares),
        }
    )


def _facts(
    records: Records, work: Work, resolved: ResolvedDay, shares: Sequence[Share]
) -> CutOffFacts:
    day = resolved.day
    in_order = sorted(shares, key=lambda share: share.street.cleared.bucket)
    balances = [records.keep("accounting", day, work.read(s.booked.balances)) for s in in_order]
    statements = {
        name: records.keep("intake", day, work.read(part)) if part else None
        for name in BALANCES
        for part in (getattr(resolved, name),)
    }
    return CutOffFacts(
        files=resolved.files,
        counts=resolved.counts,
        cleared=sum(share.street.cleared.cleared_today for share in shares),
        held=sum(share.street.cleared.held_today for share in shares),
        entries=sum(share.booked.entries for share in shares),
        postings=sum(share.booked.postings for share in shares),
        withdrawn=resolved.withdrawn,
        balances=tuple(balances),
        holdings_stated=resolved.holdings_stated,
        statements=keep_statements(records, work, resolved.statements, day),
        **statements,
    )
