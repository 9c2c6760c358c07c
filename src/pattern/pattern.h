#ifndef PSW_PATTERN_H
#define PSW_PATTERN_H

#include "base/error.h"

/*
 * One argument pattern of a filter: Python's re.fullmatch(pattern, argument) on
 * PCRE2.  A pattern that the two could read differently is refused; an argument
 * that is not UTF-8, or holds one of the few code points that they treat
 * differently, matches nothing.
 */
enum pattern_result {
	PATTERN_NO_MATCH,
	PATTERN_MATCH,
	PATTERN_UNUSABLE,       /* the pattern itself is refused */
	PATTERN_LIMIT,          /* matching took too many steps or too much memory */
	PATTERN_FAILED,         /* any other error of the library */
};

/* Whether a pattern can be used.  Returns -1 with the reason and where it is; the text of the pattern is not in it. */
int pattern_check(const char *pattern, struct error *error) MUST_CHECK;

/* Matches the whole argument.  For the last three results error says why. */
enum pattern_result pattern_match(const char *pattern, const char *argument, struct error *error) MUST_CHECK;

#endif
