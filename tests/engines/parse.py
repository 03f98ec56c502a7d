"""Parses the statements of every dialect with a parser that others wrote. Usage: parse.py SNAPSHOT…

A statement that the parser does not understand, or passes on as it is, is a failure.
"""

import logging
import sys
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

# The parser's word for a dialect, where it is another. DataFusion has none of its own; its SQL is close to PostgreSQL's.
DIALECTS = {"datafusion": "postgres", "mssql": "tsql"}


def main(paths: list[Path]) -> int:
    logging.disable(logging.WARNING)
    failures = []
    for path in paths:
        dialect = path.stem.rpartition("__")[2]
        _, _, text = path.read_text().split("---\n", 2)
        statements = text.count("\n-- ") + text.startswith("-- ")
        try:
            trees = sqlglot.parse(
                text, read=DIALECTS.get(dialect, dialect), error_level=ErrorLevel.RAISE
            )
        except SqlglotError as error:
            failures.append(f"{dialect}: {error}")
            continue
        trees = [tree for tree in trees if tree is not None]
        if len(trees) != statements:
            failures.append(
                f"{dialect}: {len(trees)} statements, expected {statements}"
            )
        for tree in trees:
            if not isinstance(tree, exp.Select) or tree.find(exp.Command):
                failures.append(f"{dialect}: not a SELECT: {tree.sql()[:200]}")
        print(f"{dialect}: {len(trees)} statements")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures or not paths else 0


if __name__ == "__main__":
    sys.exit(main([Path(path) for path in sys.argv[1:]]))
