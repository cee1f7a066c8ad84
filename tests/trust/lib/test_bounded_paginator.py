import pytest
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from trust.lib import bounded_paginator
from trust.lib.bounded_paginator import BoundedPaginator
from trust.limits.models import GuessCounter


@pytest.fixture(autouse=True)
def counts_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_paginator, "COUNTED", 10)


@pytest.mark.parametrize(
    ("rows", "count", "pages", "has_more"), [(0, 0, 1, False), (10, 10, 4, False), (11, 10, 4, True)]
)
def test_counts_up_to_the_bound(rows: int, count: int, pages: int, has_more: bool) -> None:
    paginator = BoundedPaginator(list(range(rows)), 3)
    assert (paginator.count, paginator.num_pages, paginator.has_more) == (count, pages, has_more)


@pytest.mark.django_db
def test_the_database_stops_counting_and_does_not_sort() -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert BoundedPaginator(GuessCounter.objects.order_by("-pk"), 3).count == 0
    [statement] = [each["sql"] for each in asked]
    assert "LIMIT 11" in statement
    assert "ORDER BY" not in statement


def test_there_is_no_page_beyond_the_bound() -> None:
    paginator = BoundedPaginator(list(range(1000)), 3)
    assert len(paginator.page(4)) == 1
    with pytest.raises(EmptyPage):
        paginator.page(5)
