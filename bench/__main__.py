"""python -m bench: run the bench, or a part of it. bench/README.md says how to read what comes of it."""

import contextlib
import shutil
import signal
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from bench import dpop, flood, plot, report, sizing
from bench.driver import CONNECTIONS
from bench.hashing import raw_rate
from bench.measurements import CORES, memory
from bench.places import LOGS, NEEDS_PEERS, OUT, check_programs, peers_are_installed
from bench.postgresql import Cluster
from bench.processes import Failed
from bench.redis_server import Redis
from bench.results import OURS, UNGUARDED, Standing, standings
from bench.rounds import play
from bench.systems import SYSTEMS, Ground, System
from bench.systems.ours import Ours, OursUnguarded
from bench.workloads import COLUMNS
from bench.world import World

_STOP: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_RAW_SECONDS: Final = 2.0
_RAW_GOAL: Final = 0.85  # of the raw rate of the cores


def main() -> None:
    """Run what was asked for; whatever happens, what was started is stopped."""
    for number in _STOP:
        signal.signal(number, _interrupt)
    options = _options()
    check_programs()
    try:
        _run(options)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    except Failed as failed:
        sys.exit(f"The bench failed: {failed}\nThe logs are in {LOGS}.")


def _run(options: Namespace) -> None:
    names = [OURS] if options.sizing or options.flood or options.dpop else _list(options.systems, SYSTEMS, "system")
    columns = [COLUMNS[name] for name in _list(options.columns, COLUMNS, "column")]
    if set(names) != {OURS} and not peers_are_installed():
        sys.exit(NEEDS_PEERS)
    with _started(names, options) as (ground, systems):
        if options.sizing:
            print(sizing.table(ground, systems[0], rounds=options.rounds, seconds=options.seconds))
        elif options.dpop:
            pairs = dpop.measured(ground, systems[0], rounds=options.rounds, seconds=options.seconds)
            print("\n".join(dpop.lines(pairs)))
        elif options.flood:
            print("\n".join(flood.lines(flood.measured(ground, systems[0], seconds=options.seconds))))
        else:
            cells = list(play(ground, systems, columns, rounds=options.rounds, seconds=options.seconds))
            is_whole = set(names) == set(SYSTEMS) and len(columns) == len(COLUMNS)
            _tell(ground, systems, standings(cells), options, is_whole=is_whole)


def _tell(
    ground: Ground, systems: Sequence[System], summed: Sequence[Standing], options: Namespace, *, is_whole: bool
) -> None:
    sizes = {system.name: memory([system.pid]) for system in systems}
    further: dict[str, dict[str, Any]] = {}
    for standing in summed:
        if standing.column.name == "login" and standing.ours:
            raw = raw_rate(_RAW_SECONDS)
            further["login"] = {
                "raw_hashing_rps": round(raw, 1),
                "ratio_to_raw_hashing": round(standing.ours.rate / raw, 3),
                "goal_to_raw_hashing": _RAW_GOAL,
            }
    text = report.write(summed, systems, sizes, further=further, is_whole=is_whole)
    how = f"{CONNECTIONS} connections, {CORES} cores for all of it, median of {options.rounds} rounds; more is better"
    plot.draw(summed, options.plot or OUT / "bench.svg", subtitle=how)
    calm = flood.measured(ground, systems[0], seconds=options.seconds) if is_whole else []
    print("\n".join([text, "", *flood.lines(calm)]))
    asked = {(system.name, column) for system in systems for column in _shown(options) if system.name != UNGUARDED}
    if missing := asked - {(name, standing.column.name) for standing in summed for name in standing.best}:
        sys.exit("Nothing counts of " + ", ".join(f"{name} in {column}" for name, column in sorted(missing)))


@contextmanager
def _started(names: Sequence[str], options: Namespace) -> Iterator[tuple[Ground, list[System]]]:
    """Start the cluster and the systems, and stop them all in the end, the last first."""
    with ExitStack() as stack:
        shutil.rmtree(LOGS, ignore_errors=True)
        LOGS.mkdir(parents=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="authproject-bench-")))
        stack.callback(_keep_logs, folder)
        cluster = Cluster(LOGS / "postgresql.log")
        redis = Redis(folder)
        _up(stack, cluster.start, cluster.stop)
        _up(stack, redis.start, redis.stop)
        world = World(options.id_token_alg)
        ground = Ground(world, cluster, redis, folder)
        world.write(ground.world_file)
        systems: list[System] = []
        for name in names:
            system = SYSTEMS[name](ground)
            _up(stack, system.start, system.stop)
            systems.append(system)
            if isinstance(system, Ours) and "guarded" in _shown(options):
                beside = OursUnguarded(ground).beside(system)
                _up(stack, beside.start, beside.stop)
                systems.append(beside)
        yield ground, systems


def _up(stack: ExitStack, start: Callable[[], None], stop: Callable[[], None]) -> None:
    stack.callback(stop)  # before it is started: a start that is cut short is stopped too
    start()


def _keep_logs(folder: Path) -> None:
    for log in folder.glob("*.log"):
        with contextlib.suppress(OSError):
            shutil.copyfile(log, LOGS / log.name)


def _list(text: str, known: dict[str, Any], what: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"No such {what}: {', '.join(unknown)}. There are: {', '.join(known)}")
    return [name for name in known if name in names]


def _shown(options: Namespace) -> list[str]:
    """Return the columns of the table, if one is made."""
    return [] if options.sizing or options.flood or options.dpop else options.columns.split(",")


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--columns", default=",".join(COLUMNS), metavar="A,B", help=f"of: {', '.join(COLUMNS)}")
    parser.add_argument("--systems", default=",".join(SYSTEMS), metavar="A,B", help=f"of: {', '.join(SYSTEMS)}")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run (default: 5)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the medians count (default: 3)")
    parser.add_argument("--id-token-alg", choices=["RS256", "ES256"], default="RS256", help="of everybody's id tokens")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="where the plot goes (default: bench/out/bench.svg)")
    parser.add_argument("--sizing", action="store_true", help="only what one vCPU of ours carries")
    parser.add_argument("--dpop", action="store_true", help="only what DPoP costs beside bearer tokens, of ours")
    parser.add_argument("--flood", action="store_true", help="only the latencies of ours in a flood of sign-ins")
    return parser.parse_args()


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    for every in _STOP:
        signal.signal(every, signal.SIG_IGN)  # who is impatient does not cut the stopping short
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
