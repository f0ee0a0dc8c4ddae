"""The reference as Markdown files, written from the same values as the page; for `docs/reference`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from dstore import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dstore.reference.fields import Field
    from dstore.reference.tables import Object, Operation, Tables

MARK = "<!-- Written by `make docs` from the program; change the program, not this file. -->\n"
FEW = 12
ABOUT_ANSWERS = (
    "Every answer has HTTP status 200 and a body with `result` alone, whatever became of the call. "
    "The codes are listed in [result-codes](result-codes.md).\n"
)
ABOUT_RULES = (
    "A rule's `scene` says what it is about; its `ruleData` is JSON text whose shape depends on the scene. "
    "Of several elements that hold at a moment, the last one counts.\n"
)
ABOUT_CODES = (
    "Status S: done. A: accepted and not done yet; send the same request again, every few seconds, until it is S or F. "
    "F: refused, nothing was applied; the same request again does not help, but after REQUEST_TRAFFIC_EXCEED_LIMIT it is "
    "to be sent a little later. U: not known; send the same request again. "
    "The message names what is wrong where it can, and is the one given here otherwise.\n"
)
ABOUT_LIMITS = (
    "Documented limits are those of the contract and fixed. Assumed ones stand where it says nothing and can be "
    "raised with the setting `limits`; `GET /limits` shows what is in force.\n"
)
ABOUT_SETTINGS = (
    "A setting comes from the command line, else from its variable, else from the file that its variable with "
    "`_FILE` names, else it is the default. `dstore settings` prints what is in force and where it came from.\n"
)


def files(tables: Tables) -> dict[str, str]:
    """Return every file by its name."""
    signed = {
        f"{family.name}-{one.title}.md": _api(one)
        for family in tables.families
        for one in family.operations
        if one.is_signed
    }
    pages = {
        "README.md": _contents(tables),
        **signed,
        "calls.md": _calls(tables),
        "endpoints.md": _endpoints(tables),
        "business-rules.md": _rules(tables),
        "objects.md": _objects(tables.shared),
        "result-codes.md": _codes(tables),
        "limits.md": _limits(tables),
        "findings.md": _findings(tables),
        "settings.md": _settings(),
    }
    return {name: MARK + "\n" + text.rstrip("\n") + "\n" for name, text in pages.items()}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells may hold Markdown but no line breaks."""
    lines = ["| " + " | ".join(one.replace("|", "\\|") for one in row) + " |" for row in (heads, *rows)]
    return "\n".join([lines[0], "| " + " | ".join("---" for _ in heads) + " |", *lines[1:]]) + "\n"


def _contents(tables: Tables) -> str:
    lines = ["# Reference\n", tables.about + "\n"]
    for family in tables.families:
        operations = [one for one in family.operations if one.is_signed]
        if operations:
            lines.append(f"## {family.title}\n")
            lines.append(
                "\n".join(f"- [{one.title}]({family.name}-{one.title}.md): {one.summary}" for one in operations) + "\n"
            )
    shared = (
        ("calls.md", "headers, signature and answers of every signed call"),
        ("result-codes.md", "what each result code means and what to do"),
        ("objects.md", "objects that several calls use"),
        ("business-rules.md", "scenes and the shape of their `ruleData`"),
        ("findings.md", "every rule that messages are checked against"),
        ("limits.md", "every limit, documented or assumed"),
        ("endpoints.md", "the storefront and the endpoints for operators"),
        ("settings.md", "every setting of the platform"),
        ("commands.md", "the command line"),
    )
    lines.append("## For all of them\n")
    lines.append("\n".join(f"- [{name.removesuffix('.md')}]({name}): {what}" for name, what in shared))
    return "\n".join(lines)


def _api(one: Operation) -> str:
    served = ["`POST " + path + "`" for path in one.paths]
    lines = [f"# {one.title}\n", ", also ".join(served) + "\n", one.summary + "\n", one.description + "\n"]
    lines.append("Headers, signature and answers are those of [every signed call](calls.md).\n")
    lines.extend(_object(each, 2, {each.name for each in one.objects}) for each in one.objects)
    lines.append("## Samples\n")
    lines.extend(
        f"### {sample.title}\n\n{sample.description}\n\n```json\n{sample.text}\n```\n" for sample in one.samples
    )
    return "\n".join(lines)


