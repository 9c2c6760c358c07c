#include "policy/context.h"

#include <sys/capability.h>

#include "base/strbuf.h"
#include "problems.h"

#define FILE_NAME "/etc/app/net.filters"

/* A section that was read. */
struct reading {
	struct arena arena;
	struct problems problems;
	struct context context;
	bool good;
};

static void reading_free(struct reading *reading)
{
	problems_free(&reading->problems);
	arena_free(&reading->arena);
}

static void read_ini(struct reading *reading, const char *text, struct ini *ini)
{
	struct error error = { { 0 } };
	unsigned line;

	*reading = (struct reading){ 0 };
	ck_assert_msg(ini_read(ini, text, strlen(text), INI_DUPLICATES_LAST_WINS, &reading->arena, &line,
			       &error) == 0,
		      "line %u: %s", line, error.text);
	ck_assert_ptr_nonnull(ini->sections);
}

static void read_context(struct reading *reading, const char *text, const struct context *inherited,
			 enum severity severity)
{
	struct ini ini;

	read_ini(reading, text, &ini);
	memset(&reading->context, 0xff, sizeof(reading->context));
	reading->good = context_read(&reading->context, ini.sections, "net", inherited, FILE_NAME, severity,
				     &reading->arena, &reading->problems);
}

/* Options that begin in line 3. */
static void read_options(struct reading *reading, const char *options, const struct context *inherited,
			 enum severity severity)
{
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_format(&text, "# a context\n[Context net]\n%s\n", options);
	read_context(reading, text.text, inherited, severity);
}

static void append_list(struct strbuf *text, const char *key, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		strbuf_append_format(text, "%s%s", i == 0 ? key : "|", list[i]);
}

/* What a context says beyond what is built in. */
static const char *describe(struct reading *reading)
{
	const struct context *context = &reading->context;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	if (context->rule == CAPABILITIES_USUAL)
		strbuf_append_string(&text, " usual");
	else if (context->rule != CAPABILITIES_BUILT_IN)
		strbuf_append_string(&text, " caps=");
	if (context->rule == CAPABILITIES_EXACT)
		capability_append_set(&text, context->capabilities);
	if (context->no_new_privs)
		strbuf_append_string(&text, " nnp");
	if (context->timeout > 0)
		strbuf_append_format(&text, " timeout=%lu", context->timeout);
	if (context->log_exit)
		strbuf_append_string(&text, " exit");
	if (!context->log_allowed)
		strbuf_append_string(&text, " deny");
	if (!context->guard_paths)
		strbuf_append_string(&text, " unguarded");
	append_list(&text, " mask=", context->mask, context->mask_count);
	append_list(&text, " env=", context->env_keep, context->env_keep_count);
	return text.length > 0 ? arena_string(&reading->arena, text.text + 1) : "";
}

static const char *const masked[] = { "7", NULL };
static const char *const kept[] = { "TERM", "LC_*", NULL };

/* Everything but what is built in. */
static const struct context full = {
	.name = "default",
	.rule = CAPABILITIES_EXACT,
	.capabilities = CAPABILITY(CAP_CHOWN),
	.no_new_privs = true,
	.timeout = 9,
	.log_exit = true,
	.mask = masked,
	.mask_count = 1,
	.env_keep = kept,
	.env_keep_count = 2,
};

static const struct context open_full = {
	.name = "default",
	.rule = CAPABILITIES_EXACT,
	.capabilities = CAPABILITY(CAP_CHOWN),
	.log_allowed = true,
	.guard_paths = true,
};

static const struct context usual = { .rule = CAPABILITIES_USUAL, .log_allowed = true, .guard_paths = true };

