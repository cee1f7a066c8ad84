"""The pages of a client beside its form: the choice of a kind, its secrets, how to connect it, and the preview."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from accounts.models import User
from oauth.admin import client_preview
from oauth.admin.connecting import connection_to
from oauth.admin.kinds import Kind
from oauth.admin.preview_form import PreviewForm
from oauth.admin.secret_form import NewSecretForm
from oauth.admin.snippets import snippets
from oauth.models import Client
from oauth.services import client_secrets, clients
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList


class ClientPages(QuickList):
    """Pages that are no form of the model."""

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the secrets, of the preview, and of how to connect it."""
        pages = {"secret": self.secret, "preview": self.preview, "setup": self.setup}
        own = [
            path(f"<int:client_pk>/{name}/", self.admin_site.admin_view(view), name=f"oauth_client_{name}")
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Let the kind be chosen first; then show its form."""
        if request.GET.get("kind") in Kind.values:
            named = {"title": _("New client: %(kind)s") % {"kind": Kind(request.GET["kind"]).label}}
            once = {"show_save_and_add_another": False, "show_save_and_continue": False}
            return super().add_view(request, form_url, {**once, **named, **(extra_context or {})})
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return self._page(request, "kind", title=_("What kind of client?"), kinds=list(Kind))

    @method_decorator(csrf_protect)
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show the form, or take it: outside a transaction, since the rules may fetch a document of the client's.

        Django's own holds one all along. Ours begins in the service that saves.
        """
        return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]  # the stubs leave it out

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **named: Any) -> Any:
        """Offer the other pages where they apply."""
        client = context.get("original")
        described = clients.metadata_of(client) if client else None
        offered = {
            "has_secret": described is not None and described.has_secret,
            "may_preview": described is not None and described.acts_for_people and self._may_see_people(request),
            "lists": self._lists_of(request) if client else [],
        }
        return super().render_change_form(request, context | offered, *args, **named)

    def secret(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        """Ask, and give the client a new secret, shown this once; or end the one before it."""
        client = Client.objects.by_pk(client_pk).first()
        if client is None or not clients.metadata_of(client).has_secret:
            raise Http404
        if not self.has_change_permission(request, client):
            raise Http404
        actor, origin = actor_of(request).pk, origin_of(request)
        if request.method == "POST" and "end_previous" in request.POST:
            if client_secrets.end_previous(client_pk=client_pk, actor=actor, origin=origin):
                messages.success(request, _("The old secret is refused from now on."))
            return redirect("admin:oauth_client_secret", client_pk)
        form = NewSecretForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            shown = {"form": form, "previous_until": previous_until(client)}
            return self._page(request, "new_secret", title=_("Client secret"), original=client, **shown)
        secret = client_secrets.rotate(client_pk=client_pk, keep=form.kept(), actor=actor, origin=origin)
        client.refresh_from_db()
        return self._setup_page(request, client, secret)

    def setup(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        """Show what a program has to know to connect: no secret, which nobody knows any more."""
        client = Client.objects.by_pk(client_pk).first()
        if client is None or not self.has_view_permission(request):
            raise Http404
        return self._setup_page(request, client)

    def preview(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        """Show what a client is told of a person: asked by POST, so that no name or address stands in a log."""
        client = Client.objects.by_pk(client_pk).first()
        if not self._may_see_people(request):
            raise PermissionDenied
        if client is None or not clients.metadata_of(client).acts_for_people:
            raise Http404
        form = PreviewForm(clients.registered(client), request.POST if request.method == "POST" else None)
        shown = client_preview.shown(request, form) if form.is_valid() else {}
        return self._page(request, "preview", title=_("What it is told"), original=client, form=form, **shown)

    def _setup_page(self, request: HttpRequest, client: Client, secret: str = "") -> HttpResponse:
        described = clients.metadata_of(client)
        connection = connection_to(client.client_id, described, secret=secret)
        context = {
            "secret": secret,
            "has_secret": described.has_secret,
            "previous_until": previous_until(client) if secret else None,
            "connection": connection,
            "snippets": snippets(connection),
        }
        return self._page(request, "setup", title=_("Connect it"), original=client, **context)

    def _may_see_people(self, request: HttpRequest) -> bool:
        people = self.admin_site.get_model_admin(User)
        return self.has_view_permission(request) and people.has_view_permission(request)

    def _lists_of(self, request: HttpRequest) -> list[tuple[str, str, Any]]:
        """Return the lists of what hangs on a client, of those that this member of staff may see."""
        return [
            (name, parameter, label)
            for name, parameter, label in _LISTS
            if request.user.has_perm(f"oauth.view_{name}") or request.user.has_perm(f"oauth.change_{name}")
        ]

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/oauth/client/{name}.html", shown)


# What hangs on a client: the model, the parameter of its list that names a client, and what it is called.
_LISTS = (
    ("refreshtoken", "application__id__exact", _("Its grants")),
    ("consent", "client__id__exact", _("Its consents")),
    ("clientsession", "client__id__exact", _("Sessions at it")),
)


def actor_of(request: HttpRequest) -> User:
    """Return the member of staff who asks."""
    assert isinstance(request.user, User)
    return request.user


def previous_until(client: Client) -> Any:
    """Return until when the secret before is good, or None where it is not."""
    until = client.previous_secret_until
    return until if until is not None and clock.now() < until else None
