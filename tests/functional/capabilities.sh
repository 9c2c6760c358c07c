#!/bin/bash
# Contexts: exactly the capabilities that one names are what a command has, root's or another user's; what cannot be
# had, or cannot be understood, runs nothing.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"
# shellcheck source=tests/functional/support/status.sh
. "$(dirname "$0")/support/status.sh"

# As capability.h numbers them: chown; kill; net_admin and net_raw.
CHOWN=0000000000000001
SEVERAL=0000000000003020
NONE=0000000000000000

# What the command that printed /proc/self/status last had.
found() {
	local key

	for key in Uid Gid Groups CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs; do
		printf '%s=%s ' "$key" "$(value "$key" "$SANDBOX/out")"
	done
}

# wanted USER SET NO_NEW_PRIVS: root has the set by its bounding set, another user as ambient.
wanted() {
	local ids='Uid=0 0 0 0 Gid=0 0 0 0 Groups=0' kept=$NONE

	if [ "$1" != root ]; then
		ids='Uid=2002 2002 2002 2002 Gid=2002 2002 2002 2002 Groups=2002 2100'
		kept=$2
	fi
	printf '%s CapInh=%s CapPrm=%s CapEff=%s CapBnd=%s CapAmb=%s NoNewPrivs=%s ' \
		"$ids" "$kept" "$2" "$2" "$2" "$kept" "$3"
}

# has NAME USER SET NO_NEW_PRIVS: `NAME-USER /proc/self/status` through sudo.
has() {
	wrap "$1-$2" /proc/self/status
	tap_is "$1, $2: exact ids, sets and no_new_privs" "$STATUS$ERR $(found)" "0 $(wanted "$2" "$3" "$4")"
}

