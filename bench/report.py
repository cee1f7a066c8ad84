"""The report: a table for people, in Markdown, and bench/out/latest.json for programs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.places import OUT
from bench.results import OURS, UNGUARDED, Result, Standing, document
from bench.rounds import MUCH_OTHER_WORK
from bench.systems import System

_HEAD: Final = (
    "| system | req/s | ours is | p50 ms | p99 ms | server µs | database µs | driver | errors | durability | remarks |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
)
_MEMORY_HEAD: Final = (
    "| system | processes | memory, all MiB | largest process MiB | first 200 after s |",
    "| --- | ---: | ---: | ---: | ---: |",
)


def write(
    standings: Sequence[Standing],
    systems: Sequence[System],
    memory: Mapping[str, Sequence[float]],
    *,
    further: Mapping[str, Mapping[str, Any]],
    is_whole: bool,
) -> str:
    """Write the files and return the report. What is not the whole bench does not replace latest.json."""
    OUT.mkdir(exist_ok=True)
    text = "\n\n".join(
        [*(_column(s, systems, further.get(s.column.name, {})) for s in standings), _memory(systems, memory)]
    )
    columns = {s.column.name: document(s, further.get(s.column.name, {})) for s in standings}
    for system in systems:
        _add_system(columns, system, memory.get(system.name, ()))
    name = "latest" if is_whole else "partial"
    _put(OUT / f"{name}.json", json.dumps({"columns": columns}, indent=2) + "\n")
    _put(OUT / f"{name}.md", f"# The bench\n\n{text}\n")
    return text


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _column(standing: Standing, systems: Sequence[System], more: Mapping[str, Any]) -> str:
    durable = {system.name: system.durability for system in systems}
    rows = [
        _row(result, standing, durable.get(result.system, ""))
        for result in sorted(standing.tried, key=lambda result: (result.system != OURS, -result.rate))
    ]
    notes = [_verdict(standing), *(f"{name.replace('_', ' ')}: {value}" for name, value in more.items())]
    return "\n".join([f"## {standing.column.name}: {standing.column.asks}", "", *_HEAD, *rows, "", *notes])


def _row(result: Result, standing: Standing, durable: str) -> str:
    ours = standing.ours
    ratio = f"{ours.rate / result.rate:.2f}x" if ours and result.system != OURS else ""
    name = f"{result.system} {result.variant}".strip()
    return (
        f"| {name} | {result.rate:,.0f} | {ratio} | {result.p50:.2f} | {result.p99:.2f} | {result.server_us:.0f} "
        f"| {result.database_us:.0f} | {result.driver:.0%} | {result.refused} | {durable} | {_remarks(result)} |"
    )


def _remarks(result: Result) -> str:
    said = [f"NOT COUNTED: {why}" for why in sorted(set(result.not_counted))]
    if result.others > MUCH_OTHER_WORK:
        said.append(f"{result.others:.0%} of the machine did other work")
    return "; ".join(said)


def _verdict(standing: Standing) -> str:
    best = standing.best_peer
    if best is None and not standing.is_against_itself:
        return "No peer ran."
    against = "the same view unguarded" if best is None or standing.is_against_itself else best.system
    said = [_goal(standing.ratio, standing.column.goal, against)]
    said += [_goal(standing.ratio_to(name), goal, name) for name, goal in standing.column.further_goals.items()]
    if standing.is_against_itself and best and standing.ours:
        said.append(
            f"{standing.ours.rate / best.rate:.2f}x of the quickest handler of six lines, {best.system} (no goal)"
        )
    return "; ".join(said) + "."


def _goal(ratio: float | None, goal: float, against: str) -> str:
    if ratio is None:
        return f"no ratio to {against}"
    return f"{ratio:.2f}x of {against}, goal {goal}x: {'reached' if ratio >= goal else 'NOT reached'}"


def _memory(systems: Sequence[System], memory: Mapping[str, Sequence[float]]) -> str:
    rows = [
        f"| {system.name} | {len(sizes)} | {sum(sizes):.0f} | {max(sizes):.0f} | {system.cold_start:.2f} |"
        for system in systems
        if (sizes := memory.get(system.name)) and system.name != UNGUARDED
    ]
    return "\n".join(["## Memory and start", "", *_MEMORY_HEAD, *rows])


def _add_system(columns: Mapping[str, dict[str, Any]], system: System, sizes: Sequence[float]) -> None:
    """Say of each entry of a system what is true of all of them."""
    facts: dict[str, Any] = {"durability": system.durability, "cold_start_s": round(system.cold_start, 3)}
    if sizes:
        facts |= {"memory_mib": round(sum(sizes), 1), "largest_process_mib": round(max(sizes), 1)}
    for column in columns.values():
        entry = column["ours"] if system.name == OURS else column["peers"].get(system.name)
        if entry is not None:
            entry.update(facts)
