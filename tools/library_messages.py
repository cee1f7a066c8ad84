"""Texts of the libraries that have no Korean, or whose Korean is wrong: the catalogues here go before theirs.

Listed word for word, since only what is extracted stays in the catalogues. What a library says well is not here.
"""

from typing import Final

MESSAGES: Final = (
    # Forms of Django
    "A user with that username already exists.",
    "The password is too similar to the %(verbose_name)s.",
    # The administration of Django
    " By %(filter_title)s ",
    "No, take me back",
    "Save and add another",
    "Select %s to view",
    "View %s",
    "You don’t have permission to view or edit anything.",
    "You may edit it again below.",
    "permission",
    "permissions",
    # Forms of allauth
    "Incorrect code.",
    "Incorrect password.",
    "Password (again)",
    "TOTP Authenticator",
    "Use authenticator app or code",
    "Use your password",
    "Username can not be used. Please use other username.",
    # The toolkit, in the administration
    "Allowed Post Logout URIs list, space separated",
    "Allowed URIs list, space separated",
    "Client ID Metadata Document",
    "Dynamic Client Registration",
    "Manual",
    "application",
    "client type",
    "post logout redirect URIs",
    "redirect URIs",
    "registration source",
    "resource",
    "revoked",
    "skip authorization",
    # The API's fields
    "This field may not be blank.",
    "This field may not be null.",
    # The job queue, in the administration
    "Task Result",
    "Task Results",
    "args kwargs",
    "backend name",
    "enqueued at",
    "exception class path",
    "finished at",
    "priority",
    "queue name",
    "return value",
    "run after",
    "started at",
    "status",
    "task path",
    "traceback",
    "worker id",
)
# With the context that tells them from the same words elsewhere.
IN_CONTEXT: Final = (("Task", "Failed"), ("Task", "Ready"), ("Task", "Running"), ("Task", "Successful"))
