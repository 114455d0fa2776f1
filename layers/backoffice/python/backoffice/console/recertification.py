"""The quarter's recertification: who holds what, and whether they keep it."""

from http import HTTPStatus
from typing import Any, Final

from backoffice.clearance.trails import is_same_person
from backoffice.console.matters import Told, refusal
from backoffice.console.pages import Asked, Move, NoPageError, Page, Shelf, Shown, Viewer
from backoffice.console.tables import ROWS_A_PAGE, to
from backoffice.service_desk.access_groups import CHECKERS_OF_ACCESS
from backoffice.service_desk.recertification import (
    REVIEW,
    REVOKE,
    Review,
    answer,
    read_reviews,
)

_PLACE: Final = "recertification"


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the latest recertification, or the one that was asked for."""
    return _page(shelf, viewer, asked, None)


def take_answer(shelf: Shelf, viewer: Viewer, asked: Asked) -> Shown:
    """Keep or revoke a group of somebody else's.

    Raises
    ------
    NoPageError
        There is no such recertification.
    """
    about, form = asked.path[0], asked.form
    if not shelf.registers.trail(about):
        raise NoPageError(f"there is no recertification {about}")
    line, verb = (form.get("person", ""), form.get("group", "")), form.get("verb", "")
    made: list[int] = []

    def act() -> None:
        done = answer(shelf.registers, about, viewer.person, line, verb, shelf.now)
        made.append(done.number)

    told = refusal(act)
    if told:
        return _page(shelf, viewer, asked, told)
    if verb == REVOKE:
        shelf.carry_out(f"{about}-{made[0]}")
    return Move(to(_PLACE, start=form.get("start"), done=verb))


def _page(shelf: Shelf, viewer: Viewer, asked: Asked, told: Told | None) -> Page:
    reviews = read_reviews(shelf.registers.trails(REVIEW))
    wanted = asked.query.get("id")
    review = next((one for one in reviews if wanted in {None, one.review_id}), None)
    lines = review.lines if review else ()
    start, group = asked.start(), CHECKERS_OF_ACCESS in viewer.person.groups
    shown = lines[start : start + ROWS_A_PAGE]
    is_open = review is not None and shelf.now.date() <= review.due
    model: dict[str, Any] = {
        "review": review,
        "lines": shown,
        "may_answer": group and is_open,
        "own": [is_same_person(line.person, viewer.person.name) for line in shown],
        "others": tuple(one for one in reviews if one is not review),
        "start": start,
        "total": len(lines),
        "before": _at(review, max(0, start - ROWS_A_PAGE)) if start else None,
        "after": _at(review, start + ROWS_A_PAGE) if start + ROWS_A_PAGE < len(lines) else None,
        "told": told[1] if told else None,
        "done": asked.query.get("done") if told is None else None,
    }
    status = told[0] if told else HTTPStatus.OK
    return Page("recertification.html.j2", _PLACE, _PLACE, model, status)


def _at(review: Review | None, start: int) -> str:
    return to(_PLACE, id=review.review_id if review else None, start=str(start))
