#include "policy/context.h"

#include <string.h>
#include <strings.h>

#include "policy/environment.h"
#include "policy/list.h"
#include "policy/value.h"

enum { MAX_TIMEOUT = 7 * 24 * 3600 };

const struct context context_built_in = {
	.rule = CAPABILITIES_BUILT_IN,
	.log_allowed = true,
	.guard_paths = true,
};

/* One key being read. */
struct reading {
	struct context *context;
	const char *value;
	struct arena *arena;
	struct error *error;
	bool no_new_privs_is_written;
	bool capabilities_are_written;
};

static int read_names(struct reading *reading)
{
	size_t count;
	const char *const *names = list_split(reading->value, reading->arena, &count);
	capability_set set = 0;
	struct error why;

	for (size_t i = 0; i < count; i++) {
		if (capability_add_name(&set, names[i], &why) < 0)
			return error_set(reading->error, "entry %zu: %s", i + 1, why.text);
	}
	reading->context->capabilities = set;
	return 0;
}

static int read_capabilities(struct reading *reading)
{
	reading->capabilities_are_written = true;
	reading->context->rule = CAPABILITIES_EXACT;
	reading->context->capabilities = 0;
	if (strcmp(reading->value, "none") == 0)
		return 0;
	if (strcmp(reading->value, "all") != 0)
		return read_names(reading);
	reading->context->capabilities = capability_all();
	return 0;
}

static int read_no_new_privs(struct reading *reading)
{
	reading->no_new_privs_is_written = true;
	return value_boolean(reading->value, &reading->context->no_new_privs, reading->error);
}

static int read_timeout(struct reading *reading)
{
	return value_number(reading->value, 1, MAX_TIMEOUT, &reading->context->timeout, reading->error);
}

static int read_log_exit(struct reading *reading)
{
	return value_boolean(reading->value, &reading->context->log_exit, reading->error);
}

static int read_log(struct reading *reading)
{
	reading->context->log_allowed = strcmp(reading->value, "all") == 0;
	if (!reading->context->log_allowed && strcmp(reading->value, "deny") != 0)
		return error_set(reading->error, "neither all nor deny");
	return 0;
}

/*
 * A position is a number above 0; an option begins with a dash.  One that no
 * argument could equal, as "--password=" or two without a comma, would hide nothing.
 */
static int read_mask(struct reading *reading)
{
	struct context *context = reading->context;
	unsigned long position;

	if (value_list(reading->value, reading->arena, &context->mask, &context->mask_count, reading->error) < 0)
		return -1;
	for (size_t i = 0; i < context->mask_count; i++) {
		const char *entry = context->mask[i];
		bool good = entry[0] == '-' ? !strpbrk(entry, "= \t\n") :
					      value_number(entry, 1, 1000000, &position, reading->error) == 0;

		if (!good)
			return error_set(reading->error, "entry %zu is neither a position nor an option", i + 1);
	}
	return 0;
}

static int read_path_guard(struct reading *reading)
{
	reading->context->guard_paths = strcmp(reading->value, "namespace") == 0;
	if (!reading->context->guard_paths && strcmp(reading->value, "off") != 0)
		return error_set(reading->error, "neither namespace nor off");
	return 0;
}

static int read_env_keep(struct reading *reading)
{
	struct context *context = reading->context;
	struct error why;

	if (value_list(reading->value, reading->arena, &context->env_keep, &context->env_keep_count,
		       reading->error) < 0)
		return -1;
	for (size_t i = 0; i < context->env_keep_count; i++) {
		if (environment_check_keep(context->env_keep[i], &why) < 0)
			return error_set(reading->error, "entry %zu: %s", i + 1, why.text);
	}
	return 0;
}

static int leave_to_caller(struct reading *reading)
{
	(void)reading;
	return 0;
}

static const struct key {
	const char *name;
	int (*read)(struct reading *reading);
} keys[] = {
	{ "filters", leave_to_caller },
	{ "capabilities", read_capabilities },
	{ "no_new_privs", read_no_new_privs },
	{ "timeout", read_timeout },
	{ "log_exit", read_log_exit },
	{ "log", read_log },
	{ "mask", read_mask },
	{ "path_guard", read_path_guard },
	{ "env_keep", read_env_keep },
};

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}

bool context_confines_alike(const struct context *one, const struct context *other)
{
	return one->rule == other->rule &&
	       (one->rule != CAPABILITIES_EXACT || one->capabilities == other->capabilities) &&
	       one->no_new_privs == other->no_new_privs && one->timeout == other->timeout &&
	       one->log_exit == other->log_exit && one->log_allowed == other->log_allowed;
}

bool context_is_section(const struct ini_section *section, const char **name)
{
	static const char word[] = "Context";
	const char *start = section->name + strspn(section->name, " \t");
	size_t length = sizeof(word) - 1;

	/* However it is written: of one that is not recognised the filters would keep the default's privileges. */
	if (strncasecmp(start, word, length) != 0)
		return false;
	*name = start + length + strspn(start + length, " \t");
	if (*name == start + length)
		*name = ""; /* "[Contexts x]" has no good name */
	return true;
}

void context_warn_of_other_sections(const struct ini *ini, const char *const *known, const char *file,
				    struct problems *problems)
{
	const char *name;

	for (const struct ini_section *section = ini->sections; section; section = section->next) {
		if (list_holds(known, section->name) || context_is_section(section, &name))
			continue;
		problem_add(problems, SEVERITY_WARNING, file, section->line, "a section of that name has no effect")
			->detail = arena_format(&problems->arena, "[%s]", section->name);
	}
}

bool context_read(struct context *context, const struct ini_section *section, const char *name,
		  const struct context *inherited, const char *file, enum severity severity, struct arena *arena,
		  struct problems *problems)
{
	struct error error;
	struct reading reading = { .context = context, .arena = arena, .error = &error };
	bool good = true;

	*context = *inherited;
	context->name = name;
	if (section->repeated) {
		problem_add(problems, severity, file, section->line, "context: the section stands twice");
		good = false;
	}
	for (const struct ini_option *option = section->options; option; option = option->next) {
		const struct key *key = find_key(option->name);

		reading.value = option->value;
		if (option->repeated)
			error_set(&error, "written twice");
		else if (key && key->read(&reading) == 0)
			continue;
		problem_add(problems, severity, file, option->line, "context: %s%s%s", key ? key->name : "unknown key",
			    key ? ": " : "", key ? error.text : "")
			->detail = arena_string(&problems->arena, key ? option->value : option->name);
		good = false;
	}
	if (reading.capabilities_are_written && !reading.no_new_privs_is_written)
		context->no_new_privs = true;
	return good;
}
