#ifndef PSW_TERMINAL_H
#define PSW_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Job control between a shell and a command whose parent stays: the shell knows the
 * parent's process group only, so the parent hands the terminal on and back, and
 * stops when the command is stopped.  SIGTTOU must be ignored.
 */

/* The controlling terminal while the process group of this process has it; the caller closes it.  -1: it has none. */
int terminal_open_foreground(void);

/* Gives a terminal, or none, to a process group.  Returns whether that has it now. */
bool terminal_give(int terminal, pid_t group);

/* The same for the terminal that this process group has, if it has it. */
bool terminal_give_ours(pid_t group);

/* Takes the terminal back for this process group, whoever has it. */
void terminal_take_back(void);

/* Whether a status of waitpid(2) is of a process that the terminal has stopped. */
bool terminal_has_stopped(int status);

/*
 * Stops this process, as the terminal stops a job, until somebody continues it.
 * deadline, in milliseconds of clock_milliseconds(), continues it too; negative:
 * none.  Returns false if it could not stop, because nothing would wake it then.
 */
bool terminal_stop_self(long deadline);

#endif
