#!/bin/bash
# Attacks by the environment: the command gets nothing of the caller's but what root's policy names.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/variables.sh
. "$(dirname "$0")/support/variables.sh"
# shellcheck source=tests/attacks/support/caller.sh
. "$(dirname "$0")/support/caller.sh"

mark=$TMPDIR/loaded                     # made by whoever loads the library

# What sudo lets through by itself.
kept=(
	KRB5CCNAME=/tmp/x XAUTHORITY=/tmp/x XAUTHORIZATION=/tmp/x LS_COLORS=x LANGUAGE=tr LINGUAS=tr HOSTNAME=x
	PS1=x PS2=x DISPLAY=:0 TERM=xterm TZ=Asia/Tokyo COLORTERM=x COLORS=x
	LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 LC_CTYPE=C PATH=/tmp:/usr/bin HOME=/tmp SHELL=/tmp/sh USER=nobody LOGNAME=nobody MAIL=/tmp/x EDITOR=/tmp/x
)

attack_kept_by_sudo() {
	capture as_svc env "${kept[@]}" sudo -n privsep-wrap "$SANDBOX_CONF" state
	only 'sudo'\''s own list'
	case_record 'recorded' ': allow .* cmd=state$'
	conf_with <<<'env_keep = TERM, H*, S*, U*, L*, P*'
	capture as_svc env "${kept[@]}" sudo -n privsep-wrap "$SANDBOX_CONF" state
	case_like 'what the conf keeps' "$OUT" '^env TERM=xterm$'
	case_is 'each once' "$(sed -n 's/^env \([^=]*\)=.*/\1/p' <<<"$OUT" | sort | uniq -d)" ''
	case_is 'the user'\''s own stay' "$(grep -cxF -e 'env HOME=/root' -e 'env USER=root' -e 'env LOGNAME=root' \
		-e 'env SHELL=/bin/sh' -e "env PATH=$EXEC:/usr/sbin:/usr/bin" <<<"$OUT")" 5
	conf_with <<<'audit_required = True'
	audit_mark
}

attack_malformed() {
	capture /usr/bin/python3 "$SANDBOX/hostile.py" environ "$WRAPPER" "$SANDBOX_CONF" state
	only 'twice, nameless, without a value'
	case_record 'twice, nameless, without a value: recorded' ': allow .* cmd=state$'
	# shellcheck disable=SC2016     # expanded by the inner shell
	capture bash -c 'ulimit -s unlimited && exec /usr/bin/python3 -c "$@"' bash '
import os, sys
large = {"L%d" % i: "x" * 131000 for i in range(8)}
many = {"V%05d" % i: "" for i in range(100000)}
os.execve(sys.argv[1], sys.argv[1:], {**large, **many})' "$WRAPPER" "$SANDBOX_CONF" state
	only '100000 variables, and 1 MiB in a few'
	case_record '100000 variables: recorded' ': allow '
	conf_with <<<'env_keep = K*, V*, L*, G*'
	capture /usr/bin/python3 "$SANDBOX/hostile.py" environ "$WRAPPER" "$SANDBOX_CONF" state
	case_is 'of two with a name that is kept' "$(grep -e '^env KEEP_ONE=' <<<"$OUT")" 'env KEEP_ONE=first'
	case_unlike 'no loader'\''s, no nameless, none without a value' "$OUT" '^env (LD_|GCONV_PATH|=|VALUELESS)'
	conf_with <<<'audit_required = True'
	audit_mark
}

# loaded: "yes" if somebody has run the library's code since the last question.
loaded() {
	if rm "$mark" 2>/dev/null; then
		echo yes
	else
		echo no
	fi
}

# What sudo passes at the rule's wish reaches the wrapper's own loader, never the command.
attack_setenv() {
	cat >"$SANDBOX/load.c" <<-END
		#include <fcntl.h>
		__attribute__((constructor)) static void run(void)
		{
			open("$mark", O_CREAT | O_WRONLY, 0666);
		}
	END
	cc -shared -fPIC -o "$SANDBOX/load.so" "$SANDBOX/load.c"
	env LD_PRELOAD="$SANDBOX/load.so" /usr/bin/true
	case_is 'the library is one' "$(loaded)" yes
	capture as_svc sudo -n "LD_PRELOAD=$SANDBOX/load.so" privsep-wrap "$SANDBOX_CONF" state
	case_is 'on sudo'\''s command line: refused' "$STATUS ${OUT:-silence} $(loaded)" '1 silence no'
	case_is 'on sudo'\''s command line: nothing ran' "$(audit_records)" ''
	capture as_svc env "LD_PRELOAD=$SANDBOX/load.so" sudo -n privsep-wrap "$SANDBOX_CONF" state
	only 'in sudo'\''s environment'
	case_is 'in sudo'\''s environment: nobody loads it' "$(loaded)" no
	audit_mark
	sed -i 's/NOPASSWD:/NOPASSWD: SETENV:/' /etc/sudoers.d/app
	capture as_svc sudo -n BASH_ENV=/tmp/x PERL5OPT=-d PYTHONPATH=/tmp LOCPATH=/tmp \
		LD_LIBRARY_PATH=/tmp LD_BIND_NOW=1 privsep-wrap "$SANDBOX_CONF" state
	only 'with a rule that lets the caller set them'
	capture as_svc sudo -n "LD_PRELOAD=$SANDBOX/load.so" privsep-wrap "$SANDBOX_CONF" state
	only 'with such a rule, the loader'\''s'
	sed -i 's/ SETENV://' /etc/sudoers.d/app
	rm -f "$mark"
	audit_mark
}

