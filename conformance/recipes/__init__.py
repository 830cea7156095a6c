"""Recipes: a goal that people have, and a way to write it, run in every column.

Never imports TensorFlow; Python 3.10 or newer.
"""
