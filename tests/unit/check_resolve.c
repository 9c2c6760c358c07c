#include <errno.h>
#include <sys/stat.h>

#include "filters/resolve.h"
#include "fixture.h"
#include "tree.h"

static void make_tree(void)
{
	fixture_root = tree_root;
	tree_directory("dir", 0755);
	tree_directory("dir/sub", 0755);
	tree_file("dir/file", 0644, "");
	tree_link("link", "dir");
	tree_link("absolute", fixture_expand("@/dir/sub"));
	tree_link("slashes", "dir//sub///");
	tree_link("detour", "dir/sub/.././file");
	tree_link("dir/up", "..");
	tree_link("dir/top", "/");
	tree_link("dangling", "dir/missing/deeper");
	tree_link("loop", "loop");
	tree_link("ping", "pong");
	tree_link("pong", "ping");
}

static const struct {
	const char *cwd; /* NULL: none */
	const char *path;
	const char *resolved;
} resolved[] = {
	{ "/", "/", "/" },
	{ "/", "//", "/" },
	{ "/", "/.", "/" },
	{ "/", "/..", "/" },
	{ "/", "/../..@", "@" },
	{ "/", "@", "@" },
	{ "/", "@/", "@" },
	{ "/", "@//dir///file", "@/dir/file" },
	{ "/", "/@/dir/./file", "@/dir/file" },
	{ "/", "@/dir/../dir/file", "@/dir/file" },
	{ "/", "@/dir/sub/..", "@/dir" },
	{ "/", "@/dir/...", "@/dir/..." },
	{ "/", "@/dir/ file", "@/dir/ file" },
	/* links */
	{ "/", "@/link", "@/dir" },
	{ "/", "@/link/", "@/dir" },
	{ "/", "@/link/file", "@/dir/file" },
	{ "/", "@/link/..", "@" },
	{ "/", "@/absolute", "@/dir/sub" },
	{ "/", "@/absolute/..", "@/dir" },
	{ "/", "@/absolute/../file", "@/dir/file" },
	{ "/", "@/slashes/x", "@/dir/sub/x" },
	{ "/", "@/detour", "@/dir/file" },
	{ "/", "@/dir/up", "@" },
	{ "/", "@/dir/up/dir/up/link/up/dir", "@/dir" },
	{ "/", "@/dir/top/@/link", "@/dir" },
	/* what does not exist is taken as it is */
	{ "/", "@/missing", "@/missing" },
	{ "/", "@/missing/a/../b", "@/missing/b" },
	{ "/", "@/missing/../link", "@/dir" },
	{ "/", "@/dangling", "@/dir/missing/deeper" },
	{ "/", "@/dangling/../..", "@/dir" },
	{ "/", "@/dir/file/x", "@/dir/file/x" },
	{ "/", "@/dir/file/..", "@/dir" },
	{ "/", "@/dir/file/", "@/dir/file" },
	/* relative */
	{ "@/dir", "file", "@/dir/file" },
	{ "@/dir", ".", "@/dir" },
	{ "@/dir", "..", "@" },
	{ "@/dir", "../link/sub", "@/dir/sub" },
	{ "@/dir", "up", "@" },
	{ "@/dir", "-x", "@/dir/-x" },
	{ "@/link", "file", "@/dir/file" },
	{ "@/link", "..", "@" },
	{ "/", "missing-in-the-root", "/missing-in-the-root" },
	{ "/", "../..", "/" },
	{ NULL, "@/link", "@/dir" },
};

START_TEST(path_becomes_canonical)
{
	struct error error = { .text = "" };
	const char *cwd = resolved[_i].cwd ? fixture_expand(resolved[_i].cwd) : NULL;
	const char *path = resolve_path(cwd, fixture_expand(resolved[_i].path), &fixture_arena, &error);

	ck_assert_msg(path != NULL, "%s", error.text);
	ck_assert_str_eq(path, fixture_expand(resolved[_i].resolved));
}
END_TEST

/* For what exists the C library has to agree. */
START_TEST(existing_path_is_that_of_realpath)
{
	struct error error;
	char *wanted;

	if (resolved[_i].cwd)
		ck_assert_int_eq(chdir(fixture_expand(resolved[_i].cwd)), 0);
	wanted = realpath(fixture_expand(resolved[_i].path), NULL);
	if (wanted)
		ck_assert_str_eq(resolve_path(resolved[_i].cwd ? fixture_expand(resolved[_i].cwd) : NULL,
					      fixture_expand(resolved[_i].path), &fixture_arena, &error),
				 wanted);
	free(wanted);
}
END_TEST

