#include "match/program.h"

#include "fixture.h"
#include "tree.h"

/* What the test's user owns is trusted; what its group can write is not. */
static struct trust trust;

static void make_tree(void)
{
	fixture_root = tree_root;
	trust = (struct trust){ .owner = geteuid() };
	tree_directory("first", 0755);
	tree_directory("second", 0755);
	tree_directory("open", 0777);
	tree_file("first/tool", 0755, "");
	tree_file("second/tool", 0755, "");
	tree_file("second/only", 0755, "");
	tree_file("first/data", 0644, "");
	tree_file("second/data", 0755, "");
	tree_file("first/writable", 0775, "");
	tree_file("second/writable", 0755, "");
	tree_file("first/root-only", 0700, "");
	tree_file("open/tool", 0755, "");
	tree_file("open/other", 0755, "");
	tree_directory("first/dir", 0755);
	tree_link("first/link", "../second/only");
	tree_link("first/absolute-link", fixture_expand("@/second/only"));
	tree_link("first/bad-link", "../open/other");
	tree_link("second/bad-link", "only");
	tree_link("first/dangling", "nothing");
	tree_link("second/dangling", "only");
	tree_link("first/loop", "loop");
	tree_fifo("first/fifo", 0755);
}

static void free_trust(void)
{
	trust_free(&trust);
}

static struct exec_dirs judge(const char *list)
{
	struct exec_dirs dirs;
	size_t count;
	const char *const *paths = list_split(fixture_expand(list), &fixture_arena, &count);

	exec_dirs_judge(&dirs, paths, count, &trust, &fixture_arena);
	return dirs;
}

static const char dirs[] = "@/first, @/second";

static const struct {
	const char *dirs;
	const char *program;
	enum program_result result;
	const char *path; /* of what is found */
} programs[] = {
	{ dirs, "tool", PROGRAM_FOUND, "@/first/tool" },
	{ dirs, "only", PROGRAM_FOUND, "@/second/only" },
	{ "@/second, @/first", "tool", PROGRAM_FOUND, "@/second/tool" },
	{ "@/missing, @/second", "tool", PROGRAM_FOUND, "@/second/tool" },
	/* nothing is ever run from a directory that others can change */
	{ "@/open, @/second", "tool", PROGRAM_FOUND, "@/second/tool" },
	{ "@/open, @/second", "other", PROGRAM_MISSING, NULL },
	{ "@/open", "tool", PROGRAM_MISSING, NULL },
	/* what cannot be executed is as good as missing, as in oslo.rootwrap */
	{ dirs, "data", PROGRAM_FOUND, "@/second/data" },
	{ dirs, "root-only", PROGRAM_FOUND, "@/first/root-only" },
	{ "@/first", "data", PROGRAM_MISSING, NULL },
	{ dirs, "nothing", PROGRAM_MISSING, NULL },
	{ dirs, "dangling", PROGRAM_FOUND, "@/second/dangling" },
	/* links are judged, never substituted */
	{ dirs, "link", PROGRAM_FOUND, "@/first/link" },
	{ dirs, "absolute-link", PROGRAM_FOUND, "@/first/absolute-link" },
	/* what is there and not trusted ends the search */
	{ dirs, "writable", PROGRAM_UNSAFE, NULL },
	{ dirs, "bad-link", PROGRAM_UNSAFE, NULL },
	{ dirs, "dir", PROGRAM_UNSAFE, NULL },
	{ dirs, "fifo", PROGRAM_UNSAFE, NULL },
	{ dirs, "loop", PROGRAM_UNSAFE, NULL },
	{ dirs, ".", PROGRAM_UNSAFE, NULL },
	{ dirs, "..", PROGRAM_UNSAFE, NULL },
	/* an absolute path is not looked up */
	{ dirs, "@/second/tool", PROGRAM_FOUND, "@/second/tool" },
	{ "@/missing", "@/first/tool", PROGRAM_FOUND, "@/first/tool" },
	{ dirs, "@/first/link", PROGRAM_FOUND, "@/first/link" },
	{ dirs, "@/first/data", PROGRAM_MISSING, NULL },
	{ dirs, "@/first/only", PROGRAM_MISSING, NULL },
	{ dirs, "@/missing/tool", PROGRAM_MISSING, NULL },
	{ dirs, "@/first/tool/tool", PROGRAM_MISSING, NULL },
	{ dirs, "@/first/dangling", PROGRAM_MISSING, NULL },
	{ dirs, "@/open/tool", PROGRAM_UNSAFE, NULL },
	{ dirs, "@/first/writable", PROGRAM_UNSAFE, NULL },
	{ dirs, "@/first/bad-link", PROGRAM_UNSAFE, NULL },
	{ dirs, "@/first", PROGRAM_UNSAFE, NULL },
};

