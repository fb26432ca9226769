"""`guard flow`: a journey played by citizens out of a file, at a guarded counter on portals made for tests."""
