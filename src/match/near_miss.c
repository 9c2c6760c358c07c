#include "match/near_miss.h"

#include <string.h>

#include "base/path.h"

/* A filter is near if it is about the same program, however named, or if the first argument suited it. */
static bool is_near(const struct filter *filter, const struct request *request, size_t failed_argument)
{
	return failed_argument > 0 || filter_concerns(filter, request) ||
	       strcmp(path_base_name(filter->program), path_base_name(request->argv[0])) == 0;
}

void near_miss_add(struct decision *decision, const struct filter *filter, const struct request *request,
		   const struct filter_match *match, size_t offset)
{
	struct near_miss **place = &decision->near;
	size_t argument = offset + match->failed_argument;
	struct near_miss *miss;

	if (!is_near(filter, request, match->failed_argument))
		return;
	while (*place && (*place)->argument >= argument)
		place = &(*place)->next;
	miss = arena_allocate(&decision->arena, 1, sizeof(*miss));
	miss->filter = filter;
	miss->argument = argument;
	miss->why = arena_string(&decision->arena, match->why);
	miss->next = *place;
	*place = miss;
}
