"""The cases: a module or two per family of claims. Importing one imports no TensorFlow."""
