"""How far audits can be trusted: models of the zoo, audited in every column and under every mutant.

`visits` asks in the columns' environments, `kept` is what is known of it. Never imports TensorFlow.
"""
