"""Tests of conformance/reproductions."""
