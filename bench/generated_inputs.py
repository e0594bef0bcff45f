"""
Environments, API documents and sites of a given size, for our own app.
"""

import json
from pathlib import Path

# A site of so many files and `config.json`, beside 18 other resources, are 25.
FILES_OF_25_RESOURCES = 6
OPERATIONS_OF_ONE_RESOURCE = 5
FILES_OF_ONE_FOLDER = 100
FILE_BYTES = 2048

# As environments/dev.toml, with other names, document and site.
ENVIRONMENT = """\
region = "eu-west-1"
name_prefix = "bench-{name}"
allowed_account_ids = ["111111111111"]

[tags]
Project = "bench"
Environment = "{name}"

[state]
backend = "s3"
bucket = "example-terraform-states"
key = "bench/{name}.tfstate"
region = "eu-west-1"

[network.state]
backend = "s3"
bucket = "example-terraform-states"
key = "network/{name}.tfstate"
region = "eu-west-1"

[service]
port = 8080

[api]
document = {document}
xray_tracing = true

[website]
directory = {site}
hosting = "cloudfront"
"""


def write_environments(
    folder: Path, count: int, *, document: Path, site: Path
) -> tuple[Path, ...]:
    """
    Write environment files that share a document and a site.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"shop-{number:03}.toml" for number in range(1, count + 1))
    for file in files:
        text = ENVIRONMENT.format(
            name=file.stem,
            document=json.dumps(str(document)),
            site=json.dumps(str(site)),
        )
        file.write_text(text, encoding="utf-8")
    return files


def write_site(folder: Path, count: int) -> Path:
    """
    Write a site of so many files: two pages, else scripts in folders of a hundred.
    """
    folder.mkdir(parents=True)
    page = "<!doctype html><title>Bench</title>\n"
    for name in ("index.html", "error.html"):
        (folder / name).write_text(page, encoding="utf-8")
    for number in range(count - 2):
        file = folder / f"js/{number // FILES_OF_ONE_FOLDER:03}/part-{number:05}.js"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"// {number:05}\n".ljust(FILE_BYTES, "\n"), encoding="utf-8")
    return folder


def write_document(file: Path, operations: int) -> Path:
    """
    Write a Swagger document with so many operations, five for each kind of item.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    paths: dict[str, object] = {}
    for number in range(1, operations // OPERATIONS_OF_ONE_RESOURCE + 1):
        paths |= _paths_of(f"items{number:03}")
    document = {
        "swagger": "2.0",
        "info": {"title": "Bench", "version": "1.0.0"},
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {
            "Pool": {"type": "apiKey", "name": "Authorization", "in": "header"}
        },
        "paths": paths,
        "definitions": {
            "Item": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string", "maxLength": 100},
                    "labels": {"type": "array", "items": {"type": "string"}},
                },
            },
            "Items": {"type": "array", "items": {"$ref": "#/definitions/Item"}},
            "Problem": {
                "type": "object",
                "properties": {"message": {"type": "string"}},
            },
        },
    }
    file.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return file


def _paths_of(name: str) -> dict[str, object]:
    """
    Return a collection's path and its item's, with five operations.
    """
    key = {"name": "id", "in": "path", "required": True, "type": "string"}
    return {
        f"/{name}": {
            "get": _operation(f"list-{name}", "Items", is_public=True),
            "post": _operation(f"create-{name}", "Item", takes_body=True),
        },
        f"/{name}/{{id}}": {
            "parameters": [key],
            "get": _operation(f"read-{name}", "Item", is_public=True),
            "put": _operation(f"replace-{name}", "Item", takes_body=True),
            "delete": _operation(f"delete-{name}", "Item"),
        },
    }


def _operation(
    operation_id: str, model: str, *, is_public: bool = False, takes_body: bool = False
) -> dict[str, object]:
    item = {"$ref": "#/definitions/Item"}
    body = {"name": "item", "in": "body", "required": True, "schema": item}
    responses = {"200": ("The answer", model), "404": ("Nothing is there", "Problem")}
    return {
        "operationId": operation_id,
        "summary": operation_id.replace("-", " "),
        "security": [] if is_public else [{"Pool": []}],
        "parameters": [body] if takes_body else [],
        "responses": {
            status: {"description": text, "schema": {"$ref": f"#/definitions/{name}"}}
            for status, (text, name) in responses.items()
        },
    }
