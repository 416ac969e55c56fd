// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "devices/nodes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef GRUS_HAVE_PULSE

#  include "host/clock.h"

#  include <pulse/pulseaudio.h>

static const double patience = 2.0; ///< Seconds

/// What is being asked
typedef struct {
  AudioNodes* nodes;
  char*       default_source;
  char*       default_sink;
  bool        failed; ///< No memory
} Question;

static void
add(Question* const             question,
    const char* const           name,
    const char* const           description,
    const pa_sample_spec* const spec,
    const bool                  is_input)
{
  AudioNodes* const nodes = question->nodes;
  AudioNode* const  grown =
    (AudioNode*)realloc(nodes->nodes, (nodes->n + 1U) * sizeof(AudioNode));
  if (!grown) {
    question->failed = true;
    return;
  }

  const char* const usual =
    is_input ? question->default_source : question->default_sink;
  AudioNode* const node = &grown[nodes->n];
  nodes->nodes          = grown;
  node->name            = strdup(name);
  node->description     = strdup(description ? description : name);
  node->n_channels      = spec->channels;
  node->sample_rate     = spec->rate;
  node->is_input        = is_input;
  node->is_default      = usual && !strcmp(usual, name);
  if (!node->name || !node->description) {
    question->failed = true;
    free(node->name);
    free(node->description);
    return;
  }
  ++nodes->n;
}

static void
on_server(pa_context* const           context,
          const pa_server_info* const info,
          void* const                 data)
{
  Question* const question = (Question*)data;
  (void)context;
  if (info) {
    question->nodes->server = strdup(info->server_name);
    question->default_source =
      info->default_source_name ? strdup(info->default_source_name) : NULL;
    question->default_sink =
      info->default_sink_name ? strdup(info->default_sink_name) : NULL;
  }
}

static void
on_source(pa_context* const           context,
          const pa_source_info* const info,
          const int                   end,
          void* const                 data)
{
  (void)context;
  if (!end) {
    add(
      (Question*)data, info->name, info->description, &info->sample_spec, true);
  }
}

static void
on_sink(pa_context* const         context,
        const pa_sink_info* const info,
        const int                 end,
        void* const               data)
{
  (void)context;
  if (!end) {
    add((Question*)data,
        info->name,
        info->description,
        &info->sample_spec,
        false);
  }
}

/// Have the loop go on once; return whether there is time left
static bool
step(pa_mainloop* const loop, const double end)
{
  const double left = end - clock_seconds();
  return left > 0.0 && pa_mainloop_prepare(loop, (int)(1e6 * left) + 1) >= 0 &&
         pa_mainloop_poll(loop) >= 0 && pa_mainloop_dispatch(loop) >= 0;
}

/// Wait until the server answers
static bool
connect_to_server(pa_mainloop* const loop,
                  pa_context* const  context,
                  const double       end)
{
  if (pa_context_connect(context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0) {
    return false;
  }
  while (PA_CONTEXT_IS_GOOD(pa_context_get_state(context)) &&
         pa_context_get_state(context) != PA_CONTEXT_READY && step(loop, end)) {
  }
  return pa_context_get_state(context) == PA_CONTEXT_READY;
}

/// Wait for all answers to one question
static bool
finish(pa_mainloop* const loop, pa_operation* const operation, const double end)
{
  while (operation &&
         pa_operation_get_state(operation) == PA_OPERATION_RUNNING &&
         step(loop, end)) {
  }

  const bool done =
    operation && pa_operation_get_state(operation) == PA_OPERATION_DONE;
  if (operation) {
    pa_operation_unref(operation);
  }
  return done;
}

static bool
ask(pa_mainloop* const loop,
    pa_context* const  context,
    Question* const    question)
{
  const double end = clock_seconds() + patience;
  return connect_to_server(loop, context, end) &&
         finish(loop,
                pa_context_get_server_info(context, on_server, question),
                end) &&
         finish(loop,
                pa_context_get_source_info_list(context, on_source, question),
                end) &&
         finish(loop,
                pa_context_get_sink_info_list(context, on_sink, question),
                end) &&
         !question->failed;
}

void
audio_nodes_load(AudioNodes* const nodes)
{
  memset(nodes, 0, sizeof(*nodes));

  Question           question = {nodes, NULL, NULL, false};
  pa_mainloop* const loop     = pa_mainloop_new();
  pa_context* const  context =
    loop ? pa_context_new(pa_mainloop_get_api(loop), "grus") : NULL;
  if (!context || !ask(loop, context, &question)) {
    audio_nodes_clear(nodes);
  }

  if (context) {
    pa_context_disconnect(context);
    pa_context_unref(context);
  }
  if (loop) {
    pa_mainloop_free(loop);
  }
  free(question.default_source);
  free(question.default_sink);
}

#else

void
audio_nodes_load(AudioNodes* const nodes)
{
  memset(nodes, 0, sizeof(*nodes));
}

#endif

void
audio_nodes_clear(AudioNodes* const nodes)
{
  for (size_t i = 0U; i < nodes->n; ++i) {
    free(nodes->nodes[i].name);
    free(nodes->nodes[i].description);
  }
  free(nodes->nodes);
  free(nodes->server);
  memset(nodes, 0, sizeof(*nodes));
}
