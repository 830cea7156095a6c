"""Tests of conformance/measuring."""
