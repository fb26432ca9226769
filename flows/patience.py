"""How long a journey waits before it says that a step was not made."""

from __future__ import annotations

PATIENCE = 10.0
"""Seconds for a click to land or a screen to come: longer than a portal profile's usual deadline of 8 seconds."""
PATIENCE_MS = PATIENCE * 1000