# set_without HEX NUMBER...
set_without() {
	local set=$((16#$1)) number

	for number in "${@:2}"; do
		set=$((set & ~(1 << number)))
	done
	printf %016x "$set"
}

all() {
	value CapBnd /proc/self/status
}

# What root's command has if nothing is said of it: not these twelve, which no ordinary command needs.
built_in() {
	set_without "$(all)" 16 17 22 25 28 30 32 33 34 35 36 37
}

contexts() {
	cat <<-'END'
		none capabilities=none
		one capabilities=cap_chown
		several capabilities=CAP_NET_ADMIN,cap_net_raw,cap_kill
		all capabilities=all
		privileged capabilities=cap_chown;no_new_privs=False
		silent log=all
		locked no_new_privs=True
	END
}

# The filters of each context for both users, and `plain` in none.
status_policy() {
	local name user keys

	echo '[Filters]'
	while read -r name _; do
		for user in root app; do
			ln -f "$EXEC/status" "$EXEC/$name-$user"
			echo "$name-$user: CommandFilter, $name-$user, $user"
		done
	done < <(contexts; echo plain)
	while read -r name keys; do
		printf '[Context %s]\nfilters = %s-root, %s-app\n%s\n' "$name" "$name" "$name" "${keys//;/$'\n'}"
	done < <(contexts)
}

test_contexts() {
	local user all

	all=$(all)
	for user in root app; do
		has none "$user" $NONE 1
		has one "$user" $CHOWN 1
		has several "$user" $SEVERAL 1
		has all "$user" "$all" 1
		has privileged "$user" $CHOWN 0
	done
	for user in plain silent; do
		has $user root "$(built_in)" 0
		has $user app $NONE 0
	done
	has locked root "$(built_in)" 1
	has locked app $NONE 1
}

# in_default <TEXT: what [Context default] of the conf says.
in_default() {
	{
		printf 'audit_required = True\n[Context default]\n'
		cat
	} | conf_with
}

test_default_context() {
	local user

	in_default <<<'capabilities = cap_chown'
	for user in root app; do
		has plain "$user" $CHOWN 1
		has silent "$user" $CHOWN 1
		has several "$user" $SEVERAL 1
		has none "$user" $NONE 1
	done
	in_default <<<'log = all'
	has plain root "$(all)" 0
	has silent root "$(all)" 0
	has plain app $NONE 0
	in_default <<<'no_new_privs = True'
	has plain root "$(all)" 1
	has privileged app $CHOWN 0
	conf_with <<<'audit_required = True'
}

# confined_sudo COMMAND [ARG...]: what svc would run on a machine that has no cap_net_admin to give.
confined_sudo() {
	capture setpriv --bounding-set -net_admin setpriv --reuid=svc --regid=svc --init-groups --reset-env -- \
		sudo -n privsep-wrap "$SANDBOX_CONF" "$@"
}

test_missing_capability() {
	local user

	for user in root app; do
		audit_mark
		confined_sudo "several-$user" /proc/self/status
		tap_is "missing, $user: 95 and nothing ran" "$STATUS$OUT" 95
		tap_like "missing, $user: named, and no other" "$ERR" ': cap_net_admin; '
		tap_like "missing, $user: recorded" "$(audit_records)" '^<83>.* error .* reason=not-confined .*cap_net_admin'
		confined_sudo "all-$user" /proc/self/status
		tap_is "missing, $user: all is what there is" "$STATUS$ERR $(found)" \
			"0 $(wanted "$user" "$(set_without "$(all)" 12)" 1)"
		confined_sudo "one-$user" /proc/self/status
		tap_is "missing, $user: who does not want it does not miss it" "$STATUS$ERR $(found)" \
			"0 $(wanted "$user" $CHOWN 1)"
	done
}

# denied_in_place NAME LINE: by the filter whose context cannot be used, though the next one would allow; check tells where.
denied_in_place() {
	audit_mark
	wrap canary
	tap_is "$1: denied" "$STATUS $(canary)" '99 no'
	tap_like "$1: recorded" "$(audit_records)" '^<85>.* deny .* filter=first .* reason=bad-filter '
	capture privsep-wrapctl check "$SANDBOX_CONF"
	tap_like "$1: check names the line" "$OUT$ERR" "/test\.filters:$2: "
}

test_bad_keys() {
	local key

	while read -r key; do
		filters test <<-END
			[Filters]
			first: CommandFilter, canary, app
			second: RegExpFilter, canary, root, canary
			[Context bad]
			filters = first
			$key
		END
		denied_in_place "$key" 6
	done <<-'END'
		capabilities = cap_bogus
		capabilities = cap_chown, cap_bogus
		capabilities = net_admin
		capabilities = 12
		capabilities = cap_12
		capabilities = all, none
		capabilities = cap_chown=ep
		capability = cap_chown
		timeout = 0
		timeout = -1
		timeout = 1.5
		timeout = 1s
		timeout = 99999999999999999999
		timeout =
		log_exit = maybe
		no_new_privs = 2
		log = some
		mask = x
		mask = 0
		path_guard = on
		env_keep = LD_PRELOAD
	END
}

test_bad_sections() {
	filters test <<-'END'
		[Filters]
		first: CommandFilter, canary, app
		second: RegExpFilter, canary, root, canary
		[Context one]
		filters = first
		[Context two]
		filters = second, first
	END
	denied_in_place 'in two contexts' 7
	filters test <<-'END'
		[Filters]
		first: CommandFilter, canary, app
		second: RegExpFilter, canary, root, canary
		[Context one]
		filters = first, ghost
	END
	denied_in_place 'unknown filter' 5
	filters test <<-'END'
		[Filters]
		first: CommandFilter, canary, app
		second: RegExpFilter, canary, root, canary
		[Context default]
		filters = first
	END
	denied_in_place 'a default context in a filter file' 4
}

# As Python reads it, the last one counts; a filter must not lose its context by that, and run with the default's.
test_repeated() {
	filters test <<-'END'
		[Filters]
		first: CommandFilter, canary, root
		second: RegExpFilter, canary, root, canary
		[Context one]
		filters = first
		filters = second
		capabilities = none
	END
	denied_in_place 'filters twice in a context' '[56]'
	filters test <<-'END'
		[Filters]
		first: CommandFilter, canary, root
		second: RegExpFilter, canary, root, canary
		[Context one]
		filters = first
		capabilities = none
		[Context one]
		filters = second
	END
	denied_in_place 'a context twice' '[4578]'
}

cp /usr/bin/cat "$EXEC/status"
status_policy | filters test
test_contexts
test_default_context
test_missing_capability
test_bad_keys
test_bad_sections
test_repeated
tap_done