static const struct {
	const char *cwd;
	const char *path;
	const char *why;
} refused[] = {
	{ "@", "", "empty" },
	{ NULL, "", "empty" },
	{ NULL, "dir", "current directory is gone" },
	{ NULL, ".", "current directory is gone" },
	{ NULL, "../x", "current directory is gone" },
	{ "/", "@/loop", "too many symbolic links" },
	{ "/", "@/loop/x", "too many symbolic links" },
	{ "/", "@/ping", "too many symbolic links" },
	{ "@", "dir/../ping/..", "too many symbolic links" },
	{ "@/loop", "x", "too many symbolic links" },
};

START_TEST(path_that_cannot_be_known_is_refused)
{
	const char *cwd = refused[_i].cwd ? fixture_expand(refused[_i].cwd) : NULL;
	struct error error = { .text = "" };

	ck_assert_ptr_null(resolve_path(cwd, fixture_expand(refused[_i].path), &fixture_arena, &error));
	assert_contains(error.text, refused[_i].why);
}
END_TEST

/* As many links as the kernel follows, and one more. */
START_TEST(number_of_links_is_bounded)
{
	struct error error = { .text = "" };
	char name[16] = "dir";

	for (int i = 1; i <= 41; i++) {
		char target[16];

		memcpy(target, name, sizeof(target));
		snprintf(name, sizeof(name), "l%d", i);
		tree_link(name, target);
	}
	ck_assert_str_eq(resolve_path("/", fixture_expand("@/l40"), &fixture_arena, &error), fixture_expand("@/dir"));
	ck_assert_ptr_null(resolve_path("/", fixture_expand("@/l41"), &fixture_arena, &error));
	assert_contains(error.text, "too many symbolic links");
}
END_TEST

START_TEST(link_that_grows_is_refused)
{
	struct error error = { .text = "" };

	tree_link("grow", "grow/x");
	ck_assert_ptr_null(resolve_path("/", fixture_expand("@/grow"), &fixture_arena, &error));
	ck_assert_str_ne(error.text, "");
}
END_TEST

/* Lengths in bytes of a path made of one component or of many. */
static const struct {
	int component;
	int count;
	bool possible;
} lengths[] = {
	{ 255, 1, true }, { 256, 1, false }, { 5000, 1, false }, { 100000, 1, false },
	{ 100, 30, true }, { 100, 50, false }, { 1, 100000, false },
};

START_TEST(length_is_bounded)
{
	CLEANUP(strbuf_free) struct strbuf path = { 0 };
	struct error error = { .text = "" };
	const char *found;

	for (int i = 0; i < lengths[_i].count; i++)
		strbuf_append_format(&path, "/%0*d", lengths[_i].component, 0);
	found = resolve_path("/", path.text, &fixture_arena, &error);
	if (lengths[_i].possible) {
		ck_assert_str_eq(found, path.text);
		return;
	}
	ck_assert_ptr_null(found);
	ck_assert_str_ne(error.text, "");
}
END_TEST

/* Python would take what it cannot read for no link. */
START_TEST(unreadable_directory_is_refused)
{
	struct error error = { .text = "" };

	tree_directory("secret", 0755);
	tree_link("secret/link", "../dir");
	tree_mode("secret", 0);
	tree_leave_root();
	ck_assert_ptr_null(resolve_path("/", fixture_expand("@/secret/link"), &fixture_arena, &error));
	assert_contains(error.text, strerror(EACCES));
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	fixture_add(tcase);
	tcase_add_checked_fixture(tcase, make_tree, NULL);
	add_table_test(tcase, path_becomes_canonical, resolved);
	add_table_test(tcase, existing_path_is_that_of_realpath, resolved);
	add_table_test(tcase, path_that_cannot_be_known_is_refused, refused);
	tcase_add_test(tcase, number_of_links_is_bounded);
	tcase_add_test(tcase, link_that_grows_is_refused);
	add_table_test(tcase, length_is_bounded, lengths);
	tcase_add_test(tcase, unreadable_directory_is_refused);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("resolve");

	suite_add(suite, "resolve", fill);
	return suite;
}

SUITE_MAIN(make_suite)
