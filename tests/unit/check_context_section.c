#include "policy/context_section.h"

#include "filters/registry.h"
#include "fixture.h"
#include "problems.h"
#include "tree.h"

#define FILE_NAME "/etc/app/net.filters"

/* The context of every filter that no section names. */
static const struct context inherited = {
	.name = "default",
	.rule = CAPABILITIES_USUAL,
	.timeout = 600,
	.log_allowed = true,
	.guard_paths = true,
};

static struct problems problems;

static void setup(void)
{
	fixture_setup();
	problems = (struct problems){ 0 };
}

static void teardown(void)
{
	problems_free(&problems);
	fixture_teardown();
}

static void add_filter(const struct ini_option *option)
{
	struct arena *arena = &fixture_arena;
	size_t count;
	const char *const *fields = list_split(option->value, arena, &count);

	filter_list_append(&fixture_policy.list,
			   filter_new(filter_registry_find(&filter_registry, fields[0]), option->name,
				      FILE_NAME, option->line, fields + 1, count - 1, &inherited, arena),
			   arena);
}

/* Reads a filter file: its filters are those of the policy. */
static void read_text(const char *text)
{
	struct error error = { { 0 } };
	struct ini ini;
	unsigned line;
	const struct ini_option **items;

	ck_assert_msg(ini_read(&ini, text, strlen(text), INI_DUPLICATES_LAST_WINS, &fixture_arena, &line,
			       &error) == 0,
		      "line %u: %s", line, error.text);
	items = ini_items(&ini, "Filters", &fixture_arena);
	for (; items && *items; items++)
		add_filter(*items);
	context_sections_apply(&ini, fixture_policy.list.filters, fixture_policy.list.count, &inherited,
			       FILE_NAME, &fixture_arena, &problems);
}

/* "name@context" of each filter, or "!name" of one that cannot be used. */
static const char *describe(void)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	for (size_t i = 0; i < fixture_policy.list.count; i++) {
		const struct filter *filter = fixture_policy.list.filters[i];

		if (filter->unusable)
			strbuf_append_format(&text, " !%s", filter->name);
		else
			strbuf_append_format(&text, " %s@%s", filter->name, filter->context->name);
	}
	return text.length > 0 ? arena_string(&fixture_arena, text.text + 1) : "";
}

static const struct filter *filter_named(const char *name)
{
	for (size_t i = 0; i < fixture_policy.list.count; i++) {
		if (strcmp(fixture_policy.list.filters[i]->name, name) == 0)
			return fixture_policy.list.filters[i];
	}
	ck_abort_msg("no filter %s", name);
	return NULL;
}

/* Lines 1 to 4: what follows begins in line 5. */
#define ABC "[Filters]\na: CommandFilter, a, root\nb: CommandFilter, b, root\nc: CommandFilter, c, root\n"

static const struct {
	const char *text;
	const char *filters;
} good[] = {
	{ ABC, "a@default b@default c@default" },
	{ ABC "[Other]\nfilters = a\n", "a@default b@default c@default" },
	{ ABC "[Context net]\nfilters = b\n", "a@default b@net c@default" },
	{ ABC "[Context net]\nfilters = c, a\n", "a@net b@default c@net" },
	{ ABC "[Context net]\nfilters = a,b,\n c\n", "a@net b@net c@net" },
	{ ABC "[Context net]\nFILTERS: A , B\n", "a@net b@net c@default" },
	{ ABC "[context  net work ]\nfilters = a\n", "a@net work  b@default c@default" },
	{ ABC "[Context x]\nfilters = a\n[Context y]\nfilters = c\n", "a@x b@default c@y" },
	{ "[Context x]\nfilters = a\n" ABC "[Context y]\nfilters = b\n", "a@x b@y c@default" },
	{ ABC "[Context X]\nfilters = a\n[Context x]\nfilters = b\n", "a@X b@x c@default" },
	{ "[Filters]\nA-Long: CommandFilter, a, root\n[Context net]\nfilters = a-LONG\n", "a-long@net" },
	{ "[Other]\na: 1\n", "" },
};

START_TEST(filters_get_their_contexts)
{
	read_text(good[_i].text);
	assert_problem_counts(&problems, 0, 0, 0);
	ck_assert_str_eq(describe(), good[_i].filters);
}
END_TEST

START_TEST(context_inherits_where_it_is_silent)
{
	const struct context *x;
	const struct context *y;

	read_text(ABC
		  "[Context x]\nfilters = a\ntimeout = 5\n[Context y]\nfilters = b\ncapabilities = none\n");
	assert_problem_counts(&problems, 0, 0, 0);
	x = filter_named("a")->context;
	y = filter_named("b")->context;
	ck_assert_uint_eq(x->timeout, 5);
	ck_assert_int_eq(x->rule, CAPABILITIES_USUAL);
	ck_assert(!x->no_new_privs);
	ck_assert(x->guard_paths && x->log_allowed);
	ck_assert_uint_eq(y->timeout, 600);
	ck_assert_int_eq(y->rule, CAPABILITIES_EXACT);
	ck_assert_uint_eq(y->capabilities, 0);
	ck_assert(y->no_new_privs);
	ck_assert_ptr_eq(filter_named("c")->context, &inherited);
}
END_TEST

