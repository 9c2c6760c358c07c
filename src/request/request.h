#ifndef PSW_REQUEST_H
#define PSW_REQUEST_H

#include <stddef.h>
#include <sys/types.h>

#include "base/memory.h"
#include "request/caller.h"

/*
 * Who asks for what.  Sealed once made: matching, auditing and executing read
 * it, nothing changes it, so that what was judged is what is recorded and run.
 */
struct request {
	size_t argc;                    /* of the command, at least 1 */
	const char *const *argv;        /* NULL-terminated */
	const char *const *environment; /* the caller's, NULL-terminated */
	const char *cwd;                /* absolute; NULL when it is gone or out of reach */
	struct caller caller;
};

/* The longest command that is accepted: more could not be audited whole. */
enum { REQUEST_MAX_BYTES = 256 * 1024 };

/* Bytes of all arguments with their terminators. */
size_t request_bytes(const struct request *request);

/* The value of a variable in an environment such as the caller's, or NULL. */
const char *request_variable(const char *const *environment, const char *name);

/* The current directory, or NULL when it has none that a path could begin with. */
const char *request_cwd(struct arena *arena);

#endif
