#include "match/decision.h"

#include "base/exit_status.h"
#include "filters/kill_target.h"

static const struct {
	const char *name;
	int exit_status;
} reasons[] = {
	[REASON_NONE] = { "-", EXIT_UNAUTHORIZED },
	[REASON_NO_MATCH] = { "no-match", EXIT_UNAUTHORIZED },
	[REASON_BAD_FILTER] = { "bad-filter", EXIT_UNAUTHORIZED },
	[REASON_PATTERN_LIMIT] = { "pattern-limit", EXIT_UNAUTHORIZED },
	[REASON_IMPLICIT_PRIVSEP] = { "implicit-privsep", EXIT_UNAUTHORIZED },
	[REASON_TOO_LONG] = { "too-long", EXIT_UNAUTHORIZED },
	[REASON_PATH_GUARD] = { "path-guard", EXIT_UNAUTHORIZED },
	[REASON_NO_PROGRAM] = { "no-program", EXIT_NO_PROGRAM },
	[REASON_UNSAFE_PROGRAM] = { "unsafe-program", EXIT_NO_PROGRAM },
};

const char *reason_name(enum reason reason)
{
	return reasons[reason].name;
}

int reason_exit_status(enum reason reason)
{
	return reasons[reason].exit_status;
}

void decision_free(struct decision *decision)
{
	if (decision->target)
		kill_target_close(decision->target);
	arena_free(&decision->arena);
	*decision = (struct decision){ 0 };
}
