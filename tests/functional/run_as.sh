#!/bin/bash
# As whom a command runs, and with which capabilities: what /proc says of it.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/status.sh
. "$(dirname "$0")/support/status.sh"

# capability.h's numbers of those that root's commands do without.
SYS_MODULE=16 SYS_RAWIO=17 SYS_BOOT=22 SYS_TIME=25 SYSLOG=34
dropped_by_default="$SYS_MODULE $SYS_RAWIO $SYS_BOOT $SYS_TIME $SYSLOG"
# lease, audit_control, mac_override, mac_admin, wake_alarm, block_suspend, audit_read
dropped_by_default+=' 28 30 32 33 35 36 37'

# of_command KEY: what `cat /proc/self/status` printed last.
of_command() {
	value "$1" "$SANDBOX/out"
}

capability_sets() {
	local name

	for name in CapInh CapPrm CapEff CapBnd CapAmb; do
		printf '%s=%s ' "$name" "$(of_command "$name")"
	done
}

# The same for a command that has just these, of which inheritable and ambient are none.
sets_of() {
	printf 'CapInh=%016x CapPrm=%s CapEff=%s CapBnd=%s CapAmb=%016x ' 0 "$1" "$1" "$1" 0
}

# default_set [KEPT]: what is left to root's command of what this process could give; KEPT is not dropped.
default_set() {
	local set number

	set=$((16#$(value CapBnd /proc/self/status)))
	for number in $dropped_by_default; do
		[ "$number" = "${1-}" ] || set=$((set & ~(1 << number)))
	done
	printf %016x "$set"
}

ids() {
	printf 'Uid:%s Gid:%s Groups:%s' "$(of_command Uid)" "$(of_command Gid)" "$(of_command Groups)"
}

test_user() {
	allowed 'app: status' cat /proc/self/status
	tap_is 'app: user, group and its own supplementary groups only' "$(ids)" \
		'Uid:2002 2002 2002 2002 Gid:2002 2002 2002 2002 Groups:2002 2100'
	tap_is 'app: no capability in any set' "$(capability_sets)" "$(sets_of 0000000000000000)"
	tap_is 'app: no_new_privs is off' "$(of_command NoNewPrivs)" 0
	allowed 'app: id' id
	tap_is 'app: id names them' "$OUT" 'uid=2002(app) gid=2002(app) groups=2002(app),2100(appextra)'
	wrap head -c 1 /etc/shadow
	tap_is 'app: what is root'\''s cannot be read' "$STATUS$OUT" 1
	allowed 'app: what is its group'\''s can be read' head -c 6 "$SANDBOX/of-appextra"
	wrap regain
	tap_is 'app: no way back to root' "$OUT" 'setuid: 1 setgroups: 1 seteuid: 1'
}

test_user_with_another_group() {
	sandbox_user other 2003
	sed -i 's/^other:x:2003:2003:/other:x:2003:2100:/' /etc/passwd
	allowed 'other: status' /usr/bin/cat /proc/self/status
	tap_is 'other: the primary group is that of passwd' "$(ids)" \
		'Uid:2003 2003 2003 2003 Gid:2100 2100 2100 2100 Groups:2100'
}

# Groups that root is given in /etc/group, and those of the process that calls, are nobody's wish.
test_root() {
	sandbox_group privileged 2200 root
	allowed 'root: status' status /proc/self/status
	tap_is 'root: root'\''s user and group only' "$(ids)" 'Uid:0 0 0 0 Gid:0 0 0 0 Groups:0'
	tap_is 'root: exactly the default capabilities' "$(capability_sets)" "$(sets_of "$(default_set)")"
	tap_is 'root: no_new_privs is off' "$(of_command NoNewPrivs)" 0
	capture setpriv --groups 2200,2100 --inh-caps +sys_time,+chown --ambient-caps +sys_time,+chown \
		"$WRAPPER" "$SANDBOX_CONF" status /proc/self/status
	tap_is 'root: not the groups of the calling process' "$(of_command Groups)" 0
	tap_is 'root: not its inheritable and ambient capabilities' "$(capability_sets)" "$(sets_of "$(default_set)")"
}

# The programs that keep a capability, by pattern or by name, and some that only look like it.
known_programs() {
	cat <<-END
		modprobe $SYS_MODULE
		iptables $SYS_MODULE
		iptables-save $SYS_MODULE
		ip6tables-restore $SYS_MODULE
		ebtables-nft $SYS_MODULE
		iscsiadm $SYS_MODULE
		iscsid $SYS_MODULE
		rtstool $SYS_MODULE
		privsep-helper $SYS_MODULE
		sg_persist $SYS_RAWIO
		mpathpersist $SYS_RAWIO
		multipath $SYS_RAWIO
		multipathd $SYS_RAWIO
		sginfo $SYS_RAWIO
		hwclock $SYS_TIME
		date $SYS_TIME
		reboot $SYS_BOOT
		shutdown $SYS_BOOT
		dmesg $SYSLOG
		update none
		xiptables none
		multipaths none
	END
}

test_known_programs() {
	local name kept

	while read -r name kept; do
		ln -f "$EXEC/status" "$EXEC/$name"
		direct "$name" /proc/self/status
		tap_is "known program: $name" "$(capability_sets)" "$(sets_of "$(default_set "$kept")")"
	done < <(known_programs)
}

test_known_in_chain() {
	allowed 'known program: in a chain' nice -n 1 date /proc/self/status
	tap_is 'known program: in a chain it keeps its capability' "$(capability_sets)" "$(sets_of "$(default_set $SYS_TIME)")"
	allowed 'known program: as another user' modprobe-of-app /proc/self/status
	tap_is 'known program: as another user it has none' "$(capability_sets)" "$(sets_of 0000000000000000)"
}

test_unknown_user() {
	local user

	for user in ghost -1 4294967295 2002 '#0' +0 '' root:root; do
		policy <<<"canary: CommandFilter, canary, $user"
		audit_mark
		wrap canary
		tap_is "run-as user \"$user\": 97" "$STATUS" 97
		tap_like "run-as user \"$user\": the filter is named" "$ERR" '/test\.filters:2: .*user does not exist'
		tap_like "run-as user \"$user\": recorded" "$(audit_records)" '^<83>.*: error .* reason=unknown-user .*/test\.filters line=2 '
	done
	tap_is 'unknown users: nothing ran' "$(canary)" no
}

cp /usr/bin/cat "$EXEC/status"
printf secret >"$SANDBOX/of-appextra"
chmod 0640 "$SANDBOX/of-appextra"
chgrp appextra "$SANDBOX/of-appextra"
program regain <<-'END'
	#!/bin/sh
	try() {
		/usr/bin/python3 -c "import os; os.$1" 2>/dev/null
		printf '%s: %s' "${1%%(*}" $?
	}
	echo "$(try 'setuid(0)') $(try 'setgroups([0])') $(try 'seteuid(0)')"
END
policy < <(
	cat <<-'END'
		cat: CommandFilter, cat, app
		other: CommandFilter, /usr/bin/cat, other
		id: CommandFilter, id, app
		head: CommandFilter, head, app
		regain: CommandFilter, regain, app
		modprobe-of-app: RegExpFilter, modprobe, app, modprobe-of-app, .*
		nice: ChainingRegExpFilter, nice, root, nice, -n, 1
		status: CommandFilter, status, root
	END
	known_programs | sed 's/\([^ ]*\) .*/\1: CommandFilter, \1, root/'
)
test_user
test_user_with_another_group
test_root
test_known_programs
test_known_in_chain
test_unknown_user
tap_done
