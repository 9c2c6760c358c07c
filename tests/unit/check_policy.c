#include "base/strbuf.h"
#include "filters/registry.h"
#include "policy/policy.h"
#include "problems.h"
#include "tree.h"

/* A policy that was loaded from the tree. */
struct loading {
	struct trust trust;
	struct policy policy;
	struct problems problems;
	int result;
};

static void loading_free(struct loading *loading)
{
	policy_free(&loading->policy);
	trust_free(&loading->trust);
	problems_free(&loading->problems);
}

static void load(struct loading *loading, bool assume_programs)
{
	*loading = (struct loading){ .trust = { .owner = geteuid() } };
	loading->result = policy_load(&loading->policy, tree_path("conf"), &filter_registry, &loading->trust,
				      assume_programs, &loading->problems);
}

static void load_conf(struct loading *loading, const char *text)
{
	tree_file("conf", 0644, text);
	load(loading, false);
}

static void assert_filters(const struct loading *loading, const char *wanted)
{
	CLEANUP(strbuf_free) struct strbuf names = { 0 };

	for (size_t i = 0; i < loading->policy.list.count; i++)
		strbuf_append_format(&names, "%s%s", i > 0 ? " " : "", loading->policy.list.filters[i]->name);
	ck_assert_str_eq(strbuf_text(&names), wanted);
}

/* Filters one and two in a/, three in b/. */
static void make_filters(void)
{
	tree_directory("a", 0755);
	tree_directory("b", 0755);
	tree_file("a/1.filters", 0644, "[Filters]\none: CommandFilter, ls, root\n");
	tree_file("a/2.filters", 0644, "[Filters]\ntwo: CommandFilter, ls, root\n");
	tree_file("b/1.filters", 0644, "[Filters]\nthree: CommandFilter, ls, root\n");
}

START_TEST(defaults_hold_before_a_conf_is_read)
{
	struct policy policy;

	memset(&policy, 0xff, sizeof(policy));
	policy_initialise(&policy);
	ck_assert(policy.settings.use_syslog);
	ck_assert(policy.settings.log_allowed);
	ck_assert_uint_eq(policy.list.count, 0);
	ck_assert_ptr_null(policy.files);
	ck_assert_ptr_null(policy.conf);
	policy_free(&policy);
	policy_free(&policy);
}
END_TEST

START_TEST(filters_come_in_the_order_of_the_directories)
{
	CLEANUP(loading_free) struct loading loading;
	unsigned files = 0;

	make_filters();
	load_conf(&loading, "[DEFAULT]\nfilters_path: b, a\nexec_dirs: a\n");
	ck_assert_int_eq(loading.result, 0);
	assert_problem_counts(&loading.problems, 0, 0, 0);
	assert_filters(&loading, "three one two");
	for (const struct filter_file *file = loading.policy.files; file; file = file->next)
		files++;
	ck_assert_uint_eq(files, 3);
	ck_assert_str_eq(loading.policy.conf, tree_path("conf"));
}
END_TEST

START_TEST(a_missing_directory_between_others_is_skipped)
{
	CLEANUP(loading_free) struct loading loading;

	make_filters();
	tree_directory("empty", 0755);
	load_conf(&loading, "[DEFAULT]\nfilters_path: empty, b, missing, a\nexec_dirs: a\n");
	ck_assert_int_eq(loading.result, 0);
	assert_problem_counts(&loading.problems, 1, 0, 0);
	assert_filters(&loading, "three one two");
}
END_TEST

START_TEST(the_privsep_helper_has_to_be_asked_for)
{
	CLEANUP(loading_free) struct loading without;
	CLEANUP(loading_free) struct loading with;
	const struct filter *helper;

	make_filters();
	load_conf(&without, "[DEFAULT]\nfilters_path: a\nexec_dirs: a\n");
	assert_filters(&without, "one two");
	load_conf(&with, "[DEFAULT]\nfilters_path: a\nexec_dirs: a\nimplicit_privsep_helper: yes\n");
	ck_assert_int_eq(with.result, 0);
	assert_filters(&with, "one two privsep-helper");
	helper = with.policy.list.filters[2];
	ck_assert_str_eq(helper->class->name, "CommandFilter");
	ck_assert_str_eq(helper->program, "privsep-helper");
	ck_assert_str_eq(helper->run_as, "root");
	ck_assert_str_eq(helper->file, tree_path("conf"));
	ck_assert_ptr_null(helper->unusable);
}
END_TEST

START_TEST(exec_dirs_that_others_can_change_are_passed_over)
{
	CLEANUP(loading_free) struct loading loading;
	CLEANUP(loading_free) struct loading assumed;
	const struct exec_dirs *dirs = &loading.policy.exec_dirs;

	make_filters();
	tree_directory("open", 0777);
	load_conf(&loading, "[DEFAULT]\nfilters_path: a\nexec_dirs: open, missing, b\n");
	ck_assert_int_eq(loading.result, 0);
	ck_assert_uint_eq(dirs->count, 3);
	ck_assert(!dirs->entries[0].trusted);
	ck_assert(!dirs->entries[1].trusted);
	ck_assert(dirs->entries[2].trusted);
	assert_problem_counts(&loading.problems, 1, 0, 0);
	assert_problem_at(&loading.problems, SEVERITY_WARNING, tree_path("conf"), 0, "nothing is run from");

	load(&assumed, true);
	ck_assert_int_eq(assumed.result, 0);
	assert_problem_counts(&assumed.problems, 0, 0, 0);
	for (size_t i = 0; i < assumed.policy.exec_dirs.count; i++)
		ck_assert(assumed.policy.exec_dirs.entries[i].trusted);
}
END_TEST

