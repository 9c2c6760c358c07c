#include "policy/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"

static bool is_unchanged(const struct stat *before, const struct stat *after)
{
	return before->st_size == after->st_size && before->st_mtim.tv_sec == after->st_mtim.tv_sec &&
	       before->st_mtim.tv_nsec == after->st_mtim.tv_nsec;
}

/* Reads up to size bytes; of a regular file fewer means its end. */
static ssize_t read_bytes(int file, char *bytes, size_t size)
{
	ssize_t got;

	do {
		got = read(file, bytes, size);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* Reads the file that was opened with this status.  Returns its length in *bytes, or -1 with the reason. */
static ssize_t read_file(int file, const struct stat *before, struct arena *arena, char **bytes, struct error *error)
{
	struct stat after;
	ssize_t length;

	if (before->st_size > INI_FILE_LIMIT)
		return error_set(error, "file over 1 MiB");
	*bytes = arena_allocate(arena, (size_t)before->st_size + 1, 1);
	length = read_bytes(file, *bytes, (size_t)before->st_size + 1);
	if (length < 0 || fstat(file, &after) < 0)
		return error_set(error, "%s", strerror(errno));
	if (length != before->st_size || !is_unchanged(before, &after))
		return error_set(error, "the file changed while it was read: try again");
	return length;
}

int source_read(const char *path, enum ini_duplicates duplicates, struct ini *ini, struct trust *trust,
		struct arena *arena, struct problems *problems)
{
	CLEANUP(descriptor_close) int file = -1;
	struct trust_problem untrusted;
	struct stat status;
	struct error error;
	unsigned line = 0;
	char *bytes = NULL;
	ssize_t length;

	if (trust_open_file(trust, path, &file, &status, &untrusted) != TRUST_OK) {
		problem_add_trust(problems, SEVERITY_FATAL, path, &untrusted);
		return -1;
	}
	length = read_file(file, &status, arena, &bytes, &error);
	if (length < 0 || ini_read(ini, bytes, (size_t)length, duplicates, arena, &line, &error) < 0) {
		problem_add(problems, SEVERITY_FATAL, path, line, "%s", error.text);
		return -1;
	}
	return 0;
}
