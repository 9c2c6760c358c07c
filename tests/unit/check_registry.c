#include "fixture.h"

/* Of oslo.rootwrap. */
static const struct {
	const char *name;
	bool chaining;
} classes[] = {
	{ "CommandFilter", false },
	{ "RegExpFilter", false },
	{ "PathFilter", false },
	{ "KillFilter", false },
	{ "ReadFileFilter", false },
	{ "IpFilter", false },
	{ "EnvFilter", false },
	{ "IpNetnsExecFilter", true },
	{ "ChainingRegExpFilter", true },
};

START_TEST(class_is_found_by_its_name)
{
	const struct filter_class *class = filter_registry_find(&filter_registry, classes[_i].name);

	ck_assert_ptr_nonnull(class);
	ck_assert_str_eq(class->name, classes[_i].name);
	ck_assert_int_eq(class->chaining, classes[_i].chaining);
}
END_TEST

/* oslo.rootwrap's base classes and helpers are no classes of filters here. */
static const char *const unknown[] = {
	"", "Command", "commandfilter", "COMMANDFILTER", "CommandFilter ", " CommandFilter", "CommandFilterX",
	"ChainingFilter", "DnsmasqFilter", "KillFilter,", "filters.CommandFilter", "os.system", "__class__",
};

START_TEST(unknown_name_is_not_found)
{
	ck_assert_ptr_null(filter_registry_find(&filter_registry, unknown[_i]));
}
END_TEST

static size_t count_fields(const char *fields)
{
	size_t count = 1;

	for (; *fields; fields++)
		count += *fields == ',';
	return count;
}

START_TEST(class_is_complete)
{
	const struct filter_class *class = filter_registry_find(&filter_registry, classes[_i].name);

	ck_assert_ptr_nonnull(class->load);
	ck_assert_ptr_nonnull(class->match);
	ck_assert_uint_gt(class->min_fields, 0);
	/* the fields named in messages: the mandatory ones, but signals are optional and a program follows variables */
	ck_assert_uint_ge(count_fields(class->fields), class->min_fields);
	ck_assert_uint_le(count_fields(class->fields), class->min_fields + 1);
}
END_TEST

START_TEST(no_class_is_there_twice_or_untested)
{
	size_t count = 0;

	for (const struct filter_class *const *class = filter_registry.classes; *class; class++, count++)
		ck_assert_ptr_eq(filter_registry_find(&filter_registry, (*class)->name), *class);
	ck_assert_uint_eq(count, ARRAY_LENGTH(classes));
}
END_TEST

/* Without any field, nobody knows what the filter was for: it concerns every request. */
START_TEST(line_without_fields_cannot_be_used)
{
	const struct filter_class *class = filter_registry_find(&filter_registry, classes[_i].name);
	static const char *const none[] = { NULL };
	const struct filter *filter = filter_new(class, "x", "test.filters", 1, none, 0,
						 &context_built_in, &fixture_arena);

	ck_assert_ptr_nonnull(filter->unusable);
	assert_contains(filter->unusable, class->fields);
	assert_contains(filter->unusable, class->name);
}
END_TEST

static void fill(TCase *tcase)
{
	fixture_add(tcase);
	add_table_test(tcase, class_is_found_by_its_name, classes);
	add_table_test(tcase, unknown_name_is_not_found, unknown);
	add_table_test(tcase, class_is_complete, classes);
	tcase_add_test(tcase, no_class_is_there_twice_or_untested);
	add_table_test(tcase, line_without_fields_cannot_be_used, classes);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("registry");

	suite_add(suite, "registry", fill);
	return suite;
}

SUITE_MAIN(make_suite)
