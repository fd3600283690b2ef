/*  The loader's thread, and the door to it. */
#include "config.h"

#include <czmq.h>
#include <pthread.h>
#include <stdlib.h>

#include "actors/loader.h"
#include "actors/worker.h"

#define A_WHILE_MS 1000

struct zample_loader {
    pthread_mutex_t door; /* the pipe is one thread's at a time */
    uint64_t jobs;
    zample_actor_t *actor;
    zample_worker_arguments_t with;
};

/*  What the thread works with. */
typedef struct {
    zample_actor_t *actor;
    zample_actor_t *worker;
    zample_doorway_t *doorway;
    zample_told_t *told;
    zlistx_t *waiting; /* of zample_job_t */
    bool worker_is_busy;
} s_self_t;

static void
s_job_destroy (void **job_p)
{
    free (*job_p);
    *job_p = NULL;
}

static bool
s_self_init (s_self_t *self, zample_actor_t *actor, zample_worker_arguments_t *with)
{
    *self = (s_self_t) { .actor = actor, .doorway = with->doorway, .told = with->told };
    self->worker = zample_worker_new (with);
    self->waiting = zlistx_new ();
    if (self->waiting)
        zlistx_set_destructor (self->waiting, s_job_destroy);
    return self->worker && self->waiting;
}

/*  No memory for a job is an error of that job. */
static void
s_self_handle_pipe (s_self_t *self)
{
    size_t size;
    const zample_job_t *message;
    while ((message = zample_actor_next (self->actor, &size))) {
        zample_job_t *job = malloc (size);
        if (job)
            zlistx_add_end (self->waiting, memcpy (job, message, size));
        else
            zample_job_fail (message, self->doorway, self->told, "there is no memory to queue a load");
    }
}

static void
s_self_handle_worker (s_self_t *self)
{
    char done;
    if (zmq_recv (zample_actor_pipe (self->worker), &done, 1, ZMQ_DONTWAIT) == 1)
        self->worker_is_busy = false;
}

static void
s_self_dispatch (s_self_t *self)
{
    if (self->worker_is_busy || zlistx_size (self->waiting) == 0)
        return;
    zample_job_t *job = zlistx_detach (self->waiting, NULL);
    self->worker_is_busy = zample_actor_send (self->worker, job, zample_job_size (job));
    free (job);
}

static void
s_self_close_jobs (s_self_t *self)
{
    zample_job_t *job;
    while ((job = zlistx_detach (self->waiting, NULL))) {
        zample_job_close (job, self->doorway, self->told);
        free (job);
    }
}

static void
s_self_destroy (s_self_t *self)
{
    zample_actor_destroy (&self->worker);
    if (self->waiting)
        s_self_close_jobs (self);
    zlistx_destroy (&self->waiting);
}

static void
s_run (zample_actor_t *actor, void *arguments)
{
    s_self_t self;
    bool ready = s_self_init (&self, actor, arguments);
    zample_actor_ready (actor, ready);
    while (ready && !zample_actor_stopping (actor)) {
        zmq_pollitem_t items[] = {
            { .socket = zample_actor_end (actor), .events = ZMQ_POLLIN },
            { .socket = zample_actor_pipe (self.worker), .events = ZMQ_POLLIN },
        };
        zmq_poll (items, 2, A_WHILE_MS);
        s_self_handle_pipe (&self);
        s_self_handle_worker (&self);
        s_self_dispatch (&self);
    }
    if (ready)
        s_self_handle_pipe (&self);
    s_self_destroy (&self);
}

zample_loader_t *
zample_loader_new (void *context, zample_doorway_t *doorway, zample_told_t *told, uint32_t rate_hz)
{
    zample_loader_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    pthread_mutex_init (&self->door, NULL);
    self->with = (zample_worker_arguments_t) {
        .context = context, .doorway = doorway, .told = told, .rate_hz = rate_hz
    };
    self->actor = zample_actor_new (context, "zample-loader", s_run, &self->with);
    if (!self->actor)
        zample_loader_destroy (&self);
    return self;
}

uint64_t
zample_loader_load (zample_loader_t *self, uint32_t slot, const char *path)
{
    zample_job_t job = { .slot = slot };
    strcpy (job.path, path);
    pthread_mutex_lock (&self->door);
    job.job = self->jobs + 1;
    bool sent = zample_actor_send (self->actor, &job, zample_job_size (&job));
    self->jobs += sent;
    pthread_mutex_unlock (&self->door);
    return sent ? job.job : 0;
}

void
zample_loader_destroy (zample_loader_t **self_p)
{
    zample_loader_t *self = *self_p;
    if (!self)
        return;
    zample_actor_destroy (&self->actor);
    pthread_mutex_destroy (&self->door);
    free (self);
    *self_p = NULL;
}
