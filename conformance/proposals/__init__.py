"""Changes of the pins file that a person can agree to, and the evidence that they rest on.

Never imports TensorFlow; Python 3.10 or newer.
"""
