"""What a column's cases said: the file of one column, and the verdicts on its claims.

Runs beside TensorFlow: Python 3.7 and pytest's own libraries, nothing else.
"""
