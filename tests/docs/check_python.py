"""Fails if a block of Python does not parse, or names something of the package that is not there."""

import ast
import sys
from pathlib import Path

import zample

for node in ast.walk(ast.parse(Path(sys.argv[1]).read_text())):
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "zample":
        if not hasattr(zample, node.attr):
            sys.exit(f"zample has no {node.attr}")