static const struct {
	const char *text;
	const char *denied; /* each of these cannot be used */
	unsigned errors;
	unsigned line; /* of one of them */
	const char *why;
} bad[] = {
	/* the section's name */
	{ ABC "[Context]\nfilters = a\n", "a", 1, 5, "with a name of its own" },
	{ ABC "[Context ]\nfilters = a\n", "a", 1, 5, "with a name of its own" },
	{ ABC "[Contexts net]\nfilters = a\n", "a", 1, 5, "with a name of its own" },
	{ ABC "[Context:net]\nfilters = a\n", "a", 1, 5, "with a name of its own" },
	{ ABC "[Context default]\nfilters = a\n", "a", 1, 5, "default stands in the conf" },
	{ ABC "[Context DEFAULT]\nfilters = a\n", "a", 1, 5, "default stands in the conf" },
	/* a key; whatever comes before and after */
	{ ABC "[Context net]\nfilters = a\ncapabilities = cap_net_admn\n", "a", 1, 7,
	  "no name of a capability" },
	{ ABC "[Context net]\nfilters = a\ncapabilities = cap_chown, 12\n", "a", 1, 7,
	  "no name of a capability" },
	{ ABC "[Context net]\nfilters = a, c\nno_new_privs = maybe\n", "ac", 1, 7, "no_new_privs: " },
	{ ABC "[Context net]\ntimeout = 0\nfilters = a\n", "a", 1, 6, "timeout: " },
	{ ABC "[Context net]\nlog_exit = 2\nfilters = a\nlog = all\n", "a", 1, 6, "log_exit: " },
	{ ABC "[Context net]\nfilters = a\nlog = none\n", "a", 1, 7, "log: " },
	{ ABC "[Context net]\nfilters = a\nmask = password\n", "a", 1, 7, "mask: " },
	{ ABC "[Context net]\nfilters = a\nmask = --password=\n", "a", 1, 7, "mask: " },
	{ ABC "[Context net]\nfilters = a\npath_guard = on\n", "a", 1, 7, "path_guard: " },
	{ ABC "[Context net]\nfilters = a\nenv_keep = LD_PRELOAD\n", "a", 1, 7, "env_keep: " },
	{ ABC "[Context net]\nfilters = a\ncapability = none\n", "a", 1, 7, "unknown key" },
	{ ABC "[Context net]\nfilters = a\nzork = 1\ntimeout = soon\n", "a", 2, 8, "timeout: " },
	{ "[Context net]\nfilters = b\nzork = 1\n" ABC, "b", 1, 3, "unknown key" },
	/* names of filters */
	{ ABC "[Context net]\ncapabilities = none\n", "", 1, 5, "it names no filters" },
	{ ABC "[Context net]\nfilter = a\n", "", 2, 5, "it names no filters" },
	{ ABC "[Context net]\nfilters =\n", "", 1, 6, "there is no such filter" },
	{ ABC "[Context net]\n\nfilters = a, ghost, b\n", "ab", 1, 7, "there is no such filter" },
	{ ABC "[Context net]\nfilters = ghost, ghost, b\n", "b", 2, 6, "there is no such filter" },
	{ ABC "[Context net]\nfilters = a b\n", "", 1, 6, "there is no such filter" },
	{ ABC "[Context net]\nfilters = a;c, b\n", "b", 1, 6, "there is no such filter" },
	{ ABC "[Context net]\nfilters = a,\n", "a", 1, 6, "there is no such filter" },
	{ "[Context net]\nfilters = a\n", "", 1, 2, "there is no such filter" },
	{ "[Other]\na: CommandFilter, a, root\n[Context net]\nfilters = a\n", "", 1, 4,
	  "there is no such filter" },
	/* a filter in two contexts: those of both, in whatever order, and of all three */
	{ ABC "[Context x]\nfilters = a, b\n[Context y]\nfilters = b, c\n", "abc", 1, 8, "one context only" },
	{ ABC "[Context x]\nfilters = a\n[Context y]\nfilters = c, a\n", "ac", 1, 8, "one context only" },
	{ ABC "[Context x]\nfilters = a\n[Context y]\nfilters = a, c\n", "ac", 1, 8, "one context only" },
	{ ABC "[Context x]\nfilters = a\n[Context x ]\nfilters = a\n", "a", 1, 8, "one context only" },
	{ ABC "[Context X]\nfilters = a\n[Context x]\nfilters = A, b\n", "ab", 1, 8, "one context only" },
	{ ABC "[Context x]\nfilters = a\n[Context y]\nfilters = a, b\n[Context z]\nfilters = b, c\n", "abc",
	  2, 10, "one context only" },
	{ ABC "[Context x]\nfilters = a\n[Context y]\nfilters = a\n[Context z]\nfilters = a, c\n", "ac", 2,
	  10, "one context only" },
	{ ABC "[Context x]\nfilters = a, a\n", "a", 1, 6, "one context only" },
	/* of what stands twice all filters of the file: nobody can tell which have lost their context */
	{ ABC "[Context x]\nfilters = a\nfilters = b\n", "abc", 1, 7, "filters: written twice" },
	{ ABC "[Context x]\nfilters = a\ntimeout = 5\ntimeout = 6\n", "abc", 1, 8, "timeout: written twice" },
	{ ABC "[Context x]\nfilters = a\nzork = 5\nZork = 6\n", "abc", 1, 8, "unknown key" },
	{ ABC "[Context x]\nfilters = a\n[Context x]\ntimeout = 5\n", "abc", 1, 5, "stands twice" },
	{ ABC "[Context x]\n[Context x]\nfilters = a\n", "abc", 1, 5, "stands twice" },
	{ ABC "[Context x]\nfilters = a\n[Context x]\nfilters = b\n", "abc", 2, 5, "stands twice" },
	{ ABC "[Context y]\nfilters = c\n[Context x]\nfilters = a\n[Context x]\n", "abc", 1, 7,
	  "stands twice" },
};

