"""What a group writes down: people, households, cases, contacts, sessions, observations, and finding them again."""
