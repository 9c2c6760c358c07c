#ifndef PSW_PROBLEM_H
#define PSW_PROBLEM_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/memory.h"
#include "trust/trust.h"

/*
 * What is wrong with a policy.  The wrapper stops at a fatal problem; `check`
 * prints them all.
 */
enum severity {
	SEVERITY_WARNING,
	SEVERITY_ERROR,         /* one filter cannot be used; it denies in its place */
	SEVERITY_FATAL,         /* the policy cannot be used: nothing runs */
};

struct problem {
	enum severity severity;
	const char *file;
	unsigned line;          /* 0: the file as a whole */
	const char *text;       /* never holds content of the file beyond names of keys */
	const char *detail;     /* the field or value in question, for `check` alone; NULL: none */
	const struct trust_problem *trust;      /* for a file that others can change; else NULL */
	struct problem *next;
};

struct problems {
	struct arena arena;
	struct problem *first;
	struct problem **end;
};

/* Returns the new problem, so that a caller can add what it knows besides. */
struct problem *problem_add(struct problems *problems, enum severity severity, const char *file, unsigned line,
			    const char *format, ...) PRINTF_LIKE(5, 6);

/* Files that cannot be opened because others can change them, or at all. */
void problem_add_trust(struct problems *problems, enum severity severity, const char *file,
		       const struct trust_problem *trust);

/* The first fatal problem, or NULL. */
const struct problem *problem_fatal(const struct problems *problems);

void problems_free(struct problems *problems);

#endif
