#include "policy/settings.h"

#include <string.h>
#include <strings.h>
#include <syslog.h>

#include "base/path.h"
#include "policy/environment.h"
#include "policy/value.h"

enum {
	MIN_NOFILE = 3,
	MAX_NOFILE = 1 << 20,           /* the kernel's usual fs.nr_open */
	MAX_TIMEOUT = 365 * 24 * 3600,
};

static const char *const default_exec_dirs[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
						 "/usr/bin",        "/sbin",          "/bin", NULL };

/* One key being read. */
struct reading {
	struct settings *settings;
	const char *conf;
	struct arena *arena;
	const char *value;
	struct error *error;
};

struct facility {
	const char *name;
	int number;
};

/* SysLogHandler.facility_names of Python's logging.handlers. */
static const struct facility facilities[] = {
	{ "auth", LOG_AUTH },     { "authpriv", LOG_AUTHPRIV }, { "console", 14 << 3 }, { "cron", LOG_CRON },
	{ "daemon", LOG_DAEMON }, { "ftp", LOG_FTP },           { "kern", LOG_KERN },   { "lpr", LOG_LPR },
	{ "mail", LOG_MAIL },     { "news", LOG_NEWS },         { "ntp", 12 << 3 },     { "security", 13 << 3 },
	{ "solaris-cron", 15 << 3 }, { "syslog", LOG_SYSLOG },  { "user", LOG_USER },   { "uucp", LOG_UUCP },
	{ "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 },     { "local2", LOG_LOCAL2 }, { "local3", LOG_LOCAL3 },
	{ "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 },     { "local6", LOG_LOCAL6 }, { "local7", LOG_LOCAL7 },
};

void settings_set_defaults(struct settings *settings)
{
	*settings = (struct settings){
		.exec_dirs = default_exec_dirs,
		.exec_dirs_count = ARRAY_LENGTH(default_exec_dirs) - 1,
		.use_syslog = true,
		.syslog_facility = LOG_AUTHPRIV,
		.log_allowed = true,
		.rlimit_nofile = 1024,
		.daemon_timeout = 600,
		.context = context_built_in,
	};
}

static int read_boolean(const struct reading *reading, bool *value)
{
	return value_boolean(reading->value, value, reading->error);
}

static int read_number(const struct reading *reading, unsigned long low, unsigned long high, unsigned long *value)
{
	return value_number(reading->value, low, high, value, reading->error);
}

static int read_list(const struct reading *reading, const char *const **list, size_t *count)
{
	return value_list(reading->value, reading->arena, list, count, reading->error);
}

/* What is relative is the conf's own neighbour, never the caller's. */
static const char *absolute_path(const struct reading *reading, const char *path)
{
	int base = (int)(path_base_name(reading->conf) - reading->conf);

	return path[0] == '/' ? path : arena_format(reading->arena, "%.*s%s", base, reading->conf, path);
}

/* Nothing is set on a failure. */
static int read_directories(const struct reading *reading, const char *const **list, size_t *count)
{
	const char *const *written;
	const char **absolute;
	size_t entries;

	if (read_list(reading, &written, &entries) < 0)
		return -1;
	absolute = arena_allocate(reading->arena, entries + 1, sizeof(*absolute));
	for (size_t i = 0; i < entries; i++)
		absolute[i] = absolute_path(reading, written[i]);
	*list = absolute;
	*count = entries;
	return 0;
}

static int read_filters_path(const struct reading *reading)
{
	return read_directories(reading, &reading->settings->filters_path, &reading->settings->filters_path_count);
}

static int read_exec_dirs(const struct reading *reading)
{
	struct settings *settings = reading->settings;

	if (read_directories(reading, &settings->exec_dirs, &settings->exec_dirs_count) < 0)
		return -1;
	for (size_t i = 0; i < settings->exec_dirs_count; i++) {
		if (strchr(settings->exec_dirs[i], ':'))
			return error_set(reading->error, "entry %zu holds a colon, which PATH cannot", i + 1);
	}
	return 0;
}

static int read_use_syslog(const struct reading *reading)
{
	reading->settings->use_syslog_is_written = true;
	return read_boolean(reading, &reading->settings->use_syslog);
}

/* "authpriv" or "LOG_AUTHPRIV", as oslo.rootwrap takes them. */
static int read_facility(const struct reading *reading)
{
	for (size_t i = 0; i < ARRAY_LENGTH(facilities); i++) {
		const char *name = facilities[i].name;

		if (strcmp(reading->value, name) == 0 ||
		    (strncmp(reading->value, "LOG_", 4) == 0 && strcasecmp(reading->value + 4, name) == 0)) {
			reading->settings->syslog_facility = facilities[i].number;
			return 0;
		}
	}
	return error_set(reading->error, "no name of a syslog facility");
}

/* Python's level names.  Denials and errors are recorded at every level. */
static int read_level(const struct reading *reading)
{
	static const char *const all[] = { "NOTSET", "DEBUG", "INFO" };
	static const char *const fewer[] = { "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL" };

	for (size_t i = 0; i < ARRAY_LENGTH(all) + ARRAY_LENGTH(fewer); i++) {
		bool log_allowed = i < ARRAY_LENGTH(all);

		if (strcasecmp(reading->value, log_allowed ? all[i] : fewer[i - ARRAY_LENGTH(all)]) == 0) {
			reading->settings->log_allowed = log_allowed;
			return 0;
		}
	}
	return error_set(reading->error, "no name of a log level");
}

static int read_audit_file(const struct reading *reading)
{
	const char *name = path_base_name(reading->value);

	if (!path_is_plain_name(name))
		return error_set(reading->error, "no name of a file");
	reading->settings->audit_file = absolute_path(reading, reading->value);
	return 0;
}

static int read_audit_format(const struct reading *reading)
{
	reading->settings->audit_json = strcmp(reading->value, "json") == 0;
	if (!reading->settings->audit_json && strcmp(reading->value, "text") != 0)
		return error_set(reading->error, "neither text nor json");
	return 0;
}

static int read_audit_required(const struct reading *reading)
{
	return read_boolean(reading, &reading->settings->audit_required);
}

static int read_rlimit_nofile(const struct reading *reading)
{
	return read_number(reading, MIN_NOFILE, MAX_NOFILE, &reading->settings->rlimit_nofile);
}

static int read_env_keep(const struct reading *reading)
{
	struct settings *settings = reading->settings;

	if (read_list(reading, &settings->env_keep, &settings->env_keep_count) < 0)
		return -1;
	for (size_t i = 0; i < settings->env_keep_count; i++) {
		if (environment_check_keep(settings->env_keep[i], reading->error) < 0)
			return -1;
	}
	return 0;
}

static int read_implicit_privsep_helper(const struct reading *reading)
{
	return read_boolean(reading, &reading->settings->implicit_privsep_helper);
}

static int read_daemon_timeout(const struct reading *reading)
{
	return read_number(reading, 0, MAX_TIMEOUT, &reading->settings->daemon_timeout);
}

static const struct key {
	const char *name;
	int (*read)(const struct reading *reading);
} keys[] = {
	{ "filters_path", read_filters_path },
	{ "exec_dirs", read_exec_dirs },
	{ "use_syslog", read_use_syslog },
	{ "syslog_log_facility", read_facility },
	{ "syslog_log_level", read_level },
	{ "audit_file", read_audit_file },
	{ "audit_format", read_audit_format },
	{ "audit_required", read_audit_required },
	{ "rlimit_nofile", read_rlimit_nofile },
	{ "env_keep", read_env_keep },
	{ "implicit_privsep_helper", read_implicit_privsep_helper },
	{ "daemon_timeout", read_daemon_timeout },
};

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}

static void read_option(struct reading *reading, const struct ini_option *option, struct problems *problems)
{
	const struct key *key = find_key(option->name);
	struct problem *problem;

	reading->value = option->value;
	if (!key) {
		problem = problem_add(problems, SEVERITY_WARNING, reading->conf, option->line,
				      "unknown key: it is ignored");
		problem->detail = arena_string(&problems->arena, option->name);
	} else if (key->read(reading) < 0) {
		problem = problem_add(problems, SEVERITY_FATAL, reading->conf, option->line, "%s: %s", key->name,
				      reading->error->text);
		problem->detail = arena_string(&problems->arena, option->value);
	}
}

static bool names_filters(const struct ini_section *section)
{
	for (const struct ini_option *option = section->options; option; option = option->next) {
		if (strcmp(option->name, "filters") == 0)
			return true;
	}
	return false;
}

/* [Context default]; other contexts stand in filter files, and here would do nothing unseen. */
static void read_context(struct settings *settings, const struct ini *ini, const char *conf, struct arena *arena,
			 struct problems *problems)
{
	struct context inherited = context_built_in;

	inherited.rule = CAPABILITIES_USUAL;
	for (const struct ini_section *section = ini->sections; section; section = section->next) {
		const char *name;

		if (!context_is_section(section, &name))
			continue;
		if (strcmp(name, "default") == 0 && names_filters(section))
			problem_add(problems, SEVERITY_FATAL, conf, section->line,
				    "context: the default is for all filters that no other names: leave filters out");
		else if (strcmp(name, "default") == 0)
			(void)context_read(&settings->context, section, name, &inherited, conf, SEVERITY_FATAL, arena,
					   problems);
		else
			problem_add(problems, SEVERITY_FATAL, conf, section->line,
				    "of contexts only [Context default] can stand here; others stand in filter files");
	}
}

/* The second holds credentials that oslo.rootwrap's own documents put here; they are for other programs. */
static const char *const own_sections[] = { "DEFAULT", "xenapi", NULL };

void settings_read(struct settings *settings, const struct ini *ini, const char *conf, struct arena *arena,
		   struct problems *problems)
{
	const struct ini_section *section = ini_section(ini, "DEFAULT");
	struct error error;
	struct reading reading = { .settings = settings, .conf = conf, .arena = arena, .error = &error };

	settings_set_defaults(settings);
	read_context(settings, ini, conf, arena, problems);
	context_warn_of_other_sections(ini, own_sections, conf, problems);
	for (const struct ini_option *option = section ? section->options : NULL; option; option = option->next)
		read_option(&reading, option, problems);
	if (settings->audit_required && !settings->use_syslog && !settings->audit_file)
		problem_add(problems, SEVERITY_FATAL, conf, 0,
			    "audit_required is on, use_syslog is off and there is no audit_file: nothing could ever be "
			    "recorded");
	if (!settings->filters_path && !problem_fatal(problems))
		problem_add(problems, SEVERITY_FATAL, conf, 0, "filters_path is missing from [DEFAULT]");
}
