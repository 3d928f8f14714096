/* A library that stands before the resolver, for tests with real processes
 * (LD_PRELOAD): a name below `slow.example` is not found, after the time that
 * name servers take which do not answer. All other names are looked up as they
 * are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

#define SLOW_NAME    "slow.example"
#define SLOW_SECONDS 6

typedef int look_up_name(const char *name, const char *service,
                         const struct addrinfo *hints, struct addrinfo **found);

int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    look_up_name *real = NULL;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

    if (name != NULL && strstr(name, SLOW_NAME) != NULL) {
        (void)poll(NULL, 0, SLOW_SECONDS * 1000);
        return EAI_AGAIN;
    }
    memcpy(&real, &symbol, sizeof real);
    return real(name, service, hints, found);
}
