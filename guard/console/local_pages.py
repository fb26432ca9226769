"""Pages that the guarded browser shows by itself: whole HTML texts with no script and nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from guard.labels import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guard.core.view import CounterView
    from guard.portal import Portal
    from guard.texts import Texts

_PAGE = Markup("""<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
html {{ font: 18px/1.6 "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, "Hiragino Sans", sans-serif;
  color: #17241f; background: #f2f5f3; }}
body {{ max-width: 46rem; margin: 0 auto; padding: 12vh 1.5rem 3rem; }}
h1 {{ font-size: 1.7rem; margin: 0 0 1rem; line-height: 1.35; }}
p {{ margin: 0 0 1rem; overflow-wrap: anywhere; }}
.training {{ position: fixed; inset: 0 0 auto 0; margin: 0; padding: .2rem 1rem; text-align: center; font-weight: 700;
  color: #fff; background: #6b2f8a; }}
.served {{ color: #43524c; }} .served b {{ color: #17241f; font-size: 1.4rem; margin-left: .4em; }}
ul {{ list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem; }}
a {{ display: block; padding: 1rem 1.3rem; color: #0b5d4a; background: #fff; border: 2px solid #0b5d4a;
  border-radius: 12px; font-size: 1.25rem; font-weight: 600; text-decoration: none; }}
a small {{ display: block; color: #43524c; font-weight: 400; font-size: .85rem; overflow-wrap: anywhere; }}
a:hover {{ background: #e4f2ed; }} a:focus-visible {{ outline: 3px solid #1a5fd0; outline-offset: 2px; }}
</style>
<body>
{body}
</body>
</html>
""")


def start_page(texts: Texts, portals: Iterable[Portal], view: CounterView) -> str:
    """The first page of a visit: who is served, and a large link to each portal that belongs on it."""
    offered = [portal for portal in portals if portal.on_start_page]
    links = Markup("\n").join(
        Markup('<li><a href="{}">{}<small>{}</small></a></li>').format(
            portal.start_url, texts.pick(portal.title), portal.origin
        )
        for portal in offered
    )
    title = texts.label(Label.START_TITLE)
    listed = Markup("<ul>{}</ul>").format(links) if offered else _text(texts.label(Label.START_NONE))
    return _page(texts, title, _served(texts, view) + _heading(title) + listed, view)


def open_a_visit_first_page(texts: Texts, view: CounterView) -> str:
    """The answer to a portal's page while nobody is served."""
    title = texts.label(Label.OPEN_FIRST_TITLE)
    return _page(texts, title, _heading(title) + _text(texts.label(Label.OPEN_FIRST_TEXT)), view)


def unknown_site_page(texts: Texts, host: str, view: CounterView) -> str:
    """The answer to a page of a site that no portal profile names."""
    title = texts.label(Label.UNKNOWN_SITE_TITLE)
    return _page(texts, title, _heading(title) + _text(texts.label(Label.UNKNOWN_SITE_TEXT, host=host)), view)


def _served(texts: Texts, view: CounterView) -> Markup:
    if view.citizen_name is None:
        return Markup()
    person = texts.label(Label.PERSON, name=view.citizen_name)
    return Markup('<p class="served">{}<b lang="ja">{}</b></p>\n').format(texts.label(Label.SERVING), person)


def _heading(title: str) -> Markup:
    return Markup("<h1>{}</h1>\n").format(title)


def _text(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _page(texts: Texts, title: str, body: Markup, view: CounterView) -> str:
    if view.training:
        body = Markup('<p class="training">{}</p>\n').format(texts.label(Label.TRAINING)) + body
    return str(_PAGE.format(language=texts.language, title=title, body=body))
