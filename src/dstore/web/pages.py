"""From a template to an answer: one Jinja2 environment for each language, and the headers every page has.

A template is named by its folder: `console/products.html` is `dstore/console/templates/products.html`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from dstore.web import assets
from dstore.web.formats import Formats
from dstore.web.languages import LANGUAGES, TAGS, Words, catalogue, language_of
from dstore.web.security import protect

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "dstore_theme"


class _Folders(BaseLoader):
    """Finds a template in the folder that its name begins with."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        folder, _, name = template.partition("/")
        return _loader(folder).get_source(environment, name)


@cache
def _loader(folder: str) -> PackageLoader:
    return PackageLoader(f"dstore.{folder}")


@cache
def environment(language: str) -> Environment:
    """Return the templates of a language."""
    made = Environment(
        loader=_Folders(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    formats = Formats(language)
    for name in ("money", "number", "moment", "day", "time", "ago", "span"):
        made.filters[name] = getattr(formats, name)
    made.globals.update(
        asset=assets.address, languages=LANGUAGES, themes=THEMES, language=language, tag=TAGS[language],
        say=Words(language).say,
    )  # fmt: skip
    return made


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    framed_by: str = "'none'",
    cache_control: str = "no-store",
    **context: Any,
) -> Response:
    """Return a page in the reader's language, with security headers."""
    theme = request.cookies.get(THEME_COOKIE, "auto")
    context.setdefault("language_path", _here(request))
    text = environment(language_of(request)).get_template(template)
    body = text.render(theme=theme if theme in THEMES else "auto", path=request.url.path, **context)
    headers = {"cache-control": cache_control, "vary": "accept-language, cookie"}
    return protect(HTMLResponse(body, status, headers=headers), framed_by=framed_by)


def words_of(request: Request) -> Words:
    """Return the texts of the reader's language."""
    return Words(language_of(request))


def _here(request: Request) -> str:
    """Return where a reader comes back to after choosing a language: the page itself, if it can be asked for."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
