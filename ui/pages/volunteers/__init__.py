"""Volunteers at the desk with their PINs, and what is to be done when somebody leaves."""
