"""The record of what happened at the counter: written once, never changed."""
