// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "lv2_host/features.h"

#include "lv2_host/impl.h"
#include "lv2_host/uris.h"
#include "lv2_host/worker.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <pthread.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static int
log_vprintf(LV2_Log_Handle    handle,
            const LV2_URID    type,
            const char* const format,
            va_list           args)
{
  Host* const host = (Host*)handle;
  if (type == urid(LV2_LOG__Error)) {
    pthread_mutex_lock(&host->lock);
    vsnprintf(host->log, sizeof(host->log), format, args);
    pthread_mutex_unlock(&host->lock);
  }
  return 0;
}

static int
log_printf(LV2_Log_Handle    handle,
           const LV2_URID    type,
           const char* const format,
           ...)
{
  va_list args;
  va_start(args, format);
  const int n = log_vprintf(handle, type, format, args);
  va_end(args);
  return n;
}

void
features_init(Host* const host)
{
  host->map.map                    = map_uri;
  host->unmap.unmap                = unmap_uri;
  host->schedule.handle            = host;
  host->schedule.schedule_work     = worker_schedule;
  host->log_feature.handle         = host;
  host->log_feature.printf         = log_printf;
  host->log_feature.vprintf        = log_vprintf;
  host->max_block                  = HOST_MAX_BLOCK;
  const LV2_Options_Option options = {LV2_OPTIONS_INSTANCE,
                                      0U,
                                      urid(LV2_BUF_SIZE__maxBlockLength),
                                      sizeof(int32_t),
                                      urid(LV2_ATOM__Int),
                                      &host->max_block};
  host->options[0]                 = options;

  // What lv2file 0.84 passes: null, or letters that the stack held
  const char* const no_pointer = (const char*)(uintptr_t)0x5F00455441564952U;
  const LV2_Feature features[] = {{LV2_URID__map, &host->map},
                                  {LV2_URID__unmap, &host->unmap},
                                  {NULL, NULL},
                                  {no_pointer, NULL},
                                  {LV2_WORKER__schedule, &host->schedule},
                                  {LV2_LOG__log, &host->log_feature},
                                  {LV2_OPTIONS__options, host->options}};
  for (size_t i = 0U; i < 7U; ++i) {
    host->features[i]     = features[i];
    host->feature_list[i] = &host->features[i];
  }
}

const char*
host_log(const Host* const host)
{
  return host->log;
}
