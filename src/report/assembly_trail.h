#ifndef PSW_ASSEMBLY_TRAIL_H
#define PSW_ASSEMBLY_TRAIL_H

#include "report/assembly.h"

/* What came of one record.  A part that came has its words here, not the entry that brought it. */
struct assembly_trail {
	struct arena arena;
	const char *id;
	bool is_of_error;
	struct entry first;     /* its kind is NULL until it comes; without words */
	unsigned announced;     /* parts */
	bool contradicts;       /* itself: it will not be whole, whatever comes */
	size_t bytes;
	struct assembly_part *parts;    /* by their numbers */
	size_t count;
	size_t capacity;
};

/* A trail for the record of this entry, without a part. */
struct assembly_trail assembly_trail_for(const struct entry *entry);

/* Whether a first part begins another record than the one that waits with its id. */
bool assembly_trail_is_other(const struct assembly_trail *trail, const struct entry *entry);

/* Keeps a part, unless it was there, contradicts another or is more than a command can have. */
void assembly_trail_add(struct assembly_trail *trail, const struct entry *entry);

bool assembly_trail_has_all_parts(const struct assembly_trail *trail);

/* What came as one record; it lives as long as the trail. */
void assembly_trail_join(struct assembly_trail *trail, struct assembled *done);

void assembly_trail_free(struct assembly_trail *trail);

#endif
