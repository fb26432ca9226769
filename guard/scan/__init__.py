"""`guard scan`: leftovers in the profile of a browser that was never guarded, found without touching it."""
