"""What is known to deviate: the pins, what can be wrong with them, and what drifted from them.

Runs beside TensorFlow: Python 3.7 and pytest's own libraries, nothing else.
"""
