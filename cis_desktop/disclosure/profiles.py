"""The disclosure profiles that an agreement may name.

Sources: NHS England, counts 1-7 suppressed and the rest rounded to the nearest 5; OpenSAFELY, counts of 7
and under redacted, the rest rounded to 5, or midpoint 6 rounding; the Office for National Statistics' rule
of 10.
"""

from __future__ import annotations

from .tables import Policy

DEFAULT = "nhs-1to7-round5"

PROFILES: dict[str, Policy] = {
    policy.profile: policy
    for policy in (
        Policy(DEFAULT, threshold=8, rounding=5),
        Policy("opensafely-7-round5", threshold=8, rounding=5, totals="summed"),
        Policy("midpoint-6", threshold=7, rounding=6, method="midpoint", totals="summed"),
        Policy("lt5-suppress", threshold=5),
        Policy("lt5-round5", threshold=5, rounding=5),
        Policy("ons-10-5", threshold=10, rounding=5),
    )
}
