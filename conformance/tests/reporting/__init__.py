"""Tests of conformance/reporting."""
