#include "policy/exec_dirs.h"

#include <string.h>

#include "base/path.h"

static void judge(struct exec_dir *dir, struct trust *trust, struct arena *arena)
{
	struct trust_problem problem;
	struct error error;
	enum trust_result result = trust ? trust_judge_directory(trust, dir->path, &problem) : TRUST_OK;

	dir->trusted = result == TRUST_OK;
	dir->missing = result == TRUST_MISSING;
	if (dir->trusted)
		return;
	trust_describe(&problem, &error);
	dir->why = arena_string(arena, error.text);
}

void exec_dirs_judge(struct exec_dirs *dirs, const char *const *paths, size_t count, struct trust *trust,
		     struct arena *arena)
{
	dirs->entries = arena_allocate(arena, count, sizeof(*dirs->entries));
	dirs->count = count;
	for (size_t i = 0; i < count; i++) {
		/* Python's os.path.join() adds no second slash to a directory that ends in one. */
		dirs->entries[i].path = arena_copy(arena, paths[i], path_length_without_slashes(paths[i]));
		judge(&dirs->entries[i], trust, arena);
	}
}

bool exec_dirs_hold(const struct exec_dirs *dirs, const char *path)
{
	const char *name = path_base_name(path);

	for (size_t i = 0; i < dirs->count; i++) {
		size_t length = strlen(dirs->entries[i].path);

		if (dirs->entries[i].trusted && (size_t)(name - path) == length + 1 &&
		    strncmp(dirs->entries[i].path, path, length) == 0)
			return true;
	}
	return false;
}

/*
 * To a program that looks for others, an empty PATH or entry is its working directory, which is the caller's; without
 * PATH it looks in the system's directories, one of which may be passed over here because others can change it.
 */
void exec_dirs_append_path(const struct exec_dirs *dirs, struct strbuf *buffer)
{
	const char *separator = "";

	for (size_t i = 0; i < dirs->count; i++) {
		/* A colon would make two entries of one, the second of them relative. */
		if (!dirs->entries[i].trusted || strchr(dirs->entries[i].path, ':'))
			continue;
		strbuf_append_string(buffer, separator);
		strbuf_append_string(buffer, dirs->entries[i].path);
		separator = ":";
	}
	if (separator[0] == '\0')
		strbuf_append_string(buffer, "/nonexistent");
}

bool exec_dirs_are_usable(const struct exec_dirs *dirs)
{
	for (size_t i = 0; i < dirs->count; i++) {
		if (dirs->entries[i].trusted)
			return true;
	}
	return false;
}
