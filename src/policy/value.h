#ifndef PSW_VALUE_H
#define PSW_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

/* Values of keys, in the conf and in contexts.  Each returns -1 with the reason. */

/* RawConfigParser.getboolean(): 1/0, yes/no, true/false, on/off in any case. */
int value_boolean(const char *text, bool *value, struct error *error) MUST_CHECK;

/* Plain decimal digits. */
int value_number(const char *text, unsigned long low, unsigned long high, unsigned long *value,
		 struct error *error) MUST_CHECK;

/* A list of which no entry is empty; nothing is set on a failure. */
int value_list(const char *text, struct arena *arena, const char *const **list, size_t *count,
	       struct error *error) MUST_CHECK;

#endif
