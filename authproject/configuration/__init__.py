"""Configuration as code: what an installation is set up as, as one JSON document that is kept in a repository.

Each section is exported and put by the services of its own room, and held to the rules that every other door has.
"""
