"""What people and machines read: the page, the Markdown, the picture, the badges, the alarms.

Never imports TensorFlow; Python 3.10 or newer.
"""
