"""The rules of attendance: values in, values out, the clock is a parameter.

`windows` says when one may sign, `workflow` which deed follows which, `hours` what a half-day counts,
`spreading` how subjects share the half-days; what a signature is, `accounts.signatures` says. Explained
in French, with an example, in docs/rules/emargement.md.
"""
