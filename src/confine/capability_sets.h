#ifndef PSW_CAPABILITY_SETS_H
#define PSW_CAPABILITY_SETS_H

#include "base/attributes.h"
#include "policy/capability.h"

/* The sets of this process that capget(2) knows. */
struct capability_sets {
	capability_set permitted;
	capability_set effective;
	capability_set inheritable;
};

/* capget(2) of this process.  Returns -1 with errno. */
int capability_sets_read(struct capability_sets *sets) MUST_CHECK;

/* capset(2) of this process.  Returns -1 with errno; then nothing has changed. */
int capability_sets_write(const struct capability_sets *sets) MUST_CHECK;

#endif
