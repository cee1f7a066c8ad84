"""OAuth's doors to DRF: authentication by our access tokens, and how the OpenAPI document describes it."""
