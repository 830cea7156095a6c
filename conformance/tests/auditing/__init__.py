"""Tests of `conformance/auditing`."""
