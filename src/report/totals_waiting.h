#ifndef PSW_TOTALS_WAITING_H
#define PSW_TOTALS_WAITING_H

#include <stddef.h>

/*
 * What is kept of permissions, by the id, for the `exit` records that may follow
 * them: no more than the last of them, so that memory does not grow with the log.
 */
enum { TOTALS_WAITING_MAX = 100000 };

struct totals_allowed {
	const char *id;
	const char *group;              /* NULL: unknown */
	const char *command;            /* NULL: unknown */
};

/* Zero-initialised is empty. */
struct totals_waiting {
	void *tree;
	struct totals_allowed **ring;
	size_t count;
	size_t capacity;
	size_t next;                    /* of the ring, once it is full: the oldest */
	size_t limit;                   /* 0: TOTALS_WAITING_MAX */
};

/* Keeps a copy.  Of two with the same id the later one holds. */
void totals_waiting_add(struct totals_waiting *waiting, const struct totals_allowed *allowed);

/* NULL: it is not there, or too long ago. */
const struct totals_allowed *totals_waiting_find(const struct totals_waiting *waiting, const char *id);

void totals_waiting_free(struct totals_waiting *waiting);

#endif
