#include <sys/stat.h>

#include "fixture.h"
#include "tree.h"

/* @/in is the directory of the filters; @/in-old, @/out and what is theirs is not. */
static void make_tree(void)
{
	fixture_root = tree_root;
	tree_directory("in", 0755);
	tree_file("in/file", 0644, "");
	tree_directory("in/dir", 0755);
	tree_file("in/dir/deep", 0644, "");
	tree_directory("in-old", 0755);
	tree_file("in-old/file", 0644, "");
	tree_directory("out", 0755);
	tree_file("out/secret", 0600, "");
	tree_link("in/to-file", "dir/deep");
	tree_link("in/to-out", "../out");
	tree_link("in/to-secret", fixture_expand("@/out/secret"));
	tree_link("in/to-in-old", "../in-old");
	tree_link("in/to-nothing", "dir/nothing");
	tree_link("in/to-nothing-outside", "../out/nothing");
	tree_link("in/loop", "loop");
	tree_link("out/back", "../in/file");
	tree_link("alias", "in");
	ck_assert_int_eq(link(tree_path("out/secret"), tree_path("in/hard")), 0);
	tree_fifo("in/fifo", 0600);
}

static const char chown_in[] = "chown: PathFilter, /bin/chown, root, nobody, @/in";
static const char pass_in[] = "chmod: PathFilter, chmod, root, pass, @/in";
static const char in_twice[] = "cp: PathFilter, cp, root, @/in, @/in";
static const char in_slash[] = "x: PathFilter, x, root, @/in/";
static const char one_file[] = "x: PathFilter, x, root, @/in/file";
static const char through_alias[] = "x: PathFilter, x, root, @/alias";
static const char root_directory[] = "x: PathFilter, x, root, /";
static const char words_only[] = "x: PathFilter, x, root, pass, passe, ";

