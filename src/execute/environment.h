#ifndef PSW_EXECUTE_ENVIRONMENT_H
#define PSW_EXECUTE_ENVIRONMENT_H

#include "base/memory.h"
#include "confine/identity.h"
#include "match/decision.h"
#include "policy/policy.h"
#include "request/request.h"

/*
 * The environment of the command, made from nothing: PATH of the trusted
 * exec_dirs, HOME, USER, LOGNAME and SHELL of the run-as user, LANG=C.UTF-8, then
 * what env_keep keeps of the caller's, then what an EnvFilter matched.  A later
 * one replaces an earlier one of the same name.  NULL-terminated.
 */
const char *const *command_environment(const struct policy *policy, const struct request *request,
				       const struct decision *decision, const struct identity *identity,
				       struct arena *arena);

#endif
