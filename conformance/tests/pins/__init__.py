"""Tests of conformance/pins."""
