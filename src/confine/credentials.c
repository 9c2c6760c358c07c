#include "confine/credentials.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "confine/capability_sets.h"
#include "confine/default_capabilities.h"

enum { MAX_CAPABILITY = 63 };

static int fail(struct error *error, const char *what)
{
	return error_set(error, "%s: %s", what, strerror(errno));
}

static capability_set built_in_for_root(const char *const *programs, size_t count)
{
	capability_set kept = ~capability_dropped_by_default();

	for (size_t i = 0; i < count; i++) {
		if (programs[i])
			kept |= capability_needed_by(programs[i]);
	}
	return kept;
}

struct credentials credentials_choose(const struct identity *identity, const struct context *context,
				      const char *const *programs, size_t count)
{
	struct credentials credentials = { .identity = identity, .no_new_privs = context->no_new_privs };
	bool is_root = identity->uid == 0;

	switch (context->rule) {
	case CAPABILITIES_BUILT_IN:
		credentials.bounding = is_root ? built_in_for_root(programs, count) : 0;
		credentials.as_available = true;
		break;
	case CAPABILITIES_USUAL:
		credentials.bounding = is_root ? capability_all() : 0;
		credentials.as_available = true;
		break;
	case CAPABILITIES_EXACT:
		credentials.bounding = context->capabilities;
		credentials.as_available = context->capabilities == capability_all();
		break;
	}
	if (!is_root)
		credentials.ambient = credentials.bounding;
	return credentials;
}

capability_set credentials_granted(const struct credentials *credentials)
{
	return credentials->identity->uid == 0 ? credentials->bounding : credentials->ambient;
}

/* Whether the kernel knows no capability of this number: the last one is where it says EINVAL. */
static bool is_beyond_last(int result)
{
	return result < 0 && errno == EINVAL;
}

/* Without CAP_SETPCAP nothing can be dropped; that is no failure for what is not there anyway. */
static int drop_from_bounding(int capability)
{
	int result = prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);

	if (result < 0 && errno == EPERM && prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 0)
		return 0;
	return result;
}

static int drop_bounding(capability_set keep, struct error *error)
{
	for (int i = 0; i <= MAX_CAPABILITY; i++) {
		int result = keep & CAPABILITY(i) ? 0 : drop_from_bounding(i);

		if (i > 0 && is_beyond_last(result))
			return 0;
		if (result < 0)
			return fail(error, "a capability cannot be dropped from the bounding set");
	}
	return 0;
}

static int refuse_missing(capability_set missing, struct error *error)
{
	CLEANUP(strbuf_free) struct strbuf names = { 0 };

	capability_append_set(&names, missing);
	return error_set(error, "the context asks for capabilities that this process does not have: %s; "
			 "see CapabilityBoundingSet= of the unit that started it", names.text);
}

/* What is asked for must be there before anything is given up; `all` and the defaults take what there is. */
static int find_available(const struct credentials *credentials, capability_set *available, struct error *error)
{
	struct capability_sets sets;
	capability_set missing;

	if (capability_sets_read(&sets) < 0)
		return fail(error, "capabilities cannot be read");
	*available = sets.permitted;
	for (int i = 0; i <= MAX_CAPABILITY; i++) {
		capability_set one = CAPABILITY(i) & credentials->bounding;

		if (!credentials->as_available && one && prctl(PR_CAPBSET_READ, i, 0, 0, 0) != 1)
			*available &= ~one;
	}
	missing = credentials->bounding & ~*available;
	return credentials->as_available || missing == 0 ? 0 : refuse_missing(missing, error);
}

/*
 * Root's inheritable and ambient sets stay empty: a daemon that leaves root by
 * itself must end with nothing.  Another user's capabilities are ambient, and for
 * that inheritable.
 */
static int reduce_sets(const struct credentials *credentials, capability_set available, struct error *error)
{
	struct capability_sets sets = { .inheritable = credentials->ambient & available };

	sets.permitted = credentials->bounding & available;
	sets.effective = sets.permitted;
	if (capability_sets_write(&sets) < 0)
		return fail(error, "capabilities cannot be reduced");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return fail(error, "ambient capabilities cannot be cleared");
	for (int i = 0; i <= MAX_CAPABILITY; i++) {
		if ((sets.inheritable & CAPABILITY(i)) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
			return fail(error, "an ambient capability cannot be raised");
	}
	return 0;
}

/* The permitted set outlives the change of user only for as long as it takes to make it ambient. */
static int set_user(const struct credentials *credentials, struct error *error)
{
	const uid_t uid = credentials->identity->uid;

	if (credentials->ambient && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail(error, "capabilities cannot be kept over the change of user");
	return setresuid(uid, uid, uid) == 0 ? 0 : fail(error, "the user cannot be set");
}

static int finish(const struct credentials *credentials, struct error *error)
{
	if (credentials->ambient && prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return fail(error, "keeping capabilities cannot be ended");
	if (credentials->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(error, "no_new_privs cannot be set");
	return 0;
}

/*
 * Groups while CAP_SETGID is there, the bounding set while CAP_SETPCAP is, then
 * the user: setresuid(2) takes the capabilities of another user away.
 */
int credentials_apply(const struct credentials *credentials, struct error *error)
{
	const struct identity *identity = credentials->identity;
	capability_set available = 0;

	if (find_available(credentials, &available, error) < 0)
		return -1;
	if (setgroups(identity->group_count, identity->groups) < 0)
		return fail(error, "supplementary groups cannot be set");
	if (setresgid(identity->gid, identity->gid, identity->gid) < 0)
		return fail(error, "the group cannot be set");
	if (drop_bounding(credentials->bounding, error) < 0 || set_user(credentials, error) < 0 ||
	    reduce_sets(credentials, available, error) < 0)
		return -1;
	return finish(credentials, error);
}
