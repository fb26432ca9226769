"""The decisions of the guard: pure functions and values, with no I/O, clock, randomness or await."""
