#include "match/program.h"

#include <sys/stat.h>

#include "base/strbuf.h"

/* What oslo.rootwrap asks for: access(2) with X_OK, which for root any execute bit grants. */
static bool is_executable(const struct stat *status)
{
	return (status->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

static enum program_result judge(const char *path, struct trust *trust, struct arena *arena, const char **why)
{
	struct trust_problem problem;
	struct stat status;
	struct error error;
	enum trust_result result = trust_judge_file(trust, path, &status, &problem);

	if (result == TRUST_OK)
		return is_executable(&status) ? PROGRAM_FOUND : PROGRAM_MISSING;
	if (result == TRUST_MISSING)
		return PROGRAM_MISSING;
	trust_describe(&problem, &error);
	*why = arena_string(arena, error.text);
	return PROGRAM_UNSAFE;
}

static const char *describe_passed_over(const struct exec_dirs *dirs, struct arena *arena)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	for (size_t i = 0; i < dirs->count; i++) {
		const struct exec_dir *dir = &dirs->entries[i];

		if (!dir->trusted && !dir->missing)
			strbuf_append_format(&text, "%s%s was passed over: %s", text.length > 0 ? "; " : "", dir->path,
					     dir->why);
	}
	return text.length > 0 ? arena_string(arena, text.text) : NULL;
}

static enum program_result search(const char *name, const struct exec_dirs *dirs, struct trust *trust,
				  struct arena *arena, const char **path, const char **why)
{
	for (size_t i = 0; i < dirs->count; i++) {
		enum program_result result;

		if (!dirs->entries[i].trusted)
			continue;
		*path = arena_format(arena, "%s/%s", dirs->entries[i].path, name);
		result = judge(*path, trust, arena, why);
		if (result != PROGRAM_MISSING)
			return result;
	}
	*why = describe_passed_over(dirs, arena);
	return PROGRAM_MISSING;
}

enum program_result program_find(const char *program, const struct exec_dirs *dirs, struct trust *trust, bool assume,
				 struct arena *arena, const char **path, const char **why)
{
	*why = NULL;
	*path = program;
	if (assume && program[0] != '/' && dirs->count > 0)
		*path = arena_format(arena, "%s/%s", dirs->entries[0].path, program);
	if (assume)
		return PROGRAM_FOUND;
	if (program[0] == '/')
		return judge(program, trust, arena, why);
	return search(program, dirs, trust, arena, path, why);
}
