"""Tokens by client: those that got most of them, under their names."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from authproject.dashboard.conf import MOST_CLIENTS
from authproject.dashboard.figures import Figures
from authproject.dashboard.panel import Listing, Panel, Text, line
from authproject.metrics.recorder import CLIENTS
from oauth.models import Client
from trust.statistics.conf import OTHER
from trust.tokens.vocabulary import FIRST_PARTY_CLIENT_ID

Known = dict[str, tuple[Text, str]]  # by client_id: what the client is called, and where it is in the administration


def clients(figures: Figures, *, may_look: bool) -> Panel:
    """Tokens by client; with links to them for who may look at clients."""
    found = figures.labels(CLIENTS)
    others = found.pop(OTHER, 0) + sum(list(found.values())[MOST_CLIENTS:])
    most = dict(list(found.items())[:MOST_CLIENTS])
    known = _known(most, may_look=may_look)
    longest = max([*most.values(), others])
    lines = []
    for client_id, number in most.items():
        title, link = known.get(client_id, (client_id, ""))
        lines.append(line(title, number, longest, link=link))
    if others:
        lines.append(line(pgettext_lazy("dashboard", "Others"), others, longest))
    return Panel(
        "clients",
        _("Tokens by client"),
        listings=[Listing(_("Token responses"), [_("times")], lines)],
        empty=_("No token was issued yet."),
    )


def _known(client_ids: dict[str, int], *, may_look: bool) -> Known:
    known: Known = {FIRST_PARTY_CLIENT_ID: (_("This site (sign-in by JSON)"), "")}
    for pk, client_id, name in Client.objects.by_client_ids(client_ids.keys()).values_list("pk", "client_id", "name"):
        link = reverse("admin:oauth_client_change", args=[pk]) if may_look else ""
        known[client_id] = (name or client_id, link)
    return known
