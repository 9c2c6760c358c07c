#ifndef PSW_FIXTURE_H
#define PSW_FIXTURE_H

/*
 * Filters made from lines of a [Filters] section and requests made from lines of
 * words in our own quoting, so that a row of a table reads like the real thing.
 * In both a '@' stands for fixture_root.  All lives until the end of the test.
 */
#include "base/quote.h"
#include "filters/registry.h"
#include "match/match.h"
#include "policy/context.h"
#include "policy/list.h"
#include "suite.h"

static struct arena fixture_arena;
static struct policy fixture_policy;    /* its list and exec_dirs alone */
static const struct context *fixture_context = &context_built_in;
static const char *fixture_root = "";
static const char *fixture_cwd = "/";
static const struct process_source *fixture_processes = &process_source_proc;

/* The caller of every request. */
enum { FIXTURE_UID = 12345 };

static inline const char *fixture_expand(const char *text)
{
	CLEANUP(strbuf_free) struct strbuf expanded = { 0 };

	for (; *text; text++) {
		if (*text == '@')
			strbuf_append_string(&expanded, fixture_root);
		else
			strbuf_append_char(&expanded, *text);
	}
	return arena_string(&fixture_arena, strbuf_text(&expanded));
}

/* "name: Class, field, ...", with the line as its number in the file "test.filters". */
static inline struct filter *fixture_filter_at(const char *line, unsigned number)
{
	const char *expanded = fixture_expand(line);
	const char *colon = strchr(expanded, ':');
	const struct filter_class *class;
	const char *const *fields;
	size_t count;

	ck_assert_msg(colon != NULL, "no name: %s", line);
	fields = list_split(colon + 1, &fixture_arena, &count);
	class = filter_registry_find(&filter_registry, fields[0]);
	ck_assert_msg(class != NULL, "no class: %s", line);
	return filter_new(class, arena_copy(&fixture_arena, expanded, (size_t)(colon - expanded)),
			  "test.filters", number, fields + 1, count - 1, fixture_context, &fixture_arena);
}

static inline struct filter *fixture_filter(const char *line)
{
	return fixture_filter_at(line, 1);
}

/* Adds a filter to the policy for each line. */
static inline void fixture_add_filters(const char *lines)
{
	for (unsigned number = 1; *lines; number++) {
		size_t length = strcspn(lines, "\n");

		filter_list_append(&fixture_policy.list,
				   fixture_filter_at(arena_copy(&fixture_arena, lines, length), number),
				   &fixture_arena);
		lines += length + (lines[length] == '\n');
	}
}

static inline struct request fixture_request(const char *line)
{
	struct request request = { .cwd = fixture_cwd, .caller = { .uid = FIXTURE_UID, .user = "app", .parent = 1 } };
	struct error error;

	ck_assert_msg(quote_read_words(fixture_expand(line), &fixture_arena, &request.argv, &request.argc, &error) == 0,
		      "%s: %s", line, error.text);
	ck_assert_uint_gt(request.argc, 0);
	return request;
}

/* Words as one line; "" for none. */
static inline const char *fixture_line(const char *const *words, size_t count)
{
	CLEANUP(strbuf_free) struct strbuf line = { 0 };

	quote_append_words(&line, words, count);
	return arena_string(&fixture_arena, strbuf_text(&line));
}

/* What the class of a filter that can be used says of a request. */
static inline enum filter_result fixture_match(const char *filter_line, const char *request_line,
					       struct filter_match *match)
{
	const struct filter *filter = fixture_filter(filter_line);
	const struct request request = fixture_request(request_line);
	const struct filter_input input = {
		.request = &request,
		.exec_dirs = &fixture_policy.exec_dirs,
		.processes = fixture_processes,
		.arena = &fixture_arena,
	};

	ck_assert_msg(!filter->unusable, "%s: %s", filter_line, filter->unusable);
	*match = (struct filter_match){ 0 };
	return filter->class->match(filter, &input, match);
}

/*
 * A row's expectation of a class: the arguments of the command as a line, or, if
 * it is NULL, that the request does not match because of the argument at index
 * failed.
 */
static inline void fixture_expect(const char *filter_line, const char *request_line, const char *arguments,
				  size_t failed)
{
	struct filter_match match;
	enum filter_result result = fixture_match(filter_line, request_line, &match);

	if (arguments) {
		ck_assert_msg(result == FILTER_MATCH, "[%s] refuses [%s]: %s", filter_line, request_line, match.why);
		ck_assert_str_eq(fixture_line(match.arguments, match.argument_count), fixture_expand(arguments));
		return;
	}
	ck_assert_msg(result == FILTER_NO_MATCH, "[%s] takes [%s]", filter_line, request_line);
	ck_assert_ptr_nonnull(match.why);
	ck_assert_str_ne(match.why, "");
	ck_assert_msg(match.failed_argument == failed, "[%s] by [%s]: argument %zu: %s", request_line, filter_line,
		      match.failed_argument, match.why);
}

/* A line that makes a filter which cannot be used, for a reason that holds the part. */
static inline void fixture_expect_unusable(const char *filter_line, const char *part)
{
	const struct filter *filter = fixture_filter(filter_line);

	ck_assert_msg(filter->unusable != NULL, "[%s] can be used", filter_line);
	assert_contains(filter->unusable, part);
}

/* Directories for programs, all trusted. */
static inline void fixture_set_exec_dirs(const char *first, const char *second)
{
	const char **paths = arena_allocate(&fixture_arena, 2, sizeof(*paths));

	paths[0] = fixture_expand(first);
	paths[1] = fixture_expand(second);
	exec_dirs_judge(&fixture_policy.exec_dirs, paths, 2, NULL, &fixture_arena);
}

static inline void fixture_setup(void)
{
	fixture_context = &context_built_in;
	policy_initialise(&fixture_policy);
	fixture_set_exec_dirs("/usr/sbin", "/usr/bin");
}

static inline void fixture_teardown(void)
{
	policy_free(&fixture_policy);
	arena_free(&fixture_arena);
}

static inline void fixture_add(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
}

#endif
