"""The cases: one module per family of claims. Importing one imports no TensorFlow."""
