#ifndef PSW_GUARD_H
#define PSW_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

/*
 * Where the paths that a PathFilter checked have to be held, so that no directory
 * on the way can be swapped for a link between the check and the command's own
 * use: the first directory of each that anybody but root can change.  Below it no
 * link will be followed; above it only root can change anything.
 */
struct guard_list {
	const char **directories;       /* canonical; none is inside another */
	size_t count;
};

/*
 * Finds the directories for some canonical paths.  A path on whose way only root
 * can change anything needs one only if it is a directory itself, for commands
 * that go down into it.  Returns -1 if a path is no longer what was checked.
 */
int guard_find(const char *const *paths, size_t count, struct guard_list *guards, struct arena *arena,
	       struct error *error) MUST_CHECK;

/*
 * Whether a command can run with these guards.  Returns -1 with the reason: the
 * guard would cover the whole system or the program itself, or the program's work
 * is a mount or a namespace that would be done where nobody sees it.
 */
int guard_check(const struct guard_list *guards, const char *program, struct error *error) MUST_CHECK;

/* The same of the program alone, for one that starts the guarded command. */
int guard_check_mounts(const struct guard_list *guards, const char *program, struct error *error) MUST_CHECK;

/* Whether a program's work is a mount or a namespace: it cannot run with a guard. */
bool guard_is_unsuitable(const char *program);

#endif
