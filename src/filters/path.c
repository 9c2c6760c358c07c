/*
 * PathFilter: program, user, constraint...  One constraint an argument: `pass`,
 * a string that must be equal, or an absolute path that must hold what the
 * argument resolves to.  The command gets the resolved path.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "filters/classes.h"
#include "filters/common.h"
#include "filters/resolve.h"

/*
 * A hard link inside the directory can lead to a file of somebody else: only a
 * caller who owns the file can have meant it.
 */
static bool is_foreign_hard_link(const char *path, const struct request *request)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink > 1 &&
	       status.st_uid != request->caller.uid;
}

/* Returns the argument for the command, or NULL with the mismatch. */
static const char *match_argument(const char *constraint, size_t position, const struct filter_input *input,
				  struct filter_match *match)
{
	const char *argument = input->request->argv[position];
	const char *resolved;
	struct error error;

	if (constraint[0] != '/') {
		if (strcmp(constraint, argument) == 0 || (strcmp(constraint, "pass") == 0 && argument[0] != '-'))
			return argument;
		filter_mismatch(match, position,
				strcmp(constraint, "pass") == 0 ? "pass admits no option" :
								  "it is not the string that the filter asks for");
		return NULL;
	}
	resolved = resolve_path(input->request->cwd, argument, input->arena, &error);
	if (!resolved)
		filter_failed(match, FILTER_NO_MATCH, position, &error, input->arena);
	else if (!path_is_inside(constraint, resolved))
		filter_mismatch(match, position, "it does not resolve to a path inside the filter's directory");
	else if (is_foreign_hard_link(resolved, input->request))
		filter_mismatch(match, position, "the file has several links and is not the caller's");
	else
		return resolved;
	return NULL;
}

static enum filter_result match_path(const struct filter *filter, const struct filter_input *input,
				     struct filter_match *match)
{
	const struct request *request = input->request;
	const char **arguments;
	const char **paths;

	if (!filter_names_program(filter, request))
		return filter_wrong_program(match);
	if (request->argc < 2 || request->argc - 1 != filter->argument_count)
		return filter_mismatch(match, request->argc, "there are not as many arguments as constraints");
	arguments = arena_allocate(input->arena, filter->argument_count + 1, sizeof(*arguments));
	paths = arena_allocate(input->arena, filter->argument_count + 1, sizeof(*paths));
	for (size_t i = 0; i < filter->argument_count; i++) {
		arguments[i] = match_argument(filter->arguments[i], i + 1, input, match);
		if (!arguments[i])
			return FILTER_NO_MATCH;
		if (filter->arguments[i][0] == '/')
			paths[match->path_count++] = arguments[i];
	}
	match->paths = paths;
	match->arguments = arguments;
	match->argument_count = filter->argument_count;
	return FILTER_MATCH;
}

/* Whether arguments can resolve to something below a directory as it is written: a slash at its end does no harm. */
static bool is_canonical(const char *directory, const char *resolved)
{
	size_t length = strlen(resolved);

	return strncmp(directory, resolved, length) == 0 &&
	       (directory[length] == '\0' || (directory[length] == '/' && directory[length + 1] == '\0'));
}

/* Of chown, chmod and their like: -R alone or among others. */
static bool is_recursive(const char *option)
{
	if (strcmp(option, "--recursive") == 0)
		return true;
	return option[0] == '-' && option[1] != '-' && strchr(option, 'R');
}

static int advise_constraint(const char *constraint, struct error *advice)
{
	struct arena arena = { 0 };
	const char *resolved = constraint[0] == '/' ? resolve_path(NULL, constraint, &arena, advice) : NULL;
	bool differs = resolved && !is_canonical(constraint, resolved);

	arena_free(&arena);
	if (differs)
		return error_set(advice, "no argument resolves to a path below this: "
					 "write it without links, \".\", \"..\" and double slashes");
	if (is_recursive(constraint))
		return error_set(advice, "below the directory it also reaches files that have another name elsewhere: "
					 "who may read and write a file of root's can give it one there");
	return 0;
}

static int advise_path(const struct filter *filter, size_t *field, struct error *advice)
{
	for (size_t i = 0; i < filter->argument_count; i++) {
		*field = i + 3;
		if (advise_constraint(filter->arguments[i], advice) < 0)
			return -1;
	}
	return 0;
}

const struct filter_class filter_path = {
	.name = "PathFilter",
	.fields = "program, user, constraint...",
	.min_fields = 3,
	.checks_paths = true,
	.load = common_load,
	.program_of = common_program_of,
	.advise = advise_path,
	.match = match_path,
};
