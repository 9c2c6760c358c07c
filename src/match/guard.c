#include "match/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "trust/changeable.h"

/* What the walk along one path knows. */
struct walk {
	const char *path;
	const struct guard_bases *bases;
	size_t length;                  /* of the part that was walked, which is a directory */
	int directory;
	size_t guard;                   /* length of the part that is the guard; 0: none yet */
};

/* Whether another request can give away what was walked. */
static bool is_in_base(const struct walk *walk)
{
	for (size_t i = 0; i < walk->bases->count; i++) {
		const char *base = walk->bases->directories[i];

		if (walk->length >= strlen(base) && path_is_inside(base, walk->path))
			return true;
	}
	return false;
}

/* Steps into the next component.  Returns 1 if the walk goes on, 0 at its end, -1 with the reason. */
static int step(struct walk *walk, struct error *error)
{
	char component[NAME_MAX + 1];
	const char *start = walk->path + walk->length + strspn(walk->path + walk->length, "/");
	size_t length = strcspn(start, "/");
	struct stat status;
	int next;

	if (length == 0)
		return 0;
	if (length > NAME_MAX)
		return error_set(error, "a component of the path is too long");
	memcpy(component, start, length);
	component[length] = '\0';
	next = openat(walk->directory, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0; /* the command will make it */
	if (next < 0 || fstat(next, &status) < 0) {
		descriptor_close(&next);
		return error_set(error, "the path cannot be walked: %s", strerror(errno));
	}
	if (!S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode)) {
		descriptor_close(&next);
		return 0;
	}
	descriptor_close(&walk->directory);
	walk->directory = next;
	walk->length = (size_t)(start - walk->path) + length;
	if (S_ISLNK(status.st_mode))
		return error_set(error, "the path has become a link");
	if (is_in_base(walk) || directory_is_changeable(next, &status))
		walk->guard = walk->length;
	return walk->guard == 0;
}

/* Whether the walk has come to the end of the path; the root directory has no component. */
static bool is_whole(const struct walk *walk)
{
	return walk->path[walk->length + strspn(walk->path + walk->length, "/")] == '\0';
}

static bool holds_system(const char *directory)
{
	static const char *const system[] = {
		"/bin", "/sbin", "/lib", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64",
		"/usr/libexec", "/etc", "/dev", "/proc", "/sys",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(system); i++) {
		if (path_is_inside(directory, system[i]))
			return true;
	}
	return false;
}

/*
 * Where the walk ended at a directory of root's alone, but what stands there, or will, is a base or below one: it can
 * be made, replaced by a link or given away before the command comes there.  A base in a directory of the system is
 * left at that, as no guard can hold the system.
 */
static bool is_in_missing_base(const struct walk *walk, const char *directory)
{
	bool can_be_held = strcmp(directory, "/") != 0 && !holds_system(directory);

	for (size_t i = 0; i < walk->bases->count; i++) {
		const char *base = walk->bases->directories[i];

		if (path_is_inside(base, walk->path) && (can_be_held || strcmp(base, walk->path) != 0))
			return true;
	}
	return false;
}

/* Returns the guard of one path, NULL for none or with *failed. */
static const char *find_one(const char *path, const struct guard_bases *bases, struct arena *arena, bool *failed,
			    struct error *error)
{
	struct walk walk = {
		.path = path,
		.bases = bases,
		.directory = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};
	const char *directory;
	struct stat status;
	int result = 1;

	if (walk.directory < 0 || fstat(walk.directory, &status) < 0) {
		*failed = true;
		error_set(error, "/: %s", strerror(errno));
		return NULL;
	}
	if (directory_is_changeable(walk.directory, &status))
		walk.guard = 1;
	while (result > 0 && walk.guard == 0)
		result = step(&walk, error);
	*failed = result < 0;
	directory = walk.length > 0 ? arena_copy(arena, path, walk.length) : "/";
	if (walk.guard == 0 && result == 0 && (is_whole(&walk) || is_in_missing_base(&walk, directory)))
		walk.guard = strlen(directory);
	descriptor_close(&walk.directory);
	return *failed || walk.guard == 0 ? NULL : arena_copy(arena, path, walk.guard);
}

