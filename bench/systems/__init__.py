"""The systems: how each is made ready, started and stopped, and what it calls its endpoints."""

from typing import Final

from bench.systems.authlib_server import AuthlibServer
from bench.systems.base import Ground, System
from bench.systems.oidc_provider import InMemory, OnPostgreSQL
from bench.systems.ours import Ours

SYSTEMS: Final[dict[str, type[System]]] = {
    system.name: system for system in (Ours, InMemory, OnPostgreSQL, AuthlibServer)
}
__all__ = ["SYSTEMS", "Ground", "System"]
