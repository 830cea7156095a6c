"""What measures: cases, instruments and the pytest plugin that records them.

Runs beside TensorFlow: Python 3.7, NumPy, pytest and its plugins, nothing else.
"""
