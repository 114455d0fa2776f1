"""`python -m cli` is the command `backoffice`."""

from cli.entry import main

main()
