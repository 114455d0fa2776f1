"""Screening names against sanctions lists: what is listed, how names compare, what is a hit."""
