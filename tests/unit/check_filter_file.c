#include "base/strbuf.h"
#include "filters/registry.h"
#include "policy/context.h"
#include "policy/filter_file.h"
#include "problems.h"
#include "tree.h"

/* A directory that was read. */
struct reading {
	struct trust trust;
	struct arena arena;
	struct problems problems;
	struct filter_list list;
	struct filter_file *files;
};

static void reading_free(struct reading *reading)
{
	trust_free(&reading->trust);
	arena_free(&reading->arena);
	problems_free(&reading->problems);
}

static void read_more(struct reading *reading, const char *directory)
{
	reading->files =
		filter_files_read(tree_path(directory), &filter_registry, &context_built_in, &reading->trust,
				  &reading->list, &reading->arena, &reading->problems);
}

static void read_directory(struct reading *reading, const char *directory)
{
	*reading = (struct reading){ .trust = { .owner = geteuid() } };
	read_more(reading, directory);
}

/* The text as the only filter file: d/a.filters. */
static void read_text(struct reading *reading, const char *text)
{
	tree_directory("d", 0755);
	tree_file("d/a.filters", 0644, text);
	read_directory(reading, "d");
}

/* "name=program" of each filter; one that cannot be used has a ! before it. */
static void assert_filters(const struct reading *reading, const char *wanted)
{
	CLEANUP(strbuf_free) struct strbuf names = { 0 };

	for (size_t i = 0; i < reading->list.count; i++) {
		const struct filter *filter = reading->list.filters[i];

		strbuf_append_format(&names, "%s%s%s=%s", i > 0 ? " " : "", filter->unusable ? "!" : "",
				     filter->name, filter->program ? filter->program : "?");
	}
	ck_assert_str_eq(strbuf_text(&names), wanted);
}

/* The names of the files found; one that is left out has a - before it. */
static void assert_files(const struct reading *reading, const char *directory, const char *wanted)
{
	CLEANUP(strbuf_free) struct strbuf names = { 0 };
	size_t prefix = strlen(tree_path(directory)) + 1;

	for (const struct filter_file *file = reading->files; file; file = file->next) {
		ck_assert(strncmp(file->path, tree_path(directory), prefix - 1) == 0);
		strbuf_append_format(&names, "%s%s%s", names.length > 0 ? " " : "", file->ignored ? "-" : "",
				     file->path + prefix);
	}
	ck_assert_str_eq(strbuf_text(&names), wanted);
}

START_TEST(filters_know_where_they_stand)
{
	CLEANUP(reading_free) struct reading reading;
	const struct filter *filter;

	read_text(&reading, "# comment\n[Filters]\n\nLs: CommandFilter, /usr/bin/ls, app, more\n");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	ck_assert_uint_eq(reading.list.count, 1);
	filter = reading.list.filters[0];
	ck_assert_str_eq(filter->class->name, "CommandFilter");
	ck_assert_str_eq(filter->name, "ls");
	ck_assert_str_eq(filter->file, tree_path("d/a.filters"));
	ck_assert_uint_eq(filter->line, 4);
	ck_assert_uint_eq(filter->field_count, 3);
	ck_assert_str_eq(filter->program, "/usr/bin/ls");
	ck_assert_str_eq(filter->run_as, "app");
}
END_TEST

START_TEST(files_come_in_byte_order)
{
	static const char *const names[] = {
		"b", "10", "a", "B", "9", "a-b", "\xc3\xa9", "a.filters.b", "_"
	};
	CLEANUP(reading_free) struct reading reading;

	tree_directory("d", 0755);
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		CLEANUP(strbuf_free) struct strbuf path = { 0 };
		CLEANUP(strbuf_free) struct strbuf text = { 0 };

		strbuf_append_format(&path, "d/%s.filters", names[i]);
		strbuf_append_format(&text,
				     "[Filters]\nx: CommandFilter, %s, root\ny: CommandFilter, %s, root\n",
				     names[i], names[i]);
		tree_file(path.text, 0644, text.text);
	}
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	assert_filters(&reading, "x=10 y=10 x=9 y=9 x=B y=B x=_ y=_ x=a-b y=a-b x=a y=a x=a.filters.b "
				 "y=a.filters.b x=b y=b x=\xc3\xa9 y=\xc3\xa9");
	assert_files(&reading, "d",
		     "10.filters 9.filters B.filters _.filters a-b.filters a.filters a.filters.b.filters "
		     "b.filters \xc3\xa9.filters");
}
END_TEST

