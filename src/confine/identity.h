#ifndef PSW_IDENTITY_H
#define PSW_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/memory.h"

/* A run-as user with all that belongs to it. */
struct identity {
	const char *name;
	uid_t uid;
	gid_t gid;
	const gid_t *groups;    /* supplementary, the primary group among them */
	size_t group_count;
	const char *home;
	const char *shell;
};

/* Whether the name is that of root, who needs no lookup. */
bool identity_is_root(const char *name);

/*
 * Looks the user up, once.  "root" needs no lookup: user and group 0 alone, /root
 * and /bin/sh.  Returns -1 if there is no such user.  Strings live in the arena.
 */
int identity_find(struct identity *identity, const char *name, struct arena *arena, struct error *error) MUST_CHECK;

#endif
