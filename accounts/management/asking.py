"""How a change is asked for: shown first, done when somebody agrees."""

import sys
from argparse import ArgumentParser
from typing import Any

from accounts.management.scripting import refusal


def add_options(parser: ArgumentParser) -> None:
    """Take how far to go."""
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def is_agreed(options: dict[str, Any], question: str) -> bool:
    """Tell whether it is to be done. Raises CommandError where nobody can be asked."""
    if options["dry_run"]:
        return False
    if options["yes"]:
        return True
    if not sys.stdin.isatty():
        raise refusal("say --yes to do this, or --dry-run to see it only")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
