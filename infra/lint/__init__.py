"""Checks of what no compiler reads: state machines, templates, links between documents."""
