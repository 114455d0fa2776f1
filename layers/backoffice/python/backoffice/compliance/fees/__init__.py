"""What sales are owed to regulators for: Section 31 and the trading activity fee."""
