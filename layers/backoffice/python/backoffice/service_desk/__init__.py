"""The service desk: who may sign in and to what, and what was changed, by whose decision."""
