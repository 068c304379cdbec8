"""The classes that a sharing day leaves without their teacher: what a plan has to cover, and why."""
