"""A new portal profile: written from the grammar, and tried against the real site with a person."""
