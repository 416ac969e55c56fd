#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Prove the README's two commands on a machine where nothing was ever installed:
# bootstrap a bare system, clone what is committed into it, and run
# tools/demo.sh and tools/check.sh there, as root in one tree and as an
# ordinary user with sudo in another.  Needs root, debootstrap and a mirror.
#
# Each run has a mount and a process namespace of its own.  The kernel takes
# down what was mounted and started in it when it ends, however it ends, so that
# there is never anything mounted in a tree that is removed.

set -euo pipefail

usage() {
  cat <<END
Usage: .ci/bare.sh [OPTION]...

  --suite SUITE    bookworm (the default), trixie, noble or another
  --mirror URL     where its packages are
  --as WHO         root or user; both otherwise
  --hosts          also run tools/setup.sh --hosts between the two commands
  --folder FOLDER  for the trees, and the packages that the next run needs not
                   load again (/var/tmp/grus-bare)
  --keep           keep the trees

Examples:
  sudo .ci/bare.sh
  sudo .ci/bare.sh --suite noble --as user
END
}

fail() {
  echo "bare.sh: $1" >&2
  exit "${2:-1}"
}

suite=bookworm
mirror=
who="root user"
with_hosts=false
folder=/var/tmp/grus-bare
keep=false
while [ $# -gt 0 ]; do
  case $1 in
  --help) usage && exit ;;
  --hosts) with_hosts=true ;;
  --keep) keep=true ;;
  --suite | --mirror | --as | --folder)
    [ $# -gt 1 ] || fail "$1 wants a value" 2
    case $1 in
    --suite) suite=$2 ;;
    --mirror) mirror=$2 ;;
    --as) who=$2 ;;
    --folder) folder=$2 ;;
    esac
    shift
    ;;
  *)
    usage >&2
    exit 2
    ;;
  esac
  shift
done
case $who in
root | user | "root user") ;;
*) fail "--as wants root or user, not \"$who\"" 2 ;;
esac

# What differs between the distributions
components=main
script=
case $suite in
jammy | noble | plucky | questing)
  : "${mirror:=http://archive.ubuntu.com/ubuntu}"
  components=main,universe
  # Where debootstrap is older than the suite, what made the ones before
  [ -e "/usr/share/debootstrap/scripts/$suite" ] ||
    script=/usr/share/debootstrap/scripts/gutsy
  ;;
*) : "${mirror:=http://deb.debian.org/debian}" ;;
esac

[ "$(id -u)" -eq 0 ] || fail "needs root: sudo .ci/bare.sh"
for tool in debootstrap git unshare; do
  command -v "$tool" >/dev/null || fail "\"$tool\" is missing: install it"
done

top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder/archives/$suite"
folder=$(cd "$folder" && pwd)
archives=$folder/archives/$suite
work=$(mktemp -d "$folder/$suite.XXXXXX")
chmod 755 "$work"

# Run a command where what it mounts and starts ends with it
contain() {
  unshare --mount --pid --ipc --fork --kill-child --mount-proc "$@"
}

# shellcheck disable=SC2317 # The trap calls it
clean_up() {
  if [ -n "$child" ]; then
    pkill -KILL -P "$child" || true # The first process within: all end with it
    wait
  fi
  if "$keep"; then
    echo "The trees are in $work"
  elif grep -q " $work/" /proc/mounts; then
    fail "something is mounted in $work: it is left there"
  else
    rm -rf --one-file-system "$work"
  fi
}
child=
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Make the tree that the others are copies of
bootstrap() {
  # shellcheck disable=SC2086 # The script may be none
  contain debootstrap --variant=minbase --components="$components" \
    --include=ca-certificates,git,sudo --cache-dir="$archives" \
    "$suite" "$work/bare" "$mirror" $script >"$work/debootstrap.log" 2>&1 || {
    tail -n 3 "$work/debootstrap.log" >&2
    fail "no bare $suite from $mirror"
  }
  # What this machine must tell apt to reach a mirror
  apt-config dump 2>/dev/null |
    grep -E '^Acquire::(https?::Proxy|Check-|ForceIPv)' \
      >"$work/bare/etc/apt/apt.conf.d/99bare" || true
  printf '127.0.0.1 localhost %s\n' "$(uname -n)" >"$work/bare/etc/hosts"

  chroot "$work/bare" useradd --create-home --shell /bin/sh user
  echo "user ALL=(ALL) NOPASSWD: ALL" >"$work/bare/etc/sudoers.d/user"
  # A bundle has what is committed and nothing else
  git -C "$top" bundle create --quiet "$work/bare/grus.bundle" HEAD
}

# Within a namespace: mount what a machine has, and be somebody in the tree
# shellcheck disable=SC2016 # Expanded there
enter='
tree=$1 archives=$2 name=$3 command=$4
mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sysfs "$tree/sys"
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$tree/dev/pts"
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$tree/dev/shm"
mount --bind "$archives" "$tree/var/cache/apt/archives"
exec chroot "$tree" /bin/su - "$name" -c "$command" </dev/null
'

summary=
status=0

# Run a command in a tree as somebody, and remember how it went
run_as() {
  local name=$1 command=$2 began=$SECONDS result=passed
  echo "== $suite, $name: $command"
  : >"$work/log" # Or tail may come first
  # In the background, so that a signal is heeded at once
  contain sh -euc "$enter" sh "$work/$name" "$archives" "$name" \
    "cd grus && $command" >"$work/log" 2>&1 &
  child=$!
  tail --pid="$child" -n +1 -f "$work/log" &
  wait "$child" || {
    result=FAILED
    status=1
  }
  child=
  wait
  summary+="$suite, $name: $command: $result after $((SECONDS - began)) s: "
  summary+="$(tail -n 1 "$work/log")"$'\n'
}

began=$SECONDS
bootstrap
summary="$suite: bootstrapped in $((SECONDS - began)) s, Grus at "
summary+="$(git -C "$top" log -1 --format='%h "%s"')"$'\n'

for name in $who; do
  cp -a "$work/bare" "$work/$name"
  chroot "$work/$name" su - "$name" -c "git clone -q /grus.bundle grus"
  run_as "$name" tools/demo.sh
  if "$with_hosts"; then
    run_as "$name" "tools/setup.sh --hosts"
  fi
  run_as "$name" tools/check.sh
  "$keep" || rm -rf --one-file-system "${work:?}/$name"
done

echo
printf '%s' "$summary"
exit "$status"
