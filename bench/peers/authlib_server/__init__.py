"""Authlib's authorization server for Flask on PostgreSQL, made as its documentation has it."""
