"""Currency transaction reports: cash that one person brings or takes on a business day."""
