"""Sessions: head-counts, the desk where people arrive, and what was written on paper."""
