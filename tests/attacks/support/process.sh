# shellcheck shell=bash
#
# Sourced after lib.sh: a caller who does to its own process what it can, and a command that tells what it got of it.

STATE=$EXEC/state

# hostile SETTINGS COMMAND [ARG...]: the wrapper, directly, from a process of those settings (support/hostile.py).
hostile() {
	capture /usr/bin/python3 "$SANDBOX/hostile.py" "$1" "$WRAPPER" "$SANDBOX_CONF" "${@:2}"
}

# The same by svc, through sudo.
hostile_svc() {
	capture as_svc /usr/bin/python3 "$SANDBOX/hostile.py" "$1" \
		/usr/bin/sudo -n "$WRAPPER" "$SANDBOX_CONF" "${@:2}"
}

# fact KEY: of the state that the last command printed, blanks made single.
fact() {
	sed -n -E "s/^$1:?[[:blank:]]+//p" <<<"$OUT" | tr -s '\t ' ' ' | sed 's/ *$//'
}

facts() {
	local key

	for key; do
		printf '%s=%s ' "$key" "$(fact "$key")"
	done
}

# limit NAME: soft and hard one of the command.
limit() {
	sed -n -E "s/^limit Max $1 +([^ ]+) +([^ ]+) .*/\1 \2/p" <<<"$OUT"
}

process_helpers() {
	cp "${BASH_SOURCE[0]%/*}/../../functional/support/hostile.py" "$SANDBOX/"
	cc -std=c11 -D_GNU_SOURCE -O2 -o "$STATE" "${BASH_SOURCE[0]%/*}/state.c"
	cp "$STATE" "$EXEC/state-svc"
}
