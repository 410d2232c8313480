"""Reinforcement learning with process rewards (PSGPO, arXiv 2410.17621), in the paper's order: see train.py."""
