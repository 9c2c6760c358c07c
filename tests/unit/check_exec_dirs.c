#include "policy/exec_dirs.h"
#include "suite.h"
#include "tree.h"

/* A trusted directory, one that others can write to, one that is missing, a file, and another trusted one. */
static void judge(struct exec_dirs *dirs, struct trust *trust, struct arena *arena)
{
	static const char *const names[] = { "one", "open", "missing", "file", "two" };
	const char **paths = arena_allocate(arena, ARRAY_LENGTH(names), sizeof(*paths));

	tree_directory("one", 0755);
	tree_directory("open", 0777);
	tree_file("file", 0755, "");
	tree_directory("two", 0700);
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		paths[i] = arena_string(arena, tree_path(names[i]));
	exec_dirs_judge(dirs, paths, ARRAY_LENGTH(names), trust, arena);
}

START_TEST(judges_each_directory)
{
	CLEANUP(trust_free) struct trust trust = { .owner = geteuid() };
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct exec_dirs dirs;

	judge(&dirs, &trust, &arena);
	ck_assert_uint_eq(dirs.count, 5);
	ck_assert(dirs.entries[0].trusted && !dirs.entries[0].missing && !dirs.entries[0].why);
	ck_assert(!dirs.entries[1].trusted && !dirs.entries[1].missing);
	assert_contains(dirs.entries[1].why, tree_path("open"));
	assert_contains(dirs.entries[1].why, "mode 0777: only root may be able to change it (chmod go-w)");
	ck_assert(!dirs.entries[2].trusted && dirs.entries[2].missing);
	assert_contains(dirs.entries[2].why, strerror(ENOENT));
	ck_assert(!dirs.entries[3].trusted && dirs.entries[3].missing);
	ck_assert(dirs.entries[4].trusted);
}
END_TEST

START_TEST(a_relative_directory_is_never_trusted)
{
	CLEANUP(trust_free) struct trust trust = { .owner = geteuid() };
	CLEANUP(arena_free) struct arena arena = { 0 };
	static const char *const paths[] = { "one", ".", "" };
	struct exec_dirs dirs;

	tree_directory("one", 0755);
	ck_assert_int_eq(chdir(tree_root), 0);
	exec_dirs_judge(&dirs, paths, ARRAY_LENGTH(paths), &trust, &arena);
	for (size_t i = 0; i < dirs.count; i++)
		ck_assert(!dirs.entries[i].trusted);
}
END_TEST

START_TEST(without_trust_all_are_taken)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	struct exec_dirs dirs;

	judge(&dirs, NULL, &arena);
	for (size_t i = 0; i < dirs.count; i++)
		ck_assert(dirs.entries[i].trusted && !dirs.entries[i].missing && !dirs.entries[i].why);
}
END_TEST

START_TEST(path_holds_the_trusted_ones_in_order)
{
	CLEANUP(trust_free) struct trust trust = { .owner = geteuid() };
	CLEANUP(arena_free) struct arena arena = { 0 };
	CLEANUP(strbuf_free) struct strbuf path = { 0 };
	struct exec_dirs dirs;
	const char *wanted;

	judge(&dirs, &trust, &arena);
	exec_dirs_append_path(&dirs, &path);
	wanted = arena_format(&arena, "%s:%s", tree_path("one"), tree_path("two"));
	ck_assert_str_eq(strbuf_text(&path), wanted);
}
END_TEST

/* An empty one is the working directory to who looks for a program, as is an empty or a relative entry. */
START_TEST(path_is_never_empty)
{
	struct exec_dir entries[] = { { .path = "/usr/bin" }, { .path = "/opt/a:b", .trusted = true } };
	const struct exec_dirs dirs[] = { { .count = 0 }, { .entries = entries, .count = 1 },
					  { .entries = entries, .count = 2 } };

	for (size_t i = 0; i < ARRAY_LENGTH(dirs); i++) {
		CLEANUP(strbuf_free) struct strbuf path = { 0 };

		exec_dirs_append_path(&dirs[i], &path);
		ck_assert_str_eq(path.text, "/nonexistent");
		ck_assert(!exec_dirs_hold(&dirs[i], "/usr/bin/ls"));
		ck_assert_int_eq(exec_dirs_are_usable(&dirs[i]), i == 2);
	}
}
END_TEST

static const struct {
	const char *path;
	bool held;
} programs[] = {
	{ "/usr/bin/ls", true },
	{ "/sbin/ip", true },
	{ "/usr/bin/", true },          /* the empty name: no process runs that */
	{ "/usr/bin", false },
	{ "/usr/ls", false },
	{ "/usr/bin/sub/ls", false },
	{ "/usr/bin-old/ls", false },
	{ "/usr/binls", false },
	{ "/usr/bi/ls", false },
	{ "/opt/bin/ls", false },       /* not trusted */
	{ "/usr/bin//ls", false },
	{ "/usr/bin/../bin/ls", false },
	{ "//usr/bin/ls", false },
	{ "usr/bin/ls", false },
	{ "ls", false },
	{ "", false },
};

START_TEST(holds_files_of_trusted_directories)
{
	struct exec_dir entries[] = {
		{ .path = "/opt/bin", .trusted = false },
		{ .path = "/usr/bin", .trusted = true },
		{ .path = "/sbin", .trusted = true },
	};
	struct exec_dirs dirs = { .entries = entries, .count = ARRAY_LENGTH(entries) };

	ck_assert_msg(exec_dirs_hold(&dirs, programs[_i].path) == programs[_i].held, "%s", programs[_i].path);
}
END_TEST

/* It would come twice in the paths of programs. */
START_TEST(a_slash_at_the_end_is_left_out)
{
	CLEANUP(arena_free) struct arena arena = { 0 };
	CLEANUP(strbuf_free) struct strbuf path = { 0 };
	static const char *const paths[] = { "/usr/bin/", "/sbin//", "/", "//", "" };
	struct exec_dirs dirs;

	exec_dirs_judge(&dirs, paths, ARRAY_LENGTH(paths), NULL, &arena);
	exec_dirs_append_path(&dirs, &path);
	ck_assert_str_eq(strbuf_text(&path), "/usr/bin:/sbin:/:/:");
	ck_assert(exec_dirs_hold(&dirs, "/usr/bin/ls"));
	ck_assert(!exec_dirs_hold(&dirs, "/usr/bin"));
	ck_assert(!exec_dirs_hold(&dirs, "/usr/bin/sub/ls"));
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, judges_each_directory);
	tcase_add_test(tcase, a_relative_directory_is_never_trusted);
	tcase_add_test(tcase, without_trust_all_are_taken);
	tcase_add_test(tcase, path_holds_the_trusted_ones_in_order);
	tcase_add_test(tcase, path_is_never_empty);
	add_table_test(tcase, holds_files_of_trusted_directories, programs);
	tcase_add_test(tcase, a_slash_at_the_end_is_left_out);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("exec_dirs");

	suite_add(suite, "exec_dirs", fill);
	return suite;
}

SUITE_MAIN(make_suite)
