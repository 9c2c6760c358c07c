#ifndef PSW_DECISION_H
#define PSW_DECISION_H

#include <stddef.h>

#include "base/memory.h"
#include "match/guard.h"
#include "policy/filter.h"

/* Zero is "deny"; "allow" is not one bit away from it. */
enum verdict {
	VERDICT_DENY = 0,
	VERDICT_ALLOW = 0x6b1d5e3,
};

/* Why; the closed list is in privsep-wrap(8). */
enum reason {
	REASON_NONE = 0,
	REASON_NO_MATCH,
	REASON_BAD_FILTER,
	REASON_PATTERN_LIMIT,
	REASON_IMPLICIT_PRIVSEP,
	REASON_TOO_LONG,
	REASON_PATH_GUARD,
	REASON_NO_PROGRAM,
	REASON_UNSAFE_PROGRAM,
};

/* A filter that came close, and what kept it from matching. */
struct near_miss {
	const struct filter *filter;
	size_t argument;                /* index in the request's argv; argc: their number is wrong */
	const char *why;
	struct near_miss *next;         /* less close */
};

/*
 * The answer to a request, as data: matching builds it, the audit trail records
 * it, `explain` shows it, execution performs it.  Zeroed, it is a denial.
 */
struct decision {
	enum verdict verdict;
	enum reason reason;             /* of a denial */
	const struct filter *filter;    /* that allows, or that ended the search; NULL: none */
	const struct filter *inner;     /* that allows the command which a chaining filter runs; NULL: none */
	const char *why;                /* more about the reason, for a person; NULL: nothing */
	const char *program;            /* for execve(2), as found */
	const char *const *argv;        /* that will run, NULL-terminated */
	size_t argc;
	size_t begins;                  /* the word of the request at which the filter's command begins, and */
	size_t inner_begins;            /* that at which the inner filter's does */
	const char *inner_program;      /* that a chaining filter's command runs; NULL: none */
	const char *const *environment; /* "NAME=value", set by the request itself; NULL-terminated */
	size_t environment_count;
	const char *file;               /* for ReadFileFilter: no program runs, the file is read from here */
	struct kill_target *target;     /* for KillFilter: no program runs, the signal is sent from here */
	int signal;
	struct guard_list guards;       /* below which the command must follow no link */
	struct guard_bases bases;       /* what another request may give away */
	struct near_miss *near;
	struct arena arena;
};

/* As written in records: "no-match"; "-" for none. */
const char *reason_name(enum reason reason);

/* The status with which the wrapper ends on a denial. */
int reason_exit_status(enum reason reason);

void decision_free(struct decision *decision);

#endif
