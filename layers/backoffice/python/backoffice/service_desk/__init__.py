"""Service desk: what fails and who sees to it by when; who may sign in, and what was changed."""
