"""The pages of experiments, and of what is added to them."""
