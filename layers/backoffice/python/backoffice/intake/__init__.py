"""From partner files and app trades to captured, resolved trade events."""
