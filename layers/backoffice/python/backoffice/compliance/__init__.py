"""What the firm owes regulators and itself: reports, blotters, accruals, surveillance."""
