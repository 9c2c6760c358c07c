#ifndef PSW_EXEC_DIRS_H
#define PSW_EXEC_DIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "trust/trust.h"

/* The directories in which programs are looked up, each judged once. */
struct exec_dir {
	const char *path;       /* without slashes at the end */
	bool trusted;           /* only root can change it; else nothing is ever run from it */
	bool missing;
	const char *why;        /* it is not trusted */
};

struct exec_dirs {
	struct exec_dir *entries;
	size_t count;
};

/* Judges each; with trust NULL all are taken to be trusted. */
void exec_dirs_judge(struct exec_dirs *dirs, const char *const *paths, size_t count, struct trust *trust,
		     struct arena *arena);

/* Whether path is a file of an entry that is trusted: "/usr/bin/ls" for the entry "/usr/bin". */
bool exec_dirs_hold(const struct exec_dirs *dirs, const char *path);

/* Whether any entry is trusted, so that a program can be found by its name. */
bool exec_dirs_are_usable(const struct exec_dirs *dirs);

/* Appends PATH for a command, never empty: the trusted entries in order; if there is none, one that holds nothing. */
void exec_dirs_append_path(const struct exec_dirs *dirs, struct strbuf *buffer);

#endif
