"""The sides of the benchmarks: ours and the baselines, each a process of its own."""
