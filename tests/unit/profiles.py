"""Configuration files of an invented counter."""

from __future__ import annotations

POINT = """
name = "point"
title = { ja = "ポイント申込", en = "Points" }
origins = ["https://point.portal.test"]
identity_provider = "idp"
session = { cookies = ["point_session"] }
holder = { path = "/whoami", reading = "json", guest = "guest", name = "name" }
"""
IDP = """
name = "idp"
title = { ja = "ログイン", en = "Login" }
origins = ["https://idp.portal.test"]
on_start_page = false
session = { cookies = ["idp_session"] }
holder = { path = "/whoami", reading = "json", guest = "guest", name = "name" }
"""
COUNTER = """
counter = "窓口1"
portals = ["point.toml", "idp.toml"]
"""
