#include <syslog.h>

#include "base/strbuf.h"
#include "policy/settings.h"
#include "problems.h"

#define CONF "/etc/app/rootwrap.conf"

/* A conf that was read. */
struct reading {
	struct arena arena;
	struct settings settings;
	struct problems problems;
};

static void reading_free(struct reading *reading)
{
	problems_free(&reading->problems);
	arena_free(&reading->arena);
}

static void read_conf(struct reading *reading, const char *conf, const char *text)
{
	struct error error = { { 0 } };
	struct ini ini;
	unsigned line;

	*reading = (struct reading){ 0 };
	memset(&reading->settings, 0xff, sizeof(reading->settings));
	ck_assert_msg(ini_read(&ini, text, strlen(text), INI_DUPLICATES_REFUSED, &reading->arena, &line,
			       &error) == 0,
		      "line %u: %s", line, error.text);
	settings_read(&reading->settings, &ini, conf, &reading->arena, &reading->problems);
}

/* A conf with one option more than it needs, in line 3. */
static void read_option(struct reading *reading, const char *name, const char *value)
{
	struct strbuf text = { 0 };

	strbuf_append_format(&text, "[DEFAULT]\nfilters_path: /filters\n%s: %s\n", name, value);
	read_conf(reading, CONF, text.text);
	strbuf_free(&text);
}

static void assert_list(const char *const *list, size_t count, const char *wanted)
{
	struct strbuf joined = { 0 };

	for (size_t i = 0; i < count; i++)
		strbuf_append_format(&joined, "%s%s", i > 0 ? "|" : "", list[i]);
	ck_assert_str_eq(strbuf_text(&joined), wanted);
	strbuf_free(&joined);
}

static void assert_defaults(const struct settings *settings)
{
	assert_list(settings->exec_dirs, settings->exec_dirs_count,
		    "/usr/local/sbin|/usr/local/bin|/usr/sbin|/usr/bin|/sbin|/bin");
	ck_assert(settings->use_syslog);
	ck_assert(!settings->use_syslog_is_written);
	ck_assert_int_eq(settings->syslog_facility, LOG_AUTHPRIV);
	ck_assert(settings->log_allowed);
	ck_assert_ptr_null(settings->audit_file);
	ck_assert(!settings->audit_json);
	ck_assert(!settings->audit_required);
	ck_assert_uint_eq(settings->rlimit_nofile, 1024);
	ck_assert_uint_eq(settings->env_keep_count, 0);
	ck_assert(!settings->implicit_privsep_helper);
	ck_assert_uint_eq(settings->daemon_timeout, 600);
}

START_TEST(defaults_hold_before_anything_is_read)
{
	struct settings settings;

	memset(&settings, 0xff, sizeof(settings));
	settings_set_defaults(&settings);
	assert_defaults(&settings);
	ck_assert_ptr_null(settings.filters_path);
	ck_assert_uint_eq(settings.filters_path_count, 0);
}
END_TEST

START_TEST(only_filters_path_is_mandatory)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, CONF, "[DEFAULT]\nfilters_path=/filters\n");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	assert_defaults(&reading.settings);
	assert_list(reading.settings.filters_path, reading.settings.filters_path_count, "/filters");
}
END_TEST

START_TEST(all_keys_can_be_set)
{
	CLEANUP(reading_free) struct reading reading;
	const struct settings *settings = &reading.settings;

	read_conf(&reading, CONF,
		  "# a conf\n[DEFAULT]\nFilters_Path = /a, /b\nEXEC_DIRS = /c\nuse_syslog = yes\n"
		  "syslog_log_facility = local3\nsyslog_log_level = ERROR\n"
		  "audit_file = /var/log/app.audit\naudit_format = json\naudit_required = on\n"
		  "rlimit_nofile = 4096\nenv_keep = TERM\n"
		  "implicit_privsep_helper = true\ndaemon_timeout = 60\n");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	assert_list(settings->filters_path, settings->filters_path_count, "/a|/b");
	assert_list(settings->exec_dirs, settings->exec_dirs_count, "/c");
	ck_assert(settings->use_syslog);
	ck_assert(settings->use_syslog_is_written);
	ck_assert_int_eq(settings->syslog_facility, LOG_LOCAL3);
	ck_assert(!settings->log_allowed);
	ck_assert_str_eq(settings->audit_file, "/var/log/app.audit");
	ck_assert(settings->audit_json);
	ck_assert(settings->audit_required);
	ck_assert_uint_eq(settings->rlimit_nofile, 4096);
	assert_list(settings->env_keep, settings->env_keep_count, "TERM");
	ck_assert(settings->implicit_privsep_helper);
	ck_assert_uint_eq(settings->daemon_timeout, 60);
}
END_TEST

