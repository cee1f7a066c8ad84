"""docs/specs.md: `python -m tools.specs_page` writes it from the tests' marks and the list of what is not spoken."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from tools.specifications import Requirement, requirements

HOUSE: Final = Path(__file__).resolve().parent.parent
PAGE: Final = HOUSE / "docs" / "specs.md"

_OPENID: Final = "https://openid.net/specs"
# Titles, and addresses where they are not those of the RFC editor. The page has them in this order.
DOCUMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "RFC 6749": ("The OAuth 2.0 Authorization Framework", ""),
    "RFC 6750": ("Bearer Token Usage", ""),
    "RFC 7009": ("Token Revocation", ""),
    "RFC 7636": ("Proof Key for Code Exchange", ""),
    "RFC 7662": ("Token Introspection", ""),
    "RFC 8628": ("Device Authorization Grant", ""),
    "RFC 9701": ("JWT Response for Token Introspection", ""),
    "RFC 8252": ("OAuth 2.0 for Native Apps", ""),
    "RFC 8414": ("Authorization Server Metadata", ""),
    "RFC 9068": ("JWT Profile for Access Tokens", ""),
    "RFC 9207": ("Authorization Server Issuer Identification", ""),
    "RFC 9396": ("Rich Authorization Requests", ""),
    "RFC 9449": ("Demonstrating Proof of Possession", ""),
    "RFC 9470": ("Step Up Authentication Challenge", ""),
    "RFC 9864": ("Fully-Specified Algorithms for JOSE and COSE", ""),
    "RFC 8693": ("Token Exchange", ""),
    "RFC 9700": ("Best Current Practice for OAuth 2.0 Security", ""),
    "RFC 7591": ("Dynamic Client Registration", ""),
    "RFC 7592": ("Dynamic Client Registration Management", ""),
    "RFC 7396": ("JSON Merge Patch", ""),
    "RFC 7519": ("JSON Web Token: the claims of what clients sign", ""),
    "RFC 7521": ("Assertion Framework: client authentication", ""),
    "RFC 7523": ("JWT Profile for Client Authentication and Authorization Grants", ""),
    "RFC 9101": ("JWT-Secured Authorization Request", ""),
    "RFC 9126": ("Pushed Authorization Requests", ""),
    "JARM": ("JWT Secured Authorization Response Mode", f"{_OPENID}/oauth-v2-jarm-final.html"),
    "FAPI 2.0 Security Profile": ("final", f"{_OPENID}/fapi-security-profile-2_0-final.html"),
    "FAPI 2.0 Message Signing": ("final", f"{_OPENID}/fapi-message-signing-2_0-final.html"),
    "OpenID Connect Core": ("version 1.0", f"{_OPENID}/openid-connect-core-1_0.html"),
    "OpenID Connect Discovery": ("version 1.0", f"{_OPENID}/openid-connect-discovery-1_0.html"),
    "OpenID Connect Registration": ("version 1.0", f"{_OPENID}/openid-connect-registration-1_0.html"),
    "OpenID Connect RP-Initiated Logout": ("version 1.0", f"{_OPENID}/openid-connect-rpinitiated-1_0.html"),
    "OpenID Connect Back-Channel Logout": ("version 1.0", f"{_OPENID}/openid-connect-backchannel-1_0.html"),
    "OAuth 2.0 Form Post Response Mode": ("version 1.0", f"{_OPENID}/oauth-v2-form-post-response-mode-1_0.html"),
    "OAuth 2.0 Multiple Response Type Encoding Practices": (
        "version 1.0",
        f"{_OPENID}/oauth-v2-multiple-response-types-1_0.html",
    ),
    "Initiating User Registration via OpenID Connect": (
        "version 1.0",
        f"{_OPENID}/openid-connect-prompt-create-1_0.html",
    ),
    "RFC 7515": ("JSON Web Signature", ""),
    "RFC 7517": ("JSON Web Key", ""),
    "RFC 7518": ("JSON Web Algorithms", ""),
    "RFC 7638": ("JSON Web Key Thumbprint", ""),
    "RFC 8037": ("CFRG Elliptic Curves in JOSE", ""),
    "RFC 8707": ("Resource Indicators", ""),
    "RFC 8725": ("JSON Web Token Best Current Practices", ""),
    "RFC 9728": ("Protected Resource Metadata", ""),
    "Client ID metadata documents": (
        "draft 01",
        "https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/",
    ),
    "Global Token Revocation": (
        "draft 06",
        "https://datatracker.ietf.org/doc/draft-parecki-oauth-global-token-revocation/",
    ),
    "MCP authorization": (
        "2026-07-28",
        "https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization",
    ),
    "Web Authentication": ("Level 3", "https://www.w3.org/TR/webauthn-3/"),
    "RFC 8176": ("Authentication Method Reference Values", ""),
    "NIST SP 800-63B-4": ("Digital Identity Guidelines", "https://pages.nist.gov/800-63-4/sp800-63b.html"),
    "Fetch": ("the CORS protocol", "https://fetch.spec.whatwg.org/"),
    "RFC 8417": ("Security Event Token", ""),
    "RFC 8935": ("Push-Based Security Event Token Delivery", ""),
    "RFC 9493": ("Subject Identifiers for Security Event Tokens", ""),
    "OpenID Continuous Access Evaluation Profile": ("version 1.0", f"{_OPENID}/openid-caep-1_0-final.html"),
    "OpenID RISC Profile": ("version 1.0", f"{_OPENID}/openid-risc-1_0-final.html"),
    "OpenID Shared Signals Framework": (
        "version 1.0",
        f"{_OPENID}/openid-sharedsignals-framework-1_0-final.html",
    ),
    "RFC 9110": ("HTTP Semantics", ""),
    "RFC 9111": ("HTTP Caching", ""),
    "RFC 8259": ("JSON", ""),
    "RFC 7493": ("I-JSON", ""),
    "RFC 9562": ("UUIDs", ""),
    "RFC 3834": ("Automatic Responses to Electronic Mail", ""),
}
NOT_SPOKEN: Final = (
    ("RFC 6749 section 4.2", "the implicit grant", "`unsupported_response_type`; RFC 9700 section 2.1.2"),
    ("RFC 6749 section 4.3", "the password grant", "`unsupported_grant_type`; RFC 9700 section 2.4"),
    ("RFC 6750 section 2.3", "tokens in the query", "401; RFC 9700 section 4.3.2"),
    ("RFC 7636 section 4.2", "the method `plain`", "`invalid_request`; RFC 9700 section 2.1.1"),
    ("OpenID Connect Core sections 3.2, 3.3", "implicit and hybrid flows", "`unsupported_response_type`"),
    ("OpenID Connect Core sections 5.5.2, 5.6.2", "claims in several languages, aggregated and distributed", "ignored"),
    (
        "OpenID Connect Core section 6",
        "parameters completed from outside a request object",
        "`invalid_request`; ADR 0019",
    ),
    (
        "OpenID Connect Core section 10.2",
        "encrypted id tokens, userinfo and request objects",
        "`invalid_client_metadata`",
    ),
    ("JARM section 2.3.2", "`response_mode=fragment.jwt`", "`invalid_request`; nothing is answered in a fragment"),
    ("JARM section 2.2", "encrypted answers", "`invalid_client_metadata`"),
    ("FAPI 2.0 Message Signing section 5.5", "signed HTTP messages", "neither signed nor asked for"),
    ("RFC 7523 section 2.1", "assertions that speak for a person", "`invalid_grant`; a workload is a client"),
    ("RFC 7591 section 2.3", "software statements", "not believed"),
    ("OpenID Connect Core section 9", "`client_secret_jwt`", "`invalid_client`; secrets are kept as digests"),
    ("OpenID Connect Front-Channel Logout, Session Management", "logout by frames", "third-party cookies are gone"),
    ("RFC 8693 section 3", "id tokens, refresh tokens and SAML in an exchange", "`invalid_request`; ADR 0031"),
    ("RFC 8693 section 2.1", "several audiences of one token", "`invalid_request`"),
    ("RFC 8705", "mutual TLS", "not announced: TLS ends at the proxy; DPoP binds tokens instead (docs/fapi.md)"),
    ("RFC 8707 section 2.2", "one token for several resources", "`invalid_target`; each token is for one"),
)

_OPENING: Final = """\
# Specifications

