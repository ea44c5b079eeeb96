"""The window. It depends on `cis_desktop`, and nothing there depends on it."""