START_TEST(many_files_are_read_in_the_order_of_their_names)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf wanted = { 0 };

	tree_directory("d", 0755);
	for (int i = 99; i >= 10; i--) {
		char name[32];
		char text[64];

		snprintf(name, sizeof(name), "d/%d.filters", i);
		snprintf(text, sizeof(text), "[Filters]\nf%d: CommandFilter, p%d, root\n", i, i);
		tree_file(name, 0644, text);
	}
	for (int i = 10; i <= 99; i++)
		strbuf_append_format(&wanted, "%sf%d=p%d", i > 10 ? " " : "", i, i);
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	assert_filters(&reading, wanted.text);
}
END_TEST

START_TEST(directories_come_one_after_the_other)
{
	CLEANUP(reading_free) struct reading reading;

	tree_directory("z", 0755);
	tree_directory("a", 0755);
	tree_file("z/z.filters", 0644, "[Filters]\none: CommandFilter, one, root\n");
	tree_file("a/a.filters", 0644,
		  "[Filters]\ntwo: CommandFilter, two, root\none: CommandFilter, three, root\n");
	read_directory(&reading, "z");
	read_more(&reading, "a");
	assert_filters(&reading, "one=one two=two one=three");
}
END_TEST

START_TEST(many_filters_keep_their_order)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_string(&text, "[Filters]\n");
	for (unsigned i = 0; i < 1000; i++)
		strbuf_append_format(&text, "f%u: CommandFilter, p%u, root\n", i, i);
	read_text(&reading, text.text);
	ck_assert_uint_eq(reading.list.count, 1000);
	for (unsigned i = 0; i < 1000; i++)
		ck_assert_uint_eq(reading.list.filters[i]->line, i + 2);
}
END_TEST

/* Left out and named, whatever they hold. */
static const char *const ignored_names[] = {
	"README",           "a.filters~",  "a.filters.bak", "a.filters.dpkg-old",
	"a.filters.rpmnew", "#a.filters#", "a.filter",      "a.FILTERS",
	"afilters",         "filters",     "a.filters ",    "a.filters\n",
};

START_TEST(other_names_are_left_out_and_named)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf path = { 0 };
	const char *name = ignored_names[_i];

	tree_directory("d", 0755);
	strbuf_append_format(&path, "d/%s", name);
	tree_file(path.text, 0666, "[Filters]\nevil: CommandFilter, sh, root\nnot parsable\n");
	read_directory(&reading, "d");
	assert_filters(&reading, "");
	assert_problem_counts(&reading.problems, 1, 0, 0);
	assert_problem_at(&reading.problems, SEVERITY_WARNING, tree_path(path.text), 0, "it is left out");
	ck_assert(reading.files->ignored);
	ck_assert_str_eq(reading.files->path, tree_path(path.text));
	ck_assert_ptr_null(reading.files->next);
}
END_TEST

START_TEST(hidden_names_are_not_even_named)
{
	CLEANUP(reading_free) struct reading reading;

	tree_directory("d", 0755);
	tree_file("d/.a.filters", 0666, "[Filters]\nevil: CommandFilter, sh, root\n");
	tree_file("d/.filters", 0666, "not parsable\n");
	tree_directory("d/.x.filters", 0755);
	read_directory(&reading, "d");
	assert_filters(&reading, "");
	ck_assert_ptr_null(reading.files);
	assert_problem_counts(&reading.problems, 0, 0, 0);
}
END_TEST

