"""The reference: the OpenAPI document, a page that needs no network, and the same as Markdown files."""