static const struct {
	const char *written;
	bool value;
} booleans[] = {
	{ "1", true },    { "yes", true },    { "true", true }, { "on", true },  { "True", true },
	{ "YES", true },  { "oN", true },     { "0", false },   { "no", false }, { "false", false },
	{ "off", false }, { "False", false }, { "NO", false },
};

START_TEST(booleans_are_pythons)
{
	CLEANUP(reading_free) struct reading syslog;
	CLEANUP(reading_free) struct reading required;
	CLEANUP(reading_free) struct reading helper;
	bool value = booleans[_i].value;

	read_option(&syslog, "use_syslog", booleans[_i].written);
	ck_assert(syslog.settings.use_syslog == value);
	ck_assert(syslog.settings.use_syslog_is_written);
	read_option(&required, "audit_required", booleans[_i].written);
	ck_assert(required.settings.audit_required == value);
	read_option(&helper, "implicit_privsep_helper", booleans[_i].written);
	ck_assert(helper.settings.implicit_privsep_helper == value);
	ck_assert_ptr_null(syslog.problems.first);
	ck_assert_ptr_null(required.problems.first);
	ck_assert_ptr_null(helper.problems.first);
}
END_TEST

/* The numbers of logging.handlers.SysLogHandler.facility_names, shifted as in syslog(3). */
static const struct {
	const char *name;
	int number;
} facilities[] = {
	{ "kern", 0 },     { "user", 1 },          { "mail", 2 },        { "daemon", 3 },
	{ "auth", 4 },     { "syslog", 5 },        { "lpr", 6 },         { "news", 7 },
	{ "uucp", 8 },     { "cron", 9 },          { "authpriv", 10 },   { "ftp", 11 },
	{ "ntp", 12 },     { "security", 13 },     { "console", 14 },    { "solaris-cron", 15 },
	{ "local0", 16 },  { "local1", 17 },       { "local2", 18 },     { "local3", 19 },
	{ "local4", 20 },  { "local5", 21 },       { "local6", 22 },     { "local7", 23 },
	{ "LOG_AUTH", 4 }, { "LOG_AUTHPRIV", 10 }, { "LOG_LOCAL0", 16 }, { "LOG_local7", 23 },
};

START_TEST(facilities_have_pythons_names)
{
	CLEANUP(reading_free) struct reading reading;

	read_option(&reading, "syslog_log_facility", facilities[_i].name);
	assert_problem_counts(&reading.problems, 0, 0, 0);
	ck_assert_int_eq(reading.settings.syslog_facility, facilities[_i].number << 3);
}
END_TEST

static const struct {
	const char *name;
	bool log_allowed;
} levels[] = {
	{ "NOTSET", true },    { "DEBUG", true },    { "INFO", true },   { "info", true },
	{ "WARN", false },     { "WARNING", false }, { "ERROR", false }, { "FATAL", false },
	{ "CRITICAL", false }, { "error", false },
};

START_TEST(levels_have_pythons_names)
{
	CLEANUP(reading_free) struct reading reading;

	read_option(&reading, "syslog_log_level", levels[_i].name);
	assert_problem_counts(&reading.problems, 0, 0, 0);
	ck_assert(reading.settings.log_allowed == levels[_i].log_allowed);
}
END_TEST

static const struct {
	const char *written;
	unsigned long value;
} numbers[] = { { "3", 3 }, { "1024", 1024 }, { "0099", 99 }, { "1048576", 1048576 } };

START_TEST(numbers_are_decimal)
{
	CLEANUP(reading_free) struct reading nofile;
	CLEANUP(reading_free) struct reading timeout;

	read_option(&nofile, "rlimit_nofile", numbers[_i].written);
	read_option(&timeout, "daemon_timeout", numbers[_i].written);
	ck_assert_uint_eq(nofile.settings.rlimit_nofile, numbers[_i].value);
	ck_assert_uint_eq(timeout.settings.daemon_timeout, numbers[_i].value);
	ck_assert_ptr_null(nofile.problems.first);
	ck_assert_ptr_null(timeout.problems.first);
}
END_TEST

