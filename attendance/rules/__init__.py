"""The rules of attendance: values in, values out, the clock is a parameter.

`signatures` says what a signature is, `windows` when one may sign, `workflow` which deed follows
which, `hours` what a half-day counts, `spreading` how subjects share the half-days. Explained in
French, with an example, in docs/rules/emargement.md.
"""
