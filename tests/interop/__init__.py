"""Client libraries as others use them, whole flows against a live server, without special casing on either side."""
