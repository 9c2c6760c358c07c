# shellcheck shell=bash
#
# Sourced after lib.sh: what the hostile caller has of its own.

HOME_OF_SVC=$SANDBOX/home/svc

# impostor NAME: a program of svc's own under the name of an allowed one; it leaves the canary's mark.
impostor() {
	printf '#!/bin/sh\necho ran >>%s\n' "$CANARY_MARK" >"$HOME_OF_SVC/$1"
	chmod 0755 "$HOME_OF_SVC/$1"
	chown svc: "$HOME_OF_SVC/$1"
}

# kinds_of_records: KINDS is how often which first word came in records since the last question.
# shellcheck disable=SC2034     # the tests read it
kinds_of_records() {
	KINDS=$(audit_records | sed -n -E 's/^<[0-9]+>privsep-wrap\[[0-9]+\]: ([a-z]+) .*/\1/p' | sort | uniq -c | xargs)
	audit_mark
}

# pause CALL WHEN [STRACE-OPTION...]: `canary` is asked for, by root, so that nothing else is traced; the wrapper
# stops behind that call, until resume.  OUT, ERR and STATUS are known then.
pause() {
	: >"$SANDBOX/trace"
	strace -f -q -o "$SANDBOX/trace" "${@:3}" -e "trace=$1" -e "inject=$1:signal=STOP:when=$2" \
		"$WRAPPER" "$SANDBOX_CONF" canary >"$SANDBOX/out" 2>"$SANDBOX/err" &
	PAUSED=$!
	wait_until grep -q 'stopped by SIGSTOP' "$SANDBOX/trace" ||
		tap_fail "$CASE: the wrapper stops behind $1" "$(cat "$SANDBOX/trace" "$SANDBOX/err")"
}

# shellcheck disable=SC2034     # the tests read them
resume() {
	kill -CONT "$(sed -n 's/^\([0-9]*\) .*stopped by SIGSTOP.*/\1/p' "$SANDBOX/trace")"
	STATUS=0
	wait "$PAUSED" || STATUS=$?
	OUT=$(cat "$SANDBOX/out")
	ERR=$(cat "$SANDBOX/err")
}
