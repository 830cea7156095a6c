"""All columns beside each other: the matrix, what agrees in it, and two columns compared.

Never imports TensorFlow; Python 3.10 or newer.
"""
