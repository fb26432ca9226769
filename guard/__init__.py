"""madoguchi-guard: no submission under another citizen's login, no session beyond a visit."""

from guard.config import Config, load_config
from guard.core.clearance import Clearance, Finding, Proof
from guard.core.identity import Citizen, Identity
from guard.core.names import Agreement, compare
from guard.core.verdict import Reason, Verdict
from guard.counter import OpenCounter, OpenVisit, open_counter
from guard.errors import BrowserError, ConfigError, GuardError, JournalError
from guard.portal import Portal, load_portal

__all__ = [
    "Agreement",
    "BrowserError",
    "Citizen",
    "Clearance",
    "Config",
    "ConfigError",
    "Finding",
    "GuardError",
    "Identity",
    "JournalError",
    "OpenCounter",
    "OpenVisit",
    "Portal",
    "Proof",
    "Reason",
    "Verdict",
    "compare",
    "load_config",
    "load_portal",
    "open_counter",
]