START_TEST(what_is_no_file_is_left_out)
{
	CLEANUP(reading_free) struct reading reading;

	tree_directory("d", 0755);
	tree_directory("d/dir.filters", 0755);
	tree_file("d/dir.filters/a.filters", 0644, "[Filters]\nevil: CommandFilter, sh, root\n");
	tree_fifo("d/fifo.filters", 0644);
	ck_assert_int_eq(mknod(tree_path("d/socket.filters"), S_IFSOCK | 0644, 0), 0);
	tree_file("d/ok.filters", 0644, "[Filters]\nls: CommandFilter, ls, root\n");
	read_directory(&reading, "d");
	assert_filters(&reading, "ls=ls");
	assert_files(&reading, "d", "-dir.filters/ -fifo.filters/ ok.filters -socket.filters/");
	assert_problem_counts(&reading.problems, 3, 0, 0);
}
END_TEST

START_TEST(a_link_to_a_trusted_file_is_read)
{
	CLEANUP(reading_free) struct reading reading;

	tree_directory("d", 0755);
	tree_file("elsewhere", 0644, "[Filters]\nls: CommandFilter, ls, root\n");
	tree_link("d/a.filters", "../elsewhere");
	read_directory(&reading, "d");
	assert_filters(&reading, "ls=ls");
	ck_assert_str_eq(reading.list.filters[0]->file, tree_path("d/a.filters"));
	assert_problem_counts(&reading.problems, 0, 0, 0);
}
END_TEST

static void link_nowhere(void)
{
	tree_link("d/b.filters", "missing");
}

static void link_to_directory(void)
{
	tree_link("d/b.filters", ".");
}

static void link_to_fifo(void)
{
	tree_fifo("fifo", 0644);
	tree_link("d/b.filters", "../fifo");
}

static void link_to_file_in_open_directory(void)
{
	tree_directory("open", 0777);
	tree_file("open/file", 0644, "[Filters]\n");
	tree_link("d/b.filters", "../open/file");
}

static void file_for_others(void)
{
	tree_file("d/b.filters", 0646, "[Filters]\n");
}

static void file_for_the_group(void)
{
	tree_file("d/b.filters", 0664, "[Filters]\n");
}

/* To leave out a file that is meant to be read could let a later, wider filter match. */
static const struct {
	void (*make)(void);
	const char *why;
} bad_files[] = {
	{ link_nowhere, "No such file or directory" },
	{ link_to_directory, "it must be a regular file" },
	{ link_to_fifo, "it must be a regular file" },
	{ link_to_file_in_open_directory, "chmod go-w" },
	{ file_for_others, "chmod go-w" },
	{ file_for_the_group, "chmod go-w" },
};

START_TEST(a_file_that_cannot_be_read_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;
	const struct problem *problem;

	tree_directory("d", 0755);
	tree_file("d/a.filters", 0644, "[Filters]\nfirst: CommandFilter, ls, root\n");
	bad_files[_i].make();
	tree_file("d/c.filters", 0644, "[Filters]\nlast: CommandFilter, ls, root\n");
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 1);
	problem = assert_problem_at(&reading.problems, SEVERITY_FATAL, tree_path("d/b.filters"), 0,
				    bad_files[_i].why);
	ck_assert_ptr_nonnull(problem->trust);
	assert_filters(&reading, "first=ls last=ls");
}
END_TEST

START_TEST(a_missing_directory_is_skipped)
{
	CLEANUP(reading_free) struct reading reading;

	read_directory(&reading, "missing/deeper");
	ck_assert_ptr_null(reading.files);
	assert_filters(&reading, "");
	assert_problem_counts(&reading.problems, 1, 0, 0);
	assert_problem_at(&reading.problems, SEVERITY_WARNING, tree_path("missing/deeper"), 0,
			  "does not exist");
}
END_TEST

static const mode_t bad_modes[] = { 0775, 0757, 0777, 01777, 01775, 02775 };

