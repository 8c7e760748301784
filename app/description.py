"""`python -m app.description`: the API as it is mounted, in OpenAPI 3.1, without any server. The web app's types are made from it."""

import json
import sys

from app.config import Settings
from app.factory import create_app
from app.web.openapi import document

if __name__ == "__main__":
    nowhere = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", redis_url="redis://127.0.0.1:1/0", secret_key="-" * 32)
    json.dump(document(create_app(nowhere).extensions["muster"].mounted.values()), sys.stdout, indent=1)
