"""Tests of the tool itself. None needs TensorFlow."""
