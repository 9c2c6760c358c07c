#include "report/totals_table.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* entry.h cannot stand beside <search.h>, which has a struct entry too: this is its ENTRY_NO_TIME. */
static const int64_t no_time = INT64_MIN;

void totals_row_clear(struct totals_row *row)
{
	*row = (struct totals_row){ .first = no_time, .last = no_time };
}

uint64_t totals_row_requests(const struct totals_row *row)
{
	uint64_t requests = row->allowed + row->denied + row->errors;

	return requests > 0 ? requests : row->exits;
}

static int compare_parts(const char *left, const char *right)
{
	if (!left || !right)
		return (left != NULL) - (right != NULL);
	return strcmp(left, right);
}

static int compare_keys(const void *left, const void *right)
{
	const struct totals_row *left_row = left;
	const struct totals_row *right_row = right;
	int order = 0;

	for (size_t i = 0; i < TOTALS_KEY_PARTS && order == 0; i++)
		order = compare_parts(left_row->key[i], right_row->key[i]);
	return order;
}

/* What follows the first bytes of a part stands as "...". */
static const char *bounded(const char *part, char buffer[static TOTALS_NAME_MAX + sizeof("...")])
{
	if (!part || strnlen(part, TOTALS_NAME_MAX + 1) <= TOTALS_NAME_MAX)
		return part;
	memcpy(buffer, part, TOTALS_NAME_MAX);
	memcpy(buffer + TOTALS_NAME_MAX, "...", sizeof("..."));
	return buffer;
}

/* Adds a row for a key that has none.  Returns NULL if there is no room for it. */
static struct totals_row *add_row(struct totals_table *table, const struct totals_row *wanted)
{
	struct totals_row *row;

	if (table->count >= (table->limit > 0 ? table->limit : TOTALS_ROWS_MAX))
		return NULL;
	row = arena_allocate(&table->arena, 1, sizeof(*row));
	totals_row_clear(row);
	for (size_t i = 0; i < TOTALS_KEY_PARTS; i++)
		row->key[i] = wanted->key[i] ? arena_string(&table->arena, wanted->key[i]) : NULL;
	if (!tsearch(row, &table->tree, compare_keys))
		return NULL;
	if (table->count == table->capacity) {
		table->capacity = table->capacity > 0 ? table->capacity * 2 : 64;
		table->rows = memory_resize(table->rows, table->capacity, sizeof(struct totals_row *));
	}
	table->rows[table->count++] = row;
	return row;
}

struct totals_row *totals_table_row(struct totals_table *table, const char *const key[static TOTALS_KEY_PARTS])
{
	char buffers[TOTALS_KEY_PARTS][TOTALS_NAME_MAX + sizeof("...")];
	struct totals_row wanted = { 0 };
	struct totals_row *row;
	void *found;

	for (size_t i = 0; i < TOTALS_KEY_PARTS; i++)
		wanted.key[i] = bounded(key[i], buffers[i]);
	found = tfind(&wanted, &table->tree, compare_keys);
	if (found)
		return *(struct totals_row **)found;
	row = add_row(table, &wanted);
	if (row)
		return row;
	if (totals_row_requests(&table->others) == 0)
		totals_row_clear(&table->others);
	return &table->others;
}

static int compare_counts(const void *left, const void *right)
{
	const struct totals_row *left_row = *(struct totals_row *const *)left;
	const struct totals_row *right_row = *(struct totals_row *const *)right;
	uint64_t left_requests = totals_row_requests(left_row);
	uint64_t right_requests = totals_row_requests(right_row);

	if (left_requests != right_requests)
		return left_requests > right_requests ? -1 : 1;
	return compare_keys(left_row, right_row);
}

void totals_table_sort(struct totals_table *table)
{
	if (table->count > 0)
		qsort(table->rows, table->count, sizeof(struct totals_row *), compare_counts);
}

static void keep(void *row)
{
	(void)row; /* the arena's */
}

void totals_table_free(struct totals_table *table)
{
	if (table->tree)
		tdestroy(table->tree, keep);
	free(table->rows);
	arena_free(&table->arena);
	*table = (struct totals_table){ 0 };
}
