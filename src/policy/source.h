#ifndef PSW_SOURCE_H
#define PSW_SOURCE_H

#include "ini/ini.h"
#include "policy/problem.h"
#include "trust/trust.h"

/*
 * Opens, reads and parses one file of a policy; whatever goes wrong is a fatal
 * problem.  Returns -1 then.  A file that changes while it is read is refused.
 */
int source_read(const char *path, enum ini_duplicates duplicates, struct ini *ini, struct trust *trust,
		struct arena *arena, struct problems *problems) MUST_CHECK;

#endif