START_TEST(a_directory_that_others_can_write_to_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;
	const struct problem *problem;

	tree_directory("d", 0755);
	tree_file("d/a.filters", 0644, "[Filters]\nls: CommandFilter, ls, root\n");
	tree_mode("d", bad_modes[_i]);
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 1);
	problem = assert_problem_at(&reading.problems, SEVERITY_FATAL, tree_path("d"), 0, "chmod go-w");
	ck_assert_uint_eq(problem->trust->mode & 07777, bad_modes[_i]);
	assert_filters(&reading, "");
}
END_TEST

START_TEST(a_directory_that_cannot_be_read_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;

	tree_leave_root();
	tree_directory("d", 0755);
	tree_file("d/a.filters", 0644, "[Filters]\nls: CommandFilter, ls, root\n");
	tree_mode("d", 0311);
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 1);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, tree_path("d"), 0, strerror(EACCES));
	assert_filters(&reading, "");
}
END_TEST

static const struct {
	const char *text;
	unsigned line;
} unparsable[] = {
	{ "ls: CommandFilter, ls, root\n", 1 },
	{ "[Filters]\nls: CommandFilter, ls, root\nstray text\n", 3 },
	{ "[Filters\nls: CommandFilter, ls, root\n", 1 },
	{ "[Filters]]\nls: CommandFilter, ls, root\n", 1 },
	{ "[Filters]\nls: CommandFilter, ls, root\n\x01\n", 3 },
	{ "[Filters]\nls: CommandFilter, ls\xff, root\n", 2 },
	{ "\xef\xbb\xbf[Filters]\nls: CommandFilter, ls, root\n", 1 },
};

START_TEST(a_file_that_cannot_be_parsed_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;

	tree_directory("d", 0755);
	tree_file("d/a.filters", 0644, unparsable[_i].text);
	tree_file("d/b.filters", 0644, "[Filters]\nalso bad\n");
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 2);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, tree_path("d/a.filters"), unparsable[_i].line,
			  "");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, tree_path("d/b.filters"), 2, "");
	assert_filters(&reading, "");
}
END_TEST

static const char *const without_filters[] = { "", "# nothing\n", "[Filters]\n" };

START_TEST(a_file_without_filters_is_no_problem)
{
	CLEANUP(reading_free) struct reading reading;

	read_text(&reading, without_filters[_i]);
	assert_problem_counts(&reading.problems, 0, 0, 0);
	assert_filters(&reading, "");
}
END_TEST

static const char *const other_sections[] = { "[filters]", "[Other]", "[ Filters ]", "[Contxt net]", "[xenapi]" };

static void assert_section_without_effect(const char *before, const char *section, const char *after,
					  unsigned line, const char *filters)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_format(&text, "%s%s%s", before, section, after);
	read_text(&reading, text.text);
	assert_filters(&reading, filters);
	assert_problem_counts(&reading.problems, 1, 0, 0);
	ck_assert_str_eq(assert_problem_at(&reading.problems, SEVERITY_WARNING, tree_path("d/a.filters"), line,
					   "a section of that name has no effect")->detail,
			 section);
}

START_TEST(a_section_without_effect_is_a_warning)
{
	assert_section_without_effect("", other_sections[_i], "\nls: CommandFilter, ls, root\n", 1, "");
}
END_TEST

START_TEST(a_section_without_effect_names_no_filters)
{
	assert_section_without_effect("[Filters]\na: CommandFilter, a, root\n", other_sections[_i], "\nfilters = a\n",
				      3, "a=a");
}
END_TEST

START_TEST(the_last_of_two_names_counts_in_the_place_of_the_first)
{
	CLEANUP(reading_free) struct reading reading;

	read_text(&reading, "[Filters]\nx: CommandFilter, one, root\ny: CommandFilter, two, root\n"
			    "[DEFAULT]\n[Filters]\nX: CommandFilter, three, root\n");
	assert_filters(&reading, "x=three y=two");
	ck_assert_uint_eq(reading.list.filters[0]->line, 6);
	assert_problem_counts(&reading.problems, 0, 1, 0);
	assert_problem_at(&reading.problems, SEVERITY_ERROR, tree_path("d/a.filters"), 6,
			  "a filter of the same name");
}
END_TEST

