"""The journeys of a counter as page objects over Playwright's sync `Page`, and portals to play them on."""
