#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates reports against specs/schema/report.schema.json, big ones in seconds.

    report_schema.py REPORT.json ...

`Scripts/validate-json` does the same without haste: a `oneOf` of all kinds of transcript entries
is tried for each entry there. Here an entry goes to the one alternative that its `event` names,
and entries that differ in nothing the schema looks at are validated once.
"""

import copy
import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "specs" / "schema" / "report.schema.json"


class ReportSchema:
    def __init__(self):
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        rest = copy.deepcopy(schema)
        rest["$defs"]["entry"] = {"type": "object", "required": ["event"]}
        self.rest = Draft202012Validator(rest)
        self.entries = {}
        for alternative in schema["$defs"]["entry"]["oneOf"]:
            event = alternative["properties"]["event"]
            if "event" not in alternative["required"]:
                raise ValueError("an alternative of entries does not require 'event'")
            validator = Draft202012Validator({**alternative, "$defs": schema["$defs"]})
            for name in [event["const"]] if "const" in event else event["enum"]:
                if name in self.entries:
                    raise ValueError(f"two alternatives of entries are called {name}")
                self.entries[name] = validator
        self.seen = set()

    def problems(self, report):
        """Each complaint as a line; none for a valid report."""
        for error in self.rest.iter_errors(report):
            yield f"{error.json_path}: {error.message[:300]}"
        for scenario in report.get("scenarios", []):
            for number, entry in enumerate(scenario.get("transcript", {}).get("entries", [])):
                for message in self.problems_of_entry(entry):
                    yield f"{scenario.get('id')}: transcript.entries[{number}]: {message[:300]}"

    def problems_of_entry(self, entry):
        shape = json.dumps(shape_of(entry), sort_keys=True)
        if shape in self.seen:
            return []
        validator = self.entries.get(entry["event"])
        if validator is None:
            return [f"no such event: {entry['event']!r}"]
        messages = [error.message for error in validator.iter_errors(entry)]
        if not messages:
            self.seen.add(shape)
        return messages


def shape_of(value):
    """The value without what the schema of entries never looks at: which text it is in an object
    of bytes, and how great a whole number that is not negative."""
    if isinstance(value, dict):
        if list(value) == ["text"] and isinstance(value["text"], str):
            return {"text": ""}
        return {key: shape_of(member) for key, member in value.items()}
    if isinstance(value, list):
        return [shape_of(element) for element in value]
    if type(value) is int and value >= 0:
        return 0
    return value


def main(files):
    schema = ReportSchema()
    bad = 0
    for file in files:
        for problem in schema.problems(json.loads(Path(file).read_text(encoding="utf-8"))):
            print(f"{file}: {problem}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
