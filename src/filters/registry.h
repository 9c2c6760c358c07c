#ifndef PSW_REGISTRY_H
#define PSW_REGISTRY_H

#include "policy/filter.h"

extern const struct filter_registry filter_registry;

#endif
