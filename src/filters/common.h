#ifndef PSW_COMMON_H
#define PSW_COMMON_H

#include "policy/filter.h"

/* What several classes share. */

/* The fields "program, user, argument..." of most classes: a filter_class's load(). */
int common_load(struct filter *filter, struct arena *arena, struct error *error);

/* The first field as the program: a filter_class's program_of(). */
const char *common_program_of(const struct filter *filter);

/* Checks the patterns that are a filter's arguments; each is field 3 or a later one: a filter_class's check(). */
int common_check_patterns(const struct filter *filter, size_t *field, struct error *error);

/* Warns of a repeat count that a comma has split into two fields: a filter_class's advise(). */
int common_advise_patterns(const struct filter *filter, size_t *field, struct error *advice);

/*
 * Matches the first arguments of a request with the filter's patterns, one each.
 * The request must have at least as many.  A filter with a faulty pattern is
 * unusable for every request that comes near it; another does not look at it.
 */
enum filter_result common_match_patterns(const struct filter *filter, const struct filter_input *input,
					 struct filter_match *match);

/*
 * Whether a request comes near a filter with patterns: it names the program, or
 * its first argument is what the first pattern asks for, or that pattern is
 * faulty and may have meant it.
 */
bool common_is_near(const struct filter *filter, const struct request *request, bool enough_arguments);

/* The same for a filter that cannot be used, however many arguments there are: a filter_class's concerns(). */
bool common_concerns(const struct filter *filter, const struct request *request);

/* FILTER_UNUSABLE with the reason if a pattern is faulty, else FILTER_MATCH. */
enum filter_result common_patterns_usable(const struct filter *filter, struct arena *arena,
					  struct filter_match *match);

/* concerns() of the classes for ip: they match the word "ip", whatever their program is called. */
bool common_concerns_ip(const struct filter *filter, const struct request *request);

#endif
