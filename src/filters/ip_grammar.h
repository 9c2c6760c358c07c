#ifndef PSW_IP_GRAMMAR_H
#define PSW_IP_GRAMMAR_H

#include <stddef.h>

#include "base/error.h"

/*
 * Whether a command line of iproute2's ip(8) runs no other command and reads no
 * file that it names.  words are the arguments after "ip".  It is read as ip
 * reads it: global options with their values, then the object, each abbreviated
 * as iproute2 expands it (ip.c, lib/utils.c: matches()).  What is not known
 * here is refused.  Returns -1 with the offending word's index and the reason.
 */
int ip_grammar_check(const char *const *words, size_t count, size_t *index, struct error *error) MUST_CHECK;

#endif
