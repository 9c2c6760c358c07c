#ifndef PSW_TOTALS_H
#define PSW_TOTALS_H

#include "report/assembly.h"
#include "report/totals_table.h"
#include "report/totals_waiting.h"

/*
 * What the records of a log come to.  Memory is in proportion to the distinct
 * things in it, and bounded.
 */
enum totals_by {
	TOTALS_BY_FILTER,
	TOTALS_BY_USER,
	TOTALS_BY_UNIT,
	TOTALS_BY_COMMAND,      /* the base name of its first word */
};

enum {
	TOTALS_SLOWEST = 10,
	TOTALS_COMMAND_MAX = 100,       /* bytes of a quoted command line that are kept */
};

/* A run that took long. */
struct totals_run {
	uint64_t ms;
	int64_t time;           /* of its end; ENTRY_NO_TIME */
	char status[24];        /* "0", or the signal; "" if unknown */
	char *filter;           /* NULL: unknown */
	char *command;          /* quoted, and "..." if it was longer; NULL: the permission was not found */
};

/* Zero-initialised but for what totals_start() sets. */
struct totals {
	enum totals_by by;
	struct totals_row all;
	struct totals_table groups;     /* key: the name */
	struct totals_table reasons;    /* key: kind, reason */
	struct totals_table refusals;   /* key: kind, reason, quoted command line, as in totals_run */
	struct totals_waiting waiting;
	struct totals_run slowest[TOTALS_SLOWEST];      /* the slowest first */
	size_t slowest_count;
	uint64_t incomplete;    /* records with parts missing; they count by what came, if that was their beginning */
	uint64_t damaged;       /* lines */
	uint64_t other_lines;
	uint64_t undated;       /* records left out because their time is not known */
};

void totals_start(struct totals *totals, enum totals_by by);

/* A permission whose end may be counted later, whether it counts itself or not. */
void totals_remember(struct totals *totals, const struct entry *entry);

void totals_add(struct totals *totals, const struct assembled *record);

/* Puts all tables in order. */
void totals_finish(struct totals *totals);

void totals_free(struct totals *totals);

#endif
