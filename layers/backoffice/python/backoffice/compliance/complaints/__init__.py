"""The quarterly statistics of complaints (FINRA rule 4530(d))."""
