"""What can be asked of the tool on its command line: a module for each kind of question.

What only one command needs, that command imports: `--help` is for people who wait.

Never imports TensorFlow; Python 3.10 or newer.
"""
