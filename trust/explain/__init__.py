"""Explain: why a request was refused, for an hour, so that who must mend it need not guess.

Whoever refuses says what was found (finding.py) and is given a reference, which goes out with the refusal. The record
is put on a queue in memory and written aside, many at once (recorder.py, storing.py): a refusal waits for nothing, and
a flood of them costs no statement each. What is kept is listed, cut and masked (redaction.py): never a secret, a code,
a token, or what was typed as a name. The words are chosen when somebody reads (words/), in the reader's language.
"""
