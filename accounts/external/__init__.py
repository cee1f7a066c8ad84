"""Sign-in through external OpenID providers: allauth's accounts and flows, our own client of the protocol.

allauth keeps which external account belongs to whom and leads through sign-up, verification and second factors. What
passes between the provider and us is checked here, as strictly as we want other services to check what we issue.
"""
