"""The rules: a module a family. Adding a rule is one function, and one name in its module's RULES."""

from review.doctor.rules import answers, graphs, imports, nodes, payloads, runs

RULES = (*imports.RULES, *graphs.RULES, *runs.RULES, *nodes.RULES, *payloads.RULES, *answers.RULES)
