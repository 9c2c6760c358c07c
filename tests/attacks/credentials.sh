#!/bin/bash
# What a caller may hope to find in the command beside its filter's user: groups, capabilities, a way back to root.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"

STATE=$EXEC/state
CHOWN_AND_NET_ADMIN=0000000000001001
NET_ADMIN=0000000000001000
NONE=0000000000000000

# fact KEY: of the state that the last command printed, blanks made single.
fact() {
	sed -n "s/^$1:[[:blank:]]*//p" <<<"$OUT" | tr '\t' ' ' | sed 's/ *$//'
}

facts() {
	local key

	for key; do
		printf '%s=%s ' "$key" "$(fact "$key")"
	done
}

# copy NAME [MODE]: state under another name.
copy() {
	cp "$STATE" "$EXEC/$1"
	chmod "${2:-0755}" "$EXEC/$1"
}

supplementary_groups() {
	wrap state-nobody
	case_is 'user, group and groups are the filter'\''s' "$(facts Uid Gid Groups)" \
		'Uid=65534 65534 65534 65534 Gid=65534 65534 65534 65534 Groups=65534 '
}

roots_groups() {
	sed -i 's/^shadow:.*/shadow:x:42:root/' /etc/group
	capture setpriv --groups 42 "$WRAPPER" "$SANDBOX_CONF" cat-nobody /etc/shadow
	case_is 'nothing of root'\''s groups helps to read' "$STATUS$OUT" 1
	case_like 'it is the kernel that refuses' "$ERR" 'Permission denied'
}

roots_set() {
	wrap state-two
	case_is 'root has exactly the set' "$(facts CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs)" \
		"CapInh=$NONE CapPrm=$CHOWN_AND_NET_ADMIN CapEff=$CHOWN_AND_NET_ADMIN CapBnd=$CHOWN_AND_NET_ADMIN CapAmb=$NONE NoNewPrivs=1 "
}

others_set() {
	wrap state-ambient
	case_is 'another user has exactly the set' "$(facts Uid CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs)" \
		"Uid=65534 65534 65534 65534 CapInh=$NET_ADMIN CapPrm=$NET_ADMIN CapEff=$NET_ADMIN CapBnd=$NET_ADMIN CapAmb=$NET_ADMIN NoNewPrivs=1 "
}

no_set() {
	wrap state-locked
	case_is 'all sets are empty' "$(facts CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs)" \
		"CapInh=$NONE CapPrm=$NONE CapEff=$NONE CapBnd=$NONE CapAmb=$NONE NoNewPrivs=1 "
}

# File capabilities beyond the bounding set make the kernel refuse the program; set-user-ID is not heeded.
privileged_files() {
	wrap with-file-capability
	case_is 'a program with file capabilities gives none: it is not even executed' "$STATUS$OUT" 126
	audit_mark
	wrap set-user-id
	case_is 'a set-user-ID program makes nobody root' "$(facts Uid CapPrm)" "Uid=65534 65534 65534 65534 CapPrm=$NONE "
	wrap set-group-id
	case_is 'a set-group-ID program gives no group' "$(facts Gid)" 'Gid=65534 65534 65534 65534 '
}

# Of each call that gives something up, and each that looks whether it did.
failing_calls() {
	local call

	for call in setgroups setresgid setresuid capset capget prctl getgroups getresuid getresgid close_range setitimer; do
		audit_mark
		capture strace -f -o /dev/null -e trace="$call" -e inject="$call:error=EPERM" \
			"$WRAPPER" "$SANDBOX_CONF" canary-nobody
		case_is "$call fails: nothing runs" "$STATUS $(canary)" '95 no'
		case_like "$call fails: recorded" "$(audit_records | tail -n 1)" '<83>.*: error .* reason=not-confined '
	done
	capture strace -f -o /dev/null -e trace=setgroups "$WRAPPER" "$SANDBOX_CONF" canary-nobody
	case_is 'otherwise it runs' "$STATUS $(canary)" '0 yes'
}

strange_users() {
	local user

	for user in nosuch -1 4294967295 0x0 65534 ''; do
		policy <<<"canary: CommandFilter, canary, $user"
		refused_with 97 unknown-user "user '$user'" canary
	done
	credentials_policy
}

back_to_root() {
	wrap back
	case_is 'no call leads back' "$STATUS$OUT" 0
}

# A context could give the caller's own user an additional group by its capabilities alone: ambient ones keep it off.
callers_own_user() {
	wrap state-self
	case_is 'the caller'\''s own user with a capability is not the caller'\''s to trace' "$(facts CapPrm)" "CapPrm=$NET_ADMIN "
	capture as_svc /usr/bin/python3 "$SANDBOX/trace.py" sudo -n privsep-wrap "$SANDBOX_CONF" wait-self
	case_is 'ptrace of it is refused' "$STATUS$OUT" 0
}

