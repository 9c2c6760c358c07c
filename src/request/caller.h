#ifndef PSW_CALLER_H
#define PSW_CALLER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/memory.h"

/*
 * Who called, for the audit trail.  uid and user are what sudo says (SUDO_UID
 * and SUDO_USER), else the real uid; login uid, session and terminal are the
 * kernel's; who has a login uid cannot change it, who has none can choose it once.  Where sudo is not the parent its
 * variables are what anybody may have put there: claims, unless the parent's own
 * uid says the same.  NULL: unknown.
 */
struct caller {
	uid_t uid;
	const char *user;
	bool uid_is_claim;
	bool user_is_claim;
	const char *login_uid;
	const char *session;
	const char *terminal;           /* such as "pts/0" */
	const char *unit;               /* systemd unit or control group of the process that called sudo */
	pid_t parent;
};

/* Reads all that; never fails, what cannot be read is unknown. */
void caller_identify(struct caller *caller, const char *const *environment, struct arena *arena);

/* Only uid and user, without a look at /proc: enough to match.  Of whoever is not root no variable counts. */
void caller_identify_user(struct caller *caller, const char *const *environment, struct arena *arena);

#endif
