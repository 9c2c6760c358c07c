#include "confine/identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

enum { MAX_GROUPS = 65536 };    /* the kernel's NGROUPS_MAX */

static const gid_t root_groups[] = { 0 };

static int find_groups(struct identity *identity, struct arena *arena, struct error *error)
{
	int count = 64;

	for (;;) {
		int room = count;
		gid_t *groups = arena_allocate(arena, (size_t)room, sizeof(*groups));

		if (getgrouplist(identity->name, identity->gid, groups, &count) >= 0) {
			identity->groups = groups;
			identity->group_count = (size_t)count;
			return 0;
		}
		if (count <= room)
			count = room * 2;
		if (count > MAX_GROUPS)
			return error_set(error, "the run-as user has too many groups");
	}
}

bool identity_is_root(const char *name)
{
	return strcmp(name, "root") == 0;
}

int identity_find(struct identity *identity, const char *name, struct arena *arena, struct error *error)
{
	const struct passwd *entry;

	if (identity_is_root(name)) {
		*identity = (struct identity){
			.name = "root", .groups = root_groups, .group_count = 1, .home = "/root", .shell = "/bin/sh",
		};
		return 0;
	}
	errno = 0;
	entry = getpwnam(name);
	if (!entry)
		return error_set(error, "the filter's run-as user does not exist%s%s", errno ? ": " : "",
				 errno ? strerror(errno) : "");
	if (entry->pw_uid == (uid_t)-1 || entry->pw_gid == (gid_t)-1)
		return error_set(error, "the filter's run-as user has no usable ID");
	*identity = (struct identity){
		.name = arena_string(arena, name),
		.uid = entry->pw_uid,
		.gid = entry->pw_gid,
		.home = arena_string(arena, entry->pw_dir && *entry->pw_dir ? entry->pw_dir : "/"),
		.shell = arena_string(arena, entry->pw_shell && *entry->pw_shell ? entry->pw_shell : "/bin/sh"),
	};
	return find_groups(identity, arena, error);
}
