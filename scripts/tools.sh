#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: PostgreSQL, Dovecot, Postfix, Chromium, npm packages and
# the account that servers under test run as. Says nothing and takes no time when everything is there.
#
# No server that it installs is started: the tests start their own, on free ports, in temporary directories.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
# One path decides for one package: no package database is asked on the quick way through.
need() { # PACKAGE PATH...
  local package=$1 path
  shift
  for path in "$@"; do [ -e "$path" ] && return; done
  missing+=("$package")
}
need postgresql /usr/lib/postgresql/*/bin/postgres
need dovecot-imapd /usr/lib/dovecot/imap
need dovecot-lmtpd /usr/lib/dovecot/lmtp
need dovecot-submissiond /usr/lib/dovecot/submission
need postfix /usr/sbin/postfix
need chromium /usr/bin/chromium
command -v cc >/dev/null || missing+=(gcc libc6-dev)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Registries are far away and sometimes busy; a third failure is a real one.
persist() {
  local try
  for try in 1 2 3; do
    "$@" && return
    echo "tools: \`$*\` failed (try $try of 3)" >&2
    [ $try = 3 ] || sleep $((try * 5))
  done
  return 1
}

# A machine that runs packages' services (or has a policy of its own) gets its policy back, whatever happens here.
policy=/usr/sbin/policy-rc.d
kept=
start_no_services() {
  if [ -e $policy ]; then
    kept=$(mktemp)
    as_root cp -a $policy "$kept"
  fi
  trap restore_policy EXIT
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod 755 $policy
}
restore_policy() {
  trap - EXIT
  if [ -n "$kept" ]; then as_root mv "$kept" $policy; else as_root rm -f $policy; fi
}

install_packages() {
  if ! command -v apt-get >/dev/null; then
    echo "tools: ${missing[*]} missing, and this is no Debian. Install them; until then their tests are skipped." >&2
    [ -z "${CI:-}" ]
    return
  fi
  echo "tools: installing ${missing[*]}"
  start_no_services
  # postfix asks what kind of site this is; "none" leaves it unconfigured.
  if printf '%s\n' "${missing[@]}" | grep -qx postfix; then
    echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
  fi
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}")
  # The lists on the machine are tried first: fetching them again is needed only where they are missing or old.
  if ! as_root "${install[@]}"; then
    persist as_root apt-get update -q
    persist as_root "${install[@]}"
  fi
  restore_policy
}

if [ ${#missing[@]} -gt 0 ]; then install_packages; fi

# PostgreSQL refuses to run as root, and no server needs to: under root the tests run them as this account.
if [ "$(id -u)" = 0 ] && ! id -u deskbell-test >/dev/null 2>&1; then
  echo "tools: adding the account deskbell-test"
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin deskbell-test
fi

# `npm ci` leaves a copy of the lock file behind; a newer lock means that the packages are behind it.
for place in web tests/e2e; do
  [ -f $place/package-lock.json ] || continue
  if [ ! $place/node_modules/.package-lock.json -nt $place/package-lock.json ]; then
    echo "tools: npm packages for $place"
    persist npm ci --prefix $place --no-audit --no-fund --loglevel=error
    touch $place/node_modules/.package-lock.json
  fi
done
