"""The commands. See the package's docstring."""

import argparse
import json
import os
import sys
from collections.abc import Callable

import django


def main(arguments: list[str]) -> None:
    """Do what was asked for."""
    given = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "authproject.settings")
    django.setup()
    run: Callable[[argparse.Namespace], None] = given.run
    run(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    commands = parser.add_subparsers(required=True)
    generating = commands.add_parser("generate", help="fill the empty database of DATABASE_URL")
    generating.add_argument("--size", type=int, required=True)
    generating.add_argument("--over", action="store_true", help="so long ago that clear_expired takes all of it")
    generating.set_defaults(run=_generate)
    measuring = commands.add_parser("measure", help="compare sizes, each in a database beside that of DATABASE_URL")
    measuring.add_argument("--sizes", default="1000,100000,1000000")
    measuring.add_argument("--interface", choices=["rsgi", "wsgi"], default="rsgi")
    measuring.set_defaults(run=_measure)
    holding = commands.add_parser("material", help="what measure needs of one database, as JSON")
    holding.add_argument("--size", type=int, required=True)
    holding.add_argument("--among", type=int, help="the first so many people; all, if it is not given")
    holding.add_argument("--count", type=int, required=True)
    holding.set_defaults(run=_material)
    explaining = commands.add_parser("explain", help="the plans of the statements, on the database of DATABASE_URL")
    explaining.add_argument("--size", type=int, required=True)
    explaining.set_defaults(run=_explain)
    working = commands.add_parser("work", help="what clear runs beside the site: clear_expired, timed, as JSON")
    working.set_defaults(run=_work)
    clearing = commands.add_parser("clear", help="clear_expired where all is over, while tokens are issued")
    clearing.add_argument("--size", type=int, required=True)
    clearing.add_argument("--interface", choices=["rsgi", "wsgi"], default="rsgi")
    clearing.set_defaults(run=_clear)
    administering = commands.add_parser("administration", help="how long the pages of the administration take")
    administering.add_argument("--size", type=int, required=True)
    administering.add_argument("--interface", choices=["rsgi", "wsgi"], default="rsgi")
    administering.set_defaults(run=_administration)
    grouping = commands.add_parser("groups", help="what administration makes first: a small group and a large one")
    grouping.add_argument("--size", type=int, required=True)
    grouping.set_defaults(run=_groups)
    return parser


def _generate(given: argparse.Namespace) -> None:
    from bench.scale.generate import generate

    generate(given.size, over=given.over)


def _measure(given: argparse.Namespace) -> None:
    from bench.scale.measure import measure

    print(measure([int(size) for size in given.sizes.split(",")], interface=given.interface))


def _material(given: argparse.Namespace) -> None:
    from bench.scale.material import material

    print(json.dumps(material(given.size, among=given.among or given.size, count=given.count)))


def _explain(given: argparse.Namespace) -> None:
    from bench.scale.explain import explain

    print(explain(given.size))


def _work(given: argparse.Namespace) -> None:
    from bench.scale.clearing import work

    print(json.dumps(work()))


def _clear(given: argparse.Namespace) -> None:
    from bench.scale.clearing import clear

    print(clear(given.size, interface=given.interface))


def _administration(given: argparse.Namespace) -> None:
    from bench.scale.administration import administration

    print(administration(given.size, interface=given.interface))


def _groups(given: argparse.Namespace) -> None:
    from bench.scale.administration import groups

    print(json.dumps(groups(given.size)))


if __name__ == "__main__":
    main(sys.argv[1:])
