/* ear - where `record` and `import` knock, and where `record` calls: the
 * daemon's own datagram socket.
 *
 * Flow     office_poke(), front -> [ear] -> daemon
 * Owns     the socket and its name in the office's directory.
 * Threads  one.
 * Limits   EAR_CALL_BYTES_MAX a call, EAR_KNOCKS_MAX knocks at a time.
 *
 * What a knock says does not matter: the spool is what counts, and a knock
 * that is lost costs a few seconds. A call brings a socket to answer on
 * (handover.h). Hence no failure here stops the daemon.
 */
#ifndef TALLYLINE_AGENT_EAR_H
#define TALLYLINE_AGENT_EAR_H

#include <stddef.h>

#define EAR_CALL_BYTES_MAX 16384u
#define EAR_KNOCKS_MAX     64u

enum ear_heard {
    EAR_NOTHING,
    EAR_KNOCK,
    EAR_CALL
};

struct ear_call {
    char bytes[EAR_CALL_BYTES_MAX];
    size_t size;
    int answer; /* a descriptor */
};

/* Opens the socket in the place of an old one. Gives the descriptor to wait
 * for, -1 when there can be none (logged). */
int ear_open(const char *dir);
/* Takes the knocks that wait, up to the next call. After EAR_CALL the call is
 * to be ended. */
enum ear_heard ear_listen(int ear, struct ear_call *call);
/* Whoever called, and was not answered before, sees the end. */
void ear_call_end(struct ear_call *call);
/* Closes and removes the name. */
void ear_close(const char *dir, int *ear);

#endif