static const struct {
	const char *options;
	const struct context *inherited; /* NULL: built in */
	const char *context;
} good[] = {
	{ "", NULL, "" },
	{ "filters = a, b", NULL, "" },
	{ "filters =", NULL, "" }, /* what stands there is the caller's business */
	/* capabilities */
	{ "capabilities = none", NULL, "caps=none nnp" },
	{ "capabilities = all", NULL, "caps=all nnp" },
	{ "capabilities = cap_chown", NULL, "caps=cap_chown nnp" },
	{ "capabilities: CAP_Net_Raw,cap_net_admin", NULL, "caps=cap_net_admin,cap_net_raw nnp" },
	{ "capabilities = cap_kill,\n cap_chown", NULL, "caps=cap_chown,cap_kill nnp" },
	{ "capabilities = cap_chown, cap_chown", NULL, "caps=cap_chown nnp" },
	{ "CAPABILITIES = cap_chown", NULL, "caps=cap_chown nnp" },
	/* no_new_privs is on with them, unless it is written, wherever */
	{ "no_new_privs = on", NULL, "nnp" },
	{ "no_new_privs = off", NULL, "" },
	{ "capabilities = none\nno_new_privs = off", NULL, "caps=none" },
	{ "no_new_privs = off\ncapabilities = none", NULL, "caps=none" },
	{ "no_new_privs = 1\ncapabilities = all", NULL, "caps=all nnp" },
	/* booleans are Python's */
	{ "no_new_privs = TRUE", NULL, "nnp" },
	{ "no_new_privs = 1", NULL, "nnp" },
	{ "no_new_privs = yes", NULL, "nnp" },
	{ "no_new_privs = No", &full, "caps=cap_chown timeout=9 exit deny unguarded mask=7 env=TERM|LC_*" },
	{ "log_exit = On", NULL, "exit" },
	{ "log_exit = true", NULL, "exit" },
	{ "log_exit = false", NULL, "" },
	{ "timeout = 1", NULL, "timeout=1" },
	{ "timeout = 604800", NULL, "timeout=604800" },
	{ "timeout = 0030", NULL, "timeout=30" },
	{ "log = all", NULL, "" },
	{ "log = deny", NULL, "deny" },
	{ "mask = 1", NULL, "mask=1" },
	{ "mask = 1000000", NULL, "mask=1000000" },
	{ "mask = --password", NULL, "mask=--password" },
	{ "mask = 2, --password,-p\n , 03", NULL, "mask=2|--password|-p|03" },
	{ "path_guard = namespace", NULL, "" },
	{ "path_guard = off", NULL, "unguarded" },
	{ "env_keep = TERM", NULL, "env=TERM" },
	{ "env_keep = TERM ,LC_*\n", NULL, "env=TERM|LC_*" },
	/* all at once */
	{ "filters = a\ncapabilities = cap_chown\nno_new_privs = off\ntimeout = 5\nlog_exit = yes\nlog = "
	  "deny\n"
	  "mask = 1\npath_guard = off\nenv_keep = TERM",
	  NULL, "caps=cap_chown timeout=5 exit deny unguarded mask=1 env=TERM" },
	/* what it does not say is inherited */
	{ "", &full, "caps=cap_chown nnp timeout=9 exit deny unguarded mask=7 env=TERM|LC_*" },
	{ "", &usual, "usual" },
	{ "", &open_full, "caps=cap_chown" },
	{ "timeout = 5", &usual, "usual timeout=5" },
	{ "timeout = 5", &open_full, "caps=cap_chown timeout=5" },
	{ "capabilities = all", &usual, "caps=all nnp" },
	{ "no_new_privs = yes", &usual, "usual nnp" },
	/* what it says replaces that: nothing is added to it */
	{ "capabilities = cap_kill", &open_full, "caps=cap_kill nnp" },
	{ "capabilities = none", &full, "caps=none nnp timeout=9 exit deny unguarded mask=7 env=TERM|LC_*" },
	{ "timeout = 8", &full, "caps=cap_chown nnp timeout=8 exit deny unguarded mask=7 env=TERM|LC_*" },
	{ "log_exit = 0", &full, "caps=cap_chown nnp timeout=9 deny unguarded mask=7 env=TERM|LC_*" },
	{ "log = all", &full, "caps=cap_chown nnp timeout=9 exit unguarded mask=7 env=TERM|LC_*" },
	{ "path_guard = namespace", &full, "caps=cap_chown nnp timeout=9 exit deny mask=7 env=TERM|LC_*" },
	{ "mask = 1", &full, "caps=cap_chown nnp timeout=9 exit deny unguarded mask=1 env=TERM|LC_*" },
	{ "env_keep = A", &full, "caps=cap_chown nnp timeout=9 exit deny unguarded mask=7 env=A" },
};

START_TEST(context_is_read)
{
	CLEANUP(reading_free) struct reading reading;

	read_options(&reading, good[_i].options, good[_i].inherited ? good[_i].inherited : &context_built_in,
		     SEVERITY_ERROR);
	assert_problem_counts(&reading.problems, 0, 0, 0);
	ck_assert(reading.good);
	ck_assert_str_eq(reading.context.name, "net");
	ck_assert_str_eq(describe(&reading), good[_i].context);
}
END_TEST

