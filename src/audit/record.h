#ifndef PSW_RECORD_H
#define PSW_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "audit/record_lines.h"
#include "base/memory.h"
#include "match/decision.h"
#include "policy/capability.h"
#include "policy/problem.h"
#include "request/request.h"

/*
 * The records of the audit trail, each of one or more lines, with their facts in a
 * fixed order and the command last, so that nothing in it can imitate a fact.
 * privsep-wrap(8) has the format.
 */
enum {
	RECORD_MAX = 2048,      /* bytes of one line */
	RECORD_ID_SIZE = 13,    /* 12 hexadecimal digits */
};

/* What all records of one request say. */
struct record_subject {
	char id[RECORD_ID_SIZE];
	const struct request *request;
	const char *const *arguments;   /* the request's as records may show them */
	const char *conf;       /* as the caller gave it */
	const struct record_form *form;
};

/* What an error record says besides. */
struct record_error {
	const char *reason;                     /* of the closed list */
	const char *path;                       /* NULL: none */
	unsigned line;                          /* 0: none */
	const struct trust_problem *trust;      /* owner and mode; NULL: none */
	const char *detail;                     /* text for a person; NULL: none */
};

/* An identifier that no caller can foresee. */
void record_make_id(char id[static RECORD_ID_SIZE]);

/* The first word is "allow" or "deny", by the verdict. */
struct record record_decision(const struct record_subject *subject, const struct decision *decision,
			      capability_set capabilities, struct arena *arena);

/* How a supervised command ended; status as of waitpid(2). */
struct record record_exit(const struct record_subject *subject, const struct filter *filter, int status, bool timed_out,
			  long milliseconds, struct arena *arena);

struct record record_failure(const struct record_subject *subject, const struct record_error *failure,
			     struct arena *arena);

#endif