# This is said in the manual and by check: a set is no sandbox for uid 0.
root_without_capabilities() {
	wrap append-none /etc/canary-of-root
	case_is 'uid 0 without a capability still owns root'\''s files' "$STATUS $(cat /etc/canary-of-root 2>/dev/null)" '0 x'
	capture as_svc privsep-wrapctl check --assume-programs "$SANDBOX_CONF"
	case_like 'and check says so' "$OUT" 'append-none: root with few capabilities still owns root.s files'
	wrap append-nobody /etc/canary-of-nobody
	case_is 'another user does not' "$STATUS$([ ! -e /etc/canary-of-nobody ] || echo made)" 2
}

helpers() {
	cc -std=c11 -D_GNU_SOURCE -O2 -o "$STATE" "${BASH_SOURCE[0]%/*}/support/state.c"
	for name in nobody two ambient locked self; do
		copy "state-$name"
	done
	copy with-file-capability
	setcap cap_net_raw+ep "$EXEC/with-file-capability"
	copy set-user-id 4755
	copy set-group-id 2755
	cp "$EXEC/canary" "$EXEC/canary-nobody"
	cp /usr/bin/cat "$EXEC/cat-nobody"
	program append-none <<-'END'
		#!/bin/sh
		echo x >>"$1"
	END
	cp "$EXEC/append-none" "$EXEC/append-nobody"
	program wait-self <<-'END'
		#!/bin/sh
		exec sleep 20
	END
	program back <<-'END'
		#!/usr/bin/python3
		import ctypes, os
		libc = ctypes.CDLL(None, use_errno=True)
		attempts = [lambda: os.setuid(0), lambda: os.seteuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgid(0),
		            lambda: os.setgroups([0]), lambda: os.setresgid(0, 0, 0), lambda: os.chown('/etc/hostname', 65534, 65534)]
		for number, attempt in enumerate(attempts):
		    try:
		        attempt()
		        print('attempt', number, 'succeeded')
		    except PermissionError:
		        pass
	END
	cat >"$SANDBOX/trace.py" <<-'END'
		import ctypes, os, subprocess, sys, time
		PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206
		libc = ctypes.CDLL(None, use_errno=True)
		command = subprocess.Popen(sys.argv[1:])
		sleeper = ''
		for _ in range(500):
		    sleeper = subprocess.run(['pgrep', '-u', 'svc', '-x', 'sleep'], capture_output=True, text=True).stdout.strip()
		    if sleeper:
		        break
		    time.sleep(0.02)
		for request in (PTRACE_ATTACH, PTRACE_SEIZE):
		    if not sleeper or libc.ptrace(request, int(sleeper), 0, 0) == 0:
		        print('traced', sleeper)
		command.kill()
	END
	chmod 0755 "$SANDBOX"
	chmod 0644 "$SANDBOX/trace.py"
}

credentials_policy() {
	filters test <<-END
		[Filters]
		state-nobody: CommandFilter, state-nobody, nobody
		cat-nobody: CommandFilter, cat-nobody, nobody
		state-two: CommandFilter, state-two, root
		state-ambient: CommandFilter, state-ambient, nobody
		state-locked: CommandFilter, state-locked, nobody
		state-self: CommandFilter, state-self, svc
		wait-self: CommandFilter, wait-self, svc
		with-file-capability: CommandFilter, with-file-capability, nobody
		set-user-id: CommandFilter, set-user-id, nobody
		set-group-id: CommandFilter, set-group-id, nobody
		canary-nobody: CommandFilter, canary-nobody, nobody
		back: CommandFilter, back, nobody
		append-none: CommandFilter, append-none, root
		append-nobody: CommandFilter, append-nobody, nobody
		[Context two]
		filters = state-two
		capabilities = cap_chown, cap_net_admin
		[Context ambient]
		filters = state-ambient, state-self, wait-self
		capabilities = cap_net_admin
		[Context none]
		filters = append-none
		capabilities = none
		[Context locked]
		filters = state-locked, with-file-capability, set-user-id, set-group-id, append-nobody
		capabilities = none
	END
}

command -v strace >/dev/null || tap_skip_all 'needs strace'
sandbox_group nogroup 65534
helpers
credentials_policy
attack CRED-01 'groups that stay when the user changes' supplementary_groups
attack CRED-02 'root is in the group shadow' roots_groups
attack CRED-03 'exec gives root all capabilities back' roots_set
attack CRED-04 'a capability for another user' others_set
attack CRED-05 'a bounding set that stays full' no_set
attack CRED-06 'programs with file capabilities or the set-user-ID bit' privileged_files
attack CRED-08 'each system call that confines fails' failing_calls
attack CRED-09 'users that do not exist or are numbers' strange_users
attack CRED-10 'the command calls its way back' back_to_root
attack CRED-11 'the command runs as its caller' callers_own_user
attack CRED-12 'root without capabilities' root_without_capabilities
tap_done
