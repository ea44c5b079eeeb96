"""Who can open the record: the list of them, and what can be done about it."""