Written by `make docs` from the marks of the tests; a test holds it to them. Each line is what a specification demands,
in the words of the test that shows it, with the room whose rule it is.
"""
_MISSING: Final = """\

## What is not supported

Named here so that nobody has to find out. "Not yet" means that it is planned.
"""


def page(house: Path = HOUSE) -> str:
    """Return the page of a tree. Raises KeyError for a document that has no title here."""
    places = {document: place for place, document in enumerate(DOCUMENTS)}
    found = sorted(requirements(house), key=lambda each: (places[each.document], each.order))
    return "".join(
        [_OPENING, *_documents(found), _MISSING, "\n", *_table(("where", "what", "what happens"), NOT_SPOKEN)]
    )


def _documents(found: Iterable[Requirement]) -> Iterator[str]:
    for document, members in groupby(found, key=lambda each: each.document):
        title, address = DOCUMENTS[document]
        address = address or f"https://www.rfc-editor.org/rfc/{document.lower().replace(' ', '')}"
        yield f"\n## [{document}]({address}), {title}\n\n"
        rows = [(each.section, each.sentence, _file(each.room), _file(each.test)) for each in members]
        yield from _table(("section", "requirement", "room", "test"), rows)


def _file(path: str) -> str:
    return f"[{Path(path).stem}](../{path})" if path else ""


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in [titles, ("---",) * len(titles), *rows]:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