static void add(struct guard_list *guards, const char *directory)
{
	size_t kept = 0;

	if (path_is_inside_any(guards->directories, guards->count, directory))
		return;
	for (size_t i = 0; i < guards->count; i++) {
		if (!path_is_inside(directory, guards->directories[i]))
			guards->directories[kept++] = guards->directories[i];
	}
	guards->directories[kept++] = directory;
	guards->count = kept;
}

int guard_find(const char *const *paths, size_t count, const struct guard_bases *bases, struct guard_list *guards,
	       struct arena *arena, struct error *error)
{
	*guards = (struct guard_list){ .directories = arena_allocate(arena, count + 1, sizeof(char *)) };
	for (size_t i = 0; i < count; i++) {
		bool failed;
		const char *directory = find_one(paths[i], bases, arena, &failed, error);

		if (failed)
			return -1;
		if (directory)
			add(guards, directory);
	}
	return 0;
}

/*
 * Their work would be done in the command's own mount namespace, and be gone with it;
 * or it is done in another, by another process or below another root, without the guard.
 * The last ones read what links say themselves, and then open what they lead to.
 */
bool guard_is_unsuitable(const char *program)
{
	static const char *const patterns[] = {
		"mount", "umount", "mount.*", "umount.*", "losetup", "ip", "privsep-helper", "unshare", "nsenter",
		"fusermount*", "systemd-mount", "systemd-umount", "systemd-nspawn", "systemd-run", "machinectl",
		"pivot_root", "switch_root", "*chroot", "bwrap", "flatpak", "runc", "crun", "docker", "podman",
		"nerdctl", "buildah", "ctr", "crictl", "kubectl", "apptainer", "lxc*", "incus*", "virsh",
		"start-stop-daemon", "tmux", "screen", "at", "batch", "crontab",
		"swapon", "swapoff", "mkswap", "fsck*", "parted", "restorecon", "setfiles", "e4defrag",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
		if (fnmatch(patterns[i], path_base_name(program), 0) == 0)
			return true;
	}
	return false;
}

/* Without links the program, what loads it and its libraries could not be found any more. */
static bool covers_system(const char *directory, const char *program)
{
	char *real = realpath(program, NULL);
	bool covers = path_is_inside(directory, program) || (real && path_is_inside(directory, real));

	free(real);
	return covers || holds_system(directory);
}

static void add_base(struct guard_bases *bases, const char *constraint, struct arena *arena)
{
	const char *directory = arena_copy(arena, constraint, path_length_without_slashes(constraint));

	if (strcmp(directory, "/") == 0 || holds_system(directory))
		return;
	bases->directories[bases->count++] = directory;
}

void guard_bases_find(struct guard_bases *bases, const struct filter_list *filters, struct arena *arena)
{
	size_t most = 0;

	for (size_t i = 0; i < filters->count; i++)
		most += filters->filters[i]->class->checks_paths ? filters->filters[i]->argument_count : 0;
	*bases = (struct guard_bases){ .directories = arena_allocate(arena, most + 1, sizeof(char *)) };
	for (size_t i = 0; i < filters->count; i++) {
		const struct filter *filter = filters->filters[i];

		for (size_t j = 0; filter->class->checks_paths && j < filter->argument_count; j++) {
			if (filter->arguments[j][0] == '/')
				add_base(bases, filter->arguments[j], arena);
		}
	}
}

static const char cure[] = "a context with path_guard = off lets it run unguarded";

int guard_check_mounts(const struct guard_list *guards, const char *program, struct error *error)
{
	if (guards->count > 0 && guard_is_unsuitable(program))
		return error_set(error, "the program mounts, works in other mounts than the guard's or resolves links "
				 "itself: %s",
				 cure);
	return 0;
}

int guard_check(const struct guard_list *guards, const char *program, struct error *error)
{
	if (guard_check_mounts(guards, program, error) < 0)
		return -1;
	for (size_t i = 0; i < guards->count; i++) {
		if (strcmp(guards->directories[i], "/") == 0 || covers_system(guards->directories[i], program))
			return error_set(error, "the directory to be guarded holds the system or the program "
						"itself: %s", cure);
	}
	return 0;
}
