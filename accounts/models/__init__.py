"""What accounts remember: people, their sessions and devices, and what they asked for."""

from accounts.models.data_export import DataExport
from accounts.models.invitation import Invitation
from accounts.models.known_device import KnownDevice
from accounts.models.session import Session
from accounts.models.sign_in_challenge import SignInChallenge
from accounts.models.staff_group import StaffGroup
from accounts.models.user import User

__all__ = ["DataExport", "Invitation", "KnownDevice", "Session", "SignInChallenge", "StaffGroup", "User"]
