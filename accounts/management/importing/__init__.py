"""People of other systems, as JSON objects that `create_user --json` takes: from CSV, from Django, from Keycloak."""
