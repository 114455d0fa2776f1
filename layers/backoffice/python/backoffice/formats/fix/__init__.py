"""FIX 4.4 execution reports, one a line, as the columns of text that trades are taken from.

What maps where, and what is lost: docs/contracts/fix.md. Tags are those of FIX 4.4 with its errata
of 2003-06-18, volume 6 (data dictionary); 447=N (an LEI) is of a later extension pack.
"""
