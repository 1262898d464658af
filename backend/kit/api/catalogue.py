"""Which errors are there? The page that the `type` of every problem document leads to."""

import inspect

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join

from kit import errors

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Errors · Slipway</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1b2733 }}
h2 {{ font: 600 1rem ui-monospace, monospace; margin: 2rem 0 0 }}
h2 span {{ color: #64748b }} :target {{ background: #fef9c3 }} p {{ margin: .25rem 0 }}
</style>
<h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). Decide by <code>code</code>: it never changes.</p>
{}</html>"""


def errors_page(_request: HttpRequest) -> HttpResponse:
    rows = format_html_join(
        "\n",
        '<h2 id="{}"><span>{}</span> {}</h2><p>{}</p>',
        ((refusal.code, refusal.status, refusal.code, inspect.getdoc(refusal)) for refusal in errors.catalogue()),
    )
    return HttpResponse(format_html(PAGE, rows))
