#ifndef PSW_CLOCK_H
#define PSW_CLOCK_H

/* Milliseconds of CLOCK_MONOTONIC, for deadlines: no change of the date moves it. */
long clock_milliseconds(void);

#endif
