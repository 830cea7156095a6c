"""Tests of conformance/columns."""
