"""Tests of conformance/commands."""
