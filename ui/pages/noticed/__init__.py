"""Noticed: what was seen or heard, the themes in it, and how they come and go."""