START_TEST(options_of_default_are_filters_and_an_error)
{
	CLEANUP(reading_free) struct reading reading;

	read_text(&reading, "[Filters]\nx: CommandFilter, one, root\n[DEFAULT]\nd: CommandFilter, two, root\n"
			    "x: CommandFilter, three, root\n");
	assert_filters(&reading, "d=two x=one");
	assert_problem_counts(&reading.problems, 0, 1, 0);
	assert_problem_at(&reading.problems, SEVERITY_ERROR, tree_path("d/a.filters"), 3,
			  "options of [DEFAULT]");
}
END_TEST

START_TEST(an_empty_default_section_is_no_problem)
{
	CLEANUP(reading_free) struct reading reading;

	read_text(&reading, "[DEFAULT]\n[Filters]\nx: CommandFilter, one, root\n");
	assert_filters(&reading, "x=one");
	assert_problem_counts(&reading.problems, 0, 0, 0);
}
END_TEST

/* oslo.rootwrap skips a class that it does not know as well. */
static const char *const unknown_classes[] = { "NoFilter", "commandfilter",  "CommandFilter2",
					       "",         "Command Filter", "filters.CommandFilter" };

START_TEST(an_unknown_class_is_skipped)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };
	const struct problem *problem;

	strbuf_append_format(&text, "[Filters]\nx: %s, ls, root\ny: CommandFilter, two, root\n",
			     unknown_classes[_i]);
	read_text(&reading, text.text);
	assert_filters(&reading, "y=two");
	assert_problem_counts(&reading.problems, 1, 0, 0);
	problem = assert_problem_at(&reading.problems, SEVERITY_WARNING, tree_path("d/a.filters"), 2,
				    "unknown filter class");
	ck_assert_str_eq(problem->detail, unknown_classes[_i]);
}
END_TEST

/* Each of the registry's classes, with too few fields or others that cannot be used. */
static const struct {
	const char *value;
	const char *filters;
} unusable[] = {
	{ "CommandFilter, ls", "a=ls !x=ls b=ls" },
	{ "CommandFilter", "a=ls !x=? b=ls" },
	{ "CommandFilter, , root", "a=ls !x=? b=ls" },
	{ "CommandFilter, bin/ls, root", "a=ls !x=bin/ls b=ls" },
	{ "RegExpFilter, ls, root", "a=ls !x=ls b=ls" },
	{ "PathFilter, ls, root", "a=ls !x=ls b=ls" },
	{ "EnvFilter, env", "a=ls !x=? b=ls" },
	{ "EnvFilter, env, root, LD_PRELOAD=, ls", "a=ls !x=ls b=ls" },
	{ "EnvFilter, env, root, A=", "a=ls !x=? b=ls" },
	{ "ChainingRegExpFilter, ls, root", "a=ls !x=ls b=ls" },
};

START_TEST(an_unusable_filter_stays_in_its_place)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_format(&text,
			     "[Filters]\na: CommandFilter, ls, root\nx: %s\nb: CommandFilter, ls, root\n",
			     unusable[_i].value);
	read_text(&reading, text.text);
	assert_filters(&reading, unusable[_i].filters);
	assert_problem_counts(&reading.problems, 0, 1, 0);
	assert_problem_at(&reading.problems, SEVERITY_ERROR, tree_path("d/a.filters"), 3, "are denied here");
}
END_TEST

static const char *const too_few_fields[] = {
	"CommandFilter",  "RegExpFilter", "PathFilter",        "KillFilter",           "EnvFilter",
	"ReadFileFilter", "IpFilter",     "IpNetnsExecFilter", "ChainingRegExpFilter",
};

START_TEST(every_class_needs_fields)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_format(&text, "[Filters]\nx: %s\n", too_few_fields[_i]);
	read_text(&reading, text.text);
	ck_assert_uint_eq(reading.list.count, 1);
	ck_assert_ptr_nonnull(reading.list.filters[0]->unusable);
	assert_problem_at(&reading.problems, SEVERITY_ERROR, tree_path("d/a.filters"), 2, "needs the fields");
}
END_TEST

