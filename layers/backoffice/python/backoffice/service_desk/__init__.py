"""Service desk: what fails, who sees to it by when, and what waits to be done again."""
