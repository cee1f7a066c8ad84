"""The guards of every API: who a request speaks for, what it may do, how it is refused (RFC 6750, 9449, 9470).

Guard a view by naming permissions from trust.guard.permissions in its `permission_classes`. A third party's token
is let through only where the view names a scope that the token has (trust.guard.third_parties). `request.user` is the
person, loaded with each request; a view may load more with them (BearerAuthentication.load_person).
"""
