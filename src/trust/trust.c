#include "trust/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/path.h"

enum {
	MAX_LINKS = 40,         /* as the kernel's own limit */
	MAX_PATH = 4096,
	MAX_REPLACED = 16,      /* times that a file is replaced while it is looked at */
};

/* A directory that was judged, kept open so that the next path through it need not be walked again. */
struct trusted_directory {
	const char *path;       /* without links; "" is the root directory */
	int descriptor;
	dev_t device;
	bool sticky;            /* others can add names to it */
	struct trusted_directory *next;
};

/* Where a walk stands. */
struct walk {
	struct trust *trust;
	struct trust_problem *problem;
	const struct trusted_directory *at;
	char rest[MAX_PATH];    /* components still to be walked */
	unsigned links;
	unsigned replaced;
};

void trust_free(struct trust *trust)
{
	for (struct trusted_directory *known = trust->known; known; known = known->next)
		close(known->descriptor);
	trust->known = NULL;
	arena_free(&trust->arena);
}

static enum trust_result fail(struct walk *walk, const char *component, enum trust_result result, const char *why)
{
	int saved = errno;
	const char *parent = walk->at ? walk->at->path : "";
	const char *slash = *component == '/' || (*component == '\0' && *parent != '\0') ? "" : "/";

	snprintf(walk->problem->path, sizeof(walk->problem->path), "%s%s%s", parent, slash, component);
	walk->problem->error_number = result == TRUST_REFUSED ? 0 : saved;
	walk->problem->why = why;
	return result;
}

static enum trust_result fail_by_errno(struct walk *walk, const char *component)
{
	return fail(walk, component, errno == ENOENT || errno == ENOTDIR ? TRUST_MISSING : TRUST_ERROR, NULL);
}

static enum trust_result refuse(struct walk *walk, const char *component, const struct stat *status, const char *why)
{
	walk->problem->judged = true;
	walk->problem->owner = status->st_uid;
	walk->problem->mode = status->st_mode;
	return fail(walk, component, TRUST_REFUSED, why);
}

static bool owner_is_trusted(const struct trust *trust, const struct stat *status)
{
	if (status->st_uid == 0 || status->st_uid == trust->owner)
		return true;
	return trust->any_owner && status->st_uid == geteuid();
}

static bool others_can_write(const struct stat *status)
{
	return (status->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

static enum trust_result judge_directory(struct walk *walk, const char *component, const struct stat *status)
{
	if (!owner_is_trusted(walk->trust, status))
		return refuse(walk, component, status, "only root may own it (chown root)");
	if (others_can_write(status) && !(status->st_mode & S_ISVTX))
		return refuse(walk, component, status, "only root may be able to change it (chmod go-w)");
	return TRUST_OK;
}

static const struct trusted_directory *find_known(const struct trust *trust, const char *path, size_t length)
{
	for (const struct trusted_directory *known = trust->known; known; known = known->next) {
		if (strlen(known->path) == length && memcmp(known->path, path, length) == 0)
			return known;
	}
	return NULL;
}

static const struct trusted_directory *remember(struct trust *trust, const char *path, int descriptor,
						const struct stat *status)
{
	struct trusted_directory *known = arena_allocate(&trust->arena, 1, sizeof(*known));

	known->path = path;
	known->descriptor = descriptor;
	known->device = status->st_dev;
	known->sticky = others_can_write(status);
	known->next = trust->known;
	trust->known = known;
	return known;
}

static enum trust_result go_to_root(struct walk *walk)
{
	struct stat status = { 0 };
	enum trust_result result;
	int descriptor;

	walk->at = find_known(walk->trust, "", 0);
	if (walk->at)
		return TRUST_OK;
	descriptor = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0 || fstat(descriptor, &status) < 0) {
		result = fail_by_errno(walk, "/");
	} else {
		result = judge_directory(walk, "/", &status);
	}
	if (result != TRUST_OK) {
		descriptor_close(&descriptor);
		return result;
	}
	walk->at = remember(walk->trust, "", descriptor, &status);
	return TRUST_OK;
}

static enum trust_result go_to_parent(struct walk *walk)
{
	const char *path = walk->at->path;
	size_t length = (size_t)(path_base_name(path) - path);

	walk->at = find_known(walk->trust, path, length > 0 ? length - 1 : 0);
	return TRUST_OK; /* every directory on the way to a known one is known */
}

/* Takes the next component off the rest.  Returns false at the end. */
static bool next_component(struct walk *walk, char component[static NAME_MAX + 1], bool *too_long)
{
	char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/");

	*too_long = length > NAME_MAX;
	if (length == 0 || *too_long)
		return false;
	memcpy(component, start, length);
	component[length] = '\0';
	memmove(walk->rest, start + length, strlen(start + length) + 1);
	return true;
}

static bool is_last_component(const struct walk *walk)
{
	return walk->rest[strspn(walk->rest, "/")] == '\0';
}

/* Puts the target of a link in front of what is still to be walked. */
static enum trust_result follow_link(struct walk *walk, const char *component, int link)
{
	char target[MAX_PATH];
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);

	if (length < 0)
		return fail_by_errno(walk, component);
	target[length] = '\0';
	errno = ELOOP;
	if (++walk->links > MAX_LINKS)
		return fail(walk, component, TRUST_ERROR, NULL);
	errno = ENAMETOOLONG;
	if ((size_t)length + 1 + strlen(walk->rest) >= sizeof(walk->rest))
		return fail(walk, component, TRUST_ERROR, NULL);
	memmove(walk->rest + length + 1, walk->rest, strlen(walk->rest) + 1);
	memcpy(walk->rest, target, (size_t)length);
	walk->rest[length] = '/';
	return target[0] == '/' ? go_to_root(walk) : TRUST_OK;
}