/* Both keys that name directories. */
static const struct {
	const char *conf;
	const char *written;
	const char *wanted;
} directories[] = {
	{ CONF, "/a", "/a" },
	{ CONF, " /a , /b ", "/a|/b" },
	{ CONF, "/a,\n /b,\n /c", "/a|/b|/c" },
	{ CONF, "/a b", "/a b" },
	/* relative ones are neighbours of the conf, wherever the caller stands */
	{ CONF, "filters.d", "/etc/app/filters.d" },
	{ CONF, "./x, ../y", "/etc/app/./x|/etc/app/../y" },
	{ "/rootwrap.conf", "filters.d", "/filters.d" },
	{ "/a%s/b%n/conf", "x", "/a%s/b%n/x" },
};

START_TEST(directories_are_absolute)
{
	static const char *const keys[] = { "filters_path", "exec_dirs" };

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		CLEANUP(reading_free) struct reading reading;
		CLEANUP(strbuf_free) struct strbuf text = { 0 };
		const struct settings *settings = &reading.settings;

		strbuf_append_format(&text, "[DEFAULT]\n%s: %s\n%s: /other\n", keys[i],
				     directories[_i].written, keys[1 - i]);
		read_conf(&reading, directories[_i].conf, text.text);
		assert_problem_counts(&reading.problems, 0, 0, 0);
		assert_list(i == 0 ? settings->filters_path : settings->exec_dirs,
			    i == 0 ? settings->filters_path_count : settings->exec_dirs_count,
			    directories[_i].wanted);
	}
}
END_TEST

START_TEST(env_keep_is_a_list_of_names)
{
	CLEANUP(reading_free) struct reading reading;

	read_option(&reading, "env_keep", "TERM, LC_*,\n  OS_CLOUD");
	assert_problem_counts(&reading.problems, 0, 0, 0);
	assert_list(reading.settings.env_keep, reading.settings.env_keep_count, "TERM|LC_*|OS_CLOUD");
}
END_TEST

static const struct {
	const char *name;
	const char *value;
	const char *why;
} bad_values[] = {
	{ "exec_dirs", "", "entry 1 of the list is empty" },
	{ "exec_dirs", "/a,", "entry 2 of the list is empty" },
	{ "exec_dirs", "/a,,/b", "entry 2 of the list is empty" },
	{ "exec_dirs", ", /a", "entry 1 of the list is empty" },
	{ "exec_dirs", "/a,\n /b\n /c", "entry 2 of the list is in two lines" },
	{ "exec_dirs", "/a, /b:/c", "entry 2 holds a colon" },
	{ "use_syslog", "", "neither true nor false" },
	{ "use_syslog", "maybe", "neither true nor false" },
	{ "use_syslog", "2", "neither true nor false" },
	{ "use_syslog", "true false", "neither true nor false" },
	{ "use_syslog", "true\n true", "neither true nor false" },
	{ "use_syslog", "t", "neither true nor false" },
	{ "audit_required", "", "neither true nor false" },
	{ "audit_required", "enabled", "neither true nor false" },
	{ "audit_required", "tru", "neither true nor false" },
	{ "implicit_privsep_helper", "y", "neither true nor false" },
	{ "implicit_privsep_helper", "none", "neither true nor false" },
	{ "syslog_log_facility", "", "no name of a syslog facility" },
	{ "syslog_log_facility", "AUTHPRIV", "no name of a syslog facility" },
	{ "syslog_log_facility", "log_authpriv", "no name of a syslog facility" },
	{ "syslog_log_facility", "LOG_", "no name of a syslog facility" },
	{ "syslog_log_facility", "LOG_LOG_AUTH", "no name of a syslog facility" },
	{ "syslog_log_facility", "local8", "no name of a syslog facility" },
	{ "syslog_log_facility", "10", "no name of a syslog facility" },
	{ "syslog_log_level", "", "no name of a log level" },
	{ "syslog_log_level", "20", "no name of a log level" },
	{ "syslog_log_level", "NOTICE", "no name of a log level" },
	{ "syslog_log_level", "INFO,", "no name of a log level" },
	{ "audit_file", "", "no name of a file" },
	{ "audit_file", "/var/log/app/", "no name of a file" },
	{ "audit_file", "/var/log/..", "no name of a file" },
	{ "audit_file", ".", "no name of a file" },
	{ "audit_format", "JSON", "neither text nor json" },
	{ "audit_format", "Text", "neither text nor json" },
	{ "audit_format", "", "neither text nor json" },
	{ "rlimit_nofile", "", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "2", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "0", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "1048577", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "-1", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "+1024", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "18446744073709551615", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "18446744073709552640", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "0x400", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "1024k", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "1 024", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "1024\n 1", "not a number from 3 to 1048576" },
	{ "rlimit_nofile", "unlimited", "not a number from 3 to 1048576" },
	{ "daemon_timeout", "", "not a number from 0 to 31536000" },
	{ "daemon_timeout", "31536001", "not a number from 0 to 31536000" },
	{ "daemon_timeout", "-600", "not a number from 0 to 31536000" },
	{ "daemon_timeout", "1e3", "not a number from 0 to 31536000" },
	{ "env_keep", "", "entry 1 of the list is empty" },
	{ "env_keep", "TERM,,LANG", "entry 2 of the list is empty" },
	{ "env_keep", "*", "begin with a name" },
	{ "env_keep", "TERM, LC_*X", "at the end" },
	{ "env_keep", "TERM=xterm", "without =" },
	{ "env_keep", "TERM, LD_PRELOAD", "loader" },
	{ "env_keep", "GCONV_PATH", "loader" },
	{ "env_keep", "TERM, PATH", "always set" },
};

