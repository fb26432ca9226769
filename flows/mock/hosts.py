"""The names of the mock sites. Each has a host of its own, because cookies ignore ports."""

from __future__ import annotations

POINT = "point.portal.test"
MYPAGE = "mypage.portal.test"
IDP = "idp.portal.test"

HOSTS = (POINT, MYPAGE, IDP)
CLIENTS = {POINT: "point", MYPAGE: "mypage"}
"""Relying parties by host, under the name that the identity provider knows them by."""
