# shellcheck shell=bash
#
# Sourced after lib.sh and targets.sh: requests that end the process PID, and that do not.

# spared ASPECT ARG...: `kill ARG...` matches no filter, and nothing happens to PID.
spared() {
	refused_with 99 no-match "$1" kill "${@:2}"
	case_is "$1: the process" "$(target_state)" S
}

# ended ASPECT ARG...: the honest one, which ends PID by KILL.
ended() {
	permitted "$1" kill "${@:2}"
	case_is "$1: the process" "$(target_end)" 137
}