START_TEST(filters_of_a_faulty_context_cannot_be_used)
{
	read_text(bad[_i].text);
	for (const char *name = bad[_i].denied; *name; name++) {
		const char one[] = { *name, '\0' };
		const char *unusable = filter_named(one)->unusable;

		ck_assert_msg(unusable != NULL, "%s can be used: %s", one, describe());
		assert_contains(unusable, "context");
	}
	assert_problem_counts(&problems, 0, bad[_i].errors, 0);
	assert_contains(
		assert_problem_at(&problems, SEVERITY_ERROR, FILE_NAME, bad[_i].line, bad[_i].why)->text,
		"context: ");
}
END_TEST

static const struct {
	const char *text;
	const char *lost;       /* filters of which nobody knows what was to be masked */
} masks[] = {
	{ ABC "[Context x]\nfilters = a\nmask = 1\n", "" },
	{ ABC "[Context x]\nfilters = a\nmask = 1,\n", "a" },
	{ ABC "[Context x]\nfilters = a\nmasks = 1\n", "a" },
	{ ABC "[Context x]\nfilters = a\nMask = 1\nzork = 1\n", "a" },
	{ ABC "[Context x]\nfilters = a\nmaks = 1\n", "a" },
	{ ABC "[Context x]\nfilters = a\ntimeout = 5\n mask = 1\n", "a" },
	{ ABC "[Context x]\nfilters = a\n mask = 1\n", "abc" },
	{ ABC "[Context x]\nfilters = a, b\nmask = 1\n[Context y]\nfilters = a\ntimeout = 5\n", "ab" },
	{ ABC "[Context x]\nfilters = a\ntimeout = 5\n[Context y]\nfilters = a, b\nmask = 1\n", "ab" },
	{ ABC "[Context x]\nfilters = a\nmask = 1\nmask = 2\n", "abc" },
	{ ABC "[Context x]\nfilters = a, ghost\nmask = 1\n", "abc" },
	{ ABC "[Context x]\nfilters = a, ghost\n[Context y]\nfilters = b\nmask = 1\n", "ac" },
	{ ABC "[Contexts x]\nfilters = a\nmask = 1\n", "a" },
};

START_TEST(a_mask_that_cannot_be_read_is_known_to_be_lost)
{
	CLEANUP(strbuf_free) struct strbuf lost = { 0 };

	read_text(masks[_i].text);
	for (size_t i = 0; i < fixture_policy.list.count; i++) {
		if (fixture_policy.list.filters[i]->mask_is_lost)
			strbuf_append_string(&lost, fixture_policy.list.filters[i]->name);
	}
	ck_assert_str_eq(strbuf_text(&lost), masks[_i].lost);
}
END_TEST

/* Neither are the contexts of others touched, nor what stands in them. */
START_TEST(other_contexts_are_not_affected)
{
	read_text(ABC
		  "[Context x]\nfilters = a\n[Context y]\nfilters = b\nzork = 1\n[Context z]\nfilters = c\n");
	ck_assert_str_eq(describe(), "a@x !b c@z");
	assert_problem_counts(&problems, 0, 1, 0);
}
END_TEST

