"""Run in the environment of a cluster: makes its keys, people and their client."""

import json
import sys

import django


def main(usernames: list[str]) -> None:
    from accounts.services import people
    from tests.clients import make_client
    from tests.people import PASSWORD
    from trust.keys.rotation import ensure_keys
    from trust.lib import clock

    ensure_keys(now=clock.now())
    for username in usernames:
        people.create_person(username=username, password=PASSWORD, email=f"{username}@example.com", verified=True)
    make_client(skip_authorization=True, introspects="all")


if __name__ == "__main__":
    django.setup()
    main(json.loads(sys.argv[1]))
