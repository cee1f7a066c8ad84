"""GET /metrics, for Prometheus and what reads its formats."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from authproject.metrics import access
from authproject.views.errors import render_refusal


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures of all processes of this host."""
    refusal = access.refusal_of(request)
    if refusal is not None:
        return render_refusal(request, refusal)
    # Here, since the library takes longer to import than it should, and most processes are never asked.
    from authproject.metrics.exposition import exposed

    content, content_type = exposed(request.accepted_types)
    return HttpResponse(content, content_type=content_type, headers={"Vary": "Accept"})
