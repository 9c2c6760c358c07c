#include "policy/context.h"
#include "policy/filter.h"
#include "suite.h"

static int load_program(struct filter *filter, struct arena *arena, struct error *error)
{
	(void)arena;
	(void)error;
	filter->program = filter->fields[0];
	filter->run_as = filter->fields[1];
	return 0;
}

/* Knows the program, but finds a fault elsewhere. */
static int load_with_fault(struct filter *filter, struct arena *arena, struct error *error)
{
	load_program(filter, arena, error);
	return error_set(error, "field %d: a fault", 3);
}

static int load_nothing(struct filter *filter, struct arena *arena, struct error *error)
{
	(void)filter;
	(void)arena;
	(void)error;
	return 0;
}

static const char *first_field(const struct filter *filter)
{
	return filter->field_count > 0 ? filter->fields[0] : NULL;
}

static bool concerns_two_arguments(const struct filter *filter, const struct request *request)
{
	(void)filter;
	return request->argc == 2;
}

#define FIELDS .fields = "program, user", .min_fields = 2

static const struct filter_class plain = {
	.name = "Plain", FIELDS, .load = load_program, .program_of = first_field
};
static const struct filter_class unknown_program = { .name = "UnknownProgram", FIELDS, .load = load_program };
static const struct filter_class faulty = { .name = "Faulty", FIELDS, .load = load_with_fault };
static const struct filter_class without_program = { .name = "WithoutProgram", FIELDS, .load = load_nothing };
static const struct filter_class concerned = {
	.name = "Concerned", FIELDS, .load = load_program, .concerns = concerns_two_arguments,
};

static const struct filter_class *const classes[] = { &plain, &unknown_program, NULL };
static const struct filter_registry registry = { .classes = classes };

static const struct {
	const char *name;
	const struct filter_class *class;
} names[] = {
	{ "Plain", &plain },      { "UnknownProgram", &unknown_program },
	{ "plain", NULL },        { "PLAIN", NULL },
	{ "Plai", NULL },         { "PlainFilter", NULL },
	{ " Plain", NULL },       { "Faulty", NULL },
	{ "", NULL },
};

START_TEST(finds_a_class_by_its_exact_name)
{
	ck_assert_ptr_eq(filter_registry_find(&registry, names[_i].name), names[_i].class);
}
END_TEST

static const struct {
	const struct filter_class *class;
	const char *fields[3];
	const char *program;
	const char *unusable;
} filters[] = {
	{ &plain, { "ls", "root" }, "ls", NULL },
	{ &plain, { "/usr/bin/ls", "root" }, "/usr/bin/ls", NULL },
	{ &plain, { "ls", "root", "more" }, "ls", NULL },
	{ &plain, { "ls" }, "ls", "Plain needs the fields program, user" },
	{ &plain, { "" }, NULL, "Plain needs the fields program, user" },
	{ &plain, { NULL }, NULL, "Plain needs the fields program, user" },
	{ &unknown_program, { "ls" }, NULL, "UnknownProgram needs the fields program, user" },
	{ &plain, { "", "root" }, NULL, "the program is empty" },
	{ &without_program, { "ls", "root" }, NULL, "the program is empty" },
	{ &faulty, { "ls", "root" }, "ls", "field 3: a fault" },
	{ &faulty, { "", "root" }, NULL, "field 3: a fault" },
	/* would be looked up in the caller's directory */
	{ &plain, { "bin/ls", "root" }, "bin/ls", "the program must be a bare name or an absolute path" },
	{ &plain, { "./ls", "root" }, "./ls", "the program must be a bare name or an absolute path" },
	{ &plain, { "../ls", "root" }, "../ls", "the program must be a bare name or an absolute path" },
	{ &plain, { "ls/", "root" }, "ls/", "the program must be a bare name or an absolute path" },
};

START_TEST(makes_a_filter_or_says_why_it_cannot_be_used)
{
	struct arena arena = { 0 };
	size_t count = 0;
	const struct filter *filter;

	while (count < ARRAY_LENGTH(filters[_i].fields) && filters[_i].fields[count])
		count++;
	filter = filter_new(filters[_i].class, "name", "/file", 7, filters[_i].fields, count,
			    &context_built_in, &arena);
	ck_assert_ptr_eq(filter->class, filters[_i].class);
	ck_assert_str_eq(filter->name, "name");
	ck_assert_str_eq(filter->file, "/file");
	ck_assert_uint_eq(filter->line, 7);
	ck_assert_pstr_eq(filter->program, filters[_i].program);
	ck_assert_pstr_eq(filter->unusable, filters[_i].unusable);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *program;
	const char *asked;
	bool named;
} programs[] = {
	{ "ls", "ls", true },
	{ "/usr/bin/ls", "ls", true },
	{ "/usr/bin/ls", "/usr/bin/ls", true },
	{ "bin/ls", "ls", true },
	{ "ls", "/usr/bin/ls", false },
	{ "ls", "/home/user/ls", false },
	{ "ls", "./ls", false },
	{ "/usr/bin/ls", "/home/user/ls", false },
	{ "/usr/bin/ls", "/bin/ls", false },
	{ "/usr/bin/ls", "/usr/bin/../bin/ls", false },
	{ "/usr/bin/ls", "/usr/bin//ls", false },
	{ "/usr/bin/ls", "bin/ls", false },
	{ "ls", "ls ", false },
	{ "ls", "LS", false },
	{ "ls", "lsx", false },
	{ "ls", "l", false },
	{ "ls", "", false },
	{ "ls", ".", false },
	{ "ls", "ls/", false },
};

