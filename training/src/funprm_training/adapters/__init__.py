"""`funprm reward` as the reward of RL trainers; docs/reward.md has the line to use for each. Standard library only."""
