"""madoguchi-guard: no submission under another citizen's login, no session beyond a visit."""
