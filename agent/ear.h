/* ear - where `record` and `import` knock: the daemon's own datagram socket.
 *
 * Flow     office_poke() -> [ear] -> daemon
 * Owns     the socket and its name in the office's directory.
 * Threads  one.
 *
 * What a knock says does not matter: the spool is what counts, and a knock
 * that is lost costs a few seconds. Hence no failure here stops the daemon.
 */
#ifndef TALLYLINE_AGENT_EAR_H
#define TALLYLINE_AGENT_EAR_H

/* Opens the socket in the place of an old one. Gives the descriptor to wait
 * for, -1 when there can be none (logged). */
int ear_open(const char *dir);
/* Takes all knocks that wait. */
void ear_clear(int ear);
/* Closes and removes the name. */
void ear_close(const char *dir, int *ear);

#endif
