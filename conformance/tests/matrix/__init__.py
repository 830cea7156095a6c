"""Tests of conformance/matrix."""
