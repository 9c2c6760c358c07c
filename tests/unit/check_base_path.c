#include "base/path.h"
#include "suite.h"

static const struct {
	const char *path;
	const char *base_name;
} base_names[] = {
	{ "", "" },
	{ "/", "" },
	{ "ls", "ls" },
	{ "/ls", "ls" },
	{ "/usr/bin/ls", "ls" },
	{ "/usr/bin/", "" },
	{ "bin/ls", "ls" },
	{ "//ls", "ls" },
	{ "/usr/bin/..", ".." },
	{ "/usr/bin/ls ", "ls " },
};

START_TEST(base_name_is_what_follows_the_last_slash)
{
	ck_assert_str_eq(path_base_name(base_names[_i].path), base_names[_i].base_name);
}
END_TEST

static const struct {
	const char *base;
	const char *path;
	bool inside;
} insides[] = {
	{ "/srv/img", "/srv/img", true },
	{ "/srv/img", "/srv/img/a", true },
	{ "/srv/img", "/srv/img/a/b", true },
	{ "/srv/img/", "/srv/img/a", true },
	{ "/", "/srv", true },
	{ "/", "/", true },
	/* neighbours that begin alike */
	{ "/srv/img", "/srv/img-old", false },
	{ "/srv/img", "/srv/imgs/a", false },
	{ "/srv/img", "/srv/img.d", false },
	{ "/srv/img", "/srv/img\n/a", false },
	{ "/srv/img", "/srv/im", false },
	{ "/srv/img", "/srv", false },
	{ "/srv/img", "/", false },
	{ "/srv/img", "", false },
	{ "/srv/img", "srv/img/a", false },
	{ "/srv/img", "/SRV/IMG/a", false },
	{ "/srv/img", "/other/srv/img/a", false },
	/* as written: no canonical path is or begins like these */
	{ "/srv/img/", "/srv/img", false },
	{ "/srv/img//", "/srv/img/a", false },
	{ "/srv/./img", "/srv/img/a", false },
	{ "/srv/x/../img", "/srv/img/a", false },
	{ "", "/srv", false },
	{ "", "", false },
};

START_TEST(a_path_is_inside_by_components)
{
	ck_assert_msg(path_is_inside(insides[_i].base, insides[_i].path) == insides[_i].inside,
		      "\"%s\" in \"%s\"", insides[_i].path, insides[_i].base);
}
END_TEST

START_TEST(one_base_that_holds_it_is_enough)
{
	static const char *const bases[] = { "/srv/a", "/srv/b" };

	ck_assert(path_is_inside_any(bases, 2, "/srv/a/x"));
	ck_assert(path_is_inside_any(bases, 2, "/srv/b"));
	ck_assert(!path_is_inside_any(bases, 1, "/srv/b"));
	ck_assert(!path_is_inside_any(bases, 2, "/srv"));
	ck_assert(!path_is_inside_any(bases, 0, "/srv/a"));
}
END_TEST

static const struct {
	const char *path;
	size_t length;
} lengths[] = {
	{ "", 0 },      { "/", 1 },       { "//", 1 },      { "/srv", 4 },
	{ "/srv/", 4 }, { "/srv///", 4 }, { "/srv/a/", 6 }, { "x/", 1 },
};

START_TEST(slashes_at_the_end_do_not_count)
{
	ck_assert_uint_eq(path_length_without_slashes(lengths[_i].path), lengths[_i].length);
}
END_TEST

static const struct {
	const char *name;
	bool plain;
} names[] = {
	{ "a", true },   { "...", true },  { ".hidden", true }, { "a b", true },  { "-", true },
	{ "", false },   { ".", false },   { "..", false },     { "/", false },   { "a/b", false },
	{ "/a", false }, { "a/", false },  { "./a", false },    { "../a", false },
};

START_TEST(a_plain_name_is_one_entry_of_a_directory)
{
	ck_assert_msg(path_is_plain_name(names[_i].name) == names[_i].plain, "\"%s\"", names[_i].name);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, base_name_is_what_follows_the_last_slash, base_names);
	add_table_test(tcase, a_path_is_inside_by_components, insides);
	tcase_add_test(tcase, one_base_that_holds_it_is_enough);
	add_table_test(tcase, slashes_at_the_end_do_not_count, lengths);
	add_table_test(tcase, a_plain_name_is_one_entry_of_a_directory, names);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("base/path");

	suite_add(suite, "base/path", fill);
	return suite;
}

SUITE_MAIN(make_suite)
