"""Does process supervision help reinforcement learning? (../benchmarks/results/psgpo.md)"""
