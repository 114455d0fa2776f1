"""Interest on clients' money: accrued by value date, booked daily, capitalised at month's end."""
