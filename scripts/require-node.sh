#!/usr/bin/env bash
# Fails early, with what to do, when the machine cannot install the project.
set -euo pipefail
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "node and npm are needed to install the project (any Node from 20 on): https://nodejs.org" >&2
  exit 1
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt 20 ]; then
  echo "node $(node -v) is too old to install the project; install Node 20 or newer" >&2
  exit 1
fi
