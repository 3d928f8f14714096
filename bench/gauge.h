/* gauge - what a process uses, and what goes over the wire.
 *
 * Flow     kernel -> [gauge] -> bench
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_BENCH_GAUGE_H
#define TALLYLINE_BENCH_GAUGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Processor time of all its threads so far. */
int64_t gauge_cpu_ns(pid_t pid);
/* The same for it and all processes below it that run now. */
int64_t gauge_cpu_tree_ns(pid_t pid);
/* How often its threads have gone to sleep so far, each time to be woken. */
uint64_t gauge_wakeups(pid_t pid);
/* Its anonymous memory now (RssAnon): what it has asked for and uses. */
double gauge_memory_mib(pid_t pid);
/* Bytes that the kernel has received on connections to the local port and has
 * handed over: everything of the protocol, without TCP's own headers. */
uint64_t gauge_wire_bytes(uint16_t port);
/* Sorts; the value below which `percent` of them lie. */
double gauge_percentile(double values[], size_t count, double percent);

#endif
