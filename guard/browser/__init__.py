"""The edge to the browser: the only place that knows DevTools and Playwright."""
