"""The disclosure profiles that an agreement may name, each as its source states it.

What every source leaves to the judgement of whoever releases (what can be worked out from totals, other tables and
earlier releases) is done for all of them alike: further figures are hidden until nothing can be. Every profile also
asks for two households behind a figure, and hides sums of money that one household has nearly all of.
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
        Policy("controlled-round5", threshold=5, rounding=5, method="controlled"),
    )
}

SOURCES: dict[str, str] = {
    "nhs-1to7-round5": "NHS Digital, Disclosure control methodology for Hospital Episode Statistics and the Emergency "
    "Care Data Set, September 2018: below national level, noughts stay, 1 to 7 are not shown, all else is rounded to "
    "the nearest 5; totals are worked out first and then rounded.",
    "opensafely-7-round5": "OpenSAFELY documentation, Applying statistical disclosure control: counts of 7 and under "
    "are redacted and then all are rounded to the nearest 5; row and column totals are the sums of the rounded counts.",
    "midpoint-6": "OpenSAFELY documentation, Midpoint 6 rounding: ceil(x / 6) * 6 - 3, and 0 stays 0, so that 1 to 6 "
    "are all shown as 3; totals are the sums of the rounded counts.",
    "lt5-suppress": "UK Health Security Agency, HIV and STI data publication guidelines, August 2024: values from 1 to "
    "4 are masked where fewer than 10,000 people are behind the table, as there always are here.",
    "lt5-round5": "Ofqual, Rounding policy for statistical publications, October 2025: figures are rounded to the "
    "nearest 5, 1 to 4 are shown as fewer than 5, a true nought as 0; totals are made of the figures before rounding.",
    "ons-10-5": "Office for National Statistics, Statistical Disclosure Control Principles Model for research outputs: "
    "its rule of a threshold of 10. Rounding to the nearest 5 is added, against differences between releases.",
    "controlled-round5": "Handbook on Statistical Disclosure Control (2nd ed., 2024), 5.5, zero-restricted controlled "
    "rounding: every figure becomes one of the two multiples of 5 next to it, multiples stay, and tables add up.",
}
"""Where each profile comes from, and what it says, in a sentence."""
