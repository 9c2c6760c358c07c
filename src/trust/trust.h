#ifndef PSW_TRUST_H
#define PSW_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/memory.h"

/*
 * Opens what only root can change.
 *
 * A path is walked from "/" on descriptors, component by component, and each is
 * judged on the descriptor that is then used, never by name twice.  Directories
 * are the owner's and not writable by group or others, whatever the group: the
 * group bits are also the mask of a POSIX ACL.  A sticky directory such as /tmp
 * is accepted on the way to a directory.  A symbolic link is followed if it and
 * all that it leads to stand in such directories.
 */
struct trust {
	uid_t owner;            /* root; the mains know no other */
	bool any_owner;         /* also what the user who asks owns: policy checks on a build machine */
	struct arena arena;
	struct trusted_directory *known;
};

enum trust_result {
	TRUST_OK,
	TRUST_MISSING,          /* a component does not exist */
	TRUST_REFUSED,          /* somebody else can change it */
	TRUST_ERROR,            /* the system would not tell */
};

/* Which component was refused, for messages and records. */
struct trust_problem {
	char path[512];
	bool judged;            /* owner and mode are known */
	uid_t owner;
	mode_t mode;
	int error_number;       /* for TRUST_MISSING and TRUST_ERROR */
	const char *why;        /* what is wrong, and the cure */
};

/* For CLEANUP: closes what a trust holds open. */
void trust_free(struct trust *trust);

/* Opens a directory for reading.  Returns the descriptor in *directory, for the caller to close. */
enum trust_result trust_open_directory(struct trust *trust, const char *path, int *directory,
				       struct trust_problem *problem) MUST_CHECK;

/* Whether the directory is trusted, without opening it. */
enum trust_result trust_judge_directory(struct trust *trust, const char *path,
					struct trust_problem *problem) MUST_CHECK;

/* Opens a regular file for reading, the very inode that was judged; *status is its. */
enum trust_result trust_open_file(struct trust *trust, const char *path, int *file, struct stat *status,
				  struct trust_problem *problem) MUST_CHECK;

/* Judges a program or other file without opening it; *status is that of what the path leads to. */
enum trust_result trust_judge_file(struct trust *trust, const char *path, struct stat *status,
				   struct trust_problem *problem) MUST_CHECK;

/* The problem as one line: component, owner, mode, cure. */
void trust_describe(const struct trust_problem *problem, struct error *error);

#endif
