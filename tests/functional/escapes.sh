#!/bin/bash
# What a context does not give, its command cannot take: each way back to root or to a capability is tried from within,
# and each is shown to be a way by a context that leaves it open.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

helpers() {
	local context

	# state: real and effective ids and the effective capabilities of this process, on one line.
	cat >"$SANDBOX/state.c" <<-'END'
		#include <stdio.h>
		#include <string.h>
		#include <unistd.h>
		int main(void)
		{
			char line[256], set[64] = "";
			FILE *file = fopen("/proc/self/status", "r");

			while (file && fgets(line, sizeof(line), file))
				if (sscanf(line, "CapEff: %63s", set) == 1)
					break;
			printf("%d %d %d %d %s\n", getuid(), geteuid(), getgid(), getegid(), set);
			return 0;
		}
	END
	# take HOW: tries it; prints `taken` or why not.
	cat >"$SANDBOX/take.c" <<-'END'
		#define _GNU_SOURCE
		#include <errno.h>
		#include <grp.h>
		#include <linux/capability.h>
		#include <linux/securebits.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/prctl.h>
		#include <sys/syscall.h>
		#include <unistd.h>

		static struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
		static struct __user_cap_data_struct data[2];

		static int set(unsigned permitted, unsigned effective, unsigned inheritable)
		{
			syscall(SYS_capget, &header, data);
			data[0].permitted |= permitted;
			data[0].effective |= effective;
			data[0].inheritable |= inheritable;
			return (int)syscall(SYS_capset, &header, data);
		}

		static int take(const char *how)
		{
			const unsigned wanted = 1U << CAP_NET_ADMIN;

			if (strcmp(how, "permitted") == 0)
				return set(wanted, 0, 0);
			if (strcmp(how, "effective") == 0)
				return set(wanted, wanted, 0);
			if (strcmp(how, "inheritable") == 0)
				return set(0, 0, wanted);
			if (strcmp(how, "ambient") == 0)
				return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0);
			if (strcmp(how, "bounding") == 0)
				return prctl(PR_CAPBSET_READ, CAP_NET_ADMIN, 0, 0, 0) == 1 ? 0 : -1;
			if (strcmp(how, "setresuid") == 0)
				return setresuid(0, 0, 0);
			if (strcmp(how, "seteuid") == 0)
				return seteuid(0);
			if (strcmp(how, "setresgid") == 0)
				return setresgid(0, 0, 0);
			if (strcmp(how, "setgroups") == 0)
				return setgroups(0, NULL);
			if (strcmp(how, "keepcaps") == 0) {
				prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
				return setresuid(0, 0, 0) < 0 ? set(wanted, wanted, 0) : 0;
			}
			if (strcmp(how, "no_new_privs") == 0)
				return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
			if (strcmp(how, "securebits") == 0)
				return prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP, 0, 0, 0);
			errno = EINVAL;
			return -1;
		}

		int main(int argc, char **argv)
		{
			errno = 0;
			printf("%s\n", take(argv[argc - 1]) < 0 ? "not taken" : "taken");
			return 0;
		}
	END
	cc -O1 -o "$SANDBOX/state" "$SANDBOX/state.c"
	cc -O1 -o "$SANDBOX/take" "$SANDBOX/take.c"
	cp "$SANDBOX/state" "$SANDBOX/setuid"
	chmod 4755 "$SANDBOX/setuid"
	cp "$SANDBOX/state" "$SANDBOX/setgid"
	chmod 2755 "$SANDBOX/setgid"
	cp "$SANDBOX/state" "$SANDBOX/capable"
	file_capability "$SANDBOX/capable"
	for context in shut one root app open leaving; do
		cp /usr/bin/env "$EXEC/$context"
	done
}

# cap_net_admin, permitted and effective, as vfs_cap_data of revision 2.
file_capability() {
	/usr/bin/python3 -c '
import os, struct, sys
os.setxattr(sys.argv[1], "security.capability", struct.pack("<5I", 0x02000001, 1 << 12, 0, 0, 0))' "$1"
}

# becomes CONTEXT PROGRAM WANTED: what the program finds itself to be.
becomes() {
	wrap "$1" "$SANDBOX/$2"
	tap_is "$2 binary, context $1" "$OUT" "$3"
}

test_binaries() {
	local none=0000000000000000 chown=0000000000000001

	becomes shut setuid "2002 2002 2002 2002 $none"
	becomes one setuid "2002 2002 2002 2002 $chown"
	becomes root setuid "0 0 0 0 $chown"
	becomes shut setgid "2002 2002 2002 2002 $none"
	becomes one setgid "2002 2002 2002 2002 $chown"
	# The kernel executes no program that asks for a capability outside of the bounding set.
	becomes shut capable ''
	becomes one capable ''
	becomes open capable ''
	# The bounding set alone, where privileges may be gained: root's id, and no capability with it.
	becomes open setuid "2002 0 2002 2002 $chown"
	becomes open setgid "2002 2002 2002 0 $none"
	# That these are ways at all.
	becomes app setgid "2002 2002 2002 0 $none"
	becomes app setuid "2002 0 2002 2002 $none"
	tap_is 'outside, the capable binary has its capability' "$(as_svc "$SANDBOX/capable")" \
		'2001 2001 2001 2001 0000000000001000'
}

test_calls() {
	local context how

	for context in shut one root; do
		for how in permitted effective inheritable ambient bounding setgroups no_new_privs securebits \
			setresuid seteuid setresgid keepcaps; do
			case $context-$how in
			root-setresuid | root-seteuid | root-setresgid | root-keepcaps) continue ;; # it is root already
			esac
			wrap "$context" "$SANDBOX/take" "$how"
			tap_is "$how, context $context" "$STATUS$ERR $OUT" '0 not taken'
		done
	done
	for how in permitted effective inheritable bounding setgroups securebits setresuid; do
		capture "$SANDBOX/take" "$how"
		tap_is "$how, by a full root: it is a way" "$OUT" taken
	done
}

# A daemon that leaves root by itself keeps nothing of what root was given.
test_root_leaves() {
	wrap root setpriv --reuid=2002 --regid=2002 --clear-groups "$SANDBOX/state"
	tap_is 'root with cap_chown cannot even become another' "$STATUS" 127
	wrap leaving setpriv --reuid=2002 --regid=2002 --clear-groups "$SANDBOX/state"
	tap_is 'root with cap_setuid and cap_setgid becomes another, who has nothing' "$OUT" \
		'2002 2002 2002 2002 0000000000000000'
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
helpers
filters <<-'END'
	[Filters]
	shut: CommandFilter, shut, app
	one: CommandFilter, one, app
	root: CommandFilter, root, root
	open: CommandFilter, open, app
	app: CommandFilter, app, app
	leaving: CommandFilter, leaving, root
	[Context shut]
	filters = shut
	capabilities = none
	[Context one]
	filters = one, root
	capabilities = cap_chown
	[Context open]
	filters = open
	capabilities = cap_chown
	no_new_privs = False
	[Context leaving]
	filters = leaving
	capabilities = cap_setuid, cap_setgid, cap_chown
END
test_binaries
test_calls
test_root_leaves
tap_done
