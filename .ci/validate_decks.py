"""validate_decks.py SCHEMA DECK...: checks YAML decks against a JSON Schema."""
import json
import sys

import jsonschema
import yaml


def main(schema_path, *deck_paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    errors = 0
    for path in deck_paths:
        with open(path, encoding="utf-8") as file:
            deck = yaml.safe_load(file)
        for error in validator.iter_errors(deck):
            place = ".".join(str(part) for part in error.absolute_path)
            print(f"{path}: {place}: {error.message}", file=sys.stderr)
            errors += 1
    if errors == 0:
        print(f"decks: {len(deck_paths)} pass symwave check and the schema")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
