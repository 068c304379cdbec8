"""What if: a lock lifted, fewer substitutes, a larger reserve, another date. Nothing is changed by trying."""
