#ifndef PSW_MASK_H
#define PSW_MASK_H

#include "match/decision.h"
#include "policy/policy.h"
#include "request/request.h"

/*
 * The request's arguments as records may show them: those that a context masks
 * are "***", the value in "--option=value" too.  For a command that is allowed the
 * contexts are those of the filters that allow it, so that no word which the caller
 * chooses hides another.  Else they are those of every filter that is about a
 * program which any of the words names: a denied command must not give away what an
 * allowed one hides.
 */
const char *const *mask_arguments(const struct policy *policy, const struct request *request,
				  const struct decision *decision, struct arena *arena);

#endif
