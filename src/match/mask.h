#ifndef PSW_MASK_H
#define PSW_MASK_H

#include "policy/policy.h"
#include "request/request.h"

/*
 * The request's arguments as records may show them: those that a context masks
 * are "***", the value in "--option=value" too.  The contexts are those of every
 * filter that is about a program which any of the words names, whatever was
 * decided: a denied command must not give away what an allowed one hides, nor a
 * chain what its inner command does.
 */
const char *const *mask_arguments(const struct policy *policy, const struct request *request, struct arena *arena);

#endif
