"""The cases: a module or two per family of claims. Importing one imports no TensorFlow.

Runs beside TensorFlow: Python 3.7, NumPy, pytest and its plugins, nothing else.
"""
