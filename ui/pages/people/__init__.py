"""People and cases: find, read, add, and write down a visit."""
