"""Tests of the commands of the site."""