static const struct {
	const char *filter;
	const char *cwd;
	const char *request;
	const char *arguments; /* NULL: no match */
	size_t failed;
} requests[] = {
	{ chown_in, "/", "chown nobody @/in/file", "nobody @/in/file", 0 },
	{ chown_in, "/", "/bin/chown nobody @/in/file", "nobody @/in/file", 0 },
	/* the command gets the canonical path */
	{ chown_in, "/", "chown nobody @//in/./dir//deep", "nobody @/in/dir/deep", 0 },
	{ chown_in, "/", "chown nobody @/in/", "nobody @/in", 0 },
	{ chown_in, "/", "chown nobody @/in/dir/..", "nobody @/in", 0 },
	{ chown_in, "/", "chown nobody @/out/../in/file", "nobody @/in/file", 0 },
	{ chown_in, "/", "chown nobody @/in/new", "nobody @/in/new", 0 },
	{ chown_in, "/", "chown nobody @/in/to-file", "nobody @/in/dir/deep", 0 },
	{ chown_in, "/", "chown nobody @/in/to-nothing", "nobody @/in/dir/nothing", 0 },
	{ chown_in, "/", "chown nobody @/out/back", "nobody @/in/file", 0 },
	{ chown_in, "/", "chown nobody @/alias/file", "nobody @/in/file", 0 },
	{ chown_in, "@/in", "chown nobody file", "nobody @/in/file", 0 },
	{ chown_in, "@/in", "chown nobody .", "nobody @/in", 0 },
	{ chown_in, "@/out", "chown nobody ../in/file", "nobody @/in/file", 0 },
	{ chown_in, NULL, "chown nobody @/in/file", "nobody @/in/file", 0 },
	/* a resolved path never begins with a dash */
	{ chown_in, "@/in", "chown nobody -R", "nobody @/in/-R", 0 },
	{ pass_in, "/", "chmod 0644 @/in/file", "0644 @/in/file", 0 },
	{ pass_in, "/", "chmod '' @/in/file", "'' @/in/file", 0 },
	{ pass_in, "/", "chmod pass @/in/file", "pass @/in/file", 0 },
	{ pass_in, "/", "chmod $'\\377' @/in/file", "$'\\377' @/in/file", 0 },
	{ in_twice, "/", "cp @/in/file @/in/dir/../x", "@/in/file @/in/x", 0 },
	{ in_slash, "/", "x @/in/file", "@/in/file", 0 },
	{ one_file, "/", "x @/in/../in/file", "@/in/file", 0 },
	{ root_directory, "/", "x /etc", "/etc", 0 },
	{ words_only, "/", "x a passe ''", "a passe ''", 0 },

	{ chown_in, "/", "chmod nobody @/in/file", NULL, 0 },
	{ chown_in, "/", "/usr/bin/chown nobody @/in/file", NULL, 0 },
	{ chown_in, "/", "./chown nobody @/in/file", NULL, 0 },
	/* one constraint an argument */
	{ chown_in, "/", "chown", NULL, 1 },
	{ chown_in, "/", "chown nobody", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/file @/in/dir", NULL, 4 },
	{ chown_in, "/", "chown -R nobody @/in/file", NULL, 4 },
	{ chown_in, "/", "chown nobody @/in/file ''", NULL, 4 },
	/* a string that must be equal */
	{ chown_in, "/", "chown root @/in/file", NULL, 1 },
	{ chown_in, "/", "chown nobody: @/in/file", NULL, 1 },
	{ chown_in, "/", "chown '' @/in/file", NULL, 1 },
	{ chown_in, "/", "chown $'nobody\\012' @/in/file", NULL, 1 },
	{ chown_in, "/", "chown --reference=@/out @/in/file", NULL, 1 },
	{ words_only, "/", "x a pass ''", NULL, 2 },
	{ words_only, "/", "x a passe x", NULL, 3 },
	/* pass admits no option */
	{ pass_in, "/", "chmod -R @/in/file", NULL, 1 },
	{ pass_in, "/", "chmod --reference=/etc/shadow @/in/file", NULL, 1 },
	{ pass_in, "/", "chmod -- @/in/file", NULL, 1 },
	{ pass_in, "/", "chmod - @/in/file", NULL, 1 },
	/* compared by components */
	{ chown_in, "/", "chown nobody @/in-old/file", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in-old", NULL, 2 },
	{ chown_in, "/", "chown nobody @/inX", NULL, 2 },
	{ chown_in, "/", "chown nobody @/i", NULL, 2 },
	{ chown_in, "/", "chown nobody @", NULL, 2 },
	{ chown_in, "/", "chown nobody /", NULL, 2 },
	{ chown_in, "/", "chown nobody @/out/secret", NULL, 2 },
	{ chown_in, "/", "chown nobody in/file", NULL, 2 },
	{ one_file, "/", "x @/in/file2", NULL, 1 },
	{ one_file, "/", "x @/in/dir", NULL, 1 },
	{ in_slash, "/", "x @/in", NULL, 1 },
	{ in_slash, "/", "x @/in/", NULL, 1 },
	{ in_slash, "/", "x @/in-old/file", NULL, 1 },
	/* what leads outside */
	{ chown_in, "/", "chown nobody @/in/../out/secret", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/..", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/dir/../../in-old/file", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/missing/../../out/secret", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/to-out", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/to-out/secret", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/to-secret", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/to-in-old/file", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/to-nothing-outside", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/to-out/../to-secret", NULL, 2 },
	{ chown_in, "@/in", "chown nobody ..", NULL, 2 },
	{ chown_in, "@/in", "chown nobody ../out/secret", NULL, 2 },
	{ chown_in, "@/in", "chown nobody to-out/secret", NULL, 2 },
	{ chown_in, "@/out", "chown nobody secret", NULL, 2 },
	{ in_twice, "/", "cp @/in/file @/out/secret", NULL, 2 },
	{ in_twice, "/", "cp @/out/secret @/in/file", NULL, 1 },
	/* what leads nowhere that can be known */
	{ chown_in, "/", "chown nobody ''", NULL, 2 },
	{ chown_in, NULL, "chown nobody file", NULL, 2 },
	{ chown_in, "/", "chown nobody @/in/loop", NULL, 2 },
	/* the directory is compared as it is written */
	{ through_alias, "/", "x @/alias/file", NULL, 1 },
	{ through_alias, "/", "x @/in/file", NULL, 1 },
};

START_TEST(argument_stays_inside)
{
	fixture_cwd = requests[_i].cwd ? fixture_expand(requests[_i].cwd) : NULL;
	fixture_expect(requests[_i].filter, requests[_i].request, requests[_i].arguments, requests[_i].failed);
}
END_TEST

/* What was resolved has to be held where it is; what was only compared has not. */
START_TEST(resolved_arguments_are_to_be_held)
{
	struct filter_match match;

	ck_assert_int_eq(fixture_match("x: PathFilter, x, root, pass, @/in, word, @/in-old",
				       "x /etc @/in/to-file word @/in-old/./new", &match),
			 FILTER_MATCH);
	ck_assert_str_eq(fixture_line(match.paths, match.path_count), fixture_expand("@/in/dir/deep @/in-old/new"));
	ck_assert_int_eq(fixture_match(words_only, "x a passe ''", &match), FILTER_MATCH);
	ck_assert_uint_eq(match.path_count, 0);
}
END_TEST

/* A file outside can have a name inside: only who owns it can have meant it. */
START_TEST(foreign_file_with_several_links_is_refused)
{
	ck_assert_uint_ne(geteuid(), FIXTURE_UID);
	fixture_expect(chown_in, "chown nobody @/in/hard", NULL, 2);
	ck_assert_int_eq(unlink(tree_path("out/secret")), 0);
	fixture_expect(chown_in, "chown nobody @/in/hard", "nobody @/in/hard", 0);
}
END_TEST

START_TEST(own_file_with_several_links_is_accepted)
{
	const struct filter *filter = fixture_filter(chown_in);
	struct request request = fixture_request("chown nobody @/in/hard");
	const struct filter_input input = { .request = &request, .arena = &fixture_arena };
	struct filter_match match = { 0 };

	request.caller.uid = geteuid();
	ck_assert_int_eq(filter->class->match(filter, &input, &match), FILTER_MATCH);
	request.caller.uid = geteuid() + 1;
	ck_assert_int_eq(filter->class->match(filter, &input, &match), FILTER_NO_MATCH);
}
END_TEST

/* Directories always have several links; looking at a FIFO must not wait for its other end. */
START_TEST(only_regular_files_are_judged_by_their_links)
{
	fixture_expect(chown_in, "chown nobody @/in/dir", "nobody @/in/dir", 0);
	fixture_expect(chown_in, "chown nobody @/in/fifo", "nobody @/in/fifo", 0);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} unusable[] = {
	{ "x: PathFilter", "program, user, constraint..." },
	{ "x: PathFilter, chown", "program, user, constraint..." },
	{ "x: PathFilter, chown, root", "program, user, constraint..." },
	{ "x: PathFilter, , root, /srv", "program is empty" },
	{ "x: PathFilter, bin/chown, root, /srv", "bare name or an absolute path" },
};

START_TEST(faulty_line_cannot_be_used)
{
	fixture_expect_unusable(unusable[_i].line, unusable[_i].why);
}
END_TEST

/* A directory below which no argument can resolve to anything, or a recursive command: the field to blame, or 0. */
static const struct {
	const char *constraints;
	size_t field;
	const char *advice;
} advised[] = {
	{ "@/in", 0, NULL },
	{ "@/in/", 0, NULL },
	{ "@/in/file", 0, NULL },
	{ "@/missing/dir", 0, NULL },
	{ "/", 0, NULL },
	{ "pass, nobody, ., ..", 0, NULL },
	{ "@/alias", 3, NULL },
	{ "@/alias/dir", 3, NULL },
	{ "@/in/to-out", 3, NULL },
	{ "@//in", 3, NULL },
	{ "@/./in", 3, NULL },
	{ "@/out/../in", 3, NULL },
	{ "@/in/..", 3, NULL },
	{ "@/in/.", 3, NULL },
	{ "@/in//", 3, NULL },
	{ "pass, @/in, @/in/../in-old", 5, NULL },
	{ "-h, --reference, @/in", 0, NULL },
	{ "RR, @/in", 0, NULL },
	{ "-R, app, @/in", 3, "files that have another name" },
	{ "app, -hR, @/in", 4, "files that have another name" },
	{ "--recursive, app, @/in", 3, "files that have another name" },
};

START_TEST(what_holds_less_than_it_says_is_told)
{
	const char *line = arena_format(&fixture_arena, "x: PathFilter, x, root, %s", advised[_i].constraints);
	const struct filter *filter = fixture_filter(line);
	struct error advice = { .text = "" };
	size_t field = 0;
	int result = filter->class->advise(filter, &field, &advice);

	if (advised[_i].field == 0) {
		ck_assert_int_eq(result, 0);
		return;
	}
	ck_assert_int_eq(result, -1);
	ck_assert_uint_eq(field, advised[_i].field);
	assert_contains(advice.text, advised[_i].advice ? advised[_i].advice : "no argument resolves");
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	fixture_add(tcase);
	tcase_add_checked_fixture(tcase, make_tree, NULL);
	add_table_test(tcase, argument_stays_inside, requests);
	tcase_add_test(tcase, resolved_arguments_are_to_be_held);
	tcase_add_test(tcase, foreign_file_with_several_links_is_refused);
	tcase_add_test(tcase, own_file_with_several_links_is_accepted);
	tcase_add_test(tcase, only_regular_files_are_judged_by_their_links);
	add_table_test(tcase, faulty_line_cannot_be_used, unusable);
	add_table_test(tcase, what_holds_less_than_it_says_is_told, advised);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("path filter");

	suite_add(suite, "path filter", fill);
	return suite;
}

SUITE_MAIN(make_suite)
