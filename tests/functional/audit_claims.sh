#!/bin/bash
# Who the caller is by the word of the environment alone is marked as a claim; what sudo or the kernel vouches for
# is not.
set -eu
# shellcheck source=tests/functional/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/functional/support/programs.sh
. "$(dirname "$0")/support/programs.sh"

# caller NAME USER UID CLAIMS: the last run's record says so; "none" is no key at all.
caller() {
	local record

	record=$(audit_records | tail -n 1)
	tap_is "$1" "$(sed -nE 's/.* (user=.*) auid=.*/\1/p' <<<"$record") claims=$(sed -nE \
		's/.* unit=[^ ]+ claims=([^ ]+) conf=.*/\1/p' <<<"$record")" "user=$2 uid=$3 claims=$4"
}

by_environment() {
	capture env -u SUDO_UID -u SUDO_USER "$@" "$WRAPPER" "$SANDBOX_CONF" true
}

policy <<<'true: CommandFilter, true, root'
wrap true
caller 'sudo: no claim' svc 2001 ''
wrap nonsense
caller 'sudo, denied: no claim' svc 2001 ''
capture as_svc env SUDO_UID=0 SUDO_USER=root sudo -n "$WRAPPER" "$SANDBOX_CONF" true
caller 'sudo, with an environment of the caller'\''s own: no claim' svc 2001 ''
by_environment
caller 'root without sudo: no claim' root 0 ''
by_environment SUDO_UID=2001 SUDO_USER=svc
caller 'root, the environment names another: both are claims' svc 2001 user,uid
by_environment SUDO_UID=2001
caller 'root, the environment has a number: a claim' - 2001 uid
by_environment SUDO_USER=svc
caller 'root, the environment has only a name: it does not count' root 0 ''
by_environment SUDO_UID=0 SUDO_USER=operator
caller 'root, the number is the parent'\''s own: the name is the claim' operator 0 user
# Without a terminal, a session and a log of its own sudo becomes the command: its parent is svc's shell.
printf '%s\n' 'Defaults !use_pty, !pam_session, !pam_setcred' "$SANDBOX_RULE" >/etc/sudoers.d/app
# shellcheck disable=SC2016     # expanded by svc's shell
capture as_svc sh -c 'sudo -n "$@"; :' sh "$WRAPPER" "$SANDBOX_CONF" true
caller 'sudo that has become the wrapper: the kernel vouches for the number' svc 2001 user
conf_with <<<'audit_format = json'
by_environment SUDO_UID=2001 SUDO_USER=svc
tap_like 'JSON: in the same place' "$(audit_records | tail -n 1)" \
	'"unit":(null|"[^"]*"),"claims":"user,uid","conf":"/etc/app/rootwrap.conf",'
tap_done