static enum trust_result enter_directory(struct walk *walk, const char *component, int *descriptor,
					 const struct stat *status)
{
	enum trust_result result = judge_directory(walk, component, status);

	if (result != TRUST_OK)
		return result;
	walk->at = remember(walk->trust, arena_format(&walk->trust->arena, "%s/%s", walk->at->path, component),
			    *descriptor, status);
	*descriptor = -1;
	return TRUST_OK;
}

/*
 * In a directory where others can add names only a directory that they do not own
 * can be relied on; one that they mounted may say of itself that it is root's.
 */
static enum trust_result judge_in_sticky(struct walk *walk, const char *component, const struct stat *status)
{
	if (!walk->at->sticky || (S_ISDIR(status->st_mode) && status->st_dev == walk->at->device))
		return TRUST_OK;
	return refuse(walk, component, status, "it must not stand in a directory that others can write to");
}

static enum trust_result judge_file(struct walk *walk, const char *component, const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		return refuse(walk, component, status, "it must be a regular file");
	if (!owner_is_trusted(walk->trust, status))
		return refuse(walk, component, status, "only root may own it (chown root)");
	if (others_can_write(status))
		return refuse(walk, component, status, "only root may be able to change it (chmod go-w)");
	return TRUST_OK;
}

/* A policy is replaced by rename while it is in use: what is there now is judged in its turn. */
static enum trust_result look_again(struct walk *walk, const char *component)
{
	memcpy(walk->rest, component, strlen(component) + 1);
	return TRUST_OK;
}

/* Opens for reading what was judged, and makes sure that it is the same; else the walk takes one step more. */
static enum trust_result open_judged(struct walk *walk, const char *component, struct stat *judged, int *file)
{
	struct stat status;

	*file = openat(walk->at->descriptor, component, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*file < 0)
		return fail_by_errno(walk, component);
	if (fstat(*file, &status) == 0 && status.st_dev == judged->st_dev && status.st_ino == judged->st_ino) {
		*judged = status;
		return TRUST_OK;
	}
	descriptor_close(file);
	*file = -1;
	if (walk->replaced++ < MAX_REPLACED)
		return look_again(walk, component);
	return refuse(walk, component, judged, "it was replaced while it was looked at (try again)");
}

struct file_wanted {
	int *descriptor;        /* where to store it opened for reading; NULL: not opened */
	struct stat *status;
};

/*
 * One step: a link is followed, a directory entered.  The last component, if a
 * file is wanted, is judged as a file; *done says that the walk has ended there.
 */
static enum trust_result step(struct walk *walk, const char *component, const struct file_wanted *wanted, bool *done)
{
	CLEANUP(descriptor_close) int descriptor = -1;
	struct stat status;
	enum trust_result result;

