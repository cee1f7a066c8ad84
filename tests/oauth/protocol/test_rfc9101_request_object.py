"""A request object as the rules read it: nothing that a request may say is lost in it, and nothing else comes in."""

from collections.abc import Iterator, Mapping

import pytest

from oauth.errors import InvalidRequestObject
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc9101_request_object import PARAMETERS, NotSigned, parameters_of
from tests.client_keys import ClientKey, unsigned
from tests.oauth.protocol.requests import ISSUER, registered, sent
from tests.oauth.protocol.test_authorization import examined
from trust.lib import clock

KEY = ClientKey("ES256")
CLIENT = registered(jwks=KEY.key_set())
NOT_OF_AN_OBJECT = {"client_id", "request", "request_uri"}


class Looked(Mapping[str, str]):
    """Parameters that keep which of them were looked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_, self.names = values, set[str]()

    def get(self, name, default=None):
        self.names.add(name)
        return self.values_.get(name, default)

    def __getitem__(self, name: str) -> str:
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def read(value, client=CLIENT):
    return parameters_of(value, client=client, issuer=ISSUER, now=clock.now())


def test_every_parameter_that_the_checks_look_for_may_stand_in_an_object():
    request = sent()
    looked = Looked(request.parameters.values)
    examined(request, Parameters(looked))
    assert looked.names - NOT_OF_AN_OBJECT <= PARAMETERS
    assert {"redirect_uri", "scope", "nonce", "claims", "code_challenge"} <= looked.names


@pytest.mark.spec("RFC 9101", "6.3")
def test_an_object_says_its_parameters_and_its_client_and_nothing_else():
    claims = {"aud": ISSUER, "state": "s", "max_age": 5, "claims": {"userinfo": {}}, "x": ["y"], "jti": "j"}
    found = read(KEY.sign(claims)).values
    assert found == {"client_id": "app", "state": "s", "max_age": "5", "claims": '{"userinfo": {}}'}


def test_an_unsigned_object_is_told_apart_from_a_bad_one():
    with pytest.raises(NotSigned):
        read(unsigned({}))
    with pytest.raises(InvalidRequestObject) as refused:
        read(unsigned({}) + "AA", registered(request_object_signing_alg="none"))
    assert not isinstance(refused.value, NotSigned)
    assert read(unsigned({}), registered(request_object_signing_alg="none")).values == {"client_id": "app"}
