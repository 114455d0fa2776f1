"""What can go wrong, by name.

BackofficeError
├── NoRuleError        a date without a rule: refused, never guessed
├── RulebookError      the rulebook itself is unsound
├── OutOfRangeError    a value that does not fit: refused, never wrapped
├── NotExactError      text that is no plain decimal, or finer than it may be
├── UnbalancedError    an entry or a book that does not come to zero
└── BadFileError       a file that is no file of its kind: refused whole, with one sentence
"""


class BackofficeError(Exception):
    """Any refusal of the domain."""


class NoRuleError(BackofficeError):
    """No rule of the rulebook holds on the date."""


class RulebookError(BackofficeError):
    """The rulebook's files contradict themselves or cannot be read."""


class OutOfRangeError(BackofficeError, ValueError):
    """A value lies outside what can be held exactly."""


class NotExactError(BackofficeError, ValueError):
    """Text that cannot be held exactly at the scale asked for."""


class UnbalancedError(BackofficeError):
    """An entry or a book does not come to zero in a unit."""


class BadFileError(BackofficeError):
    """A file is refused whole; the message is the one sentence that says why."""
