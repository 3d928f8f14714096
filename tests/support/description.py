"""Replies of an interface, held against its openapi.json. What the description
does not say, a reply may not have."""

import json
import re

import jsonschema

from line import Failure, expect, expect_equal


class Description:
    """`base` is what stands before the paths of its file."""

    def __init__(self, path, base=""):
        self.whole = json.loads(path.read_text(encoding="utf-8"))
        self.base = base

    def operation_of(self, method, path):
        """Template of the path and its operation."""
        for template, operations in self.whole["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if re.fullmatch(pattern, self.base + path) and (
                    method in operations):
                return template, operations[method]
        raise Failure(f"openapi.json has no {method} {path}")

    def resolve(self, part):
        while "$ref" in part:
            found = self.whole
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def check_reply(self, method, path, status, kind, body):
        """Whether the description allows this reply; gives it, read."""
        template, operation = self.operation_of(method, path)
        expect(str(status) in operation["responses"],
               f"{method} {path}: status {status} is not described: "
               f"{body[:300]}")
        described = self.resolve(operation["responses"][str(status)])
        if status in (204, 304):
            expect_equal(body, b"", f"body of a {status}")
            return None
        expect(kind in described["content"],
               f"{method} {path}: {kind} is not described")
        if "json" not in kind or kind == "application/x-ndjson":
            return None
        read = json.loads(body)
        schema = described["content"][kind]["schema"]
        validator = jsonschema.Draft202012Validator(
            schema, resolver=jsonschema.RefResolver("", self.whole),
            format_checker=jsonschema.FormatChecker())
        for fault in validator.iter_errors(read):
            raise Failure(f"{method} {template} ({status}): "
                          f"{'/'.join(map(str, fault.path))}: "
                          f"{fault.message[:300]}")
        return read