# claim ASPECT ERE [NAME=VALUE...]: what the record of a wrapper that root starts without sudo says.
claim() {
	capture env -i "${@:3}" "$WRAPPER" "$SANDBOX_CONF" state
	case_record "$1" "$2"
}

attack_identity() {
	capture as_svc env SUDO_USER=other SUDO_UID=0 SUDO_GID=0 SUDO_COMMAND=x USER=innocent LOGNAME=innocent \
		sudo -n privsep-wrap "$SANDBOX_CONF" state
	case_is 'through sudo: nothing of it arrives' "$STATUS $(environment)" '0 '
	case_record 'through sudo: its word is not taken' ': allow id=[0-9a-f]+ user=svc uid=2001 '
	capture as_svc env SUDO_USER=other SUDO_UID=0 "$WRAPPER" "$SANDBOX_CONF" state
	case_is 'without sudo: not by svc' "$STATUS$OUT" 95
	audit_mark
	claim 'a name and a number that nobody vouches for' \
		': allow id=[0-9a-f]+ user=other uid=77 auid=[^ ]+ .* claims=user,uid conf=' \
		SUDO_USER=other SUDO_UID=77 USER=innocent
	claim 'a number that the parent bears out' ': allow id=[0-9a-f]+ user=other uid=0 .* claims=user conf=' \
		SUDO_USER=other SUDO_UID=0
	claim 'a name alone' ': allow id=[0-9a-f]+ user=root uid=0 ' SUDO_USER=other USER=innocent LOGNAME=innocent
	claim 'no number' ': allow id=[0-9a-f]+ user=root uid=0 ' SUDO_USER=other SUDO_UID=x
	claim 'a number too large' ': allow id=[0-9a-f]+ user=root uid=0 ' SUDO_USER=other SUDO_UID=4294967295
	claim 'a number that begins as one' ': allow id=[0-9a-f]+ user=root uid=0 ' SUDO_USER=other SUDO_UID=77x
	claim 'a name that would be more fields' ": allow id=[0-9a-f]+ user='x uid=0' uid=77 .* claims=user,uid conf=" \
		'SUDO_USER=x uid=0' SUDO_UID=77
}

command -v cc >/dev/null || tap_skip_all 'needs a C compiler'
cp "$(dirname "$0")/../functional/support/hostile.py" "$SANDBOX/"
policy <<<'state: RegExpFilter, state, root, state'
# Root's own scripts name programs without a path, and an empty PATH is the directory that the caller stands in.
attack_empty_path() {
	printf '#!/bin/sh\nhelper-of-root\n' >"$SANDBOX/script"
	chmod 0755 "$SANDBOX/script"
	impostor helper-of-root
	printf '[DEFAULT]\nfilters_path = %s\nexec_dirs = /opt/nowhere\n' "$SANDBOX_FILTERS" | conf
	policy <<<"script: CommandFilter, $SANDBOX/script, root"
	wrap_from "$HOME_OF_SVC" script
	case_is 'a script of root'\''s finds nothing of the caller'\''s' "$STATUS $(canary)" '127 no'
	printf '#!/bin/sh\ncommand -v ls || echo none\n' >"$SANDBOX/script"
	wrap_from "$HOME_OF_SVC" script
	case_is 'nor in a directory that was not judged' "$STATUS $OUT" '0 none'
	conf_with <<<'audit_required = True'
	audit_mark
}

attack ENV-01 'what sudo keeps of the caller'\''s environment' attack_kept_by_sudo
attack ENV-02 'variables twice, nameless, many and large' attack_malformed
attack ENV-03 'variables that sudo would set' attack_setenv
attack ENV-09 'another name for the caller' attack_identity
attack ENV-03 'no directory to look for programs' attack_empty_path
tap_done

# Left out:
# ENV-03: a sudoers rule with SETENV: the dynamic loader obeys the caller before the wrapper's first line; the manual
# forbids such a rule.
