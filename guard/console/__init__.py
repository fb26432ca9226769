"""The local web pages of staff: one page that shows the counter, and the few things people may ask of it."""
