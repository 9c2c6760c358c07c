#include "policy/list.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static char *copy_stripped(struct arena *arena, const char *start, const char *end)
{
	while (start < end && is_space(*start))
		start++;
	while (end > start && is_space(end[-1]))
		end--;
	return arena_copy(arena, start, (size_t)(end - start));
}

const char *const *list_split(const char *text, struct arena *arena, size_t *count)
{
	size_t parts = 1;
	const char **list;

	for (const char *c = text; *c; c++)
		parts += *c == ',';
	list = arena_allocate(arena, parts + 1, sizeof(*list));
	for (size_t i = 0; i < parts; i++) {
		const char *end = text + strcspn(text, ",");

		list[i] = copy_stripped(arena, text, end);
		text = end + 1;
	}
	*count = parts;
	return list;
}

bool list_holds(const char *const *list, const char *word)
{
	while (*list && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}