START_TEST(all_is_what_the_kernel_has)
{
	CLEANUP(reading_free) struct reading reading;

	read_options(&reading, "capabilities = all", &context_built_in, SEVERITY_ERROR);
	ck_assert_uint_eq(reading.context.capabilities, capability_all());
	ck_assert_int_eq(reading.context.rule, CAPABILITIES_EXACT);
}
END_TEST

static const struct {
	const char *key;
	const char *value;
	const char *why;
} bad[] = {
	{ "capabilities", "", "no name of a capability" },
	{ "capabilities", "None", "no name of a capability" },
	{ "capabilities", "ALL", "no name of a capability" },
	{ "capabilities", "all, cap_chown", "no name of a capability" },
	{ "capabilities", "cap_chown, all", "no name of a capability" },
	{ "capabilities", "none, cap_chown", "no name of a capability" },
	{ "capabilities", "all-cap_chown", "no name of a capability" },
	{ "capabilities", "cap_chown,", "no name of a capability" },
	{ "capabilities", ",cap_chown", "no name of a capability" },
	{ "capabilities", "cap_chown cap_kill", "no name of a capability" },
	{ "capabilities", "chown", "no name of a capability" },
	{ "capabilities", "cap_chwon", "no name of a capability" },
	{ "capabilities", "cap_chown+ep", "no name of a capability" },
	{ "capabilities", "cap_chown=ep", "no name of a capability" },
	{ "capabilities", "cap_", "no name of a capability" },
	{ "capabilities", "cap_*", "no name of a capability" },
	{ "capabilities", "cap_63", "no name of a capability" },
	{ "capabilities", "0", "no name of a capability" },
	{ "capabilities", "=", "no name of a capability" },
	{ "no_new_privs", "", "neither true nor false" },
	{ "no_new_privs", "2", "neither true nor false" },
	{ "no_new_privs", "y", "neither true nor false" },
	{ "no_new_privs", "on off", "neither true nor false" },
	{ "timeout", "", "not a number from 1 to 604800" },
	{ "timeout", "0", "not a number from 1 to 604800" },
	{ "timeout", "604801", "not a number from 1 to 604800" },
	{ "timeout", "18446744073709551617", "not a number from 1 to 604800" },
	{ "timeout", "-1", "not a number from 1 to 604800" },
	{ "timeout", "+1", "not a number from 1 to 604800" },
	{ "timeout", "1s", "not a number from 1 to 604800" },
	{ "timeout", "1.5", "not a number from 1 to 604800" },
	{ "timeout", "0x10", "not a number from 1 to 604800" },
	{ "timeout", "1 2", "not a number from 1 to 604800" },
	{ "timeout", "none", "not a number from 1 to 604800" },
	{ "log_exit", "", "neither true nor false" },
	{ "log_exit", "-1", "neither true nor false" },
	{ "log_exit", "all", "neither true nor false" },
	{ "log", "", "neither all nor deny" },
	{ "log", "none", "neither all nor deny" },
	{ "log", "Deny", "neither all nor deny" },
	{ "log", "ALL", "neither all nor deny" },
	{ "log", "all, deny", "neither all nor deny" },
	{ "log", "True", "neither all nor deny" },
	{ "mask", "", "entry 1 of the list is empty" },
	{ "mask", "1,", "entry 2 of the list is empty" },
	{ "mask", "0", "entry 1 is neither a position nor an option" },
	{ "mask", "1, 00", "entry 2 is neither a position nor an option" },
	{ "mask", "1000001", "entry 1 is neither a position nor an option" },
	{ "mask", "+1", "entry 1 is neither a position nor an option" },
	{ "mask", "1-3", "entry 1 is neither a position nor an option" },
	{ "mask", "1 2", "entry 1 is neither a position nor an option" },
	{ "mask", "password", "entry 1 is neither a position nor an option" },
	{ "mask", "*", "entry 1 is neither a position nor an option" },
	{ "mask", "-p, --password=", "entry 2 is neither a position nor an option" },
	{ "mask", "--password=x", "entry 1 is neither a position nor an option" },
	{ "mask", "--user --password", "entry 1 is neither a position nor an option" },
	{ "mask", "--user\n --password", "entry 1 of the list is in two lines" },
	{ "path_guard", "", "neither namespace nor off" },
	{ "path_guard", "no", "neither namespace nor off" },
	{ "path_guard", "on", "neither namespace nor off" },
	{ "path_guard", "Off", "neither namespace nor off" },
	{ "path_guard", "off, namespace", "neither namespace nor off" },
	{ "env_keep", "", "entry 1 of the list is empty" },
	{ "env_keep", "A,,B", "entry 2 of the list is empty" },
	{ "env_keep", "*", "begin with a name" },
	{ "env_keep", "TERM, LD_PRELOAD", "loader" },
	{ "env_keep", "LD_*", "loader" },
	{ "env_keep", "PATH", "always set" },
	{ "env_keep", "A=b", "without =" },
	{ "env_keep", "A*B", "at the end" },
};

