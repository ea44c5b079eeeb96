"""Disclosure control: exact tables in, safe tables out, or a refusal. Knows no vault, file or person."""

from .profiles import DEFAULT, PROFILES
from .protect import protect
from .tables import Policy, Refusal, Release

__all__ = ["DEFAULT", "PROFILES", "Policy", "Refusal", "Release", "protect"]
