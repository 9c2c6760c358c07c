#ifndef PSW_PROGRAM_H
#define PSW_PROGRAM_H

#include <stdbool.h>

#include "base/memory.h"
#include "policy/exec_dirs.h"
#include "trust/trust.h"

enum program_result {
	PROGRAM_FOUND,
	PROGRAM_MISSING,        /* the search for a filter goes on, as in oslo.rootwrap */
	PROGRAM_UNSAFE,         /* somebody else can change it: the search ends */
};

/*
 * Finds the program of a filter: an absolute path as it is, a bare name in the
 * trusted exec_dirs, in order.  *path is what execve(2) gets, links unresolved.
 * Otherwise *why says what stood in the way, with each directory passed over.
 * assume: every program exists, in the first of exec_dirs.
 */
enum program_result program_find(const char *program, const struct exec_dirs *dirs, struct trust *trust, bool assume,
				 struct arena *arena, const char **path, const char **why) MUST_CHECK;

#endif
