"""Tests of conformance/recipes."""
