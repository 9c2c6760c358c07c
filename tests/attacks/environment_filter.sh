#!/bin/bash
# Attacks on EnvFilter: exactly its variables are set, and their values are words to the command and nothing more.
# shellcheck disable=SC2317     # functions are called by name
set -eu
# shellcheck source=tests/attacks/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/attacks/support/variables.sh
. "$(dirname "$0")/support/variables.sh"

attack_loader() {
	local name

	for name in LD_LIBRARY_PATH LD_PRELOAD LD_AUDIT LD_DEBUG GLIBC_TUNABLES GCONV_PATH; do
		policy <<-END
			loader: EnvFilter, env, root, FOO=, $name=, state
			wide: CommandFilter, env, root
			wider: CommandFilter, state, root
		END
		refused_with 99 bad-filter "$name" env FOO=1 "$name=$SANDBOX/home/svc" state
		capture privsep-wrapctl check "$SANDBOX_CONF"
		case_like "$name: privsep-wrapctl check tells" "$STATUS $OUT$ERR" \
			'^2 .*loader: field 4: a variable of the dynamic loader'
		conf_with <<<"env_keep = $name"
		refused_with 97 bad-config "$name in env_keep" state
		conf_with <<<'audit_required = True'
	done
}

attack_assignments() {
	local words

	while read -ra words; do
		refused_with 99 no-match "${words[*]}" "${words[@]}"
	done <<-'END'
		env TAG=a TAG=b state
		env TAG=a TAG= state
		env B=1 TAG=a state
		env TAG=a B=1 state
		env TAG=a PATH=/tmp state
		env state TAG=a
		env state
		env TAG state
		env TAG=a
		env =a TAG=a state
		env TAGS=a state
		env TA=G=a state
		env tag=a state
		env -i TAG=a state
		env -S TAG=a state
		env -- TAG=a state
		env -u PATH TAG=a state
		env TAG=a env state
		env TAG=a /tmp/state
		env TAG=a ./state
		env TAG=a sh
		env env TAG=a state
		/usr/bin/env TAG=a state
		/tmp/env TAG=a state
		TAG=a TAG=a state
	END
	refused_with 99 no-match 'a blank in front' env ' TAG=a' state
	refused_with 99 no-match 'a newline in front' env $'\nTAG=a' state
	wrap env TAG=a state
	only 'as the filter names it' TAG=a
	case_record 'recorded with its value' ": allow .* filter=tag .* exe=$EXEC/state argc=3 cmd=env TAG=a state\$"
	wrap TAG=a state
	only 'without env' TAG=a
	audit_mark
	wrap env TAG= state
	only 'without a value'
	audit_mark
	wrap env 'TAG=a LD_PRELOAD=x' state
	case_like 'the value is one word' "$OUT" '^env TAG=a LD_PRELOAD=x$'
	case_record 'the value is one word: recorded so' " cmd=env 'TAG=a LD_PRELOAD=x' state\$"
	wrap env $'TAG=a\nPATH=/tmp' state
	case_like 'the value is one string' "$OUT" '^env TAG=a\\012PATH=/tmp$'
	case_record 'the value is one string: recorded so' " cmd=env \\$'TAG=a\\\\012PATH=/tmp' state\$"
}

attack_recorded() {
	wrap env TAG=plain state
	case_record 'allowed' ": allow .* cmd=env TAG=plain state\$"
	wrap env TAG=plain OTHER=x state
	case_record 'denied' ": deny .* cmd=env TAG=plain OTHER=x state\$"
	wrap env 'TAG=x reason=no-match' state
	case_record 'as one word' ": allow .* argc=3 cmd=env 'TAG=x reason=no-match' state\$"
}

attack_functions() {
	# shellcheck disable=SC2016     # not to be expanded
	local body='() { :; }; /run/sandbox/exec/canary'

	capture env "BASH_ENV=$EXEC/canary" "$EXEC/shell"
	case_is 'bash runs what it is told to' "$(canary)" yes
	refused_with 99 no-match 'a function of bash' env "BASH_FUNC_ls%%=$body" shell
	refused_with 99 no-match 'and a variable of the filter' env "BASH_FUNC_ls%%=$body" TAG=a shell
	wrap env "TAG=$body" shell
	case_is 'in the value of the filter'\''s variable' "$STATUS $OUT $(canary)" "0 $body no"
	case_record 'in the value of the filter'\''s variable: recorded' ': allow '
	capture as_svc env "BASH_FUNC_echo%%=$body" "TERM=$body" "LC_ALL=$body" "BASH_ENV=$EXEC/canary" \
		"ENV=$EXEC/canary" SHELLOPTS=xtrace "PS4=\$($EXEC/canary)" sudo -n privsep-wrap "$SANDBOX_CONF" shell
	case_is 'in the caller'\''s environment' "$STATUS$OUT$ERR $(canary)" '0 no'
	case_record 'in the caller'\''s environment: recorded' ': allow '
	capture env "BASH_FUNC_echo%%=$body" "BASH_ENV=$EXEC/canary" "ENV=$EXEC/canary" SHELLOPTS=xtrace \
		"PS4=\$($EXEC/canary)" "$WRAPPER" "$SANDBOX_CONF" shell
	case_is 'the same without sudo' "$STATUS$OUT$ERR $(canary)" '0 no'
	audit_mark
}

program shell <<-'END'
	#!/bin/bash
	[ -z "${TAG-}" ] || echo "$TAG"
END
policy <<-END
	tag: EnvFilter, env, root, TAG=, state
	shell: EnvFilter, env, root, TAG=, shell
	state: RegExpFilter, state, root, state
	shell-alone: RegExpFilter, shell, root, shell
END
attack ENV-05 'other variables than the filter'\''s' attack_assignments
attack ENV-06 'variables that are not in the record' attack_recorded
attack ENV-08 'functions and code in values' attack_functions
attack ENV-04 'variables of the dynamic loader' attack_loader
tap_done

# Left out:
# ENV-05: values that a filter would name: EnvFilter compares names, as oslo.rootwrap does.
