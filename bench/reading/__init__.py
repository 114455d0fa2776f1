"""Reading messages, beside other readers of the same: a module a format."""
