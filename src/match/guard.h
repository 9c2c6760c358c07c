#ifndef PSW_GUARD_H
#define PSW_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"
#include "policy/filter_file.h"

/*
 * Where the paths that a PathFilter checked have to be held, so that no directory
 * on the way can be swapped for a link between the check and the command's own
 * use: the first directory of each that anybody but root can change, or that
 * another request may give away.  Below it no link will be followed; above it only
 * root can change anything.
 */
struct guard_list {
	const char **directories;       /* canonical; none is inside another */
	size_t count;
};

/*
 * The directories of the PathFilters of a policy: what is in one of them a chown
 * can give to its caller while another command runs.  One that holds the system is
 * none: who can give that away has made its caller root, and no guard can hold it.
 */
struct guard_bases {
	const char **directories;
	size_t count;
};

void guard_bases_find(struct guard_bases *bases, const struct filter_list *filters, struct arena *arena);

/*
 * Finds the directories for some canonical paths.  A path on whose way only root
 * can change anything and that is in no base needs one only if it is a directory
 * itself, for commands that go down into it.  Where a base is missing, or is no
 * directory, it is the last directory on the way: the base can be made or replaced.
 * Returns -1 if a path is no longer what was checked.
 */
int guard_find(const char *const *paths, size_t count, const struct guard_bases *bases, struct guard_list *guards,
	       struct arena *arena, struct error *error) MUST_CHECK;

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