START_TEST(a_bad_value_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;
	const struct problem *problem;
	char text[128];

	read_option(&reading, bad_values[_i].name, bad_values[_i].value);
	assert_problem_counts(&reading.problems, 0, 0, 1);
	problem = assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 3, bad_values[_i].why);
	snprintf(text, sizeof(text), "%s: ", bad_values[_i].name);
	ck_assert_msg(strncmp(problem->text, text, strlen(text)) == 0, "%s", problem->text);
}
END_TEST

static const char *const bad_filters_paths[] = { "", ",", "/a,", "/a,,/b", ",/a" };

START_TEST(a_bad_filters_path_is_fatal_once)
{
	CLEANUP(reading_free) struct reading reading;
	CLEANUP(strbuf_free) struct strbuf text = { 0 };

	strbuf_append_format(&text, "[DEFAULT]\nfilters_path: %s\n", bad_filters_paths[_i]);
	read_conf(&reading, CONF, text.text);
	assert_problem_counts(&reading.problems, 0, 0, 1);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 2, "filters_path: entry ");
}
END_TEST

static const struct {
	const char *text;
	unsigned warnings;
} without_filters_path[] = {
	{ "", 0 },
	{ "[DEFAULT]\n", 0 },
	{ "[DEFAULT]\nuse_syslog: no\n", 0 },
	{ "[default]\nfilters_path: /a\n", 1 },
	{ "[X]\nfilters_path: /a\n", 1 },
	{ "[xenapi]\nfilters_path: /a\n", 0 },
};

START_TEST(a_missing_filters_path_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, CONF, without_filters_path[_i].text);
	assert_problem_counts(&reading.problems, without_filters_path[_i].warnings, 0, 1);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 0,
			  "filters_path is missing from [DEFAULT]");
}
END_TEST

START_TEST(every_problem_is_found)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, CONF,
		  "[DEFAULT]\nuse_syslog: maybe\nunknown: x\nrlimit_nofile: many\n"
		  "filters_path: /a\nenv_keep: LD_PRELOAD\n");
	assert_problem_counts(&reading.problems, 1, 0, 3);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 2, "use_syslog: ");
	assert_problem_at(&reading.problems, SEVERITY_WARNING, CONF, 3, "unknown key");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 4, "rlimit_nofile: ");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 6, "env_keep: ");
}
END_TEST

START_TEST(an_unknown_key_is_a_warning)
{
	CLEANUP(reading_free) struct reading reading;
	const struct problem *problem;

	read_option(&reading, "Verbose", "yes");
	assert_problem_counts(&reading.problems, 1, 0, 0);
	problem = assert_problem_at(&reading.problems, SEVERITY_WARNING, CONF, 3, "unknown key");
	ck_assert_str_eq(problem->detail, "verbose");
	assert_defaults(&reading.settings);
}
END_TEST

START_TEST(a_record_that_is_required_needs_a_sink)
{
	CLEANUP(reading_free) struct reading refused;
	CLEANUP(reading_free) struct reading reversed;
	CLEANUP(reading_free) struct reading file;

	read_conf(&refused, CONF, "[DEFAULT]\nfilters_path: /a\naudit_required: on\nuse_syslog: off\n");
	assert_problem_counts(&refused.problems, 0, 0, 1);
	assert_problem_at(&refused.problems, SEVERITY_FATAL, CONF, 0, "nothing could ever be recorded");
	read_conf(&reversed, CONF, "[DEFAULT]\nuse_syslog: off\naudit_required: on\nfilters_path: /a\n");
	assert_problem_counts(&reversed.problems, 0, 0, 1);
	read_conf(&file, CONF,
		  "[DEFAULT]\nfilters_path: /a\naudit_required: on\nuse_syslog: off\naudit_file: log\n");
	assert_problem_counts(&file.problems, 0, 0, 0);
}
END_TEST

