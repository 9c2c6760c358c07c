#ifndef PSW_EXECUTE_H
#define PSW_EXECUTE_H

#include "base/error.h"
#include "match/decision.h"

/*
 * Becomes the command.  Returns only if that fails, with errno of execve(2) and
 * the reason; the terminal's stop signals are ignored again then.
 */
void execute_command(const struct decision *decision, const char *const *environment, struct error *error);

/* The wrapper's exit status for a failed execve(2): 127 for what is not there, else 126. */
int execute_failure_status(int error_number);

/*
 * Sends the signal of a KillFilter's decision through the pidfd that has held the
 * process since it was judged.  Returns the exit status of kill(1): 0, or 1 with
 * the reason.
 */
int execute_kill(const struct decision *decision, struct error *error);

#endif
