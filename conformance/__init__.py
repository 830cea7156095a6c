"""A conformance test suite of Keras's training and inference mode, against real TensorFlow.

Two halves share this package. What runs beside TensorFlow (`cases`, `instruments`, `installed`,
`recorder` and what they import) runs on Python 3.7 with nothing but TensorFlow, NumPy and pytest.
What reads results afterwards (`__main__`, `markdown`) needs Python 3.10 and no TensorFlow.
"""

__version__ = "0.2.0"
