"""How an import of people is asked for: shown first, and with leave to take only those in who are right."""

from argparse import ArgumentParser
from typing import Any

from accounts.management import asking
from accounts.management.importing import taking_in
from accounts.management.importing.taking_in import Plan
from accounts.management.scripting import refusal


def add_options(parser: ArgumentParser) -> None:
    """Take how far to go."""
    asking.add_options(parser)
    parser.add_argument("--skip-wrong", action="store_true", help="take the others in where some are refused")


def check(plan: Plan, options: dict[str, Any]) -> None:
    """Refuse a plan of which some are wrong, unless they may be left behind. Raises CommandError."""
    if plan.wrong and not options["skip_wrong"] and not options["dry_run"]:
        raise refusal(f"{len(plan.wrong)} are refused: mend the file, or say --skip-wrong. Nobody was taken in.")


def do(plan: Plan) -> str:
    """Take the people in, and say so."""
    taking_in.take_in(plan)
    return f"{len(plan.newcomers)} people were taken in."
