#ifndef PSW_PATTERN_TRANSLATE_H
#define PSW_PATTERN_TRANSLATE_H

#include "base/error.h"
#include "base/strbuf.h"

/*
 * Reads a pattern of Python's re (3.11) and appends the PCRE2 pattern that means
 * the same under PCRE2_UTF | PCRE2_UCP.  What is not known to mean the same is
 * refused, and every literal punctuation mark is escaped, so that no version of
 * PCRE2 can read syntax where Python reads none.  Returns -1 with the reason and
 * the offset in bytes.
 */
int pattern_translate(const char *python, struct strbuf *pcre2, struct error *error) MUST_CHECK;

#endif
