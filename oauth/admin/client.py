"""Clients: registered by kind, changed, shut out and let in. A secret is shown once, when it is made."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.services import staff_power
from oauth.admin.client_actions import disable, enable, mark_reviewed
from oauth.admin.client_form import form_of
from oauth.admin.client_pages import ClientPages, actor_of, previous_until
from oauth.admin.kinds import Kind, kind_of
from oauth.models import Client
from oauth.services import client_review, clients, registration
from oauth.services.service_accounts import may_act_on
from trust.lib.origin import origin_of
from trust.lib.quick_list import FewChoicesFilter

_STANDS: tuple[str, ...] = ("client_id", "kind", "source", "is_active", "secrets", "created", "updated")


@admin.register(Client)
class ClientAdmin(ClientPages):
    """The list and the form of clients. Whatever is written, a service writes it."""

    list_display = ("__str__", "client_id", "kind", "source", "is_active")
    list_filter = (
        "is_active",
        "reviewed",
        "registration_source",
        "client_type",
        "skip_authorization",
        ("groups", FewChoicesFilter),
    )
    search_fields = ("name", "client_id", "redirect_uris")
    search_help_text = _(
        "The beginning of a name or of a client ID; or a part of a redirect URI, with a dot or a colon in it."
    )
    ordering = ("name", "client_id")
    view_on_site = False
    actions = (disable, enable, mark_reviewed)
    change_form_template = "admin/oauth/client/change_form.html"
    # What staff see who may look and not change: columns of the model.
    columns: ClassVar = (
        *("name", *_STANDS, "contacts", "redirect_uris", "post_logout_redirect_uris", "grant_types", "scopes"),
        *(
            "default_scopes",
            "required_scopes",
            "authorization_details_types",
            "introspects",
            "groups",
            "roles",
            "skip_authorization",
            "claims",
            "subject_type",
        ),
        *("sector_identifier_uri", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "pkce"),
        *("access_token_lifetime", "access_token_format", "algorithm", "userinfo_signed_response_alg"),
        *("client_uri", "logo_uri", "policy_uri", "tos_uri", "default_max_age", "default_acr_values"),
        *("backchannel_logout_uri", "jwks_uri", "jwks", "request_object_signing_alg", "request_uris"),
        *("profile", "require_pushed_authorization_requests", "require_signed_request_object"),
        *("authorization_signed_response_alg", "dpop_bound_access_tokens", "rotates_refresh_tokens"),
        *("introspection_signed_response_alg", "token_exchange", "may_revoke_subjects"),
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term) if search_term else queryset, False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return clients with their groups, which the kind of each is told from."""
        return super().get_queryset(request).prefetch_related("groups", "roles")

    @admin.display(description=_("kind"))
    def kind(self, client: Client) -> Any:
        """Return what the client is."""
        return kind_of(clients.metadata_of(client)).label

    @admin.display(description=_("registered"), ordering="reviewed")
    def source(self, client: Client) -> Any:
        """Return who registered the client, and whether anybody looked at it since."""
        if not client_review.registered_itself(client):
            return _("by staff or a script")
        if client_review.describes_itself(client):
            return _("by its document, reviewed") if client.reviewed else _("by its document, not reviewed yet")
        return _("by itself, reviewed") if client.reviewed else _("by itself, not reviewed yet")

    @admin.display(description=_("secrets"))
    def secrets(self, client: Client) -> Any:
        """Return how many secrets are good, and until when the older one is."""
        if not client.client_secret:
            return _("none")
        until = previous_until(client)
        if until is None:
            return _("one")
        return _("two; the older one until %(time)s UTC") % {"time": date_format(until, "DATETIME_FORMAT")}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form of the client's kind, or of the kind that was chosen for a new one."""
        return form_of(kind_of(clients.metadata_of(obj)) if obj else Kind(request.GET["kind"]), actor_of(request))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stands where: the kind's sections, and of a client that stands what cannot be changed."""
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.columns})]
        first, *others = kind_of(clients.metadata_of(obj)).sections if obj else Kind(request.GET["kind"]).first_sections
        absent = set() if obj and client_review.may_be_reviewed(obj) else {"x_reviewed"}
        absent |= set() if staff_power.grantable(actor_of(request)) else {"x_roles"}
        if obj:
            first = first._replace(members=(*first.members[:1], *_STANDS, *first.members[2:]))
        return [section.but(absent).fieldset for section in (first, *others)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a client may be changed, and given another secret: one with roles by who could give these.

        One that describes itself is changed where it does; it is shut out, let in and reviewed in the list.
        """
        may = super().has_change_permission(request, obj)
        return may and (obj is None or (may_act_on(request.user, obj) and not client_review.describes_itself(obj)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what cannot be changed here."""
        return _STANDS if obj else ()

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the actions; clients are deleted one at a time, after a look at what goes with them."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        actor, origin = actor_of(request).pk, origin_of(request)
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
        """Show how to connect it: with the secret, this once, where it has one."""
        if obj.secret_to_show:
            return self._setup_page(request, obj, obj.secret_to_show)
        return redirect("admin:oauth_client_setup", obj.pk)

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
        registration.delete(client_pk=obj.pk, actor=actor_of(request).pk, origin=origin_of(request))
