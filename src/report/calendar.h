#ifndef PSW_CALENDAR_H
#define PSW_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Whether there is such a day; mktime(3) would take 30 February for one of the first days of March. */
bool calendar_has(int year, int month, int day);

/* The seconds since 1970 at a time that the calendar has, local or UTC; false where there are none. */
bool calendar_seconds(struct tm *tm, bool local, int64_t *seconds);

#endif
