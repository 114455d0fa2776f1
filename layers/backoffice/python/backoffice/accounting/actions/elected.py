"""What accounts choose where an action lets them, and what is chosen for those that say nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backoffice.accounting.actions.parties import Party
from backoffice.clearance.corporate_actions import CorporateAction

_OURS: Final = ("CLIENT", "HOUSE", "OWN")
_OWED: Final = "owed to the street"
"""Of the depository's shares, what is spoken for by no option."""
Chosen = Sequence[tuple[str | None, int]]
"""Options, each with the shares it is for."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Elections as they stand: (option, quantity or None for the rest), by action and account."""

    by_account: Mapping[tuple[str, str], Sequence[tuple[str, int | None]]]

    def of(self, action: CorporateAction, party: Party, left: dict[str, int]) -> Chosen:
        """Return what a holder's shares go for.

        Parameters
        ----------
        action, party
            The action and the holder.
        left
            By option, what of the shares at the depository, and then of those the street owes, the
            holders so far have spoken for; this one is added, or taken off.
        """
        if not action.options:
            return [(None, party.quantity)]
        default = action.options[0]
        if stays_owed(action, party):
            left[_OWED] = left.get(_OWED, 0) - party.quantity
            return []
        if is_asked(action, party):
            return _of_asked(party.quantity, default, left)
        if party.account_id is None:
            chosen: list[tuple[str, int]] = [(default, party.quantity)]
        else:
            asked = self.by_account.get((action.name, party.account_id), ())
            chosen = _of_account(party.quantity, default, asked, action.options)
        sign = 1 if party.role in _OURS else -1
        for option, quantity in chosen:
            left[option] = left.get(option, 0) + sign * quantity
        return chosen


def _of_account(
    quantity: int,
    default: str,
    asked: Iterable[tuple[str, int | None]],
    options: Sequence[str],
) -> list[tuple[str, int]]:
    """Take elections in their order, as far as there are shares; a short position has no choice.

    What goes by one option goes as one: parts of a share add up to whole ones.
    """
    rest = quantity
    chosen: dict[str, int] = {}
    for option, some in asked:
        if option in options and rest > 0:
            taken = rest if some is None else min(some, rest)
            chosen[option] = chosen.get(option, 0) + taken
            rest -= taken
    if rest:
        chosen[default] = chosen.get(default, 0) + rest
    return [*chosen.items()]


def stays_owed(action: CorporateAction, party: Party) -> bool:
    """Whether shares that we owe the street are let alone: nobody has given them."""
    return action.is_given and party.role == "STREET" and party.quantity < 0


def is_asked(action: CorporateAction, party: Party) -> bool:
    """Whether a holder does what others chose: the depository, and who has not delivered yet."""
    owes = action.is_given and party.role == "STREET" and party.quantity > 0
    return party.role in {"DEPOSITORY", "ISSUER"} or owes


def _of_asked(quantity: int, default: str, left: dict[str, int]) -> Chosen:
    rest, chosen = quantity - left.pop(_OWED, 0), []
    for option in sorted(left):
        if option == default or left[option] <= 0:
            continue
        # what is short at the depository chooses nothing
        taken = max(0, min(left[option], rest))
        left[option] -= taken
        rest -= taken
        chosen.append((option, taken))
    return [*chosen, (default, rest)]


def choices_of(elections: Iterable[Mapping[str, Any]]) -> Choices:
    """Gather elections as they stand, in their order, by action and account."""
    by_account: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
    for row in elections:
        place = (row["name"], row["account_id"])
        by_account.setdefault(place, []).append((row["option"], row["quantity_e8"]))
    return Choices(by_account)


def open_choices(
    action: CorporateAction, holders: Iterable[tuple[str, str, int]], choices: Choices
) -> list[tuple[Any, ...]]:
    """Return rows of `OPEN_SCHEMA`: the accounts that hold and have chosen nothing yet."""
    parties = [Party.of(*holder) for holder in holders]
    return [
        (action.name, one.ref, one.quantity, action.options[0], action.election_deadline)
        for one in parties
        if one.account_id
        and one.quantity > 0
        and (action.name, one.account_id) not in choices.by_account
    ]