/* Never the caller's directory. */
START_TEST(audit_file_begins_at_the_conf)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, "/etc/app/rootwrap.conf", "[DEFAULT]\nfilters_path: /a\naudit_file: log/audit\n");
	ck_assert_str_eq(reading.settings.audit_file, "/etc/app/log/audit");
}
END_TEST

START_TEST(only_the_default_context_stands_in_the_conf)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, CONF,
		  "[DEFAULT]\nfilters_path: /a\n[Context default]\ncapabilities: none\n"
		  "[Other]\nx: y\n[Context net]\n");
	assert_problem_counts(&reading.problems, 1, 0, 1);
	assert_problem_at(&reading.problems, SEVERITY_WARNING, CONF, 5, "a section of that name has no effect");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 7,
			  "only [Context default] can stand here");
	ck_assert_int_eq(reading.settings.context.rule, CAPABILITIES_EXACT);
	ck_assert_uint_eq(reading.settings.context.capabilities, 0);
	ck_assert(reading.settings.context.no_new_privs);
}
END_TEST

START_TEST(a_fault_in_the_default_context_is_fatal)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, CONF, "[DEFAULT]\nfilters_path: /a\n[Context default]\ntimeout: soon\nzork: 1\n");
	assert_problem_counts(&reading.problems, 0, 0, 2);
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 4, "timeout");
	assert_problem_at(&reading.problems, SEVERITY_FATAL, CONF, 5, "unknown key");
}
END_TEST

static const char *const secret_confs[] = {
	"[DEFAULT]\nfilters_path: /a\nuse_syslog: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\nsyslog_log_facility: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\nsyslog_log_level: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\naudit_file: " SECRET "/\n",
	"[DEFAULT]\nfilters_path: /a\naudit_format: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\naudit_required: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\nrlimit_nofile: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\nimplicit_privsep_helper: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\ndaemon_timeout: " SECRET "\n",
	"[DEFAULT]\nfilters_path: /a\nenv_keep: " SECRET "=1\n",
	"[DEFAULT]\nfilters_path: " SECRET ",\n",
	"[DEFAULT]\nfilters_path: /a\nexec_dirs: /" SECRET ":x\n",
	"[DEFAULT]\nfilters_path: /a\n" SECRET ": " SECRET "\n",
	"[" SECRET "]\nfilters_path: /a\n",
	"[Context " SECRET "]\n" SECRET ": " SECRET "\n",
};

START_TEST(no_message_shows_what_is_in_the_conf)
{
	CLEANUP(reading_free) struct reading reading;

	read_conf(&reading, CONF, secret_confs[_i]);
	assert_problems_keep_secret(&reading.problems);
}
END_TEST

static void fill_values(TCase *tcase)
{
	tcase_add_test(tcase, defaults_hold_before_anything_is_read);
	tcase_add_test(tcase, only_filters_path_is_mandatory);
	tcase_add_test(tcase, all_keys_can_be_set);
	add_table_test(tcase, booleans_are_pythons, booleans);
	add_table_test(tcase, facilities_have_pythons_names, facilities);
	add_table_test(tcase, levels_have_pythons_names, levels);
	add_table_test(tcase, numbers_are_decimal, numbers);
	add_table_test(tcase, directories_are_absolute, directories);
	tcase_add_test(tcase, env_keep_is_a_list_of_names);
	tcase_add_test(tcase, audit_file_begins_at_the_conf);
}

static void fill_problems(TCase *tcase)
{
	add_table_test(tcase, a_bad_value_is_fatal, bad_values);
	add_table_test(tcase, a_bad_filters_path_is_fatal_once, bad_filters_paths);
	add_table_test(tcase, a_missing_filters_path_is_fatal, without_filters_path);
	tcase_add_test(tcase, every_problem_is_found);
	tcase_add_test(tcase, an_unknown_key_is_a_warning);
	tcase_add_test(tcase, a_record_that_is_required_needs_a_sink);
	tcase_add_test(tcase, only_the_default_context_stands_in_the_conf);
	tcase_add_test(tcase, a_fault_in_the_default_context_is_fatal);
	add_table_test(tcase, no_message_shows_what_is_in_the_conf, secret_confs);
}

static Suite *make_suite(void)
{
	Suite *suite = suite_create("settings");

	suite_add(suite, "values", fill_values);
	suite_add(suite, "problems", fill_problems);
	return suite;
}

SUITE_MAIN(make_suite)
