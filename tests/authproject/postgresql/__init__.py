"""Tests of the database engine."""