START_TEST(filter_keeps_its_own_fault)
{
	read_text("[Filters]\na: CommandFilter, a\nb: CommandFilter, b, root\nc: CommandFilter\n"
		  "[Context x]\nfilters = a, b\nzork = 1\n[Context y]\nfilters = c\n");
	ck_assert_str_eq(describe(), "!a !b !c");
	assert_contains(filter_named("a")->unusable, "needs the fields");
	assert_contains(filter_named("b")->unusable, "its context");
	assert_contains(filter_named("c")->unusable, "needs the fields");
}
END_TEST

/* The text of a name is for `check` alone. */
START_TEST(messages_hold_no_content)
{
	static const char text[] = "[Context " SECRET "]\nfilters = " SECRET "\n";

	read_text(text);
	assert_problems_keep_secret(&problems);
	ck_assert_str_eq(assert_problem_at(&problems, SEVERITY_ERROR, FILE_NAME, 2, "no such filter")->detail,
			 SECRET);
}
END_TEST

/* All are for the same program: what one does not allow a later, wider one would. */
#define SAME                                            \
	"[Filters]\n"                                   \
	"narrow: RegExpFilter, @/tool, root, tool, a\n" \
	"env: EnvFilter, env, root, A=, tool\n"         \
	"wide: CommandFilter, @/tool, root\n"           \
	"other: CommandFilter, @/other, root\n"

static const struct {
	const char *context;
	const char *request;
	const char *filter;
	bool allowed;
} decisions[] = {
	{ "timeout = 5\nfilters = narrow", "tool a", "narrow", true },
	{ "timeout = 5\nfilters = narrow", "tool b", "wide", true },
	/* the filter denies in its place whatever it would not have matched too */
	{ "timeout = soon\nfilters = narrow", "tool a", "narrow", false },
	{ "timeout = soon\nfilters = narrow", "tool b", "narrow", false },
	{ "timeout = soon\nfilters = narrow", "@/tool", "narrow", false },
	{ "capabilities = cap_zork\nfilters = wide", "tool b", "wide", false },
	{ "capabilities = cap_zork\nfilters = wide", "tool a", "narrow", true },
	{ "capabilities = cap_zork\nfilters = env", "env A=1 tool", "env", false },
	{ "capabilities = cap_zork\nfilters = env", "env B=1 tool", "env", false },
	{ "capabilities = cap_zork\nfilters = narrow, ghost", "tool b", "narrow", false },
	{ "filters = narrow\n[Context other]\nfilters = wide, narrow", "tool b", "narrow", false },
	{ "filters = other\nfilters = narrow", "other", "other", false },
	{ "filters = narrow\nfilters = other", "tool a", "narrow", false },
	/* requests for other programs go on */
	{ "timeout = soon\nfilters = narrow, wide", "other", "other", true },
};

static struct trust trust;
static struct decision decision;

static void setup_programs(void)
{
	setup();
	fixture_root = tree_root;
	tree_file("tool", 0755, "");
	tree_file("other", 0755, "");
	trust = (struct trust){ .owner = geteuid() };
	decision = (struct decision){ 0 };
}

static void teardown_programs(void)
{
	decision_free(&decision);
	trust_free(&trust);
	teardown();
}

START_TEST(no_later_filter_allows_more)
{
	const struct match_means means = { .trust = &trust, .processes = &process_source_proc };
	struct request request;

	read_text(fixture_expand(
		arena_format(&fixture_arena, "%s[Context net]\n%s\n", SAME, decisions[_i].context)));
	request = fixture_request(decisions[_i].request);
	match_decide(&fixture_policy, &request, &means, &decision);
	ck_assert_str_eq(reason_name(decision.reason), decisions[_i].allowed ? "-" : "bad-filter");
	ck_assert_int_eq(decision.verdict == VERDICT_ALLOW, decisions[_i].allowed);
	ck_assert_str_eq(decision.filter->name, decisions[_i].filter);
}
END_TEST

static void fill(TCase *tcase)
{
	tcase_add_checked_fixture(tcase, setup, teardown);
	add_table_test(tcase, filters_get_their_contexts, good);
	tcase_add_test(tcase, context_inherits_where_it_is_silent);
	add_table_test(tcase, a_mask_that_cannot_be_read_is_known_to_be_lost, masks);
	add_table_test(tcase, filters_of_a_faulty_context_cannot_be_used, bad);
	tcase_add_test(tcase, other_contexts_are_not_affected);
	tcase_add_test(tcase, filter_keeps_its_own_fault);
	tcase_add_test(tcase, messages_hold_no_content);
}

static void fill_decisions(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_checked_fixture(tcase, setup_programs, teardown_programs);
	add_table_test(tcase, no_later_filter_allows_more, decisions);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("context section");

	suite_add(suite, "sections", fill);
	suite_add(suite, "decisions", fill_decisions);
	return suite;
}

SUITE_MAIN(make_suite)
