"""The library: the films that one sees, looked for by what is said, written and told of them."""
