#include "confine/path_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/descriptor.h"

/* MS_ and AT_ names: <sys/mount.h> and <linux/mount.h> of glibc 2.36 exclude each other. */
enum {
	SLAVE = 1 << 19,        /* MS_SLAVE: what the host mounts arrives here, not the other way round */
	PRIVATE = 1 << 18,      /* MS_PRIVATE */
	RECURSIVE = 1 << 14,    /* MS_REC */
	TREE_RECURSIVE = 0x8000, /* AT_RECURSIVE */
	NOSYMFOLLOW = 0x2000,   /* ST_NOSYMFOLLOW of statvfs(3) */
};

static int fail(struct error *error, const char *what)
{
	return error_set(error, "%s: %s; a context with path_guard = off lets the command run unguarded", what,
			 strerror(errno));
}

static int enter_namespace(struct error *error)
{
	if (unshare(CLONE_NEWNS) < 0)
		return fail(error, "a mount namespace cannot be had");
	if (syscall(SYS_mount, "none", "/", NULL, SLAVE | RECURSIVE, NULL) < 0)
		return fail(error, "the mount namespace cannot be detached from the host's");
	return 0;
}

static bool mount_id(int descriptor, uint64_t *id)
{
	struct statx status;

	if (statx(descriptor, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_MNT_ID, &status) < 0 ||
	    !(status.stx_mask & STATX_MNT_ID))
		return false;
	*id = status.stx_mnt_id;
	return true;
}

/* The way is root's alone down to the directory: nobody can have put a link there. */
static int open_directory(const char *path)
{
	struct open_how {
		uint64_t flags;
		uint64_t mode;
		uint64_t resolve;
	} how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = 0x04 | 0x02 /* no symlinks, no magic links */ };

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static int clone_without_links(int directory, struct error *error)
{
	const struct mount_attr attributes = { .attr_set = MOUNT_ATTR_NOSYMFOLLOW, .propagation = PRIVATE };
	int tree = (int)syscall(SYS_open_tree, directory, "",
				OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | TREE_RECURSIVE);

	if (tree < 0)
		return fail(error, "the directory to be guarded cannot be cloned");
	if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | TREE_RECURSIVE, &attributes, sizeof(attributes)) < 0) {
		fail(error, "links cannot be switched off (Linux 5.14 is needed)");
		descriptor_close(&tree);
		return -1;
	}
	return tree;
}

/* What the command will find at the path must be what was mounted, with the flag on. */
static int verify(const char *path, int tree, struct error *error)
{
	CLEANUP(descriptor_close) int found = open_directory(path);
	struct statvfs status;
	uint64_t wanted;
	uint64_t actual;

	if (found < 0 || fstatvfs(found, &status) < 0)
		return fail(error, "the guarded directory cannot be opened");
	if (!mount_id(tree, &wanted) || !mount_id(found, &actual) || wanted != actual ||
	    !(status.f_flag & NOSYMFOLLOW)) {
		errno = ESTALE;
		return fail(error, "the guard is not in its place");
	}
	return 0;
}

static int guard_directory(const char *path, struct error *error)
{
	CLEANUP(descriptor_close) int directory = open_directory(path);
	CLEANUP(descriptor_close) int tree = -1;

	if (directory < 0)
		return fail(error, "the directory to be guarded cannot be opened");
	tree = clone_without_links(directory, error);
	if (tree < 0)
		return -1;
	if (syscall(SYS_move_mount, tree, "", directory, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return fail(error, "the guard cannot be mounted");
	return verify(path, tree, error);
}

int path_guard_enter(const struct guard_list *guards, struct error *error)
{
	if (guards->count == 0)
		return 0;
	if (enter_namespace(error) < 0)
		return -1;
	for (size_t i = 0; i < guards->count; i++) {
		if (guard_directory(guards->directories[i], error) < 0)
			return -1;
	}
	return 0;
}
