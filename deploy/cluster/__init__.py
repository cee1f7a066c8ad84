"""Two nodes for real, on one machine: nginx, two nodes, PostgreSQL with a synchronous standby, Redis. `make two-nodes`.

All of them are the programs that production runs, on free ports of 127.0.0.1, under one folder that begins empty. It is
for trying out what happens when a part dies (docs/two-nodes.md), and tests/reliability does the same. It knows the site
by its environment and its command line alone.
"""
