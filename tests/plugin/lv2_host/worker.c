// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE

#include "lv2_host/worker.h"

#include "grus/ring.h"
#include "lv2_host/impl.h"

#include <lilv/lilv.h>
#include <lv2/worker/worker.h>

#include <pthread.h>

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

LV2_Worker_Status
worker_schedule(LV2_Worker_Schedule_Handle handle,
                const uint32_t             size,
                const void* const          data)
{
  Host* const host = (Host*)handle;
  if (grus_ring_write_space(host->ring) < sizeof(size) + size) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  uint8_t message[sizeof(size) + 8192];
  if (size > sizeof(message) - sizeof(size)) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  memcpy(message, &size, sizeof(size));
  memcpy(message + sizeof(size), data, size);
  (void)grus_ring_write(host->ring, message, (uint32_t)sizeof(size) + size);
  atomic_fetch_add(&host->n_scheduled, 1U);
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
respond(LV2_Worker_Respond_Handle handle, uint32_t size, const void* data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_SUCCESS;
}

void
worker_wait(void)
{
  const struct timespec time = {0, 200000};
  nanosleep(&time, NULL);
}

static void*
run_worker(void* const handle)
{
  Host* const host = (Host*)handle;
  uint8_t     data[8192];
  uint32_t    size = 0U;
  while (!atomic_load(&host->quit)) {
    if (grus_ring_read(host->ring, &size, sizeof(size))) {
      (void)grus_ring_read(host->ring, data, size);
      host->worker_interface->work(
        lilv_instance_get_handle(host->instance), respond, host, size, data);
      atomic_fetch_add(&host->n_done, 1U);
    } else {
      worker_wait();
    }
  }
  return NULL;
}

void
worker_start(Host* const host)
{
  host->worker_interface =
    (const LV2_Worker_Interface*)lilv_instance_get_extension_data(
      host->instance, LV2_WORKER__interface);
  pthread_create(&host->worker, NULL, run_worker, host);
}

void
worker_end(Host* const host)
{
  atomic_store(&host->quit, true);
  pthread_join(host->worker, NULL);
}

bool
host_is_busy(const Host* const host)
{
  return atomic_load(&host->n_done) != atomic_load(&host->n_scheduled);
}
