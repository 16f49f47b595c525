# shellcheck shell=bash
# What the operator reads. Never a secret: values of `.env` and what is made of them are not printed.

say() { printf '%s\n' "$*"; }

step() { printf '\n== %s\n' "$*"; }

warn() { printf '!! %s\n' "$@" >&2; }

# Ends the run. What runs on this machine stays as it is, unless the text says otherwise.
fail() {
  printf '!! %s\n' "$@" >&2
  exit 1
}
