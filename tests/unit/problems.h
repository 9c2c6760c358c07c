#ifndef PSW_PROBLEMS_H
#define PSW_PROBLEMS_H

/* What tests say of the problems that were found with a policy. */
#include "policy/problem.h"
#include "suite.h"

/* How many there are of that severity. */
static inline unsigned count_problems(const struct problems *problems, enum severity severity)
{
	unsigned count = 0;

	for (const struct problem *problem = problems->first; problem; problem = problem->next)
		count += problem->severity == severity;
	return count;
}

/* Exactly so many warnings, errors and fatal problems. */
static inline void assert_problem_counts(const struct problems *problems, unsigned warnings, unsigned errors,
					 unsigned fatal)
{
	const struct problem *first = problems->first;
	const char *text = first ? first->text : "none";

	ck_assert_msg(count_problems(problems, SEVERITY_WARNING) == warnings &&
			      count_problems(problems, SEVERITY_ERROR) == errors &&
			      count_problems(problems, SEVERITY_FATAL) == fatal,
		      "%u warnings, %u errors, %u fatal; first: %s",
		      count_problems(problems, SEVERITY_WARNING), count_problems(problems, SEVERITY_ERROR),
		      count_problems(problems, SEVERITY_FATAL), text);
}

/* The one of that severity in that file and line whose text holds part; its absence fails the test. */
static inline const struct problem *assert_problem_at(const struct problems *problems, enum severity severity,
						      const char *file, unsigned line, const char *part)
{
	for (const struct problem *problem = problems->first; problem; problem = problem->next) {
		if (problem->severity == severity && strcmp(problem->file, file) == 0 &&
		    problem->line == line && strstr(problem->text, part))
			return problem;
	}
	ck_abort_msg("no problem of severity %d at %s:%u with \"%s\"; first: %s", (int)severity, file, line,
		     part, problems->first ? problems->first->text : "none");
	return NULL;
}

/* What the tests write into files and no message may show. */
#define SECRET "SeCreT"

static inline void assert_problems_keep_secret(const struct problems *problems)
{
	ck_assert_ptr_nonnull(problems->first);
	for (const struct problem *problem = problems->first; problem; problem = problem->next) {
		assert_lacks(problem->text, SECRET);
		assert_lacks(problem->text, "secret"); /* names of options are in lower case */
	}
}

#endif
