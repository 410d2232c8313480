"""The bake-off of small PRMs: linear heads over many kinds of features (benchmarks/results/bake-off.md)."""