START_TEST(program_is_found_and_judged)
{
	struct exec_dirs judged = judge(programs[_i].dirs);
	const char *path = NULL;
	const char *why = NULL;

	ck_assert_int_eq(program_find(fixture_expand(programs[_i].program), &judged, &trust, false,
				      &fixture_arena, &path, &why),
			 programs[_i].result);
	if (programs[_i].result == PROGRAM_FOUND)
		ck_assert_str_eq(path, fixture_expand(programs[_i].path));
	if (programs[_i].result == PROGRAM_UNSAFE)
		ck_assert_ptr_nonnull(why);
}
END_TEST

/* The message of 96 has to name each directory passed over. */
START_TEST(directories_passed_over_are_told)
{
	struct exec_dirs judged;
	const char *path;
	const char *why = NULL;

	tree_directory("open2", 0775);
	judged = judge("@/open, @/missing, @/second, @/open2");
	ck_assert_int_eq(program_find("nothing", &judged, &trust, false, &fixture_arena, &path, &why), PROGRAM_MISSING);
	assert_contains(why, fixture_expand("@/open was passed over: "));
	assert_contains(why, fixture_expand("; @/open2 was passed over: "));
	assert_contains(why, "0777");
	assert_contains(why, "0775");
	assert_lacks(why, "missing");
	assert_lacks(why, "second");

	judged = judge(dirs);
	ck_assert_int_eq(program_find("nothing", &judged, &trust, false, &fixture_arena, &path, &why), PROGRAM_MISSING);
	ck_assert_ptr_null(why);
}
END_TEST

START_TEST(unsafe_program_is_described)
{
	struct exec_dirs judged = judge(dirs);
	const char *path;
	const char *why = NULL;

	ck_assert_int_eq(program_find("writable", &judged, &trust, false, &fixture_arena, &path, &why), PROGRAM_UNSAFE);
	assert_contains(why, fixture_expand("@/first/writable: owned by uid"));
	assert_contains(why, "mode 0775");
}
END_TEST

/* For a policy check on a machine that has no such program. */
static const struct {
	const char *program;
	const char *path;
} assumed[] = {
	{ "nothing", "@/first/nothing" },
	{ "writable", "@/first/writable" },
	{ "@/open/tool", "@/open/tool" },
	{ "/nowhere/at/all", "/nowhere/at/all" },
};

START_TEST(program_can_be_taken_to_exist)
{
	struct exec_dirs judged = judge(dirs);
	const char *path = NULL;
	const char *why = NULL;

	ck_assert_int_eq(program_find(fixture_expand(assumed[_i].program), &judged, &trust, true, &fixture_arena, &path,
				      &why),
			 PROGRAM_FOUND);
	ck_assert_str_eq(path, fixture_expand(assumed[_i].path));
	ck_assert_ptr_null(why);
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	fixture_add(tcase);
	tcase_add_checked_fixture(tcase, make_tree, free_trust);
	add_table_test(tcase, program_is_found_and_judged, programs);
	tcase_add_test(tcase, directories_passed_over_are_told);
	tcase_add_test(tcase, unsafe_program_is_described);
	add_table_test(tcase, program_can_be_taken_to_exist, assumed);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("program");

	suite_add(suite, "program", fill);
	return suite;
}

SUITE_MAIN(make_suite)