	descriptor = openat(walk->at->descriptor, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (descriptor < 0 || fstat(descriptor, &status) < 0)
		return fail_by_errno(walk, component);
	result = judge_in_sticky(walk, component, &status);
	if (result != TRUST_OK)
		return result;
	if (S_ISLNK(status.st_mode))
		return follow_link(walk, component, descriptor);
	if (wanted && is_last_component(walk)) {
		*wanted->status = status;
		result = judge_file(walk, component, &status);
		if (result == TRUST_OK && wanted->descriptor)
			result = open_judged(walk, component, wanted->status, wanted->descriptor);
		*done = is_last_component(walk);
		return result;
	}
	errno = ENOTDIR;
	if (!S_ISDIR(status.st_mode))
		return fail_by_errno(walk, component);
	return enter_directory(walk, component, &descriptor, &status);
}

/* A directory seen before need not be opened again. */
static bool enter_known(struct walk *walk, const char *component)
{
	char path[MAX_PATH];
	const struct trusted_directory *known;
	int length = snprintf(path, sizeof(path), "%s/%s", walk->at->path, component);

	if (length < 0 || (size_t)length >= sizeof(path))
		return false;
	known = find_known(walk->trust, path, (size_t)length);
	if (known)
		walk->at = known;
	return known != NULL;
}

static enum trust_result start(struct walk *walk, struct trust *trust, const char *path, struct trust_problem *problem)
{
	*problem = (struct trust_problem){ 0 };
	*walk = (struct walk){ .trust = trust, .problem = problem };
	if (*path != '/') {
		snprintf(problem->path, sizeof(problem->path), "%s", path);
		problem->why = "it must be an absolute path";
		return TRUST_ERROR;
	}
	errno = ENAMETOOLONG;
	if (strlen(path) >= sizeof(walk->rest))
		return fail(walk, path, TRUST_ERROR, NULL);
	memcpy(walk->rest, path, strlen(path) + 1);
	return go_to_root(walk);
}

static enum trust_result walk_path(struct walk *walk, const struct file_wanted *wanted)
{
	char component[NAME_MAX + 1];
	enum trust_result result = TRUST_OK;
	bool too_long = false;
	bool done = false;

	while (result == TRUST_OK && !done && next_component(walk, component, &too_long)) {
		if (strcmp(component, ".") == 0)
			continue;
		if (strcmp(component, "..") == 0)
			result = go_to_parent(walk);
		else if (!enter_known(walk, component))
			result = step(walk, component, wanted, &done);
	}
	errno = ENAMETOOLONG;
	if (result == TRUST_OK && too_long)
		return fail(walk, "", TRUST_ERROR, NULL);
	if (result == TRUST_OK && wanted && !done)
		return fail(walk, "", TRUST_REFUSED, "it must be a regular file");
	return result;
}

static enum trust_result walk_to_directory(struct trust *trust, const char *path, struct walk *walk,
					   struct trust_problem *problem)
{
	enum trust_result result = start(walk, trust, path, problem);
	struct stat status;

	if (result == TRUST_OK)
		result = walk_path(walk, NULL);
	if (result == TRUST_OK && walk->at->sticky && fstat(walk->at->descriptor, &status) == 0)
		result = refuse(walk, "", &status, "only root may be able to change it (chmod go-w)");
	return result;
}

enum trust_result trust_judge_directory(struct trust *trust, const char *path, struct trust_problem *problem)
{
	struct walk walk;

	return walk_to_directory(trust, path, &walk, problem);
}

enum trust_result trust_open_directory(struct trust *trust, const char *path, int *directory,
				       struct trust_problem *problem)
{
	struct walk walk;
	enum trust_result result = walk_to_directory(trust, path, &walk, problem);

	if (result != TRUST_OK)
		return result;
	*directory = openat(walk.at->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *directory < 0 ? fail_by_errno(&walk, "") : TRUST_OK;
}

enum trust_result trust_open_file(struct trust *trust, const char *path, int *file, struct stat *status,
				  struct trust_problem *problem)
{
	struct walk walk;
	struct file_wanted wanted = { .descriptor = file, .status = status };
	enum trust_result result = start(&walk, trust, path, problem);

	return result == TRUST_OK ? walk_path(&walk, &wanted) : result;
}

enum trust_result trust_judge_file(struct trust *trust, const char *path, struct stat *status,
				   struct trust_problem *problem)
{
	struct walk walk;
	struct file_wanted wanted = { .status = status };
	enum trust_result result = start(&walk, trust, path, problem);

	return result == TRUST_OK ? walk_path(&walk, &wanted) : result;
}

void trust_describe(const struct trust_problem *problem, struct error *error)
{
	if (problem->judged)
		error_set(error, "%s: owned by uid %u, mode %04o: %s", problem->path, (unsigned)problem->owner,
			  (unsigned)(problem->mode & 07777), problem->why);
	else if (problem->why)
		error_set(error, "%s: %s", problem->path, problem->why);
	else
		error_set(error, "%s: %s", problem->path, strerror(problem->error_number));
}
