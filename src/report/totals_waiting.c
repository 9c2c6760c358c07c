#include "report/totals_waiting.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int compare(const void *left, const void *right)
{
	const struct totals_allowed *left_allowed = left;
	const struct totals_allowed *right_allowed = right;

	return strcmp(left_allowed->id, right_allowed->id);
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

/* Copies a text, if there is one, to where the room for it begins. */
static const char *copy_text(char **room, const char *text)
{
	char *copy = *room;
	size_t size = size_of(text);

	if (size == 0)
		return NULL;
	memcpy(copy, text, size);
	*room += size;
	return copy;
}

/* One piece of memory with its texts behind it. */
static struct totals_allowed *copy_allowed(const struct totals_allowed *allowed)
{
	size_t texts = size_of(allowed->id) + size_of(allowed->group) + size_of(allowed->command);
	struct totals_allowed *copy = memory_allocate(1, sizeof(*copy) + texts);
	char *room = (char *)(copy + 1);

	copy->id = copy_text(&room, allowed->id);
	copy->group = copy_text(&room, allowed->group);
	copy->command = copy_text(&room, allowed->command);
	return copy;
}

/* A later one with the same id may have taken its place in the tree. */
static void forget(struct totals_waiting *waiting, struct totals_allowed *allowed)
{
	void *found = tfind(allowed, &waiting->tree, compare);

	if (found && *(struct totals_allowed **)found == allowed)
		tdelete(allowed, &waiting->tree, compare);
	free(allowed);
}

/* The place for the next: that of the oldest when there are as many as may be. */
static struct totals_allowed **place(struct totals_waiting *waiting)
{
	size_t limit = waiting->limit > 0 ? waiting->limit : TOTALS_WAITING_MAX;
	struct totals_allowed **oldest;

	if (waiting->count == limit) {
		oldest = &waiting->ring[waiting->next];
		waiting->next = (waiting->next + 1) % limit;
		forget(waiting, *oldest);
		return oldest;
	}
	if (waiting->count == waiting->capacity) {
		waiting->capacity = waiting->capacity > 0 ? waiting->capacity * 2 : 64;
		waiting->ring = memory_resize(waiting->ring, waiting->capacity, sizeof(struct totals_allowed *));
	}
	return &waiting->ring[waiting->count++];
}

void totals_waiting_add(struct totals_waiting *waiting, const struct totals_allowed *allowed)
{
	struct totals_allowed *copy = copy_allowed(allowed);
	struct totals_allowed **found;

	*place(waiting) = copy;
	found = tsearch(copy, &waiting->tree, compare);
	if (found)
		*found = copy;
}

const struct totals_allowed *totals_waiting_find(const struct totals_waiting *waiting, const char *id)
{
	const struct totals_allowed wanted = { .id = id };
	void *found = tfind(&wanted, &waiting->tree, compare);

	return found ? *(struct totals_allowed **)found : NULL;
}

static void keep(void *allowed)
{
	(void)allowed; /* freed by the ring */
}

void totals_waiting_free(struct totals_waiting *waiting)
{
	if (waiting->tree)
		tdestroy(waiting->tree, keep);
	for (size_t i = 0; i < waiting->count; i++)
		free(waiting->ring[i]);
	free(waiting->ring);
	*waiting = (struct totals_waiting){ 0 };
}
