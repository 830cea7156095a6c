"""Tests of conformance/results."""
