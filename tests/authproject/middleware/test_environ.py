import os
from wsgiref.util import setup_testing_defaults

from authproject.middleware.environ import EnvironGuard


def passed_on(environ):
    seen = {}

    def application(environ, start_response):
        seen.update(environ)
        return []

    EnvironGuard(application)(environ, lambda *_: None)
    return seen


def test_no_variable_of_the_process_is_part_of_a_request():
    request = {"HTTP_HOST": "testserver", "PATH_INFO": "/x", "QUERY_STRING": "a=1", "REMOTE_ADDR": "203.0.113.5"}
    environ = {**os.environ, "SEALING_KEYS": "secret", **request}
    setup_testing_defaults(environ)
    seen = passed_on(environ)
    assert not {"SECRET_KEY", "SEALING_KEYS", "DATABASE_URL", "PATH"} & seen.keys()
    assert request.items() <= seen.items()
    assert {"wsgi.input", "wsgi.url_scheme", "REQUEST_METHOD"} <= seen.keys()


def test_a_live_server_keeps_no_secret_with_a_request(rf):
    from authproject import wsgi

    assert isinstance(wsgi.django, EnvironGuard)
