"""What schemathesis has to know of Dateline that no OpenAPI document can say.

No check is left out. Three things are told to it:

- An answer to `fields=...` is the documented one cut down: the same members with the same types, none of them required.
- A cursor is authenticated, so that none which was made up is valid. Valid requests go without; the invalid ones keep
  theirs.
- Some valid requests are refused for what they mean: a region that there is not, a slug that is taken. These are told
  by the codes of their faults, below; every other refusal of a request that fits the document is a finding.
"""

import copy
import itertools
import re
import sys

import schemathesis

# What depends on what the newsroom has and on the time, or on two members at once.
OF_MEANING = {
    "blank",  # a headline of characters that nobody sees
    "control_character",  # in a password
    "email",  # what an address is, and below what a URL is, is finer than `format` tells
    "encoding",  # a control character in a form
    "foreign",  # a field of the other grant
    "format",  # a time finer than a millisecond
    "future",  # as it will be, which nobody is told
    "incomplete",
    "inline",
    "key_reused",
    "needs_region",
    "no_time",  # a day that no calendar has, or a zone that nobody keeps
    "not_an_image",  # an avatar that is a video
    "one_target",
    "order",  # an end before its beginning
    "out_of_range",  # a time that has passed
    "past",
    "repeated",
    "required",  # by the grant, or by another member
    "scope",
    "taken",
    "unknown_article",
    "unknown_author",
    "unknown_field",
    "unknown_media",
    "unknown_region",
    "unknown_topic",
    "unknown_user",
    "url",
}
# Names separated by commas: what one of them may be is beyond the schema of the whole text.
LISTS = {
    *("assignee", "author", "body_format", "fields", "kind", "language", "parent", "region", "region_all", "region_not", "source"),
    *("stage", "status", "topic", "type"),
}

keys = itertools.count()


def without_required(value):
    if isinstance(value, dict):
        return {
            key: without_required(member)
            for key, member in value.items()
            if not (key == "required" and isinstance(member, list))
        }
    if isinstance(value, list):
        return [without_required(item) for item in value]
    if isinstance(value, str) and value.startswith("#/components/schemas/"):
        return value.replace("#/components/schemas/", "#/components/schemas/Sparse")
    return value


@schemathesis.hook
def before_load_schema(context, raw_schema):
    schemas = raw_schema["components"]["schemas"]
    sparse = {f"Sparse{name}": without_required(copy.deepcopy(schema)) for name, schema in schemas.items()}
    for item in raw_schema["paths"].values():
        operation = item.get("get", {})
        if any(parameter.get("name") == "fields" for parameter in operation.get("parameters", [])):
            media = operation["responses"]["200"]["content"]["application/json"]
            media["schema"] = {"anyOf": [media["schema"], without_required(media["schema"])]}
    schemas.update(sparse)


def is_valid(case):
    meta = case.meta
    return meta is not None and all(part.mode.is_positive for part in (meta.generation, *meta.components.values()))


@schemathesis.hook
def before_call(context, case, kwargs):
    if not is_valid(case):
        return
    if case.query and "cursor" in case.query:
        del case.query["cursor"]
    # Under one key only the first of all requests would be worked on.
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"schemathesis-{next(keys)}"


def holds_what_cannot_be_kept(value):
    """Whether a number in it is too large or too small to be kept, which is refused before it would be altered."""
    if isinstance(value, dict):
        return any(holds_what_cannot_be_kept(member) for member in value.values())
    if isinstance(value, list):
        return any(holds_what_cannot_be_kept(item) for item in value)
    if isinstance(value, float):
        return (value.is_integer() and abs(value) >= 2**53) or 0 < abs(value) < sys.float_info.min
    return isinstance(value, int) and not -(2**63) <= value < 2**64


@schemathesis.check
def refused_for_its_meaning_only(context, response, case):
    """A request that fits the document is refused only for what it means."""
    if not is_valid(case) or response.status_code not in (400, 422):
        return
    problem = response.json()
    for fault in problem.get("errors") or [{"code": problem["code"]}]:
        code = fault["code"]
        listed = code in ("invalid_value", "empty") and fault.get("parameter") in LISTS
        # What a body's content may be depends on its format.
        by_format = code == "type" and "/body/content" in fault.get("pointer", "")
        # Some lengths are tried with values that leave the pattern aside.
        fits = re.search(r'^(\*|"[0-9]{1,10}")$', case.headers.get("If-Match", "*"))
        unlike = code == "invalid_header" and not (fits and case.headers.get("If-None-Match", "*") == "*")
        # No document can say that two headers exclude each other.
        both = code == "invalid_header" and "If-Match" in case.headers and "If-None-Match" in case.headers
        fine = fault.get("detail") == "is finer than a millisecond"
        wide = code == "malformed_request" and holds_what_cannot_be_kept(case.body)
        if code not in OF_MEANING and not (listed or by_format or unlike or both or fine or wide):
            raise AssertionError(f"A request that fits the document was refused: {fault}")
