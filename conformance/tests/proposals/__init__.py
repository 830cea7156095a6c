"""Tests of conformance/proposals."""
