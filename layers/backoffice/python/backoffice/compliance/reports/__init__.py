"""The register of reports: what is due when, what was made of it, what became of it."""
