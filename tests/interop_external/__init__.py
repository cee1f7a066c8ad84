"""Sign-in here through providers that run as processes of their own: npm oidc-provider, and a second site of ours."""
