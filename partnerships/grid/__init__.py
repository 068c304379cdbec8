"""The grid on which a coordinator books by hand: classes by half-days, what is free, taken by whom, or why not."""