START_TEST(an_unusable_filter_stops_nothing)
{
	CLEANUP(loading_free) struct loading loading;

	make_filters();
	tree_file("b/1.filters", 0644, "[Filters]\nthree: CommandFilter\n");
	load_conf(&loading, "[DEFAULT]\nfilters_path: a, b\nexec_dirs: a\n");
	ck_assert_int_eq(loading.result, 0);
	assert_problem_counts(&loading.problems, 0, 1, 0);
	assert_filters(&loading, "one two three");
}
END_TEST

/* A conf that cannot be read at all. */
static void missing_conf(void)
{
}

static void conf_for_the_group(void)
{
	tree_file("conf", 0664, "[DEFAULT]\nfilters_path: a\n");
}

static void conf_is_a_directory(void)
{
	tree_directory("conf", 0755);
}

static void conf_with_a_repeated_option(void)
{
	tree_file("conf", 0644, "[DEFAULT]\nfilters_path: a\nfilters_path: b\n");
}

static void conf_with_a_repeated_section(void)
{
	tree_file("conf", 0644, "[DEFAULT]\nfilters_path: a\n[X]\n[X]\n");
}

static void conf_with_stray_text(void)
{
	tree_file("conf", 0644, "[DEFAULT]\nfilters_path: a\nstray\n");
}

static const struct {
	void (*make)(void);
	unsigned line;
} unreadable_confs[] = {
	{ missing_conf, 0 },
	{ conf_for_the_group, 0 },
	{ conf_is_a_directory, 0 },
	{ conf_with_a_repeated_option, 3 },
	{ conf_with_a_repeated_section, 4 },
	{ conf_with_stray_text, 3 },
};

START_TEST(a_conf_that_cannot_be_read_leaves_the_defaults)
{
	CLEANUP(loading_free) struct loading loading;

	make_filters();
	unreadable_confs[_i].make();
	load(&loading, false);
	ck_assert_int_eq(loading.result, -1);
	assert_problem_counts(&loading.problems, 0, 0, 1);
	assert_problem_at(&loading.problems, SEVERITY_FATAL, tree_path("conf"), unreadable_confs[_i].line,
			  "");
	ck_assert(loading.policy.settings.use_syslog);
	ck_assert_str_eq(loading.policy.conf, tree_path("conf"));
	assert_filters(&loading, "");
}
END_TEST

START_TEST(every_problem_is_found)
{
	CLEANUP(loading_free) struct loading loading;

	make_filters();
	tree_file("a/1.filters", 0666, "[Filters]\none: CommandFilter, ls, root\n");
	tree_file("b/1.filters", 0644, "stray\n");
	tree_file("b/README", 0644, "");
	tree_directory("open", 0777);
	load_conf(&loading,
		  "[DEFAULT]\nfilters_path: a, b, open\nexec_dirs: a\nuse_syslog: maybe\nunknown: 1\n");
	ck_assert_int_eq(loading.result, -1);
	assert_problem_counts(&loading.problems, 2, 0, 4);
	assert_problem_at(&loading.problems, SEVERITY_FATAL, tree_path("conf"), 4, "use_syslog: ");
	assert_problem_at(&loading.problems, SEVERITY_WARNING, tree_path("conf"), 5, "unknown key");
	assert_problem_at(&loading.problems, SEVERITY_FATAL, tree_path("a/1.filters"), 0, "chmod go-w");
	assert_problem_at(&loading.problems, SEVERITY_FATAL, tree_path("b/1.filters"), 1, "");
	assert_problem_at(&loading.problems, SEVERITY_WARNING, tree_path("b/README"), 0, "left out");
	assert_problem_at(&loading.problems, SEVERITY_FATAL, tree_path("open"), 0, "chmod go-w");
}
END_TEST

/* The caller chooses the directory that he stands in. */
START_TEST(nothing_is_taken_from_the_current_directory)
{
	CLEANUP(loading_free) struct loading loading;

	make_filters();
	tree_directory("cwd", 0755);
	tree_directory("cwd/a", 0755);
	tree_file("cwd/a/evil.filters", 0644, "[Filters]\nevil: CommandFilter, sh, root\n");
	ck_assert_int_eq(chdir(tree_path("cwd")), 0);
	load_conf(&loading, "[DEFAULT]\nfilters_path: a\nexec_dirs: a\n");
	assert_filters(&loading, "one two");
	ck_assert_str_eq(loading.policy.exec_dirs.entries[0].path, tree_path("a"));
}
END_TEST

static void fill(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, defaults_hold_before_a_conf_is_read);
	tcase_add_test(tcase, filters_come_in_the_order_of_the_directories);
	tcase_add_test(tcase, a_missing_directory_between_others_is_skipped);
	tcase_add_test(tcase, the_privsep_helper_has_to_be_asked_for);
	tcase_add_test(tcase, exec_dirs_that_others_can_change_are_passed_over);
	tcase_add_test(tcase, an_unusable_filter_stops_nothing);
	add_table_test(tcase, a_conf_that_cannot_be_read_leaves_the_defaults, unreadable_confs);
	tcase_add_test(tcase, every_problem_is_found);
	tcase_add_test(tcase, nothing_is_taken_from_the_current_directory);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("policy");

	suite_add(suite, "policy", fill);
	return suite;
}

SUITE_MAIN(make_suite)
