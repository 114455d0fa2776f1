"""How benchmarks measure and report; standard library alone, so that who measures stays small."""
