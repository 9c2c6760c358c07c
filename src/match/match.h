#ifndef PSW_MATCH_H
#define PSW_MATCH_H

#include <stdbool.h>

#include "filters/kill_target.h"
#include "match/decision.h"
#include "policy/policy.h"
#include "request/request.h"
#include "trust/trust.h"

/* What deciding needs of the system; the wrapper and `explain` differ in nothing else. */
struct match_means {
	struct trust *trust;
	const struct process_source *processes;
	bool assume_programs;           /* take every program to exist */
	bool find_near_misses;
};

/*
 * Decides a request by a policy.  Filters are tried in order and the first match
 * whose program exists wins (oslo.rootwrap's match_filter()); a chaining filter
 * matches if another filter of the same user allows the command that it runs.
 * Reads the file system and /proc and changes nothing.  decision must be zeroed;
 * free it with decision_free().
 */
void match_decide(const struct policy *policy, const struct request *request, const struct match_means *means,
		  struct decision *decision);

#endif
