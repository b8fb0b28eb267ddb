"""Lets half of the generated requests meet something that is there: invented ids are always 404."""

import json
import os
import zlib

import schemathesis

KNOWN = json.loads(os.environ.get("KNOWN_IDS", "{}"))


def chosen(*parts: object) -> int:
    """The same number for the same request, run after run."""
    return zlib.crc32(repr(parts).encode())


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    for name, value in (path_parameters or {}).items():
        number = chosen(name, value)
        if name in KNOWN and number % 2 == 0:
            path_parameters[name] = KNOWN[name][number // 2 % len(KNOWN[name])]
    return path_parameters


@schemathesis.hook
def map_headers(context, headers):
    # An invented tag never fits; this one always does.
    if headers and "If-Match" in headers and chosen(headers["If-Match"]) % 2 == 0:
        headers["If-Match"] = "*"
    return headers
