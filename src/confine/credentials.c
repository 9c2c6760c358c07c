#include "confine/credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine/default_capabilities.h"

enum { MAX_CAPABILITY = 63 };

/* The sets of this process as the kernel has them. */
struct sets {
	capability_set permitted;
	capability_set effective;
	capability_set inheritable;
};

static int fail(struct error *error, const char *what)
{
	return error_set(error, "%s: %s", what, strerror(errno));
}

/* glibc has no wrappers; libcap's clear the effective set in some orders. */
static int get_sets(struct sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &header, data) < 0)
		return -1;
	sets->permitted = data[0].permitted | (capability_set)data[1].permitted << 32;
	sets->effective = data[0].effective | (capability_set)data[1].effective << 32;
	sets->inheritable = data[0].inheritable | (capability_set)data[1].inheritable << 32;
	return 0;
}

static int set_sets(const struct sets *sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ (__u32)sets->effective, (__u32)sets->permitted, (__u32)sets->inheritable },
		{ (__u32)(sets->effective >> 32), (__u32)(sets->permitted >> 32), (__u32)(sets->inheritable >> 32) },
	};

	return (int)syscall(SYS_capset, &header, data);
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

/* Whether the bounding set holds nothing but these. */
static bool bounding_is_within(capability_set keep)
{
	for (int i = 0; i <= MAX_CAPABILITY; i++) {
		int present = keep & CAPABILITY(i) ? 0 : prctl(PR_CAPBSET_READ, i, 0, 0, 0);

		if (i > 0 && is_beyond_last(present))
			return true;
		if (present != 0)
			return false;
	}
	return true;
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
	struct sets sets;
	capability_set missing;

	if (get_sets(&sets) < 0)
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
	struct sets sets = { .inheritable = credentials->ambient & available };

	sets.permitted = credentials->bounding & available;
	sets.effective = sets.permitted;
	if (set_sets(&sets) < 0)
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

static bool ids_are(const struct identity *identity)
{
	uid_t real_user;
	uid_t effective_user;
	uid_t saved_user;
	gid_t real_group;
	gid_t effective_group;
	gid_t saved_group;

	return getresuid(&real_user, &effective_user, &saved_user) == 0 &&
	       getresgid(&real_group, &effective_group, &saved_group) == 0 && real_user == identity->uid &&
	       effective_user == identity->uid && saved_user == identity->uid && real_group == identity->gid &&
	       effective_group == identity->gid && saved_group == identity->gid;
}

static int compare_groups(const void *a, const void *b)
{
	gid_t left = *(const gid_t *)a;
	gid_t right = *(const gid_t *)b;

	return left < right ? -1 : left > right;
}

/* The kernel returns the groups in its own order. */
static bool groups_are(const struct identity *identity)
{
	size_t count = identity->group_count;
	gid_t *wanted = memory_allocate(count, sizeof(*wanted));
	gid_t *actual = memory_allocate(count + 1, sizeof(*actual)); /* with more groups than fit it fails */
	bool same = false;

	if (getgroups((int)count + 1, actual) == (int)count) {
		memcpy(wanted, identity->groups, count * sizeof(*wanted));
		qsort(wanted, count, sizeof(*wanted), compare_groups);
		qsort(actual, count, sizeof(*actual), compare_groups);
		same = memcmp(wanted, actual, count * sizeof(*wanted)) == 0;
	}
	free(wanted);
	free(actual);
	return same;
}

/* Whether each wanted capability is in the bounding set, and ambient where it must be. */
static bool has_all_wanted(const struct credentials *credentials)
{
	for (int i = 0; i <= MAX_CAPABILITY && !credentials->as_available; i++) {
		if ((credentials->bounding & CAPABILITY(i)) && prctl(PR_CAPBSET_READ, i, 0, 0, 0) != 1)
			return false;
		if ((credentials->ambient & CAPABILITY(i)) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) != 1)
			return false;
	}
	return true;
}

/* At exec root's command gets the bounding set as it is, another user's what is ambient. */
static bool capabilities_are(const struct credentials *credentials)
{
	struct sets sets;

	return get_sets(&sets) == 0 && bounding_is_within(credentials->bounding) && has_all_wanted(credentials) &&
	       (sets.permitted & ~credentials->bounding) == 0 && sets.effective == sets.permitted &&
	       (sets.inheritable & ~credentials->ambient) == 0;
}

/* Whether root or a dropped capability can be had back. */
static bool can_regain(const struct credentials *credentials)
{
	const struct identity *identity = credentials->identity;
	capability_set all = capability_all();
	struct sets sets;

	if (identity->uid != 0 && !(credentials->ambient & CAPABILITY(CAP_SETUID)) && setresuid(0, 0, 0) == 0)
		return true;
	if (identity->gid != 0 && !(credentials_granted(credentials) & CAPABILITY(CAP_SETGID)) && setresgid(0, 0, 0) == 0)
		return true;
	if (get_sets(&sets) < 0)
		return true;
	if ((all & ~credentials->bounding) == 0)
		return false; /* nothing was given up */
	sets.permitted |= all & ~credentials->bounding;
	return set_sets(&sets) == 0;
}

static bool attributes_are(const struct credentials *credentials)
{
	return prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) == 0 &&
	       (!credentials->no_new_privs || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

int credentials_verify(const struct credentials *credentials, struct error *error)
{
	if (!ids_are(credentials->identity))
		return error_set(error, "user or group are not as set");
	if (!groups_are(credentials->identity))
		return error_set(error, "supplementary groups are not as set");
	if (!capabilities_are(credentials))
		return error_set(error, "capabilities are not as set");
	if (!attributes_are(credentials))
		return error_set(error, "process attributes are not as set");
	if (can_regain(credentials))
		return error_set(error, "privileges that were given up can be regained");
	return 0;
}
