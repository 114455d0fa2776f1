"""Splits a statement into its pieces: a balance, an entry, a transaction at a time.

A statement is one Document of any length, so it is neither held as one message nor read as one:
each element named here is a small message of its own, handed over before what stands around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backoffice.formats.iso20022.documents import STANDING
from backoffice.formats.iso20022.messages import MessageTarget

_ANY: Final = "*"
_MARKER: Final = f"{{{STANDING}}}"


@dataclass(frozen=True, slots=True)
class Way:
    """An element on the way to pieces: one itself, or one that is counted where it repeats."""

    below: Mapping[str, "Way"] = field(default_factory=dict)
    is_piece: bool = False
    is_counted: bool = False

    def to(self, name: str) -> "Way | None":
        """Return the way on through an element."""
        return self.below.get(name) or self.below.get(_ANY)


def _piece(**below: Way) -> Way:
    return Way(below, is_piece=True)


def _counted(**below: Way) -> Way:
    return Way(below, is_counted=True)


_BALANCE: Final = _piece(BalAtSfkpgPlc=_counted())
_ENTRY: Final = _piece(NtryDtls=_counted(TxDtls=_counted()))
_INSTRUMENT: Final = _piece(Tx=_piece())
_OPTION: Final = _piece(SctiesMvmntDtls=_counted(), CshMvmntDtls=_counted())
WAYS: Final[Mapping[str, Way]] = {
    "semt.002": Way({"BalForAcct": _BALANCE, "SubAcctDtls": _piece(BalForSubAcct=_BALANCE)}),
    "semt.017": Way(
        {"FinInstrmDtls": _INSTRUMENT, "SubAcctDtls": _piece(FinInstrmDtls=_INSTRUMENT)}
    ),
    "camt.053": Way({"Stmt": _piece(Bal=_piece(), Ntry=_ENTRY)}),
    "camt.054": Way({"Ntfctn": _piece(Ntry=_ENTRY)}),
    "seev.031": Way({"CorpActnOptnDtls": _OPTION}),
    "auth.031": Way(
        {
            "StsAdvc": _piece(
                MsgSts=Way({"VldtnRule": _counted()}), RcrdSts=_piece(VldtnRule=_counted())
            )
        }
    ),
}
"""The pieces of each statement, below the message's own element."""

REPEATED: Final[Mapping[str, tuple[str, ...]]] = {
    "semt.002": ("BalForAcct", "BalForSubAcct"),
    "semt.017": ("Tx",),
    "camt.053": ("Ntry",),
    "camt.054": ("Ntry",),
    "seev.031": ("CorpActnOptnDtls",),
    "auth.031": ("RcrdSts",),
}
"""The pieces a statement has many of, by name."""

COUNTED: Final = (
    *("BalAtSfkpgPlc", "NtryDtls", "TxDtls", "SctiesMvmntDtls", "CshMvmntDtls"),
    "VldtnRule",
)
"""Elements of those that may repeat: the second of a name is read as `name[2]`."""

_STATE: Final = (
    *("_definition", "_part", "_top", "_place", "_above", "_depth", "_leaves", "_canonical"),
    *("_texts", "_is_leaf", "_room", "_oversized", "_times"),
)


class PieceTarget(MessageTarget):
    """Gathers the pieces of statements; any other message as one.

    A piece comes before what it is part of. Its paths begin below its own element, its name is the
    path of the pieces it stands in.
    """

    def __init__(self) -> None:
        self._trail: list[Way | None] = []
        self._outer: list[tuple[Any, ...]] = []
        self._times: dict[tuple[str, str], int] = {}
        super().__init__()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element; one that is a piece begins a message within the message."""
        if self._definition is None:
            super().start(tag, attributes)
            if self._definition is not None:
                self._trail = [Way({_ANY: WAYS.get(self._definition[:8], Way())})]
            return
        way = self._trail[-1]
        if way is not None:
            namespace, _, name = tag.rpartition("}")
            way = way.to(name)
            if way is not None and way.is_piece:
                marked = f"{namespace}}}" == _MARKER
                self._step_in(name, STANDING if marked else self._definition)
            elif way is not None and way.is_counted:
                tag = self._nth(tag, name)
        self._trail.append(way)
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """Close an element; a piece is handed over."""
        if self._definition is None or len(self._trail) == 1:
            super().end(tag)
            return
        way = self._trail.pop()
        super().end(tag)
        if way is not None and way.is_piece and self._definition is not None:
            self._complete(self._definition)
            for name, value in zip(_STATE, self._outer.pop(), strict=True):
                setattr(self, name, value)

    def _step_in(self, name: str, definition: str) -> None:
        if self._texts and not self._oversized:
            self._flush_text()
        self._is_leaf = False
        self._outer.append(tuple(getattr(self, name) for name in _STATE))
        self._times = {}
        self._begin(definition, f"{self._part}/{name}" if self._part else name)

    def _nth(self, tag: str, name: str) -> str:
        place = self._place.path, name
        times = self._times[place] = self._times.get(place, 0) + 1
        return tag if times == 1 else f"{tag}[{times}]"
