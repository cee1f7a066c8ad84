"""The plot: a panel for each column, a bar for each system, drawn as SVG that follows the reader's light or dark."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from bench.results import OURS, UNGUARDED, Result, Standing

_WIDTH: Final = 960
_ACROSS: Final = 3
_PANEL, _GAP, _LEFT, _TOP = 296, 24, 12, 64
_BAR, _STEP, _HEAD = 14, 22, 30
_NAMES: Final = 102  # the room for the names of systems
_FIGURES: Final = 58
_STYLE: Final = """
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; } .quiet { fill: #59636e; } .head { font-weight: 600; font-size: 13px; }
  .ours { fill: #0969da; } .peer { fill: #afb8c1; } .figure { font-variant-numeric: tabular-nums; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .quiet { fill: #9198a1; } .ours { fill: #4493f8; } .peer { fill: #656c76; }
  }
"""


def draw(standings: Sequence[Standing], path: Path, *, subtitle: str) -> None:
    """Write the plot."""
    shown = [standing for standing in standings if _bars(standing)]
    rows = [shown[at : at + _ACROSS] for at in range(0, len(shown), _ACROSS)]
    parts, top = [], _TOP
    for row in rows:
        parts += [_panel(standing, _LEFT + place * (_PANEL + _GAP), top) for place, standing in enumerate(row)]
        top += _HEAD + _STEP * max(len(_bars(standing)) for standing in row) + _GAP
    title = "Requests a second, side by side"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" role="img" aria-label="{title}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n"
        f'<text x="{_LEFT}" y="24" class="title">{title}</text>\n'
        f'<text x="{_LEFT}" y="44" class="quiet">{escape(subtitle)}</text>\n' + "\n".join(parts) + "\n</svg>\n",
        encoding="utf-8",
    )


def _bars(standing: Standing) -> list[Result]:
    """Return ours first, then the peers, the quickest first."""
    results = [result for name, result in standing.best.items() if name != UNGUARDED]
    return sorted(results, key=lambda result: (result.system != OURS, -result.rate))


def _panel(standing: Standing, left: int, top: int) -> str:
    bars = _bars(standing)
    most = max(bar.rate for bar in bars)
    against = _against(standing)
    parts = [f'<text x="{left}" y="{top + 14}" class="head">{escape(standing.column.name.replace("_", " "))}</text>']
    if against:
        at = f'x="{left + _PANEL}" y="{top + 14}" text-anchor="end"'
        parts.append(f'<text {at} class="quiet">{against}</text>')
    parts += [_bar(bar, most, left, top + _HEAD + place * _STEP) for place, bar in enumerate(bars)]
    return "\n".join(parts)


def _against(standing: Standing) -> str:
    best = standing.best_peer
    ratio = standing.ratio_to(best.system if best else None)
    said = [f"{standing.ratio:.2f}x unguarded"] if standing.is_against_itself and standing.ratio else []
    said += [f"{ratio:.2f}x the best peer"] if ratio else []
    return ", ".join(said)


def _bar(result: Result, most: float, left: int, top: int) -> str:
    width = max((_PANEL - _NAMES - _FIGURES) * result.rate / most, 1.5)
    kind = "ours" if result.system == OURS else "peer"
    name = "authproject" if result.system == OURS else result.system
    text = top + _BAR - 3
    return (
        f'<text x="{left}" y="{text}">{escape(name)}</text>'
        f'<rect x="{left + _NAMES}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="2" class="{kind}"/>'
        f'<text x="{left + _NAMES + width + 6:.1f}" y="{text}" class="figure">{result.rate:,.0f}</text>'
    )
