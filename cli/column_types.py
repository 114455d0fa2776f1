"""What the columns of views and statements hold: what is not named here is text.

An id that is all digits is no figure, and one that looks like a day is no date: names decide.
"""

from typing import Final

_FIGURES: Final = (
    "accrued adjusted_cost adjusted_profit age amount amount_usd assured balance base_amount "
    "basis_share buy_amount charged close closing collateral collateral_returned commission "
    "complaints cost cost_basis credit credit_capitalised credit_interest days days_tacked "
    "debit debit_capitalised debit_interest deficit difference differences disallowed "
    "disputed excess_margin failed_to_receive fails fee_rate fees fees_accrued files found "
    "fraction fully_paid gone gross html_end html_start in_control in_time late lent "
    "level_days lieu lieu_price lines mark members money movements need net new open_money "
    "open_quantity opening ours outstanding payments pdf_end pdf_start penalties percent "
    "pledged position price proceeds profit quantity rate ratio_new ratio_old realised "
    "realised_pnl receipts rejected required returned row rows sales score sell_amount "
    "settled_quantity shares_outstanding short tax theirs traded_quantity trades unaffirmed "
    "unrealised usd value waiting"
)
FIGURES: Final = frozenset(_FIGURES.split())
"""Numbers, where they are written as such."""

_DATES: Final = (
    "accrued_until acknowledge_by acknowledged_on active_from active_to affirm_by answer_by "
    "answered_on as_of base_rate_date booked_on business_date business_day buy_in_on "
    "close_date close_out_by close_out_due closed_on continues counts_from counts_on date "
    "dated day decided_on detected_on done_on due due_date effective_date election_deadline "
    "ended_on ex_date execution_date failed_on filed_on first_seen healed_on held_since "
    "instructed_on last_message_on listed_on loss_on made_as_of made_on matched_on opened_on "
    "ordered_on pay_date pays_on period_from period_to pre_borrow_since proposed_on rate_date "
    "received_on record_date recorded_on repeat_until replaced_on retain_until return_date "
    "reverse_on reversed_on rolled_on sealed_in settled_on settlement_date settles_on "
    "short_since since surveyed_on told_on trade_date until valid_from valid_to value_date"
)
DATES: Final = frozenset(_DATES.split())
"""Days; a moment, with its digits of a second, stays text."""