/* Where anything in a context is wrong, its filters must not run with other privileges than those meant. */
#define AB "[Filters]\na: CommandFilter, a, root\nb: CommandFilter, b, root\n"
static const struct {
	const char *text;
	const char *filters;
	unsigned errors;        /* one for each fault and each filter */
} contexts[] = {
	{ AB "[Context net]\nfilters = b\n", "a=a b=b", 0 },
	{ "[Context net]\nfilters = a\n[Filters]\na: CommandFilter, a, root\n", "a=a", 0 },
	{ AB "[Context net]\nFilters: A ,\n B\n", "a=a b=b", 0 },
	{ AB "[Context x]\nfilters=a\n[Context y]\nfilters=b\n", "a=a b=b", 0 },
	{ AB "[Context]\nfilters = a\n", "!a=a b=b", 2 },
	{ AB "[Context default]\nfilters = a\n", "!a=a b=b", 2 },
	{ AB "[context net]\nfilters = a\nzork = 1\n", "!a=a b=b", 2 },
	{ AB "[Context net]\ncapabilities = all\n", "!a=a !b=b", 3 },
	{ AB "[Context net]\nfilters =\n", "!a=a !b=b", 3 },
	{ AB "[Context net]\nfilters = aa, b\n", "!a=a !b=b", 3 },
	{ AB "[Context x]\nfilters = a\n[Context y]\nfilters = bb\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\ncapabilities = cap_net_admn\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\ncapabilities = 12\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\ncapabilities =\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\ntimeout = 0\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\ntimeout = 1s\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\nlog = none\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\nmask = 0\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\npath_guard = no\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\nenv_keep = LD_PRELOAD\n", "a=a !b=b", 2 },
	{ AB "[Context net]\nfilters = b\nno_new_privs = maybe\n", "a=a !b=b", 2 },
	{ AB "[Context x]\nfilters = a, b\n[Context y]\nfilters = b\n", "!a=a !b=b", 3 },
};

START_TEST(a_faulty_context_makes_its_filters_unusable)
{
	CLEANUP(reading_free) struct reading reading;

	read_text(&reading, contexts[_i].text);
	assert_filters(&reading, contexts[_i].filters);
	assert_problem_counts(&reading.problems, 0, contexts[_i].errors, 0);
}
END_TEST

START_TEST(a_context_is_for_filters_of_its_own_file)
{
	CLEANUP(reading_free) struct reading reading;

	tree_directory("d", 0755);
	tree_file("d/a.filters", 0644, "[Filters]\nx: CommandFilter, one, root\n");
	tree_file("d/b.filters", 0644,
		  "[Filters]\nx: CommandFilter, two, root\n[Context net]\nfilters = x\ntimeout = 3\n");
	tree_file("d/c.filters", 0644, "[Filters]\nx: CommandFilter, three, root\n");
	read_directory(&reading, "d");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	ck_assert_ptr_eq(reading.list.filters[0]->context, &context_built_in);
	ck_assert_str_eq(reading.list.filters[1]->context->name, "net");
	ck_assert_uint_eq(reading.list.filters[1]->context->timeout, 3);
	ck_assert_ptr_eq(reading.list.filters[2]->context, &context_built_in);
}
END_TEST

