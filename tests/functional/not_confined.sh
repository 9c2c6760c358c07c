#!/bin/bash
# Exit status 95: a process that cannot be made safe, or privileges that cannot be given up, and nothing runs.  The
# kernel's answers are made up by strace: calls that fail, and calls that say that they did what they did not do.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

command -v strace >/dev/null || tap_skip_all 'needs strace'
trace=$SANDBOX/trace

# traced FAULT COMMAND [ARG...]: the wrapper, directly, with that answer; FAULT is the value of strace's -e inject.
# It has a group that no command of ours may keep.
traced() {
	capture setpriv --groups 2100 strace -o "$trace" -e trace="${1%%:*}" -e inject="$1" \
		"$WRAPPER" "$SANDBOX_CONF" "${@:2}"
}

# stopped NAME: the run ended with 95, a message and a record, and the command did not run.
stopped() {
	tap_is "$1" "$STATUS $(canary) ${ERR%%:*} $(last_record)" '95 no privsep-wrap <83> error not-confined'
	audit_mark
}

# Of the last record: priority, kind and reason.
last_record() {
	audit_records | tail -n 1 | sed -E 's/^(<[0-9]+>)[^ ]+ ([a-z]+) .* reason=([a-z-]+) .*/\1 \2 \3/'
}

test_failing_calls() {
	local call error

	while read -r call error; do
		traced "$call:error=$error" canary
		stopped "$call fails with $error"
		traced "$call:error=$error" canary-of-root
		stopped "$call fails with $error, for root"
	done <<-END
		setgroups EPERM
		setresgid EPERM
		setresuid EAGAIN
		capset EPERM
		capget EINVAL
		prctl EPERM
		prlimit64 EPERM
		setitimer EINVAL
		rt_sigprocmask EINVAL
		close_range ENOSYS
		personality EINVAL
		keyctl EDQUOT
		getgroups EINVAL
		getresuid EFAULT
		getresgid EFAULT
	END
}

# calls OPTION: the numbers of the first and the last call of prctl with it, as strace counts.
calls() {
	grep -n "($1," "$trace" | sed -n -e '1s/:.*/../p' -e '$s/:.*//p' | tr -d '\n'
}

# A group that root's command must not have is still there, a capability not gone, and so on: only what is read back
# from the kernel can tell.
test_lying_calls() {
	local user call

	for user in canary canary-of-root; do
		for call in setgroups capset; do
			traced "$call:retval=0" "$user"
			stopped "$call lies to $user"
		done
		capture strace -o "$trace" -e trace=prctl "$WRAPPER" "$SANDBOX_CONF" "$user"
		tap_is "$user: runs otherwise" "$STATUS $(canary)" '0 yes'
		traced "prctl:retval=0:when=$(calls PR_CAPBSET_DROP)" "$user"
		stopped "prctl lies to $user about the bounding set"
	done
	for call in setresgid setresuid; do
		traced "$call:retval=0" canary
		stopped "$call lies"
	done
}

# A bounding set without the capability that raises hard limits.
test_hard_limit() {
	local limit

	for limit in f t v d; do
		# shellcheck disable=SC2016     # expanded by the inner shell
		capture setpriv --bounding-set -sys_resource \
			bash -c 'ulimit -"$1" 1000000 && exec "${@:2}"' bash "$limit" "$WRAPPER" "$SANDBOX_CONF" canary
		stopped "hard limit (ulimit -$limit) that cannot be raised"
		tap_like "hard limit (ulimit -$limit) is named" "$ERR" \
			'^privsep-wrap: the caller.s limit (fsize|cpu|as|data) is too low and cannot be raised: '
	done
}

test_no_null_device() {
	mv /dev/null /dev/null-elsewhere
	capture "$WRAPPER" "$SANDBOX_CONF" canary <&-
	mv /dev/null-elsewhere /dev/null
	stopped 'standard input is closed and there is no /dev/null'
}

policy <<-'END'
	canary: CommandFilter, canary, app
	canary-of-root: RegExpFilter, canary, root, canary-of-root
END
audit_mark
test_failing_calls
test_lying_calls
test_hard_limit
test_no_null_device
tap_done
