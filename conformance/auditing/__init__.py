"""A model that somebody brings, held against the claims: which layer does what it says, and which does not.

The same words as the cases have, by the same instruments, in the TensorFlow that is there. It is walked and
watched from outside: it is never changed by hand, and each question gets a model that was built anew.

Runs beside TensorFlow: Python 3.7, NumPy, pytest and its plugins, nothing else.
"""
