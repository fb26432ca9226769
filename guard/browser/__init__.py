"""The browser of the counter, and the one border to Playwright."""
