#!/bin/sh
# What mooringPreMerge runs: the check of MOORING_VALIDATE, and the preview of a change request.
set -eu
failed=0
if [ -n "${MOORING_VALIDATE:-}" ]; then
  set -- --junit mooring-validate.xml
  if [ -n "${MOORING_KUBERNETES_VERSION:-}" ]; then set -- "$@" --kubernetes-version "$MOORING_KUBERNETES_VERSION"; fi
  mooring validate "$@" -- "$MOORING_VALIDATE" || failed=$?
fi
if [ -n "${CHANGE_TARGET:-}" ]; then
  base=refs/remotes/origin/$CHANGE_TARGET
  if ! git rev-parse --verify --quiet --end-of-options "$base^{commit}" > /dev/null; then
    git fetch --quiet --no-tags origin "+refs/heads/$CHANGE_TARGET:$base"
  fi
  set -- --base "$base" --exit-code=false --junit mooring-preview.xml
  if [ -n "${MOORING_REPO_URL:-}" ]; then set -- "$@" --repo-url "$MOORING_REPO_URL"; fi
  if [ -n "${GITHUB_TOKEN:-}" ]; then set -- "$@" --comment github --pull-request "$CHANGE_ID"; fi
  mooring preview "$@" || failed=$?
fi
exit "$failed"
