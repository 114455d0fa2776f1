"""Choices under corporate actions at the desk: the codes of their cases, what may be proposed."""

from collections.abc import Sequence
from typing import Final

from backoffice.clearance.trails import Act
from backoffice.kernel.errors import NotExactError, OutOfRangeError
from backoffice.kernel.scaled import E8, parse_scaled

ELECTION_DUE: Final = "ELECTION_DUE"
"""Of a holder that has chosen nothing: two people may choose for it by the deadline."""
ELECTION_LATE: Final = "ELECTION_LATE"
ELECTION_MISFIT: Final = "ELECTION_MISFIT"
ELECTION_CODES: Final = (ELECTION_DUE, ELECTION_LATE, ELECTION_MISFIT)

ELECT: Final = "ELECT"
"""What such a case is decided to, with the option."""


def choice_fault(act: Act, options: Sequence[str]) -> str | None:
    """Say what is wrong with what a proposal chooses; None where nothing is.

    Parameters
    ----------
    act
        A proposal, of any outcome.
    options
        What can be chosen of the case, if anything.
    """
    if act.outcome != ELECT:
        return "only ELECT names an option and a quantity" if act.option or act.quantity else None
    if act.option not in options:
        return f"ELECT names an option: {' or '.join(options)}"
    try:
        some = act.quantity is None or parse_scaled(act.quantity, E8) > 0
    except (NotExactError, OutOfRangeError) as error:
        return f"quantity: {error}"
    return None if some else "quantity: must be above zero"
