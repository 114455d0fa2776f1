"""Find a record, or the rows of one, by id, account, counterparty, instrument, date and kind."""
