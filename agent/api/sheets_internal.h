/* sheets_internal - what the files of sheets share.
 *
 * Flow     sheets.c has the handlers, sheets_files.c the files; sheets_job.c
 *          starts programs and waits for them; sheets_tell.c makes answers of
 *          what they said; sheets_late.c keeps those that nobody waits for any
 *          more.
 */
#ifndef TALLYLINE_AGENT_SHEETS_INTERNAL_H
#define TALLYLINE_AGENT_SHEETS_INTERNAL_H

#include "agent/api/sheets.h"

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "common/base/bytes.h"
#include "common/base/file.h"
#include "common/base/language.h"
#include "common/format/sign.h"

#define SHEETS_TOKEN_SIZE BYTES_HEX_SIZE(RANDOM_ID_BYTES)
#define SHEETS_NAME_SIZE  160u
#define SHEETS_WORD_SIZE  64u
#define SHEETS_SAID_MAX   (2u * 1024u * 1024u) /* by one program */
#define SHEETS_WORDS_MAX  24u                  /* of a command line */

/* A file that somebody sent. */
struct sheet {
    char token[SHEETS_TOKEN_SIZE]; /* empty: a free place */
    char person[HTTP_NAME_SIZE];
    char name[SHEETS_NAME_SIZE]; /* as the person calls it */
    char type[SHEETS_WORD_SIZE]; /* said for all rows; or empty */
    char encoding[SHEETS_WORD_SIZE];
    char path[FILE_PATH_MAX];
    int64_t came; /* monotonic */
    bool saved;   /* its good rows are in the spool */
};

enum sheets_question {
    SHEETS_NONE,
    SHEETS_TEMPLATE,
    SHEETS_LOOK,
    SHEETS_SAVE,
    SHEETS_REFUSED
};

/* One program under way, with all that its thread needs. */
struct sheets_job {
    struct sheets *sheets;
    enum sheets_question question; /* SHEETS_NONE: a free place */
    struct http_later *later; /* NULL: it will be asked for; with the lock */
    int64_t answer_by;        /* then 202; monotonic; with the lock */
    int64_t end_by;           /* then its program is ended */
    enum language language;
    struct sheet sheet; /* a copy */
    const char *role;   /* token of who asks */
    bool good_only;
    char type[SHEETS_WORD_SIZE];     /* of a template */
    char download[SHEETS_NAME_SIZE]; /* name of a file given */
    char made[FILE_PATH_MAX];        /* by the program */
    pthread_t thread;
    bool started;
    bool over; /* the thread may be joined */
    pid_t child;
    bool begun;    /* the program was started; whether it saved is its to say */
    bool too_much; /* it said more than SHEETS_SAID_MAX, and was ended */
    int code;      /* that it exited with */
};

/* An answer that came too late for who asked; of a save every one, since the
 * connection that it went to may be lost. */
struct sheets_late {
    char token[SHEETS_TOKEN_SIZE]; /* empty: a free place */
    char person[HTTP_NAME_SIZE];
    bool again; /* it is given as often as it is asked for */
    struct http_reply reply;
};

struct sheets {
    const char *dir, *work;
    const struct clock *clock;
    pthread_mutex_t lock; /* over all below */
    pthread_cond_t free;  /* the turn of a program is free */
    bool turn;
    bool closing;
    struct sheet files[SHEETS_MAX];
    struct sheets_job jobs[SHEETS_JOBS_MAX];
    struct sheets_late late[SHEETS_MAX];
    size_t late_next; /* place of the next one */
};

/* ---- sheets_files.c ---- */

/* The sheet was looked at: kept for what is asked next. Those that the person
 * had before go, but for one that a program is at work with. */
void sheets_keep(struct sheets *sheets, const struct sheet *sheet);
/* Its good rows are in the spool; does nothing where it is gone. */
void sheets_mark_saved(struct sheets *sheets, const char *token);
void sheets_forget(struct sheets *sheets, const char *token);
/* The file of who asks, by its token; into a job it is copied before anything
 * may drop it. False: the reply is a 404. */
bool sheets_find(struct sheets *sheets, const struct http_request *request,
                 struct sheet *sheet, struct http_reply *reply);
/* What an earlier run has left. */
void sheets_empty_folder(const char *path);

/* ---- sheets_job.c ---- */

/* Starts the thread of a job that is filled in; its reply comes later. False:
 * it could not be started. */
bool sheets_job_start(struct sheets_job *job);
/* Joins the threads of jobs that are over; with `all`, ends the others. With
 * the lock held, which it may give up meanwhile. */
void sheets_job_reap(struct sheets *sheets, bool all);

/* ---- sheets_late.c ---- */

/* Answers who waits, or keeps the reply for who will ask; takes the reply. */
void sheets_late_give(struct sheets_job *job, struct http_reply *reply);
/* 202 to who has waited for long. */
void sheets_late_tell(struct sheets_job *job);
/* Forgets the answer about a file; with the lock held. */
void sheets_late_forget(struct sheets *sheets, const char *token);
/* Frees what is kept. */
void sheets_late_close(struct sheets *sheets);

/* ---- sheets_tell.c ---- */

/* What the program said, one JSON value a line, becomes the answer. True: the
 * sheet is worth keeping; its rows are saved. */
bool sheets_tell_look(const struct sheets_job *job, struct bytes said,
                      struct http_reply *reply);
bool sheets_tell_saved(const struct sheets_job *job, struct bytes said,
                       struct http_reply *reply);
/* Gives the template its name: "mau-luot-kiem-tra-co-so.xlsx", what the type
 * is called in letters that every program takes in the name of a file. */
void sheets_name_template(struct sheets_job *job);
/* 202: it is under way. */
void sheets_tell_working(const struct sheets_job *job,
                         struct http_reply *reply);
/* The file that the program made, as a download. */
void sheets_tell_file(const struct sheets_job *job, struct http_reply *reply);
void sheets_tell_failed(const struct sheets_job *job, struct http_reply *reply);

#endif
