"""Laptops that share the record: inviting one, how each stands, and the folder by which they meet."""
