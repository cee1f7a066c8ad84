"""The pages of a client beside its form: the choice of a kind, a secret that is shown once, and the preview."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from accounts.models import User
from oauth.admin.kinds import Kind
from oauth.admin.preview_form import PreviewForm
from oauth.models import Client
from oauth.services import client_review, clients, registration
from trust.lib.origin import origin_of


class ClientPages(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """Pages that are no form of the model."""

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of a new secret and of the preview."""
        secret, preview = self.admin_site.admin_view(self.rotate_secret), self.admin_site.admin_view(self.preview)
        return [
            path("<int:client_pk>/secret/", secret, name="oauth_client_secret"),
            path("<int:client_pk>/preview/", preview, name="oauth_client_preview"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Let the kind be chosen first; then show its form."""
        if request.GET.get("kind") in Kind.values:
            once = {"show_save_and_add_another": False, "show_save_and_continue": False}
            return super().add_view(request, form_url, {**once, **(extra_context or {})})
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
        }
        return super().render_change_form(request, context | offered, *args, **named)

    def rotate_secret(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        """Ask, and give the client a new secret, shown this once."""
        client = Client.objects.by_pk(client_pk).first()
        if client is None or not clients.metadata_of(client).has_secret or not self.has_change_permission(request):
            raise Http404
        if request.method != "POST":
            return self._page(request, "rotate_secret", title=_("New client secret"), original=client)
        actor, origin = actor_of(request).pk, origin_of(request)
        secret = registration.rotate_secret(client_pk=client_pk, actor=actor, origin=origin)
        return self._secret_page(request, client, secret)

    def preview(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        """Show what a client is told of a person: asked by POST, so that no name or address stands in a log."""
        client = Client.objects.by_pk(client_pk).first()
        if not self._may_see_people(request):
            raise PermissionDenied
        if client is None or not clients.metadata_of(client).acts_for_people:
            raise Http404
        form = PreviewForm(clients.registered(client), request.POST if request.method == "POST" else None)
        shown = self._previewed(request, form) if form.is_valid() else {}
        return self._page(request, "preview", title=_("What it is told"), original=client, form=form, **shown)

    def _previewed(self, request: HttpRequest, form: PreviewForm) -> dict[str, Any]:
        preview, person = form.preview(), form.cleaned_data["person"]
        client_review.note_preview(
            client_id=form.client.client_id,
            user_id=person.pk,
            scope=tuple(form.cleaned_data["scope"]),
            actor=actor_of(request).pk,
            origin=origin_of(request),
        )
        claims = {_("ID token"): preview.id_token, _("Userinfo"): preview.userinfo}
        written = {name: json.dumps(told, ensure_ascii=False, indent=2) for name, told in claims.items() if told}
        return {"person": person, "preview": preview, "claims": written}

    def _may_see_people(self, request: HttpRequest) -> bool:
        people = self.admin_site.get_model_admin(User)
        return self.has_view_permission(request) and people.has_view_permission(request)

    def _secret_page(self, request: HttpRequest, client: Client, secret: str) -> HttpResponse:
        return self._page(request, "secret", title=_("Client secret"), original=client, secret=secret)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/oauth/client/{name}.html", shown)


def actor_of(request: HttpRequest) -> User:
    """Return the member of staff who asks."""
    assert isinstance(request.user, User)
    return request.user
