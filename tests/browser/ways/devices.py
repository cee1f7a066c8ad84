"""The pages on which a person connects a device without a browser."""

from django.contrib.auth.models import Group

from tests.browser.visitor import Visitor, follow
from tests.browser.walk import Walk
from tests.devices import Device, make_device_client
from tests.people import PASSWORD


def by_a_code(walk: Walk) -> None:
    """Type a code that is none, then one that is, and allow it; meet one that is not open, and refuse another."""
    walk.make_person("lena")
    lena = walk.visit()
    lena.sign_in("lena", PASSWORD)
    walk.go(lena, "/oauth/device", "Connect a device")
    lena.send(user_code="BBBB-BBBB")
    walk.look(lena, "Connect a device")
    television = make_device_client(logo_uri="https://tv.example/logo.png")
    _type(walk, lena, Device(television))
    walk.look(lena, "Connect The Television on a device?", status=404)  # of its logo
    follow(lena.page.get_by_role("button", name="Allow"))
    walk.look(lena, "The device is connected")
    _type(walk, lena, Device(make_device_client("radio", name="The Radio")))
    follow(lena.page.get_by_role("button", name="Deny"))
    walk.look(lena, "The device was refused")
    closed = make_device_client("closed-tv", name="Closed Shop")
    closed.groups.add(Group.objects.get_or_create(name="few")[0])
    _type(walk, lena, Device(closed))
    walk.look(lena, "Closed Shop is not open to you", status=403)


def _type(walk: Walk, visitor: Visitor, device: Device) -> None:
    device.begin()
    walk.go(visitor, f"/oauth/device?user_code={device.codes['user_code']}", "Connect a device")
    visitor.send()
