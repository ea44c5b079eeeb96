"""Safeguarding concerns: anybody writes one, and only those who are named read them."""
