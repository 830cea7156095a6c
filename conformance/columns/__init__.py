"""The environments: their list and locks, and everything that runs cases in them.

Never imports TensorFlow; Python 3.10 or newer.
"""
