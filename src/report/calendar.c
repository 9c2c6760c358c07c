#include "report/calendar.h"

bool calendar_has(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

bool calendar_seconds(struct tm *tm, bool local, int64_t *seconds)
{
	tm->tm_isdst = local ? -1 : 0;
	tm->tm_wday = -1; /* stays so on failure: -1 is a time, too */
	*seconds = local ? mktime(tm) : timegm(tm);
	return tm->tm_wday >= 0;
}
