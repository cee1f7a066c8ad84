"""The OpenID Foundation's certification plans in our own words: each line over real HTTP against a live server.

Nothing here knows our code: people and clients are made by `manage.py create_user` and `create_client`, and all that
is looked at went over the wire, by names that the specifications and the metadata give.
"""
