"""The plot is a picture that browsers can draw."""

from pathlib import Path
from xml.etree import ElementTree as ET

from bench import plot
from bench.results import standings
from tests.bench.cells import cell

SVG = "{http://www.w3.org/2000/svg}"


def test_draws_a_bar_for_each_system_but_the_unguarded_view(tmp_path: Path) -> None:
    cells = [cell("guarded", name, rate) for name, rate in (("ours", 100), ("ours-unguarded", 110), ("authlib", 50))]
    plot.draw(standings(cells), tmp_path / "plot.svg", subtitle="2 cores & more")
    drawn = ET.parse(tmp_path / "plot.svg").getroot()
    widths = [float(bar.attrib["width"]) for bar in drawn.iter(f"{SVG}rect")]
    assert len(widths) == 2
    assert widths[0] == 2 * widths[1]
    assert "2 cores & more" in [text.text for text in drawn.iter(f"{SVG}text")]
