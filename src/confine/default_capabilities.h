#ifndef PSW_DEFAULT_CAPABILITIES_H
#define PSW_DEFAULT_CAPABILITIES_H

#include "policy/capability.h"

/*
 * What root's commands run without where no context says otherwise, unless their
 * program is known to need it: no ordinary command does.
 */
capability_set capability_dropped_by_default(void);

/* What a program is known to need of those, by its base name: insmod needs none of these, modprobe cap_sys_module. */
capability_set capability_needed_by(const char *program);

#endif
