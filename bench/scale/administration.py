"""The pages of the administration among so many people: how long each takes its server."""

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from statistics import median, quantiles
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.models import Group

from accounts.models import User
from bench.scale import names
from bench.scale.site import database_of, scale, served
from bench.scale.workloads import Site
from trust.lib import clock

_TIMES: Final = 22
_WARM_UP: Final = 2
_FEW: Final = 3
_MANY: Final = 2  # every second person is in the large group
_AT_ONCE: Final = 10_000
GOAL: Final = 300.0  # milliseconds
_PEOPLE: Final = "/admin/accounts/user/"
_SESSIONS: Final = "/admin/accounts/session/"
_TRAIL: Final = "/admin/audit/auditevent/"
_GROUPS: Final = "/admin/auth/group/"


def administration(size: int, *, interface: str) -> str:
    """Make the database where there is none, and return how long its pages take, in Markdown."""
    url = database_of(str(size))
    scale("generate", "--size", str(size), url=url)
    held = json.loads(scale("material", "--size", str(size), "--count", "1", url=url))
    groups = json.loads(scale("groups", "--size", str(size), url=url))
    lines = [f"| page | median, p95 | over {GOAL:.0f} ms |", "| --- | --- | --- |"]
    with served(url, interface=interface) as port:
        site = Site(port, held)
        for label, path in _pages(size, groups).items():
            print(label, file=sys.stderr, flush=True)
            lines.append(_line(label, _times(site, path)))
    return "\n".join(lines)


def groups(size: int) -> dict[str, int]:
    """Make a group of few and one of many, of the database of DATABASE_URL, and return their ids."""
    few, many = (Group.objects.get_or_create(name=name)[0] for name in ("few", "many"))
    _fill(few, range(1, _FEW + 1))
    _fill(many, range(_MANY, size + 1, _MANY))
    User.objects.filter(pk__in=[names.uuid_of("person", n) for n in range(4, 7)]).update(is_active=False)
    return {"few": few.pk, "many": many.pk}


def _fill(group: Group, chosen: range) -> None:
    if group.user_set.exists():
        return
    through = User.groups.through
    for first in range(0, len(chosen), _AT_ONCE):
        ids = [names.uuid_of("person", n) for n in chosen[first : first + _AT_ONCE]]
        through.objects.bulk_create([through(user_id=each, group_id=group.pk) for each in ids])


def _pages(size: int, groups: Mapping[str, int]) -> dict[str, str]:
    return _people(size, groups) | _one_person(size) | _sessions(size) | _trail(size) | _groups(groups)


def _people(size: int, groups: Mapping[str, int]) -> dict[str, str]:
    username, today = names.username_of(size // 2), clock.now() - timedelta(days=1)
    lists = {
        "people": {},
        "people, the last page": {"p": 20},
        "people by address, backwards": {"o": "-2"},
        "people, the newest first": {"o": "-6"},
        "people: a username": {"q": username},
        "people: an address": {"q": names.email_of(size // 2)},
        "people: an ID": {"q": names.uuid_of("person", size // 2)},
        "people: the beginning of a few usernames": {"q": username[:-1]},
        "people: the beginning of all usernames": {"q": "person"},
        "people: a family name that many have": {"q": "Kim"},
        "people: a given and a family name": {"q": "Minjun Kim"},
        "people: a name that nobody has": {"q": "Nobody"},
        "people: one word of many, one of nobody": {"q": "Kim Nobody"},
        "people who are shut out": {"is_active__exact": 0},
        "people who are shut out, of a name": {"is_active__exact": 0, "q": "Minjun"},
        "staff": {"is_staff__exact": 1},
        "people of a group of three": {"group": groups["few"]},
        "people of a group of half of all": {"group": groups["many"]},
        "people of a large group, of a name": {"group": groups["many"], "q": "Kim"},
        "people who came today": {"created__gte": today.isoformat()},
    }
    return _lists(_PEOPLE, lists)


def _one_person(size: int) -> dict[str, str]:
    page = f"{_PEOPLE}{names.uuid_of('person', size // 2)}"
    asked = {"ending one person's sessions": "do/end_sessions", "deleting one person": "delete"}
    shown = {"one person": "change", "one person's history": "history"} | asked
    return {label: f"{page}/{path}/" for label, path in shown.items()}


def _sessions(size: int) -> dict[str, str]:
    lists = {
        "sessions": {},
        "sessions, the last page": {"p": 20},
        "sessions: a username": {"q": names.username_of(size // 2)},
        "sessions: the beginning of all usernames": {"q": "person"},
        "sessions: nobody's": {"q": "nobody"},
        "sessions that are open": {"state": "open"},
        "sessions that were ended": {"state": "ended"},
        "sessions that are expired": {"state": "expired"},
    }
    return _lists(_SESSIONS, lists) | {"one session": f"{_SESSIONS}{names.uuid_of('session', size // 2)}/change/"}


def _trail(size: int) -> dict[str, str]:
    lists = {
        "the trail": {},
        "the trail, the last page": {"p": 20},
        "the trail of a person": {"q": names.uuid_of("person", size // 2)},
        "the trail: sign-ins": {"q": "session.started"},
        "the trail: what never happened": {"q": "nothing.happened"},
    }
    return _lists(_TRAIL, lists)


def _groups(groups: Mapping[str, int]) -> dict[str, str]:
    return {"groups": _GROUPS, "a group of half of all": f"{_GROUPS}{groups['many']}/change/"}


def _lists(path: str, queries: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {label: f"{path}?{urlencode(query)}" for label, query in queries.items()}


def _times(site: Site, path: str) -> list[float]:
    took = []
    for _ in range(_TIMES):
        site.page(path, site.visitors[0], site.material["administrator"])
        took.append(site.took * 1000)
    return took[_WARM_UP:]


def _line(label: str, took: list[float]) -> str:
    middle, p95 = median(took), quantiles(took, n=20)[-1]
    return f"| {label} | {middle:.0f}, {p95:.0f} ms | {'yes' if p95 > GOAL else ''} |"
