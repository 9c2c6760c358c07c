#ifndef PSW_SUPERVISE_H
#define PSW_SUPERVISE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * For commands with a time limit, or whose end is to be recorded: the wrapper
 * stays as the command's parent, with as little privilege as it takes to end it.
 */
struct supervision {
	unsigned long timeout;          /* seconds; 0: no limit */
	pid_t wrapper;
	pid_t command;                  /* leader of a process group of its own */
	int started;                    /* end of a pipe: a byte in it says that the child cannot become the command */
	bool foreground;                /* the command's group has the terminal */
	long begin;                     /* milliseconds of CLOCK_MONOTONIC */
};

/* How the command ended. */
struct supervision_end {
	bool was_started;               /* else the child has said why */
	bool timed_out;
	int status;                     /* as of waitpid(2) */
	long milliseconds;
};

/*
 * Forks.  Returns 0 in the child, which goes on to become the command and must
 * call supervise_child() last; 1 in the parent; -1 with the reason, in the child
 * too, which must call supervise_child_failed() then.
 */
int supervise_fork(struct supervision *supervision, unsigned long timeout, struct error *error) MUST_CHECK;

/*
 * In the child, after its last change of credentials: a death of the parent ends
 * it too.  Returns -1 if the parent is gone already.
 */
int supervise_child(const struct supervision *supervision, struct error *error) MUST_CHECK;

/* In the child: tells the parent that there will be no command, because this process has said why and ends. */
void supervise_child_failed(const struct supervision *supervision);

/*
 * In the parent: gives up every capability but CAP_KILL, passes on signals, stops
 * and continues with the command, and after the time limit ends it and all that
 * descends from it, first with TERM, after 5 s with KILL.
 */
int supervise_wait(struct supervision *supervision, struct supervision_end *end, struct error *error) MUST_CHECK;

/* Ends this process as the command ended: with its status, by its signal, or with 124. */
void supervise_end_as(const struct supervision_end *end) NORETURN;

#endif
