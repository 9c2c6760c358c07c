#include "policy/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policy/list.h"

int value_boolean(const char *text, bool *value, struct error *error)
{
	static const char *const names[] = { "0", "no", "false", "off", "1", "yes", "true", "on" };

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (strcasecmp(text, names[i]) == 0) {
			*value = i >= ARRAY_LENGTH(names) / 2;
			return 0;
		}
	}
	return error_set(error, "neither true nor false");
}

int value_number(const char *text, unsigned long low, unsigned long high, unsigned long *value, struct error *error)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || *value < low || *value > high)
		return error_set(error, "not a number from %lu to %lu", low, high);
	return 0;
}

int value_list(const char *text, struct arena *arena, const char *const **list, size_t *count, struct error *error)
{
	size_t entries;
	const char *const *split = list_split(text, arena, &entries);

	for (size_t i = 0; i < entries; i++) {
		if (split[i][0] == '\0')
			return error_set(error, "entry %zu of the list is empty", i + 1);
		if (strchr(split[i], '\n'))
			return error_set(error, "entry %zu of the list is in two lines: a comma is missing", i + 1);
	}
	*list = split;
	*count = entries;
	return 0;
}
