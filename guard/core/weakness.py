"""What on a counter's machine weakens the guard or stands in its way, as it is told to people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weakness(StrEnum):
    """What preflight can find. Each has its texts for staff in `guard/texts.toml`."""

    NO_SANDBOX = "no_sandbox"
    """The browser runs without its sandbox."""
    POLICY = "policy"
    """A browser policy decides over what the guard needs."""
    SENTINELS_SHOWN = "sentinels_shown"
    """Hidden pages are refused, so that sentinels stand as tabs among those of staff."""
    THROUGH_PLAYWRIGHT = "through_playwright"
    """This system's Python cannot hand a pipe to the browser."""
    PAC_NOT_FOLLOWED = "pac_not_followed"
    """The guard's own connections do not follow the proxy script."""

    @property
    def lasting(self) -> bool:
        """Whether it comes with system or network: every day begins with it, and an alarm about it would go unread."""
        return self in {Weakness.THROUGH_PLAYWRIGHT, Weakness.PAC_NOT_FOLLOWED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One thing that preflight found."""

    weakness: Weakness
    note: str
    """In English for engineers."""
    name: str = ""
    """Of the policy, where it is one: by this those who can mend it know it."""


def by_weakness(found: tuple[Found, ...]) -> dict[Weakness, tuple[str, ...]]:
    """Each weakness that was found, in the order of the enum, with the names that belong to it."""
    names = {weakness: {one.name: None for one in found if one.weakness is weakness} for weakness in Weakness}
    return {weakness: tuple(filter(None, named)) for weakness, named in names.items() if named}
