#ifndef PSW_MASK_H
#define PSW_MASK_H

#include "match/decision.h"
#include "policy/policy.h"
#include "request/request.h"

/*
 * The request's arguments as records may show them: those that a context masks
 * are "***", the value in "--option=value" too.  The contexts are those of the
 * filters that decided, and of every filter that is about the same program, so
 * that a denied command does not give away what an allowed one hides.
 */
const char *const *mask_arguments(const struct policy *policy, const struct request *request,
				  const struct decision *decision, struct arena *arena);

#endif
