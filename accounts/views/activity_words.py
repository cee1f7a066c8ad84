"""What the audit's actions are called before the person whom they concern: one sentence for each.

They say what happened and not who did it: that is what a person looks for here. An action may have further sentences
by what its details say, such as why a session ended. Actions of every package are here, for words are for pages.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[Mapping[str, Promise]] = {
    "person.signed_up": _("The account was made."),
    "person.created": _("The account was made by the administration."),
    "person.imported": _("The account was moved here from another system."),
    "person.email_verified": _("An e-mail address was confirmed."),
    "person.email_change_asked": _("A change of the e-mail address was asked for."),
    "person.email_changed": _("The e-mail address was changed."),
    "person.email_removed": _("An e-mail address was removed."),
    "person.profile_changed": _("The profile was changed."),
    "person.changed": _("The account was changed by the administration."),
    "person.groups_set": _("The groups, which are the roles, were changed."),
    "person.password_replaced": _("The password was changed."),
    "person.factor_changed": _("The ways to sign in were changed."),
    "person.factor_changed:totp": _("The authenticator app was set up or turned off."),
    "person.factor_changed:recovery_codes": _("The recovery codes were made anew or removed."),
    "person.factor_changed:webauthn": _("A passkey was added or removed."),
    "person.factors_reset": _("The second factors were taken away by the administration."),
    "person.deactivated": _("The account was deactivated."),
    "person.activated": _("The account was activated."),
    "person.closed": _("The account was closed, to be erased."),
    "person.came_back": _("The closed account was opened again."),
    "person.not_me": _("Something was reported as not done by you: every device was signed out."),
    "session.started": _("Signed in."),
    "session.started:api": _("An application of ours signed in."),
    "session.reauthenticated": _("You proved once more that it is you."),
    "session.ended": _("A device was signed out."),
    "session.ended:signed_out": _("Signed out."),
    "session.ended:signed_in_again": _("Signed in anew on the same device; the sign-in before ended."),
    "session.ended:password_replaced": _("A device was signed out, since the password was changed."),
    "session.ended:factor_changed": _("A device was signed out, since the ways to sign in were changed."),
    "session.ended:refresh_token_reused": _("A device was signed out, since a copy of what it signs in by was used."),
    "session.ended:deactivated": _("A device was signed out, since the account was deactivated."),
    "session.ended:global_revocation": _("A device was signed out, since a security service asked for it."),
    "session.ended:closed": _("A device was signed out, since the account was closed."),
    "session.ended:not_me": _("A device was signed out, since something was reported as not done by you."),
    "impersonation.started": _("An administrator began to look at your account: they see the site as you do."),
    "impersonation.ended": _("An administrator stopped looking at your account."),
    "impersonation.ended:ended_by_person": _("You ended it that an administrator looked at your account."),
    "person.tokens_revoked": _("Every sign-in and connection was ended, since a security service asked for it."),
    "sign_in.refused": _("A sign-in was refused."),
    "recovery_code.used": _("A recovery code was used."),
    "one_time_code.refused": _("A one-time code was refused."),
    "passkey.refused": _("A passkey was refused."),
    "passkey.renamed": _("A passkey was given another name."),
    "password_reset.asked": _("A link for choosing a new password was asked for."),
    "password_reset.sent": _("A link for choosing a new password was sent by the administration."),
    "email_confirmation.sent": _("A link for confirming the address was sent by the administration."),
    "refresh_token.reused": _("A copy of what a device or an application signs in by was used: perhaps it was stolen."),
    "consent.given": _("An application was allowed to see or do something in your name."),
    "consent.revoked": _("What an application was allowed was taken back."),
    "device_authorization.approved": _("A device was connected by its code."),
    "device_authorization.denied": _("A device that showed a code was refused."),
    "grant.issued": _("An application was connected."),
    "token.exchanged": _("An application had another one do something for you."),
    "grant.ended": _("An application's connection ended."),
    "personal_access_token.made": _("A personal access token was made."),
    "personal_access_token.ended": _("A personal access token was ended."),
    "client.previewed": _("It was looked up what an application would be told of you."),
    "invitation.taken": _("The account was made by an invitation."),
    "data_export.asked": _("A copy of your data was asked for."),
    "data_export.taken": _("A copy of your data was downloaded."),
}
# What concerns no person, or tells them nothing that another line does not tell; or is the last of an account.
NOT_SHOWN: Final = frozenset(
    {
        *("person.roles_changed", "person.deleted", "person.erased", "person.removed_unverified"),
        *("external_sign_in.refused", "logout.told_again", "logout.given_up", "mail.given_up"),
        *("client.created", "client.registered", "client.changed", "client.deleted", "client.roles_changed"),
        *("client.enabled", "client.disabled", "client.reviewed", "client.secret_rotated"),
        *("client.previous_secret_ended", "scope.created", "scope.changed", "scope.deleted"),
        *("resource.created", "resource.changed", "resource.deleted", "authorization_detail_type.created"),
        *("authorization_detail_type.changed", "authorization_detail_type.deleted"),
        *("trusted_issuer.created", "trusted_issuer.changed", "trusted_issuer.deleted"),
        *("workload.created", "workload.changed", "workload.deleted", "workload.admitted"),
        *("invitation.sent", "invitation.withdrawn"),
        *("group.created", "group.changed", "group.deleted"),
        *("provider.created", "provider.changed", "provider.deleted"),
        *("initial_access_token.created", "initial_access_token.revoked"),
        *("receiver.created", "receiver.changed", "receiver.deleted", "receiver.tested"),
        *("receiver.switched_on", "receiver.switched_off", "receiver.secret_rotated", "receiver.old_secret_ended"),
        "delivery.sent_again",
        *("signing_key.created", "signing_key.deleted", "signing_keys.rotated"),
        *("audit.exported", "audit.events_deleted"),
    }
)
_OTHERWISE: Final = _("Something else was done with the account.")


def sentence_for(action: str, details: Mapping[str, Any]) -> Promise:
    """Return the sentence for an event; one that nobody knows is told as such, and never left out."""
    variants = (f"{action}:{details[name]}" for name in ("reason", "factor", "kind") if name in details)
    return next((SENTENCES[key] for key in (*variants, action) if key in SENTENCES), _OTHERWISE)
