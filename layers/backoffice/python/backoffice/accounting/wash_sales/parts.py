"""Shares that replaced others, as they are sold, moved and put together."""

from backoffice.accounting.wash_sales.events import Closing, Move, Open, Piece, Place
from backoffice.kernel.scaled import round_half_up


def take_shares(lot: Open, quantity: int) -> list[Piece]:
    """Take shares out of a lot, first those that replaced others."""
    lot.quantity -= quantity
    taken, left = [], quantity
    while lot.pieces and left:
        piece = lot.pieces[0]
        size = min(piece.quantity, left)
        extra = round_half_up(piece.extra * size, piece.quantity)
        taken.append(Piece(size, extra, piece.tacked))
        piece.quantity, piece.extra, left = piece.quantity - size, piece.extra - extra, left - size
        if not piece.quantity:
            del lot.pieces[0]
    if left or not taken:
        taken.append(Piece(left, 0, 0))
    return taken


def between(total: int, start: int, end: int, whole: int) -> int:
    """Return a share of a total that is rounded half-up as it adds up."""
    if not whole:
        return total
    return round_half_up(total * end, whole) - round_half_up(total * start, whole)


def share(lot: Open, row: Closing | Move, start: int, end: int, total: int) -> Open:
    """Return what of a lot comes to a row of an action, its pieces in proportion."""
    pieces, seen, sizes = [], 0, 0
    for piece in lot.pieces:
        seen += piece.quantity
        size = round_half_up(seen * row.quantity, lot.quantity) - sizes
        sizes += size
        extra = between(piece.extra, start, end, total)
        if size or extra:
            pieces.append(Piece(size, extra, piece.tacked))
    return Open(lot.is_short, row.quantity, pieces)


def bring(lots: dict[Place, Open], move: Move, lot: Open) -> None:
    """Put a lot where an action brings it; of a new opening, no days are tacked to it."""
    if move.to_opening != move.opening:
        for piece in lot.pieces:
            piece.tacked = 0
    place = (move.to_unit, move.to_opening)
    known = lots.get(place)
    if known is None:
        lots[place] = lot
    else:
        known.quantity += lot.quantity
        known.pieces += lot.pieces
