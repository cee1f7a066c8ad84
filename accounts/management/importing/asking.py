"""How an import is asked for: shown first, done when somebody agrees."""

import sys
from argparse import ArgumentParser
from typing import Any

from accounts.management.importing import taking_in
from accounts.management.importing.taking_in import Plan
from accounts.management.scripting import refusal


def add_options(parser: ArgumentParser) -> None:
    """Take how far to go."""
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--skip-wrong", action="store_true", help="take the others in where some are refused")


def is_agreed(options: dict[str, Any], question: str) -> bool:
    """Tell whether it is to be done. Raises CommandError where nobody can be asked."""
    if options["dry_run"]:
        return False
    if options["yes"]:
        return True
    if not sys.stdin.isatty():
        raise refusal("say --yes to do this, or --dry-run to see it only")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


def check(plan: Plan, options: dict[str, Any]) -> None:
    """Refuse a plan of which some are wrong, unless they may be left behind. Raises CommandError."""
    if plan.wrong and not options["skip_wrong"] and not options["dry_run"]:
        raise refusal(f"{len(plan.wrong)} are refused: mend the file, or say --skip-wrong. Nobody was taken in.")


def do(plan: Plan) -> str:
    """Take the people in, and say so."""
    taking_in.take_in(plan)
    return f"{len(plan.newcomers)} people were taken in."
