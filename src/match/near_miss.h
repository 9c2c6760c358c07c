#ifndef PSW_NEAR_MISS_H
#define PSW_NEAR_MISS_H

#include "match/decision.h"
#include "request/request.h"

/*
 * Notes a filter that did not match, if it came near the request; the closest come
 * first.  offset: how many arguments of the whole request stand before this one,
 * which is the inner command of a chain.
 */
void near_miss_add(struct decision *decision, const struct filter *filter, const struct request *request,
		   const struct filter_match *match, size_t offset);

#endif
