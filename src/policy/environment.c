#include "policy/environment.h"

#include <string.h>

bool environment_is_loader_variable(const char *name, size_t length)
{
	static const char *const names[] = { "GLIBC_TUNABLES", "GCONV_PATH" };

	if (length >= 3 && memcmp(name, "LD_", 3) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return true;
	}
	return false;
}

/* These are always the target user's own. */
static bool is_fixed(const char *name, size_t length)
{
	static const char *const names[] = { "PATH", "HOME", "USER", "LOGNAME", "SHELL" };

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return true;
	}
	return false;
}

int environment_check_keep(const char *entry, struct error *error)
{
	size_t length = strcspn(entry, "*");

	if (length == 0)
		return error_set(error, "an entry must begin with a name");
	if (entry[length] == '*' && entry[length + 1] != '\0')
		return error_set(error, "a * can only stand at the end of an entry");
	if (strchr(entry, '='))
		return error_set(error, "an entry is a name without =");
	if (environment_is_loader_variable(entry, length))
		return error_set(error, "variables of the dynamic loader cannot be kept");
	if (entry[length] == '\0' && is_fixed(entry, length))
		return error_set(error, "PATH, HOME, USER, LOGNAME and SHELL are always set by the wrapper");
	return 0;
}

static bool entry_keeps(const char *entry, const char *name, size_t length)
{
	size_t prefix = strcspn(entry, "*");

	if (entry[prefix] == '*')
		return length >= prefix && memcmp(entry, name, prefix) == 0;
	return length == prefix && memcmp(entry, name, length) == 0;
}

bool environment_is_kept(const char *variable, const char *const *entries, size_t count)
{
	size_t length = strcspn(variable, "=");

	if (length == 0 || variable[length] != '=' || environment_is_loader_variable(variable, length) ||
	    is_fixed(variable, length))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (entry_keeps(entries[i], variable, length))
			return true;
	}
	return false;
}
