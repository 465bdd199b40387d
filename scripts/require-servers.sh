#!/usr/bin/env bash
# The tests talk to real servers, and a real browser talks to ours. Installs the missing ones where it can, and says which ones to install
# where it cannot.
set -euo pipefail

# The names that test/ui/browser.ts looks for.
has_browser() {
  [ -n "${MOORING_CHROMIUM:-}" ] && return 0
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}

missing=()
command -v git >/dev/null || missing+=(git)
command -v ssh >/dev/null || missing+=(openssh-client)
{ command -v sshd >/dev/null || [ -x /usr/sbin/sshd ]; } || missing+=(openssh-server)
command -v openssl >/dev/null || missing+=(openssl)
command -v docker-registry >/dev/null || missing+=(docker-registry)
has_browser || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  echo "installing ${missing[*]} for the tests"
  # No service may start by itself: the tests run their own servers on loopback ports.
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  exit 0
fi
echo "the tests need these programs, please install them: ${missing[*]}" >&2
exit 1
