"""What every system of the bench knows: clients, people and keys, from the file BENCH_WORLD."""

import json
import os
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import ECKey, RSAKey

WORLD: Final[dict[str, Any]] = json.loads(Path(os.environ["BENCH_WORLD"]).read_text(encoding="utf-8"))
SIGNING_KEYS: Final = {
    jwk["alg"]: (RSAKey if jwk["kty"] == "RSA" else ECKey).import_key(jwk) for jwk in WORLD["private_keys"]
}
PUBLIC_KEYS: Final = {"keys": [key.as_dict(private=False) for key in SIGNING_KEYS.values()]}
