"""Does it cost the same with a million people as with a thousand? A generator of both, and a comparison.

    python -m bench.scale generate --size 100000        fill the empty database of DATABASE_URL
    python -m bench.scale measure --sizes 1000,100000   the same workloads at each size, side by side
    python -m bench.scale explain                       the plans of the statements that they run
    python -m bench.scale clear --size 100000           clear_expired where all is over, while tokens are issued
    python -m bench.scale administration --size 100000  how long the pages of the administration take

The databases of `measure`, `administration` and `clear` are made beside that of DATABASE_URL, which they name:
NAME_1000 and so on. They are kept for the next time.
"""
