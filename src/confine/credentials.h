#ifndef PSW_CREDENTIALS_H
#define PSW_CREDENTIALS_H

#include "base/error.h"
#include "confine/capability.h"
#include "confine/identity.h"

/* What the command will run as. */
struct credentials {
	const struct identity *identity;
	capability_set bounding;        /* root's command gets exactly these, as far as this process has them */
};

/*
 * The built-in default: root keeps all but the capabilities that no ordinary
 * command needs; another user gets none.  programs are those that will run: the
 * filter's and that of a chain.  NULL entries are passed over.
 */
struct credentials credentials_default(const struct identity *identity, const char *const *programs, size_t count);

/*
 * Switches the process for good: supplementary groups, group, bounding set,
 * user, capability sets, in the one order in which nothing leaks.  Any failure
 * returns -1, and then nothing may run: what was given up cannot be had back.
 */
int credentials_apply(const struct credentials *credentials, struct error *error) MUST_CHECK;

/*
 * Reads everything back from the kernel and tries to regain what was given up.
 * Returns -1 if anything is not as asked.
 */
int credentials_verify(const struct credentials *credentials, struct error *error) MUST_CHECK;

#endif