START_TEST(a_request_names_a_program_by_path_or_base_name)
{
	const char *argv[] = { programs[_i].asked, NULL };
	struct request request = { .argc = 1, .argv = argv };
	struct filter filter = { .class = &plain, .program = programs[_i].program };

	ck_assert(filter_names_program(&filter, &request) == programs[_i].named);
	ck_assert(filter_concerns(&filter, &request) == programs[_i].named);
}
END_TEST

START_TEST(any_request_concerns_a_filter_without_a_known_program)
{
	const char *argv[] = { "anything", NULL };
	struct request request = { .argc = 1, .argv = argv };
	struct filter plainly = { .class = &plain };
	struct filter specially = { .class = &concerned };

	ck_assert(filter_concerns(&plainly, &request));
	ck_assert(filter_concerns(&specially, &request));
}
END_TEST

START_TEST(a_class_can_say_itself_what_concerns_it)
{
	const char *argv[] = { "ls", "-l", NULL };
	struct request one = { .argc = 1, .argv = argv };
	struct request two = { .argc = 2, .argv = argv };
	struct filter filter = { .class = &concerned, .program = "ls" };

	ck_assert(!filter_concerns(&filter, &one));
	ck_assert(filter_concerns(&filter, &two));
}
END_TEST

START_TEST(the_command_gets_what_was_asked_for)
{
	const char *argv[] = { "env", "A=1", "ls", "-l", "x", NULL };
	struct request request = { .argc = 5, .argv = argv };
	struct filter_match match = { 0 };

	filter_match_all_arguments(&request, 0, &match);
	ck_assert_uint_eq(match.argument_count, 4);
	ck_assert_str_eq(match.arguments[0], "A=1");
	filter_match_all_arguments(&request, 2, &match);
	ck_assert_uint_eq(match.argument_count, 2);
	ck_assert_str_eq(match.arguments[0], "-l");
	filter_match_all_arguments(&request, 4, &match);
	ck_assert_uint_eq(match.argument_count, 0);
}
END_TEST

START_TEST(a_mismatch_says_which_argument_and_why)
{
	struct arena arena = { 0 };
	struct error error;
	struct filter_match match = { 0 };

	ck_assert_int_eq(filter_mismatch(&match, 3, "reason"), FILTER_NO_MATCH);
	ck_assert_uint_eq(match.failed_argument, 3);
	ck_assert_str_eq(match.why, "reason");

	error_set(&error, "%s", "another %s reason");
	ck_assert_int_eq(filter_failed(&match, FILTER_PATTERN_LIMIT, 2, &error, &arena),
			 FILTER_PATTERN_LIMIT);
	error_set(&error, "gone");
	ck_assert_uint_eq(match.failed_argument, 2);
	ck_assert_str_eq(match.why, "another %s reason");

	ck_assert_int_eq(filter_wrong_program(&match), FILTER_NO_MATCH);
	ck_assert_uint_eq(match.failed_argument, 0);
	assert_contains(match.why, "program");
	arena_free(&arena);
}
END_TEST

START_TEST(nothing_is_near_a_match)
{
	ck_assert_int_eq(FILTER_NO_MATCH, 0);
	for (int bit = 0; bit < 31; bit++) {
		ck_assert_int_ne(FILTER_NO_MATCH ^ (1 << bit), FILTER_MATCH);
		ck_assert_int_ne(FILTER_UNUSABLE ^ (1 << bit), FILTER_MATCH);
		ck_assert_int_ne(FILTER_PATTERN_LIMIT ^ (1 << bit), FILTER_MATCH);
	}
}
END_TEST

static void fill_filter(TCase *tcase)
{
	add_table_test(tcase, finds_a_class_by_its_exact_name, names);
	add_table_test(tcase, makes_a_filter_or_says_why_it_cannot_be_used, filters);
}

static void fill_request(TCase *tcase)
{
	add_table_test(tcase, a_request_names_a_program_by_path_or_base_name, programs);
	tcase_add_test(tcase, any_request_concerns_a_filter_without_a_known_program);
	tcase_add_test(tcase, a_class_can_say_itself_what_concerns_it);
	tcase_add_test(tcase, the_command_gets_what_was_asked_for);
	tcase_add_test(tcase, a_mismatch_says_which_argument_and_why);
	tcase_add_test(tcase, nothing_is_near_a_match);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("filter");

	suite_add(suite, "filter", fill_filter);
	suite_add(suite, "request", fill_request);
	return suite;
}

SUITE_MAIN(make_suite)
