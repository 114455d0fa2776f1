"""The embedded AWS: start and stop it, deploy an assembly, mend what it drops."""
