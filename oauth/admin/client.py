"""Clients: registered by kind, changed, shut out and let in. A secret is shown once, when it is made."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from oauth.admin.client_form import form_of
from oauth.admin.kinds import Kind, kind_of
from oauth.models import Client
from oauth.services import clients, registration
from trust.lib.origin import origin_of

_STANDS: tuple[str, ...] = ("client_id", "kind", "is_active", "created", "updated")


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """The pages of clients. Whatever is written, a service writes it."""

    list_display = ("__str__", "client_id", "kind", "is_active", "created")
    list_filter = ("is_active", "client_type", "skip_authorization", "groups", "created")
    search_fields = ("name", "client_id", "redirect_uris")
    search_help_text = _("A part of a name, of a client ID or of a redirect URI.")
    ordering = ("name", "client_id")
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    actions = ("disable", "enable")
    change_form_template = "admin/oauth/client/change_form.html"
    # What staff see who may look and not change: columns of the model.
    columns: ClassVar = (
        *("name", *_STANDS, "redirect_uris", "post_logout_redirect_uris", "grant_types", "scopes", "default_scopes"),
        *("introspects", "groups", "skip_authorization", "token_endpoint_auth_method", "pkce"),
        *("access_token_format", "access_token_lifetime", "algorithm"),
    )

    @admin.display(description=_("kind"))
    def kind(self, client: Client) -> Any:
        """Return what the client is."""
        return kind_of(clients.metadata_of(client)).label

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form of the client's kind, or of the kind that was chosen for a new one."""
        return form_of(kind_of(clients.metadata_of(obj)) if obj else Kind(request.GET["kind"]))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stands where: the kind's sections, and of a client that stands what cannot be changed."""
        if obj is None:
            return [(heading, {"fields": members}) for heading, members in Kind(request.GET["kind"]).sections]
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": self.columns})]
        (_none, first), *others = kind_of(clients.metadata_of(obj)).sections
        stands = tuple(name for name in first if name != "client_id") + _STANDS
        return [(heading, {"fields": members}) for heading, members in [(None, stands), *others]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed here."""
        return _STANDS if obj else ()

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the actions; clients are deleted one at a time, after a look at what goes with them."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def get_urls(self) -> list[URLPattern]:
        """Add the address of a new secret."""
        secret = self.admin_site.admin_view(self.rotate_secret)
        return [path("<int:client_pk>/secret/", secret, name="oauth_client_secret"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Let the kind be chosen first; then show its form."""
        if request.GET.get("kind") in Kind.values:
            once = {"show_save_and_add_another": False, "show_save_and_continue": False}
            return super().add_view(request, form_url, {**once, **(extra_context or {})})
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return self._page(request, "kind", title=_("What kind of client?"), kinds=list(Kind))

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        actor, origin = _actor(request).pk, origin_of(request)
        if change:
            registration.change(client_pk=obj.pk, metadata=form.metadata, actor=actor, origin=origin)
        else:
            client_id = form.cleaned_data["client_id"]
            made, secret = registration.register(
                metadata=form.metadata, client_id=client_id, actor=actor, origin=origin
            )
            obj.pk, form.instance.secret_to_show = made.pk, secret
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Everything is saved already."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Show the secret, this once; a client that has none is shown as any other."""
        if obj.secret_to_show:
            return self._secret_page(request, obj, obj.secret_to_show)
        return super().response_add(request, obj, post_url_continue)

    def rotate_secret(self, request: HttpRequest, client_pk: int) -> HttpResponse:
        """Ask, and give the client a new secret, shown this once."""
        client = Client.objects.by_pk(client_pk).first()
        if client is None or client.client_type == Client.CLIENT_PUBLIC or not self.has_change_permission(request):
            raise Http404
        if request.method != "POST":
            return self._page(request, "rotate_secret", title=_("New client secret"), original=client)
        actor, origin = _actor(request).pk, origin_of(request)
        secret = registration.rotate_secret(client_pk=client_pk, actor=actor, origin=origin)
        return self._secret_page(request, client, secret)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what goes with a client, by number: there may be very much of it."""
        gone = {
            related.related_model._meta.verbose_name_plural: count
            for related in Client._meta.related_objects
            if (count := sum(getattr(client, related.get_accessor_name()).count() for client in objs))
        }
        return [str(client) for client in objs], gone, set(), []

    def delete_model(self, request: HttpRequest, obj: Client) -> None:
        """Delete by a service, which kills what is out."""
        registration.delete(client_pk=obj.pk, actor=_actor(request).pk, origin=origin_of(request))

    @admin.action(description=_("Disable the selected clients, and end their tokens"), permissions=["change"])
    def disable(self, request: HttpRequest, chosen: "QuerySet[Client]") -> None:
        """Shut clients out at once."""
        _each(request, chosen, registration.disable)

    @admin.action(description=_("Enable the selected clients"), permissions=["change"])
    def enable(self, request: HttpRequest, chosen: "QuerySet[Client]") -> None:
        """Let clients in again."""
        _each(request, chosen, registration.enable)

    def _secret_page(self, request: HttpRequest, client: Client, secret: str) -> HttpResponse:
        return self._page(request, "secret", title=_("Client secret"), original=client, secret=secret)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/oauth/client/{name}.html", shown)


def _each(request: HttpRequest, chosen: "QuerySet[Client]", act: Callable[..., None]) -> None:
    pks = [client.pk for client in chosen]
    for pk in pks:
        act(client_pk=pk, actor=_actor(request).pk, origin=origin_of(request))
    text = ngettext("Done for %(count)d client.", "Done for %(count)d clients.", len(pks))
    messages.success(request, text % {"count": len(pks)})


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
