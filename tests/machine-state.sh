# shellcheck shell=bash
#
# machine_state: what a sandbox that leaks would change on the machine, as text to compare.

machine_state() {
	local name

	for name in passwd group shadow gshadow hosts sudoers sudoers.d app; do
		ls -ld --time-style=full-iso "/etc/$name" 2>&1 || true
	done
	ls -l /dev/log /usr/bin/privsep-wrap /usr/bin/privsep-wrapctl /run/sandbox /run/app 2>&1 || true
	cat /proc/sys/kernel/hostname
	# All but the first fields, numbers of the mounts that tell nothing.
	cut -d' ' -f3- /proc/self/mountinfo
}
