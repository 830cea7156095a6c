"""The kill matrix: which cases noticed that TensorFlow was broken on purpose.

Never imports TensorFlow; Python 3.10 or newer.
"""
