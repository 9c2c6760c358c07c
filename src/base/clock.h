#ifndef PSW_CLOCK_H
#define PSW_CLOCK_H

/* Milliseconds of CLOCK_MONOTONIC, for deadlines: no change of the date moves it. */
long clock_milliseconds(void);

/* Milliseconds that this process has computed: no pause of it, and no load of the machine, counts. */
long clock_computed_milliseconds(void);

#endif
