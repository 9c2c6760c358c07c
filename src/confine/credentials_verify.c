/* The look back at what credentials_apply() did: nothing runs if the kernel says anything else. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "confine/capability_sets.h"
#include "confine/credentials.h"

enum { MAX_CAPABILITY = 63 };

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

/* Whether the bounding set holds nothing but these. */
static bool bounding_is_within(capability_set keep)
{
	for (int i = 0; i <= MAX_CAPABILITY; i++) {
		int present = keep & CAPABILITY(i) ? 0 : prctl(PR_CAPBSET_READ, i, 0, 0, 0);

		if (i > 0 && present < 0 && errno == EINVAL) /* the kernel knows no more */
			return true;
		if (present != 0)
			return false;
	}
	return true;
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
	struct capability_sets sets;

	return capability_sets_read(&sets) == 0 && bounding_is_within(credentials->bounding) &&
	       has_all_wanted(credentials) && (sets.permitted & ~credentials->bounding) == 0 &&
	       sets.effective == sets.permitted && (sets.inheritable & ~credentials->ambient) == 0;
}

static bool can_regain_ids(const struct credentials *credentials)
{
	const struct identity *identity = credentials->identity;
	capability_set granted = credentials_granted(credentials);

	return (identity->uid != 0 && !(granted & CAPABILITY(CAP_SETUID)) && setresuid(0, 0, 0) == 0) ||
	       (identity->gid != 0 && !(granted & CAPABILITY(CAP_SETGID)) && setresgid(0, 0, 0) == 0);
}

/* Whether what was given up of the sets can be had back, in any of them. */
static bool can_regain_capabilities(const struct credentials *credentials)
{
	capability_set given_up = capability_all() & ~credentials->bounding;
	struct capability_sets before;
	struct capability_sets sets;

	if (given_up == 0)
		return false;
	if (capability_sets_read(&before) < 0)
		return true;
	sets = before;
	sets.permitted |= given_up;
	if (capability_sets_write(&sets) == 0)
		return true;
	sets = before;
	sets.inheritable |= given_up;
	if (capability_sets_write(&sets) == 0)
		return true;
	for (int i = 0; i <= MAX_CAPABILITY; i++) {
		if ((given_up & CAPABILITY(i)) && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) == 0)
			return true;
	}
	return false;
}

/*
 * Left as they were found, and that must be as the kernel starts with: without the
 * rules for uid 0 root's command would not get its set at exec, and without those
 * for a change of user a daemon that leaves root by itself would keep it.
 */
static bool securebits_are_usual(void)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);

	return bits >= 0 && (bits & (SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP)) == 0;
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
	if (!securebits_are_usual())
		return error_set(error, "securebits are set: see SecureBits= of the unit that started this process");
	if (!attributes_are(credentials))
		return error_set(error, "process attributes are not as set");
	if (can_regain_ids(credentials) || can_regain_capabilities(credentials))
		return error_set(error, "privileges that were given up can be regained");
	return 0;
}
