#!/bin/bash
# What the grammar of IpFilter allows is run by the real ip, many command lines of ip's own words: none of them
# runs the program or opens the file that it names.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"

command -v ip >/dev/null || tap_skip_all 'needs ip'
root=$(cd "$(dirname "$0")/../.." && pwd)
oracle=${BUILD:-$root/build}/tests/ip_oracle
count=${IP_ORACLE_COUNT:-1000}
seed=${IP_ORACLE_SEED:-1}

install -m 0755 /usr/bin/true "$TMPDIR/leak"
echo 'netns exec net leak' >"$SANDBOX/secret"
PATH=$TMPDIR:$PATH
ip link add v type vrf table 10 2>/dev/null || tap_note 'no vrf here'
capture "$oracle" "$TMPDIR/leak" "$SANDBOX/secret" "$count" "$seed" "$root"/tests/fuzz/corpus/ip/*
tap_is 'what the grammar allows runs nothing and reads nothing' "$ERR" ''
tap_is "with seed $seed" "$STATUS $OUT" "0 $count command lines, 0 faults"
tap_done