/* Names of filters are keys and may be shown; nothing else may. */
static const char *const secrets[] = {
	SECRET "\n",
	"[" SECRET "\n",
	"[Filters]\n" SECRET "\n",
	"[Filters]\nx: " SECRET ", " SECRET ", " SECRET "\n",
	"[Filters]\nx: CommandFilter, " SECRET "\n",
	"[Filters]\nx: CommandFilter, " SECRET "/" SECRET ", " SECRET "\n",
	"[Filters]\nx: EnvFilter, env, root, LD_" SECRET "=" SECRET ", " SECRET "\n",
	"[Filters]\nx: EnvFilter, env, root, " SECRET "=1, " SECRET "=2, x\n",
	"[Filters]\nx: KillFilter, " SECRET "\n",
	"[Filters]\nx: ReadFileFilter, " SECRET "/x\n",
	"[Filters]\nx: IpFilter, " SECRET "\n",
	"[Filters]\n" SECRET ": CommandFilter, x, " SECRET "\n" SECRET ": CommandFilter, y, " SECRET "\n",
	"[DEFAULT]\n" SECRET ": CommandFilter, x, " SECRET "\n",
	"[Filters]\nx: CommandFilter, x, " SECRET "\n[Context " SECRET "]\nfilters = x, " SECRET "\n",
	"root:$6$" SECRET ":19000:0:99999:7:::\n",
};

START_TEST(no_message_shows_what_is_in_a_file)
{
	CLEANUP(reading_free) struct reading reading;

	read_text(&reading, secrets[_i]);
	assert_problems_keep_secret(&reading.problems);
}
END_TEST

START_TEST(leaves_no_descriptor_open)
{
	CLEANUP(reading_free) struct reading reading;
	int before = dup(STDERR_FILENO);
	int after;

	close(before);
	tree_directory("d", 0755);
	tree_directory("d/x.filters", 0755);
	tree_file("d/a.filters", 0644, "[Filters]\n");
	tree_file("d/b.filters", 0644, "not parsable\n");
	read_directory(&reading, "d");
	trust_free(&reading.trust);
	after = dup(STDERR_FILENO);
	ck_assert_int_eq(after, before);
	close(after);
}
END_TEST

static void fill_directory(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, files_come_in_byte_order);
	tcase_add_test(tcase, many_files_are_read_in_the_order_of_their_names);
	tcase_add_test(tcase, directories_come_one_after_the_other);
	add_table_test(tcase, other_names_are_left_out_and_named, ignored_names);
	tcase_add_test(tcase, hidden_names_are_not_even_named);
	tcase_add_test(tcase, what_is_no_file_is_left_out);
	tcase_add_test(tcase, a_missing_directory_is_skipped);
	add_table_test(tcase, a_directory_that_others_can_write_to_is_fatal, bad_modes);
	tcase_add_test(tcase, a_directory_that_cannot_be_read_is_fatal);
	tcase_add_test(tcase, leaves_no_descriptor_open);
}

static void fill_file(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, a_link_to_a_trusted_file_is_read);
	add_table_test(tcase, a_file_that_cannot_be_read_is_fatal, bad_files);
	add_table_test(tcase, a_file_that_cannot_be_parsed_is_fatal, unparsable);
	add_table_test(tcase, a_file_without_filters_is_no_problem, without_filters);
	add_table_test(tcase, a_section_without_effect_is_a_warning, other_sections);
	add_table_test(tcase, a_section_without_effect_names_no_filters, other_sections);
	add_table_test(tcase, no_message_shows_what_is_in_a_file, secrets);
}

static void fill_filters(TCase *tcase)
{
	tree_add_fixtures(tcase);
	tcase_add_test(tcase, filters_know_where_they_stand);
	tcase_add_test(tcase, many_filters_keep_their_order);
	tcase_add_test(tcase, the_last_of_two_names_counts_in_the_place_of_the_first);
	tcase_add_test(tcase, options_of_default_are_filters_and_an_error);
	tcase_add_test(tcase, an_empty_default_section_is_no_problem);
	add_table_test(tcase, an_unknown_class_is_skipped, unknown_classes);
	add_table_test(tcase, an_unusable_filter_stays_in_its_place, unusable);
	add_table_test(tcase, every_class_needs_fields, too_few_fields);
	add_table_test(tcase, a_faulty_context_makes_its_filters_unusable, contexts);
	tcase_add_test(tcase, a_context_is_for_filters_of_its_own_file);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("filter_file");

	suite_add(suite, "directory", fill_directory);
	suite_add(suite, "file", fill_file);
	suite_add(suite, "filters", fill_filters);
	return suite;
}

SUITE_MAIN(make_suite)
