#ifndef PSW_PROCESS_H
#define PSW_PROCESS_H

#include "base/error.h"

/*
 * The first step of a program that root starts for somebody else: nothing that
 * the caller left in the process reaches what comes after.  Descriptors 0 to 2
 * are open and no others; no signal is ignored, blocked or on its way by a
 * timer, but SIGPIPE, SIGXFSZ and the terminal's stop signals, which are ignored until
 * process_prepare_exec(); umask 022; limits no lower than those of PID 1;
 * personality, session keyring and dumpable as at login; the environment is
 * empty.  *environment is the caller's, for those who know what they look for.
 *
 * Kept from the caller: standard input, output and error, working directory,
 * terminal, nice value, scheduling, affinity, I/O priority, control group and
 * oom_score_adj.
 */
int process_make_safe(const char *const **environment, struct error *error) MUST_CHECK;

/* The limit of open files for the command: soft exactly, hard at least that. */
int process_limit_files(unsigned long count, struct error *error) MUST_CHECK;

/* The last step before execve(2): signals are at their default, and those that were held arrive. */
void process_prepare_exec(void);

/* After an execve(2) that failed: nothing must end the process before it has said so. */
void process_hold_signals(void);

#endif
