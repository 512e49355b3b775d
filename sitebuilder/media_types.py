"""Say of what kind a file of a site is, by its name."""

import mimetypes

TYPES = mimetypes.MimeTypes()  # the built-in table: the machine's own would differ between publishers
for ending, kind in {
    ".avif": "image/avif", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
    ".js": "text/javascript", ".mjs": "text/javascript", ".md": "text/markdown",
    ".webmanifest": "application/manifest+json", ".atom": "application/atom+xml",
}.items():  # fmt: skip
    TYPES.add_type(kind, ending)


def content_type(path: str) -> str:
    kind = TYPES.guess_type(path)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return f"{kind}; charset=utf-8" if is_text else kind
