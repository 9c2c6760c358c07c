#!/bin/bash
# The audit trail in a storm of 64 callers: each run has its one record in audit_file, none is torn or lost.
# `make check-storm` is full size:
#
#	STORM_AUDIT_RUNS        by root, 1000
#	STORM_AUDIT_SUDO_RUNS   by svc through sudo, 40
#	STORM_AUDIT_CALLERS     at once, 64
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

RUNS=${STORM_AUDIT_RUNS:-1000}
SUDO_RUNS=${STORM_AUDIT_SUDO_RUNS:-40}
CALLERS=${STORM_AUDIT_CALLERS:-64}
TRAIL_FILE=$SANDBOX/trail.log

# Half of the runs are denied; each has a word of its own, every tenth a long one too, for a record in parts.
storm() {
	{
		seq -f 'true run-%g' 1 2 "$RUNS"
		seq -f 'nonsense run-%g' 2 2 "$RUNS"
	} | sed "/0\$/s/\$/ $LONG/" | xargs -P "$CALLERS" -L 1 "$WRAPPER" "$SANDBOX_CONF" 2>"$SANDBOX/storm.err" &
	# shellcheck disable=SC2016     # expanded by svc's shell
	as_svc sh -c 'seq -f "true sudo-%g" "$1" | xargs -P "$2" -L 1 sudo -n "$3" "$4"' sh \
		"$SUDO_RUNS" "$CALLERS" "$WRAPPER" "$SANDBOX_CONF" 2>"$SANDBOX/sudo.err"
	wait $! || true                         # of xargs: some were denied
}

# Those that have one record or part from the first to the last byte.
whole_lines() {
	local begin='[0-9-]{10}T[0-9:.]{15}Z sandbox privsep-wrap\[[0-9]+\]: (allow|deny|more) id=[0-9a-f]{12}'

	grep -Ec "^$begin [ -~]* cmd=[ -~]+\$" "$TRAIL_FILE" || true
}

# How many records have all the parts that they say, and how many have not.
whole_parts() {
	sed -nE 's/.*: [a-z]+ id=([^ ]*) .*part=([0-9]+)\/([0-9]+) .*/\1 \2 \3/p' "$TRAIL_FILE" | awk '
		!seen[$1, $2]++ { parts[$1]++ }
		{ total[$1] = $3 }
		END {
			for (id in total)
				count[parts[id] == total[id] ? "whole" : "torn"]++
			print count["whole"] + 0, count["torn"] + 0
		}'
}

LONG=$(printf '%5000s' '' | tr ' ' z)
policy <<<'true: CommandFilter, true, root'
conf_with <<-END
	use_syslog = False
	audit_required = True
	audit_file = $TRAIL_FILE
END
storm
MORE=$(grep -c ']: more ' "$TRAIL_FILE")
RECORDS=$(grep -Ec ']: (allow|deny) ' "$TRAIL_FILE")
tap_is 'each run has one record' "$RECORDS" $((RUNS + SUDO_RUNS))
tap_is 'each has an id of its own' \
	"$(sed -nE 's/.*: (allow|deny) id=([^ ]*) .*/\2/p' "$TRAIL_FILE" | sort -u | wc -l)" "$RECORDS"
tap_is 'each word of a run is recorded once' \
	"$(grep -Eo ' cmd=(true|nonsense) (run|sudo)-[0-9]+' "$TRAIL_FILE" | sort -u | wc -l)" "$RECORDS"
tap_is 'of those by sudo too' "$(grep -c ' user=svc uid=2001 .* cmd=true sudo-' "$TRAIL_FILE")" "$SUDO_RUNS"
tap_is 'each long one has all its parts' "$(whole_parts)" "$(seq "$RUNS" | grep -c '0$') 0"
tap_is 'no line is torn' "$(whole_lines)" $((RECORDS + MORE))
tap_is 'nothing else is in the file' "$(grep -vc '^$' "$TRAIL_FILE")" $((RECORDS + MORE))
printf '# %d empty lines\n' "$(grep -c '^$' "$TRAIL_FILE")"
tap_unlike 'the wrapper told of no loss' "$(sort -u "$SANDBOX/storm.err" "$SANDBOX/sudo.err")" 'record|could not'
tap_done
