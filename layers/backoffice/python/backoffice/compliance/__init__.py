"""What the firm owes regulators and itself: reports with due clocks, blotters, accruals."""
