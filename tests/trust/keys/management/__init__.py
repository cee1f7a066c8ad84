"""Tests of the commands of the signing keys."""
