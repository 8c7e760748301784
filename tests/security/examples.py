"""A plain, valid body for any route, made from its schema: only what is required, the first of what may be chosen, ids that are given."""

from collections.abc import Mapping
from typing import Any

from app.privacy import texts
from app.web.mount import Mounted

KNOWN: Mapping[str, Any] = {
    "telephone": "+31201234567",
    "email": "someone@example.org",
    "timezone": "Europe/Amsterdam",
    "geometry": {"type": "Polygon", "coordinates": [[[4.0, 52.0], [4.01, 52.0], [4.01, 52.01], [4.0, 52.01], [4.0, 52.0]]]},
    "texts": {"nl": {"subject": "x", "body": "x"}},
    "notice_version": texts.current("notice", "en").version,
    "statement_version": texts.current("statement", "en").version,
    "new_password": "een paard eet geen komkommersla",
    "pin": "2580",
    "sha256": "0" * 64,
    "worked_on": "2026-06-02",
    "at": "2026-06-03T11:00:00Z",
}
"""What no schema says: fields by name."""
FILES: Mapping[str, bytes] = {
    "text/csv": b"name\nSomebody New\n",
    "application/geo+json": b'{"type":"FeatureCollection","features":[]}',
    "application/json": b'{"pings":[]}',
}


class Examples:
    """Reads the API description."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.description = description
        self.operations = {
            operation["operationId"]: operation for methods in description["paths"].values() for operation in methods.values()
        }

    def statuses(self, entry: Mounted) -> set[int]:
        """The statuses the description promises; empty for what it does not describe."""
        described = self.operations.get(entry.operation.name)
        return {int(status) for status in described["responses"]} if described else set()

    def request(self, entry: Mounted, ids: Mapping[str, str]) -> dict[str, Any]:
        """Keyword arguments of a test client: body, query string, headers."""
        described = self.operations.get(entry.operation.name)
        headers = {"If-Match": '"something else"'} if entry.operation.edits else {}
        if described is None:
            return {"headers": headers}
        query = {
            each["name"]: self.example(each["schema"], each["name"], ids)
            for each in described["parameters"]
            if each["in"] == "query" and each["required"]
        }
        return {"headers": headers, "query_string": query, **self.body(described, ids)}

    def body(self, described: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
        """A body, if the operation takes one."""
        content = described.get("requestBody", {}).get("content", {})
        if not content:
            return {}
        kind, media = next(iter(content.items()))
        if media["schema"]:
            return {"json": self.example(media["schema"], "", ids)}
        return {"data": FILES.get(kind, b"{}"), "content_type": "application/octet-stream" if kind == "*/*" else kind}

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Without references."""
        while "$ref" in schema:
            schema = self.description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def example(self, schema: Mapping[str, Any], name: str, ids: Mapping[str, str]) -> Any:  # noqa: PLR0911 (one answer for each kind)
        """A value that this schema takes."""
        schema = self.resolved(schema)
        if name in KNOWN:
            return KNOWN[name]
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self.example(schema[choice][0], name, ids)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        match schema.get("type"):
            case "object":
                fields = schema.get("properties", {})
                wanted = schema.get("required") or [field for field in fields if field == "name"]
                return {field: self.example(fields[field], field, ids) for field in wanted}
            case "array":
                return [self.example(schema.get("items", {}), name.removesuffix("s"), ids)] * schema.get("minItems", 0)
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return False
        return self.text(schema, name, ids)

    def text(self, schema: Mapping[str, Any], name: str, ids: Mapping[str, str]) -> str:
        """A string of the format."""
        match schema.get("format"):
            case "uuid":
                return ids.get(name, ids["person_id"])
            case "date-time":
                return "2026-06-03T11:00:00Z"
            case "date":
                return "2026-06-02"
            case "time-of-day" | "time":
                return "08:30"
        return ids.get(name, "x") if name == "organization" else "x" * max(1, schema.get("minLength", 1))

    def references(self, entry: Mounted) -> list[tuple[str, str]]:
        """Where a request may name something by id outside its address: (`query` or `body`, field)."""
        described = self.operations.get(entry.operation.name, {})
        found = [
            ("query", each["name"])
            for each in described.get("parameters", [])
            if each["in"] == "query" and self.resolved(each["schema"]).get("format") == "uuid"
        ]
        for media in described.get("requestBody", {}).get("content", {}).values():
            fields = self.resolved(media["schema"]).get("properties", {})
            found += [("body", name) for name, field in fields.items() if name != "id" and self._names_something(field)]  # id: of one's own
        return found

    def _names_something(self, schema: Mapping[str, Any]) -> bool:
        schema = self.resolved(schema)
        inner = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
        return schema.get("format") == "uuid" or any(self._names_something(each) for each in inner)
