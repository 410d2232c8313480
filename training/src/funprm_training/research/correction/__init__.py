"""Does reward correction work? The experiment of benchmarks/results/correction.md."""