/* Whatever else the section says, and whoever inherits it to whom. */
START_TEST(bad_value_is_a_problem)
{
	static const enum severity severities[] = { SEVERITY_ERROR, SEVERITY_FATAL };
	CLEANUP(strbuf_free) struct strbuf options = { 0 };

	strbuf_append_format(&options, "filters = a\n%s = %s", bad[_i].key, bad[_i].value);
	for (size_t i = 0; i < ARRAY_LENGTH(severities); i++) {
		CLEANUP(reading_free) struct reading reading;
		const struct problem *problem;

		read_options(&reading, options.text, &full, severities[i]);
		ck_assert(!reading.good);
		assert_problem_counts(&reading.problems, 0, i == 0, i == 1);
		problem = assert_problem_at(&reading.problems, severities[i], FILE_NAME, 4, bad[_i].why);
		assert_contains(problem->text, "context: ");
		assert_contains(problem->text, bad[_i].key);
		if (!strchr(bad[_i].value, '\n')) /* a continuation line loses its indent */
			ck_assert_str_eq(problem->detail, bad[_i].value);
	}
}
END_TEST

static const char *const unknown[] = {
	"filter",  "capability", "caps",      "no-new-privs", "no_new_priv", "time_out",
	"logexit", "masks",      "pathguard", "env",          "user",        "name",
};

/* It could have been meant to take something away. */
START_TEST(unknown_key_is_a_problem)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf options = { 0 };
	const struct problem *problem;

	strbuf_append_format(&options, "timeout = 5\n\n%s = all", unknown[_i]);
	read_options(&reading, options.text, &context_built_in, SEVERITY_ERROR);
	ck_assert(!reading.good);
	assert_problem_counts(&reading.problems, 0, 1, 0);
	problem = assert_problem_at(&reading.problems, SEVERITY_ERROR, FILE_NAME, 5, "context: unknown key");
	ck_assert_str_eq(problem->text, "context: unknown key");
	ck_assert_str_eq(problem->detail, unknown[_i]);
}
END_TEST

static const struct {
	const char *options;
	unsigned line;
	const char *why;
} repeated[] = {
	{ "filters = a\nfilters = b", 4, "filters: written twice" },
	{ "capabilities = none\ntimeout = 5\ncapabilities = all", 5, "capabilities: written twice" },
	{ "no_new_privs = on\nno_new_privs = off", 4, "no_new_privs: written twice" },
	{ "timeout = 5\ntimeout = 5", 4, "timeout: written twice" },
	{ "log_exit = on\nLOG_EXIT = on", 4, "log_exit: written twice" },
	{ "log = all\nlog = all", 4, "log: written twice" },
	{ "mask = 1\nmask = 2", 4, "mask: written twice" },
	{ "path_guard = namespace\npath_guard = off", 4, "path_guard: written twice" },
	{ "env_keep = A\nenv_keep = B", 4, "env_keep: written twice" },
	{ "zork = A\nzork = B", 4, "unknown key" },
	{ "timeout = 5\n[Context net]\nlog = all", 2, "the section stands twice" },
	{ "timeout = 5\n[Context net]", 2, "the section stands twice" },
};

START_TEST(what_stands_twice_is_a_problem)
{
	CLEANUP(reading_free) struct reading reading;

	read_options(&reading, repeated[_i].options, &context_built_in, SEVERITY_ERROR);
	ck_assert(!reading.good);
	assert_problem_counts(&reading.problems, 0, 1, 0);
	assert_problem_at(&reading.problems, SEVERITY_ERROR, FILE_NAME, repeated[_i].line, repeated[_i].why);
}
END_TEST

START_TEST(all_problems_are_found)
{
	CLEANUP(reading_free) struct reading reading;

	read_options(&reading,
		     "timeout = soon\nlog = all\nzork = 1\ncapabilities = cap_zork\nmask = 1\n[Context "
		     "net]\nmask = 2",
		     &context_built_in, SEVERITY_FATAL);
	ck_assert(!reading.good);
	assert_problem_counts(&reading.problems, 0, 0, 5);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, FILE_NAME, 2, "stands twice");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, FILE_NAME, 3, "timeout: not a number");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, FILE_NAME, 5, "unknown key");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, FILE_NAME, 6, "no name of a capability");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, FILE_NAME, 9, "mask: written twice");
}
END_TEST

