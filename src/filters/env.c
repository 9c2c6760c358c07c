/*
 * EnvFilter: env, user, NAME=..., program.  `[env] NAME=value... program args`
 * with exactly the named variables; the values are free.
 */
#include <string.h>

#include "base/path.h"
#include "filters/classes.h"
#include "filters/common.h"
#include "policy/environment.h"

/* How many words at the start are NAME=value. */
static size_t count_assignments(const char *const *words, size_t count)
{
	size_t assignments = 0;

	while (assignments < count && strchr(words[assignments], '='))
		assignments++;
	return assignments;
}

static size_t name_length(const char *assignment)
{
	return strcspn(assignment, "=");
}

static bool same_name(const char *a, const char *b)
{
	return name_length(a) == name_length(b) && strncmp(a, b, name_length(a)) == 0;
}

static bool is_among(const char *assignment, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (same_name(assignment, words[i]))
			return true;
	}
	return false;
}

static int check_variables(const char *const *words, size_t count, struct error *error)
{
	if (count == 0)
		return error_set(error, "it names no variable");
	for (size_t i = 0; i < count; i++) {
		if (name_length(words[i]) == 0)
			return error_set(error, "field %zu: a variable without a name", i + 3);
		if (environment_is_loader_variable(words[i], name_length(words[i])))
			return error_set(error, "field %zu: a variable of the dynamic loader gives away all of the "
						 "program",
					 i + 3);
		if (is_among(words[i], words, i))
			return error_set(error, "field %zu: the same variable twice", i + 3);
	}
	return 0;
}

/* oslo.rootwrap takes the word after the variables for the program where the first field contains "env". */
static int load_env(struct filter *filter, struct arena *arena, struct error *error)
{
	size_t variables;

	common_load(filter, arena, error);
	variables = count_assignments(filter->arguments, filter->argument_count);
	if (strstr(filter->program, "env"))
		filter->program = variables < filter->argument_count ? filter->arguments[variables] : NULL;
	if (!filter->program)
		return error_set(error, "no program after the variables");
	return check_variables(filter->arguments, variables, error);
}

/* The environment of the match: a variable with an empty value is not set, as in oslo.rootwrap. */
static void set_environment(const char *const *words, size_t count, struct arena *arena, struct filter_match *match)
{
	const char **environment = arena_allocate(arena, count + 1, sizeof(*environment));

	for (size_t i = 0; i < count; i++) {
		if (words[i][name_length(words[i]) + 1] != '\0')
			environment[match->environment_count++] = words[i];
	}
	match->environment = environment;
}

static bool is_program(const struct filter *filter, const char *word)
{
	return strcmp(word, filter->program) == 0 || strcmp(word, path_base_name(filter->program)) == 0;
}

static enum filter_result match_env(const struct filter *filter, const struct filter_input *input,
				    struct filter_match *match)
{
	const struct request *request = input->request;
	size_t skip = strcmp(request->argv[0], "env") == 0 ? 1 : 0;
	const char *const *words = request->argv + skip;
	size_t count = request->argc - skip;
	size_t given = count_assignments(words, count);
	size_t wanted = count_assignments(filter->arguments, filter->argument_count);

	if (given == 0)
		return filter_mismatch(match, skip, "no NAME=value before the program");
	for (size_t i = 0; i < given; i++) {
		if (!is_among(words[i], filter->arguments, wanted))
			return filter_mismatch(match, skip + i, "the filter does not name this variable");
		if (is_among(words[i], words, i))
			return filter_mismatch(match, skip + i, "the same variable twice");
	}
	if (given != wanted)
		return filter_mismatch(match, skip + given, "a variable that the filter names is missing");
	if (given == count || !is_program(filter, words[given]))
		return filter_mismatch(match, skip + given, "it is not the filter's program");
	if (count < filter->argument_count)
		return filter_mismatch(match, request->argc, "there are fewer words than in the filter");
	set_environment(words, given, input->arena, match);
	filter_match_all_arguments(request, skip + given, match);
	return FILTER_MATCH;
}

/* The program of a request stands behind its variables. */
static bool env_concerns(const struct filter *filter, const struct request *request)
{
	size_t skip = strcmp(request->argv[0], "env") == 0 ? 1 : 0;

	skip += count_assignments(request->argv + skip, request->argc - skip);
	return skip < request->argc && is_program(filter, request->argv[skip]);
}

/* Whoever sets one of these chooses code, files or words for many programs. */
static int advise_env(const struct filter *filter, size_t *field, struct error *advice)
{
	static const char *const patterns[] = {
		"PATH", "BASH_ENV", "ENV", "IFS", "SHELLOPTS", "BASHOPTS", "PYTHON*", "PERL5*", "PERLLIB", "RUBY*",
		"NODE_*", "JAVA_*", "LOCPATH", "NLSPATH", "TERMINFO*", "HOSTALIASES", "RES_OPTIONS", "EDITOR",
		"VISUAL", "PAGER", "HOME", "TMPDIR",
	};

	for (size_t i = 0; i < count_assignments(filter->arguments, filter->argument_count); i++) {
		const char *word = filter->arguments[i];

		*field = i + 3;
		for (size_t j = 0; j < ARRAY_LENGTH(patterns); j++) {
			size_t prefix = strcspn(patterns[j], "*");
			size_t length = name_length(word);
			bool same = patterns[j][prefix] == '*' ? length >= prefix : length == prefix;

			if (same && strncmp(patterns[j], word, prefix) == 0)
				return error_set(advice, "its value is the caller's, and many programs run or read "
							 "what it says");
		}
	}
	return 0;
}

const struct filter_class filter_env = {
	.name = "EnvFilter",
	.fields = "env, user, NAME=..., program",
	.min_fields = 3,
	.takes_env = true,
	.load = load_env,
	.concerns = env_concerns,
	.advise = advise_env,
	.match = match_env,
};
