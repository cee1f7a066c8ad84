"""Alice and the others whom the tests know."""

from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:  # programs that tests start know PASSWORD without Django
    from accounts.models import User

PASSWORD: Final = "correct horse battery staple"


class MakePerson(Protocol):
    """Makes an active person with PASSWORD and a verified address; keywords as of accounts.services.people."""

    def __call__(self, username: str = ..., **named: Any) -> "User": ...
