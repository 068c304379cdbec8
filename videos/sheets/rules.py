"""Pure rules of practice sheets: what may be written, and how much may be attached."""

TEXT_MAX = 10_000  # characters of one part
MINUTES_MAX = 600
DOCUMENTS_MAX = 10