def _calls(tables: Tables) -> str:
    return "\n".join(
        [
            "# Signed calls\n",
            "Every signed call is a `POST` with a JSON body in UTF-8 and three headers of its own.\n",
            _fields(tables.headers, set()),
            "## Signature\n",
            tables.how_to_sign + "\n",
            "## Headers of an answer\n",
            _fields(tables.answer_headers, set()),
            "## Body of an answer\n",
            ABOUT_ANSWERS,
            _fields(tables.result.fields, set()),
        ]
    )


def _endpoints(tables: Tables) -> str:
    lines = ["# Endpoints beside the signed calls\n"]
    for family in tables.families:
        for one in family.operations:
            if one.is_signed:
                continue
            lines.append(f"## `{one.method} {one.title}`\n\n{one.summary}\n")
            if one.description:
                lines.append(one.description + "\n")
            if one.parameters:
                lines.append(_fields(one.parameters, set()))
            lines.append(table(("Status", "Meaning"), [(f"`{code}`", meaning) for code, meaning in one.answers]))
            lines.extend(_object(each, 3, {each.name for each in one.objects}) for each in one.objects)
    return "\n".join(lines)


def _rules(tables: Tables) -> str:
    own = {one.name for one in tables.scene_objects}
    rows = [(f"`{one.name}`", one.kind, _type(one.shape, own)) for one in tables.scenes]
    return "\n".join(
        [
            "# Business rules\n",
            ABOUT_RULES,
            table(("Scene", "On a", "`ruleData`"), rows),
            *(_object(one, 2, own) for one in tables.scene_objects),
        ]
    )


def _objects(shared: Sequence[Object]) -> str:
    own = {one.name for one in shared}
    return "\n".join(
        ["# Objects\n", "Objects that more than one call uses.\n", *(_object(one, 2, own) for one in shared)]
    )


def _codes(tables: Tables) -> str:
    rows = [(f"`{name}`", one["status"], one["message"], one["advice"]) for name, one in tables.codes.items()]
    return "\n".join(
        [
            "# Result codes\n",
            ABOUT_CODES,
            table(("Code", "Status", "Message", "What to do"), rows),
        ]
    )


def _limits(tables: Tables) -> str:
    rows = [
        (f"`{name}`", f"{one['number']:,}", "documented" if one["documented"] else "assumed", one["meaning"])
        for name, one in tables.limits.items()
    ]
    return "\n".join(
        [
            "# Limits\n",
            ABOUT_LIMITS,
            table(("Limit", "Number", "", "What it counts"), rows),
        ]
    )


def _findings(tables: Tables) -> str:
    rows = [(f"`{name}`", one["severity"], one["advice"]) for name, one in tables.findings.items()]
    return "\n".join(
        [
            "# Findings\n",
            "What `dstore check` finds in a message. Errors refuse it, warnings never do.\n",
            table(("Rule", "Severity", "What to do"), rows),
        ]
    )


def _settings() -> str:
    rows = [
        (
            f"`{one.name}`",
            f"`{settings.PREFIX}{one.name.upper()}`",
            "" if one.default == "" else f"`{one.default}`",
            one.metadata["help"],
        )
        for one in dataclasses.fields(settings.Settings)
    ]
    return "\n".join(
        [
            "# Settings\n",
            ABOUT_SETTINGS,
            table(("Setting", "Variable", "Default", "Meaning"), rows),
        ]
    )


def _object(one: Object, level: int, here: set[str]) -> str:
    lines = [f"{'#' * level} {one.title}\n"]
    if one.description:
        lines.append(one.description + "\n")
    lines.append(_fields(one.fields, here))
    return "\n".join(lines)


def _fields(fields: Sequence[Field], here: set[str]) -> str:
    rows = [
        (
            f"`{one.name}`",
            _type(one, here),
            "yes" if one.required else "",
            "; ".join(one.limits),
            "<br>".join(_meaning(one)),
        )
        for one in fields
    ]
    return table(("Field", "Type", "Required", "Limits", "Meaning"), rows)


def _type(one: Field, here: set[str]) -> str:
    if not one.link:
        return one.type
    title = one.link.rpartition(".")[2]
    file = "" if one.link in here else "objects.md"
    return f"{one.type.removesuffix(title)}[{title}]({file}#{title.lower()})"


def _meaning(one: Field) -> Iterator[str]:
    yield one.description
    if one.choices and len(one.choices) <= FEW:
        yield "One of " + ", ".join(f"`{each}`" for each in one.choices)
    elif one.choices:
        yield f"{len(one.choices)} values, `{one.choices[0]}` to `{one.choices[-1]}`"
    if one.example and len(one.choices) not in range(1, FEW + 1):
        yield f"Example: `{one.example}`"
