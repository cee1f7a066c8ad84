"""Forward authentication: a proxy asks of each request to a site behind it who is signed in (docs/forward-auth.md).

The site is a registered client, whose one redirect URI we answer ourselves: its people come by the code flow with PKCE,
and what they get is no token but a pass, a cookie of the site's own origin.
"""
