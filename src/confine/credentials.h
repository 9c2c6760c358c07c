#ifndef PSW_CREDENTIALS_H
#define PSW_CREDENTIALS_H

#include "base/error.h"
#include "policy/capability.h"
#include "policy/context.h"
#include "confine/identity.h"

/* What the command will run as. */
struct credentials {
	const struct identity *identity;
	capability_set bounding;        /* root's command gets exactly these, another user's at most */
	capability_set ambient;         /* another user's command gets exactly these; empty for root */
	bool as_available;              /* no capability was named: of the bounding set what there is is enough */
	bool no_new_privs;
};

/*
 * What a context gives to a user's command: the capabilities that it names, whoever
 * runs it; where it names none, root keeps all, but by the built-in rule not those
 * that no ordinary command needs, and another user gets none.  programs are those
 * that will run, the filter's and that of a chain; NULL entries are passed over.
 */
struct credentials credentials_choose(const struct identity *identity, const struct context *context,
				      const char *const *programs, size_t count);

/* What the command will have: the bounding set for root, the ambient set for another user. */
capability_set credentials_granted(const struct credentials *credentials);

/*
 * Switches the process for good: supplementary groups, group, bounding set,
 * user, capability sets, no_new_privs, in the one order in which nothing leaks.  Any failure
 * returns -1, and then nothing may run: what was given up cannot be had back.
 */
int credentials_apply(const struct credentials *credentials, struct error *error) MUST_CHECK;

/*
 * Reads everything back from the kernel and tries to regain what was given up.
 * Returns -1 if anything is not as asked.
 */
int credentials_verify(const struct credentials *credentials, struct error *error) MUST_CHECK;

#endif
