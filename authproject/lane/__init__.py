"""The fast lane (docs/decisions/0023): machine endpoints answered before Django, as they are answered behind it.

The lane takes a request only if it is so plain that no middleware would have refused or changed it, and gives the
answer the headers that middleware would have given. Whatever it is not sure of goes on to Django, which has the same
endpoints: there is no rule here.
"""
