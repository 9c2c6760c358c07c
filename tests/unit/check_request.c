#include "request/request.h"
#include "suite.h"
#include "tree.h"

static const struct {
	size_t argc;
	const char *argv[4];
	size_t bytes;
} sizes[] = {
	{ 0, { NULL }, 0 },
	{ 1, { "" }, 1 },
	{ 1, { "ls" }, 3 },
	{ 3, { "ls", "", "-l" }, 7 },
	{ 2, { "ls", "-l", "not counted" }, 6 },
};

START_TEST(bytes_count_terminators)
{
	struct request request = { .argc = sizes[_i].argc, .argv = sizes[_i].argv };

	ck_assert_uint_eq(request_bytes(&request), sizes[_i].bytes);
}
END_TEST

static const struct {
	const char *environment[4];
	const char *name;
	const char *value;
} variables[] = {
	{ { "A=1" }, "A", "1" },
	{ { "A=" }, "A", "" },
	{ { "A=b=c" }, "A", "b=c" },
	{ { "X=0", "A=1", "A=2" }, "A", "1" },
	{ { "AB=1", "A=2" }, "A", "2" },
	{ { NULL }, "A", NULL },
	{ { "A" }, "A", NULL },
	{ { "AB=1" }, "A", NULL },
	{ { "BA=1" }, "A", NULL },
	{ { "a=1" }, "A", NULL },
	{ { "B=A=1" }, "A", NULL },
	{ { "=1" }, "A", NULL },
};

START_TEST(finds_a_variable_by_its_exact_name)
{
	ck_assert_pstr_eq(request_variable(variables[_i].environment, variables[_i].name),
			  variables[_i].value);
}
END_TEST

START_TEST(no_environment_has_no_variables)
{
	ck_assert_ptr_null(request_variable(NULL, "A"));
}
END_TEST

START_TEST(cwd_is_the_canonical_path)
{
	CLEANUP(arena_free) struct arena arena = { 0 };

	tree_directory("dir", 0755);
	tree_link("link", "dir");
	ck_assert_int_eq(chdir(tree_path("link")), 0);
	ck_assert_str_eq(request_cwd(&arena), tree_path("dir"));
}
END_TEST

START_TEST(a_removed_directory_is_no_cwd)
{
	CLEANUP(arena_free) struct arena arena = { 0 };

	tree_directory("dir", 0755);
	ck_assert_int_eq(chdir(tree_path("dir")), 0);
	ck_assert_int_eq(rmdir(tree_path("dir")), 0);
	ck_assert_ptr_null(request_cwd(&arena));
}
END_TEST

START_TEST(a_directory_outside_the_root_is_no_cwd)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	int outside = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	tree_directory("root", 0755);
	ck_assert_int_eq(chdir(tree_root), 0);
	ck_assert_int_eq(chroot(tree_path("root")), 0);
	ck_assert_ptr_null(request_cwd(&arena));
	ck_assert_int_eq(fchdir(outside), 0);
	ck_assert_int_eq(chroot("."), 0);
	close(outside);
}
END_TEST

static void fill(TCase *tcase)
{
	add_table_test(tcase, bytes_count_terminators, sizes);
	add_table_test(tcase, finds_a_variable_by_its_exact_name, variables);
	tcase_add_test(tcase, no_environment_has_no_variables);
}

static void fill_cwd(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, cwd_is_the_canonical_path);
	tcase_add_test(tcase, a_removed_directory_is_no_cwd);
}

static void fill_root(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, a_directory_outside_the_root_is_no_cwd);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("request");

	suite_add(suite, "request", fill);
	suite_add(suite, "cwd", fill_cwd);
	suite_add_for_root(suite, "cwd outside the root", fill_root);
	return suite;
}

SUITE_MAIN(make_suite)
