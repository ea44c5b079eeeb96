"""Reports: the figures, what is hidden and why, and sending them."""
