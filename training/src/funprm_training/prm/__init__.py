"""A PRM in PyTorch: the model, what turns text into its input, and the rewards that it gives."""
