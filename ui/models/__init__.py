"""What lists and tables show, read from the vault a page at a time."""
