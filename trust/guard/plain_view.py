"""The guard for plain Django views: the same authentication, permissions and refusals as DRF's views have."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

Parameters = ParamSpec("Parameters")
PlainView = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]


def guarded(*permissions: Any) -> Callable[[PlainView[Parameters]], Callable[..., HttpResponseBase]]:
    """Guard a plain view: `@guarded(HasRole("editor"))`, or `@guarded()` for anybody with a first-party token.

    The view gets its HttpRequest with `user` and `auth` (the AccessContext) set. It needs no CSRF token, since it
    acts on no cookie's authority; a third party's token opens it only by a scope that a permission names.
    """

    def decorate(view: PlainView[Parameters]) -> Callable[..., HttpResponseBase]:
        guard = _Guarded.as_view(plain=view, permission_classes=(IsAuthenticated, *permissions))
        return functools.wraps(view)(guard)

    return decorate


class _Guarded(APIView):
    """Runs DRF's checks and then the plain view."""

    schema = None
    plain: PlainView[...] | None = None

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hand the view the request that Django made."""
        assert self.plain is not None
        plain = request._request
        plain.user, plain.auth = request.user, request.auth  # type: ignore[attr-defined]
        return self.plain(plain, *args, **kwargs)

    get = post = put = patch = delete = answer
