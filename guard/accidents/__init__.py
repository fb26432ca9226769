"""Every accident class, played with and without the guard, and the matrix of what came of it."""
