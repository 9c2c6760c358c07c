#ifndef PSW_ASSEMBLY_H
#define PSW_ASSEMBLY_H

#include "report/entry.h"

/*
 * Puts requests together whose commands went on in `more` records, and which may
 * be mixed with others.  Zero-initialised is empty.  A trail with a part missing
 * is given out as incomplete, never as if it were whole; so is one whose parts
 * contradict each other in their number or content, or have not argc words.
 * A part that comes twice, the same both times, counts once.
 */
struct assembly {
	struct assembly_trail *trails;  /* those that wait for a part, the oldest first */
	size_t count;
	size_t capacity;
	size_t bytes;                   /* that they take */
	struct assembly_trail *given;   /* what the last *done is made of */
};

/* A log can be anybody's: what waits is bounded, and the oldest is given out before its time. */
enum {
	ASSEMBLY_MAX_TRAILS = 1024,
	ASSEMBLY_MAX_TRAIL_BYTES = 1024 * 1024,
	ASSEMBLY_MAX_BYTES = 64 * 1024 * 1024,
	ASSEMBLY_MAX_PARTS = 4096,      /* a command of 256 KiB takes fewer in any form */
};

/* A record as it was before it was split. */
struct assembled {
	struct entry entry;     /* words of all parts that came; part and parts are 1; "more": without the first */
	unsigned parts;         /* that were announced */
	unsigned missing;       /* of them, or that cannot be trusted; 0: complete */
};

/*
 * Takes an entry.  Returns true if a record comes out of it, which is then in
 * *done and lives until the next call: one that the entry completes, or one that
 * is incomplete and given up because another begins with the same id or because
 * too much waits.  `more` before its first part waits for it; that of an
 * error, which says so, apart from the parts that an allow of the same id had.
 */
bool assembly_add(struct assembly *assembly, const struct entry *entry, struct assembled *done);

/*
 * Takes out the oldest that is still incomplete, once no more can come.  Returns
 * false when there is none.  *done lives until the next call.
 */
bool assembly_take_incomplete(struct assembly *assembly, struct assembled *done);

void assembly_free(struct assembly *assembly);

#endif
