"""Tests of the commands of people."""
