#include "policy/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct problem *problem_add(struct problems *problems, enum severity severity, const char *file, unsigned line,
			    const char *format, ...)
{
	struct problem *problem = arena_allocate(&problems->arena, 1, sizeof(*problem));
	struct error text;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text.text, sizeof(text.text), format, arguments);
	va_end(arguments);
	problem->severity = severity;
	problem->file = arena_string(&problems->arena, file);
	problem->line = line;
	problem->text = arena_string(&problems->arena, text.text);
	if (!problems->end)
		problems->end = &problems->first;
	*problems->end = problem;
	problems->end = &problem->next;
	return problem;
}

/* The file is named once, where it is itself what is wrong. */
static const char *skip_name(const char *text, const char *file)
{
	size_t length = strlen(file);

	if (strncmp(text, file, length) == 0 && strncmp(text + length, ": ", 2) == 0)
		return text + length + 2;
	return text;
}

void problem_add_trust(struct problems *problems, enum severity severity, const char *file,
		       const struct trust_problem *trust)
{
	struct trust_problem *copy = arena_allocate(&problems->arena, 1, sizeof(*copy));
	struct error text;

	*copy = *trust;
	trust_describe(trust, &text);
	problem_add(problems, severity, file, 0, "%s", skip_name(text.text, file))->trust = copy;
}

const struct problem *problem_fatal(const struct problems *problems)
{
	for (const struct problem *problem = problems->first; problem; problem = problem->next) {
		if (problem->severity == SEVERITY_FATAL)
			return problem;
	}
	return NULL;
}

void problems_free(struct problems *problems)
{
	arena_free(&problems->arena);
	*problems = (struct problems){ 0 };
}
