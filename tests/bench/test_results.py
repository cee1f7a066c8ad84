"""What the rounds say together."""

from bench.results import Standing, document, standings
from tests.bench.cells import cell


def standing(*cells: object) -> Standing:
    (only,) = standings(cells)  # type: ignore[arg-type]
    return only


def test_the_median_of_the_rounds_counts() -> None:
    rounds = [cell("jwks", "ours", rate) for rate in (100, 900, 300)]
    assert standing(*rounds).best["ours"].rate == 300


def test_a_run_with_errors_does_not_count() -> None:
    found = standing(cell("jwks", "ours", 500), cell("jwks", "ours", 9000, refused=3))
    assert (found.best["ours"].rate, found.best["ours"].refused) == (500, 3)


def test_a_run_whose_driver_was_the_limit_does_not_count() -> None:
    limited = cell("jwks", "ours", 9000, busiest=0.95, idle=0.3)
    busy = cell("jwks", "ours", 500, busiest=0.95, idle=0.02)
    assert standing(limited, busy).best["ours"].rates == (500,)


def test_a_system_without_a_run_that_counts_is_no_peer() -> None:
    found = standing(cell("jwks", "ours", 500), cell("jwks", "authlib", 900, broken=1))
    assert found.peers == {}
    assert document(found, {})["ratio"] is None


def test_the_better_way_of_a_peer_counts() -> None:
    found = standing(
        cell("code", "ours", 300),
        cell("code", "oidc-postgresql", 100, variant="opaque"),
        cell("code", "oidc-postgresql", 150, variant="jwt"),
        cell("code", "oidc-memory", 200),
    )
    told = document(found, {})
    assert told["peers"]["oidc-postgresql"]["variant"] == "jwt"
    assert (told["best_peer"], told["ratio"], told["goal"]) == ("oidc-memory", 1.5, 1.5)
    assert (told["ratio_to_oidc-postgresql"], told["goal_to_oidc-postgresql"]) == (2.0, 3.5)


def test_the_guarded_view_is_held_against_itself_unguarded() -> None:
    found = standing(
        cell("guarded", "ours", 90), cell("guarded", "ours-unguarded", 100), cell("guarded", "oidc-memory", 900)
    )
    told = document(found, {})
    assert (told["best_peer"], told["ratio"], told["ratio_to_best_peer"]) == ("oidc-memory", 0.9, 0.1)
    assert set(told["peers"]) == {"oidc-memory"}


def test_work_is_told_for_each_request() -> None:
    found = standing(cell("jwks", "ours", 500, server=0.25, database=0.05)).best["ours"]
    assert (found.server_us, found.database_us) == (250, 50)
