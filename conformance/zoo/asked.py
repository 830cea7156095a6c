"""What audits ask of the models of the zoo, and under mutants."""

from __future__ import annotations

#: What is asked of a model in every column: the other ways to use one differ in nothing from these.
QUESTIONS = (
    "model(x)",
    "model(x, training=True)",
    "fit()",
    "fit(), run eagerly",
    "evaluate()",
    "flags",
    "after compile()",
    "from_config()",
)
#: What is asked under a mutant, and under one that breaks files.
BROKEN = (*QUESTIONS, "predict()")
FILES = (
    "saved as .keras",
    "saved as .h5",
    "saved as SavedModel",
    "fit()",
    "model(x, training=True)",
    "flags",
)
