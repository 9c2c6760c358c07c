#include "execute/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "trust/changeable.h"

enum { MAX_LINKS = 40 };        /* as the kernel's own limit */

/* Where the walk to the file stands. */
struct walk {
	const struct guard_bases *bases;
	struct strbuf rest;
	int directory;
	bool others_can_change; /* something in this directory, or above it */
	unsigned links;
};

static void free_walk(struct walk *walk)
{
	strbuf_free(&walk->rest);
	descriptor_close(&walk->directory);
}

/*
 * Whether the directory is, or what has that name in it.  There a link can be root's, and lead where the caller wants:
 * it was given away, and taken back.
 */
static bool is_in_base(const struct walk *walk, const char *name)
{
	char link[64];
	char place[PATH_MAX + NAME_MAX + 2];
	ssize_t length;

	if (walk->bases->count == 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", walk->directory);
	length = readlink(link, place, PATH_MAX);
	if (length < 0)
		return true;
	snprintf(place + length, sizeof(place) - (size_t)length, "%s%s", length > 1 && name[0] ? "/" : "", name);
	return path_is_inside_any(walk->bases->directories, walk->bases->count, place);
}

static void look_at_directory(struct walk *walk, const struct stat *status, const char *name)
{
	if (directory_is_changeable(walk->directory, status) || is_in_base(walk, name))
		walk->others_can_change = true;
}

/* What was root's when the walk came to it can have been given away before the component was opened. */
static void look_again(struct walk *walk, const char *name)
{
	struct stat status;

	if (fstat(walk->directory, &status) < 0)
		walk->others_can_change = true;
	else
		look_at_directory(walk, &status, name);
}

/* Takes the descriptor over. */
static void go_to(struct walk *walk, int *directory, const struct stat *status)
{
	descriptor_close(&walk->directory);
	walk->directory = *directory;
	*directory = -1;
	look_at_directory(walk, status, "");
}

static int go_to_root(struct walk *walk)
{
	struct stat status;
	CLEANUP(descriptor_close) int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0 || fstat(root, &status) < 0)
		return -1;
	go_to(walk, &root, &status);
	return 0;
}

/*
 * Replaces what is still to be walked by what a link says and the old rest behind it.
 * Another's link was made while the directory was given away, if it is root's again.
 */
static int follow(struct walk *walk, int link, uid_t owner)
{
	char target[PATH_MAX];
	struct strbuf rest = { 0 };
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);

	errno = length < 0 ? errno : ELOOP;
	if (length < 0 || walk->others_can_change || owner != 0 || ++walk->links > MAX_LINKS)
		return -1;
	target[length] = '\0';
	strbuf_append_string(&rest, target);
	strbuf_append_string(&rest, walk->rest.text); /* nothing, or a slash first */
	strbuf_free(&walk->rest);
	walk->rest = rest;
	return target[0] == '/' ? go_to_root(walk) : 0;
}

/* Returns -1 at the end of the path, which is a directory then, or if the component is too long. */
static int take_component(struct walk *walk, char component[static NAME_MAX + 1])
{
	char *text = walk->rest.text;
	size_t start = strspn(text, "/");
	size_t length = strcspn(text + start, "/");

	if (length == 0 || length > NAME_MAX) {
		errno = length == 0 ? EISDIR : ENAMETOOLONG;
		return -1;
	}
	memcpy(component, text + start, length);
	component[length] = '\0';
	walk->rest.length -= start + length;
	memmove(text, text + start + length, walk->rest.length + 1);
	return 0;
}

/* Opens what the walk is at for reading, if it is what was looked at. */
static int open_file(const struct walk *walk, const char *component, const struct stat *looked_at)
{
	struct stat status;
	int file;

	errno = walk->rest.length > 0 ? ENOTDIR : EPERM;
	if (walk->rest.length > 0 || !S_ISREG(looked_at->st_mode) ||
	    (walk->others_can_change && looked_at->st_nlink > 1))
		return -1;
	file = openat(walk->directory, component, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) < 0 || status.st_dev != looked_at->st_dev ||
	    status.st_ino != looked_at->st_ino) {
		errno = file < 0 ? errno : ESTALE;
		descriptor_close(&file);
		return -1;
	}
	return file;
}

/* One component.  Returns the file once it is reached, -1 on a failure, -2 if the walk goes on. */
static int step(struct walk *walk)
{
	char component[NAME_MAX + 1];
	CLEANUP(descriptor_close) int next = -1;
	struct stat status;

	if (take_component(walk, component) < 0)
		return -1;
	next = openat(walk->directory, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0 || fstat(next, &status) < 0)
		return -1;
	look_again(walk, component);
	errno = EPERM;
	if (walk->others_can_change && strcmp(component, "..") == 0)
		return -1; /* the directory can be moved meanwhile, to below any that they can write to */
	if (S_ISLNK(status.st_mode))
		return follow(walk, next, status.st_uid) < 0 ? -1 : -2;
	if (S_ISDIR(status.st_mode)) {
		go_to(walk, &next, &status);
		return -2;
	}
	return open_file(walk, component, &status);
}

static int open_path(const char *path, const struct guard_bases *bases)
{
	CLEANUP(free_walk) struct walk walk = { .bases = bases, .directory = -1 };
	int result = -2;

	strbuf_append_string(&walk.rest, path);
	if (go_to_root(&walk) < 0)
		return -1;
	while (result == -2)
		result = step(&walk);
	return result;
}

static int write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

static int copy(int file)
{
	static char bytes[1 << 16];

	for (;;) {
		ssize_t got = read(file, bytes, sizeof(bytes));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		if (write_all(bytes, (size_t)got) < 0)
			return -1;
	}
}

/* What is appended would be read again, without end. */
static bool is_output(int file)
{
	struct stat input;
	struct stat output;

	return fstat(file, &input) == 0 && fstat(STDOUT_FILENO, &output) == 0 && S_ISREG(output.st_mode) &&
	       input.st_dev == output.st_dev && input.st_ino == output.st_ino;
}

int read_file_to_output(const char *path, const struct guard_bases *bases, struct error *error)
{
	CLEANUP(descriptor_close) int file = open_path(path, bases);

	if (file >= 0 && is_output(file)) {
		error_set(error, "cat: %s: input file is output file", path);
		return 1;
	}
	if (file >= 0 && copy(file) == 0)
		return 0;
	error_set(error, "cat: %s: %s", path, strerror(errno));
	return 1;
}
