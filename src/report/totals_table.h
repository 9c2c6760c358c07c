#ifndef PSW_TOTALS_TABLE_H
#define PSW_TOTALS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

/*
 * Counts by key.  A log holds what callers chose, so that the rows of a table are
 * bounded, and are found by a balanced tree, which no choice of keys makes slow.
 */
enum {
	TOTALS_KEY_PARTS = 3,
	TOTALS_NAME_MAX = 200,          /* bytes that are kept of each part of a key */
	TOTALS_ROWS_MAX = 100000,
};

struct totals_row {
	const char *key[TOTALS_KEY_PARTS];      /* NULL: unknown, or not a part of this table's keys */
	uint64_t allowed;
	uint64_t denied;
	uint64_t errors;
	uint64_t exits;
	uint64_t failed;        /* of the exits: by a status other than 0 or by a signal */
	uint64_t timed_out;     /* of the exits: status 124; they are not among those that failed */
	uint64_t ms_total;
	uint64_t ms_max;
	int64_t first;          /* ENTRY_NO_TIME: unknown */
	int64_t last;
};

/* Zero-initialised is empty. */
struct totals_table {
	void *tree;
	struct totals_row **rows;
	size_t count;
	size_t capacity;
	size_t limit;           /* 0: TOTALS_ROWS_MAX */
	struct totals_row others;       /* for all keys that had no room */
	struct arena arena;
};

/* A row without counts and times. */
void totals_row_clear(struct totals_row *row);

/* Allowed, denied and failed requests; those alone that ended, where there are no others. */
uint64_t totals_row_requests(const struct totals_row *row);

/* The row of a key, made if there is none yet; that of the others when there is no room. */
struct totals_row *totals_table_row(struct totals_table *table, const char *const key[static TOTALS_KEY_PARTS]);

/* Puts the rows in order: those with most requests first, then by key. */
void totals_table_sort(struct totals_table *table);

void totals_table_free(struct totals_table *table);

#endif
