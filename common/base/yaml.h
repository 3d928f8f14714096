/* yaml - YAML files that people write: the tree with line and column.
 *
 * Flow     plan, vocabulary and configuration files -> [yaml] -> their loaders
 * Owns     the tree and its texts, until yaml_unload().
 * Threads  one at a time for each document.
 * Limits   YAML_BYTES_MAX a file, YAML_NODES_MAX nodes, YAML_DEPTH_MAX deep,
 *          YAML_KEYS_MAX keys a mapping.
 *
 * Only what such files need: one document of texts, lists and mappings. Tags,
 * anchors and aliases are refused, and so are a key twice and a key that the
 * loader does not know, with the nearest known one. Every getter reports its
 * mistake with file, line and column and lets the loader go on, so that all
 * mistakes are told at once. A text is one line in NFC: the folded lines of a
 * block are joined by blanks.
 */
#ifndef TALLYLINE_COMMON_YAML_H
#define TALLYLINE_COMMON_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/figures/report.h"

#define YAML_BYTES_MAX (1024u * 1024u)
#define YAML_NODES_MAX 200000u
#define YAML_DEPTH_MAX 32u
#define YAML_KEYS_MAX  1024u

enum yaml_kind {
    YAML_TEXT,
    YAML_LIST,
    YAML_MAPPING
};

/* Line and column are counted from 1; a column is a character. */
struct yaml_node {
    enum yaml_kind kind;
    uint32_t line;
    uint32_t column;
    const char *text; /* YAML_TEXT, closed by a zero */
    size_t size;
    const struct yaml_node *next;  /* in the list; in a mapping the next key */
    const struct yaml_node *first; /* first item, or first key */
    const struct yaml_node *value; /* a key's */
    uint32_t count;                /* items or keys */
};

struct yaml; /* opaque */

/* Reads a file's text; `name` stands in the messages and is borrowed, as is
 * `report`. Gives `yaml`. STATUS_INVALID: the reason stands in `report` and
 * there is no tree. */
MUST_USE enum status yaml_load(const char *name, struct bytes text,
                               struct report *report, struct yaml **yaml);
/* Frees; not yaml_free(), which is a function of libyaml's own. */
void yaml_unload(struct yaml **yaml);
/* NULL for a file without content. Nodes are valid until yaml_unload(). */
const struct yaml_node *yaml_root(const struct yaml *yaml);
struct report *yaml_report(const struct yaml *yaml);
const char *yaml_name(const struct yaml *yaml);

/* Adds a mistake that stands at `node`; printf formats as report_add(). */
void yaml_error(const struct yaml *yaml, const struct yaml_node *node,
                const char *vi, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
void yaml_warn(const struct yaml *yaml, const struct yaml_node *node,
               const char *vi, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* "no event "inspecton"; did you mean "inspection"?" for a text; `vi` and `en`
 * name what is meant, `nearest` may be NULL. */
void yaml_unknown(const struct yaml *yaml, const struct yaml_node *node,
                  const char *vi, const char *en, const char *nearest);

/* Whether the node is a mapping whose keys are all in `known` (ends with
 * NULL). */
bool yaml_keys(const struct yaml *yaml, const struct yaml_node *node,
               const char *const known[]);
/* The value of a key; NULL when the node is no mapping or lacks it. */
const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);
/* The same, and a mistake when it is missing. */
const struct yaml_node *yaml_require(const struct yaml *yaml,
                                     const struct yaml_node *node,
                                     const char *key);

/* The getters report and return false when the node is not what is asked for;
 * `out` is then unchanged. They pass over NULL: false, no report. */
bool yaml_list(const struct yaml *yaml, const struct yaml_node *node);
/* Not empty. Valid until yaml_unload(). */
bool yaml_text(const struct yaml *yaml, const struct yaml_node *node,
               const char **out);
/* A whole number, 1250 or 1.250, from `min` to `max`. */
bool yaml_integer(const struct yaml *yaml, const struct yaml_node *node,
                  uint64_t min, uint64_t max, uint64_t *out);
/* yes, no, true, false. */
bool yaml_flag(const struct yaml *yaml, const struct yaml_node *node,
               bool *out);
/* yyyy-mm-dd, as days. */
bool yaml_date(const struct yaml *yaml, const struct yaml_node *node,
               int32_t *out);
/* {vi: ..., en: ...}, both required. Valid until yaml_unload(). */
bool yaml_both_languages(const struct yaml *yaml, const struct yaml_node *node,
                         struct language_text *out);
/* Exactly `size` bytes in hex; `key` names them in the report. */
bool yaml_hex(const struct yaml *yaml, const struct yaml_node *node,
              const char *key, uint8_t *out, size_t size);
/* One of `names` (ends with NULL): its position. */
bool yaml_choice(const struct yaml *yaml, const struct yaml_node *node,
                 const char *const names[], uint32_t *out);

#endif
