/* The real-time clock and the watchdog. With an argument it then hangs. */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/rtc.h>
#include <linux/watchdog.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct rtc_time t;
    int c = open("/dev/rtc0", O_RDONLY);
    printf("open: %s\n", c < 0 ? strerror(errno) : "yes");
    printf("again: %s\n", open("/dev/rtc0", O_RDONLY) < 0 ? strerror(errno) : "yes");
    printf("read: %d\n", ioctl(c, RTC_RD_TIME, &t));
    struct tm tm = {.tm_sec = t.tm_sec, .tm_min = t.tm_min, .tm_hour = t.tm_hour, .tm_mday = t.tm_mday,
                    .tm_mon = t.tm_mon, .tm_year = t.tm_year};
    long away = timegm(&tm) - time(0);
    printf("as the system's clock: %s\n", away >= -2 && away <= 2 ? "yes" : "no");
    t.tm_mon = 12;
    printf("13th month: %s\n", ioctl(c, RTC_SET_TIME, &t) < 0 ? strerror(errno) : "set");
    printf("alarm: %s\n", ioctl(c, RTC_AIE_ON, 0) < 0 ? "no" : "yes");
    close(c);

    struct watchdog_info info;
    int w = open("/dev/watchdog", O_RDWR), n = 0;
    printf("watchdog: %s\n", w < 0 ? strerror(errno) : "yes");
    printf("again: %s\n", open("/dev/watchdog", O_RDWR) < 0 ? strerror(errno) : "yes");
    printf("support: %d, magic close: %d\n", ioctl(w, WDIOC_GETSUPPORT, &info), !!(info.options & WDIOF_MAGICCLOSE));
    n = 0;
    printf("timeout 0: %s\n", ioctl(w, WDIOC_SETTIMEOUT, &n) < 0 ? strerror(errno) : "set");
    n = 2;
    printf("timeout: %d %d\n", ioctl(w, WDIOC_SETTIMEOUT, &n), n);
    printf("alive: %d\n", ioctl(w, WDIOC_KEEPALIVE, 0));
    printf("left: %d, %s\n", ioctl(w, WDIOC_GETTIMELEFT, &n), n >= 1 && n <= 2 ? "as expected" : "odd");
    fflush(stdout);
    if (argc > 1) for (;;) pause();
    write(w, "V", 1);
    close(w);
    sleep(3);
    printf("stopped\n");
    return 0;
}
