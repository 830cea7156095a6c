"""TensorFlow broken on purpose: one mutant after the other is put in effect while the cases run.

Runs beside TensorFlow: Python 3.7, NumPy, pytest and its plugins, nothing else.
"""
