"""Disclosure control: exact tables in, safe tables out, or a refusal. Knows no vault, file or person.

`protect.protect` does it, `profiles.PROFILES` are the rules it works by, `tables` is what goes in and comes out. The
solver is loaded only with `protect`. What it promises, and an example: docs/disclosure.md.
"""
