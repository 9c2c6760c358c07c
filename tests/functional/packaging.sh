#!/bin/bash
# What packaging/ offers is accepted by the programs that will read it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tap.sh
. "$root/tests/tap.sh"

PATH=$PATH:/usr/sbin
command -v visudo >/dev/null || tap_skip_all 'needs visudo'

for file in "$root"/packaging/sudoers.d/*; do
	name=${file##*/}
	tap_ok "$name: visudo accepts it" visudo -cf "$file"
	tap_ok "$name: and what it has commented out" visudo -cf <(sed 's/^#app/app/' "$file")
done
tap_done
