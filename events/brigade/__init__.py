"""The brigade of a département: its substitutes, what each prefers, and when they are free."""
