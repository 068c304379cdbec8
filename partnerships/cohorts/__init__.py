"""What an institution teaches, to whom, and when it keeps them."""
