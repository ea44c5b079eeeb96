"""Spreadsheets and lists coming in: read (in a child process) -> map -> draft -> commit, as one change set."""
