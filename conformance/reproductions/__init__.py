"""Scripts of a few lines that show a finding without this suite, and the search for its first release.

Never imports TensorFlow; Python 3.10 or newer.
"""
