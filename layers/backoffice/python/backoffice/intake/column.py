"""One column of a kind of file, as it is declared."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from backoffice.intake.forms import Form


@dataclass(frozen=True, slots=True)
class Check:
    """A condition on several fields, told of the one it stands with."""

    says: str
    wrong: Callable[[], pl.Expr]


@dataclass(frozen=True, slots=True)
class Personal:
    """What a column says of a person: it is sealed under the key of whoever `subject` names.

    `when` is a column and the code in it of the rows that name a person; all do without.
    """

    subject: str
    when: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it may hold, whether a file or a row needs it, what its absence means.

    `needed_for` names the kinds of movement that need the field, in a file that may go without.
    """

    name: str
    form: Form
    needed: bool = True
    default: str | None = None
    needed_for: tuple[str, ...] = ()
    also: tuple[Check, ...] = ()
    personal: Personal | None = None

    @property
    def output(self) -> str:
        """The captured column's name."""
        return self.form.output(self.name)


def need(name: str, form: Form, *also: Check, personal: Personal | None = None) -> Column:
    """Declare a column that a file and every row of it needs."""
    return Column(name, form, also=also, personal=personal)


def may(
    name: str,
    form: Form,
    *also: Check,
    default: str | None = None,
    needed_for: tuple[str, ...] = (),
    personal: Personal | None = None,
) -> Column:
    """Declare a column that a file may go without."""
    told = {"default": default, "needed_for": needed_for, "also": also, "personal": personal}
    return Column(name, form, needed=False, **told)  # type: ignore[arg-type]