/* Values and unknown keys are for `check` alone. */
START_TEST(messages_hold_no_content)
{
	static const char *const keys[] = { "capabilities", "no_new_privs", "timeout", "log_exit",    "log",
					    "mask",         "path_guard",   SECRET,    "env_keep = =" };

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		CLEANUP(reading_free) struct reading reading;
		CLEANUP(strbuf_free) struct strbuf options = { 0 };

		strbuf_append_format(&options, "%s = " SECRET, keys[i]);
		read_options(&reading, options.text, &context_built_in, SEVERITY_ERROR);
		ck_assert(!reading.good);
		assert_problems_keep_secret(&reading.problems);
	}
}
END_TEST

static const struct {
	const char *header;
	const char *name; /* NULL: it is another section */
} sections[] = {
	{ "[Context net]", "net" },
	{ "[Context default]", "default" },
	{ "[Context  \t net work]", "net work" },
	{ "[Context\tnet]", "net" },
	{ "[context net]", "net" },
	{ "[CONTEXT Net]", "Net" },
	{ "[cOnTeXt net]", "net" },
	{ "[Context]", "" },
	{ "[Context ]", "" },
	/* one that is not taken for what it was meant to be would take nothing away from its filters */
	{ "[ Context net]", "net" },
	{ "[\tContext net]", "net" },
	{ "[Contexts net]", "" },
	{ "[Context:net]", "" },
	{ "[Context-net]", "" },
	{ "[ContextNet]", "" },
	{ "[Context\"net\"]", "" },
	{ "[Filters]", NULL },
	{ "[DEFAULT]", NULL },
	{ "[default]", NULL },
	{ "[Contex]", NULL },
	{ "[Contex t]", NULL },
	{ "[My Context]", NULL },
	{ "[net]", NULL },
};

START_TEST(section_is_recognised)
{
	CLEANUP(reading_free) struct reading reading;
	const char *name = NULL;
	struct ini ini;

	read_ini(&reading, sections[_i].header, &ini);
	ck_assert_msg(context_is_section(ini.sections, &name) == (sections[_i].name != NULL), "%s",
		      sections[_i].header);
	if (sections[_i].name)
		ck_assert_str_eq(name, sections[_i].name);
}
END_TEST

/* Each of what a chain would take from the command that it starts. */
START_TEST(contexts_that_confine_otherwise_are_told_apart)
{
	static const struct context one = { .rule = CAPABILITIES_EXACT, .capabilities = 1, .no_new_privs = true,
					    .timeout = 5, .log_exit = true, .log_allowed = true };
	struct context others[6];

	for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
		others[i] = one;
	others[0].rule = CAPABILITIES_USUAL;
	others[1].capabilities = 3;
	others[2].no_new_privs = false;
	others[3].timeout = 6;
	others[4].log_exit = false;
	others[5].log_allowed = false;
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
		ck_assert_msg(!context_confines_alike(&one, &others[i]), "%zu", i);
		ck_assert_msg(!context_confines_alike(&others[i], &one), "%zu", i);
		ck_assert(context_confines_alike(&others[i], &others[i]));
	}
	others[1].rule = CAPABILITIES_USUAL; /* what the list would be does not matter then */
	ck_assert(context_confines_alike(&others[0], &others[1]));
}
END_TEST

static void fill_values(TCase *tcase)
{
	add_table_test(tcase, context_is_read, good);
	tcase_add_test(tcase, all_is_what_the_kernel_has);
	add_table_test(tcase, section_is_recognised, sections);
	tcase_add_test(tcase, contexts_that_confine_otherwise_are_told_apart);
}

static void fill_problems(TCase *tcase)
{
	add_table_test(tcase, bad_value_is_a_problem, bad);
	add_table_test(tcase, unknown_key_is_a_problem, unknown);
	add_table_test(tcase, what_stands_twice_is_a_problem, repeated);
	tcase_add_test(tcase, all_problems_are_found);
	tcase_add_test(tcase, messages_hold_no_content);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("context");

	suite_add(suite, "values", fill_values);
	suite_add(suite, "problems", fill_problems);
	return suite;
}

SUITE_MAIN(make_suite)
