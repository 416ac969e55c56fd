// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE

#include "lv2_host/uris.h"

#include <lv2/urid/urid.h>

#include <pthread.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { MAX_URIS = 512 };

static pthread_mutex_t uri_lock = PTHREAD_MUTEX_INITIALIZER;
static char*           uris[MAX_URIS];
static uint32_t        n_uris;

LV2_URID
map_uri(LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  pthread_mutex_lock(&uri_lock);
  uint32_t i = 0U;
  while (i < n_uris && strcmp(uris[i], uri)) {
    ++i;
  }
  if (i == n_uris && n_uris < MAX_URIS) {
    uris[n_uris++] = strdup(uri);
  }
  pthread_mutex_unlock(&uri_lock);
  return i + 1U;
}

const char*
unmap_uri(LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  (void)handle;
  return urid && urid <= n_uris ? uris[urid - 1U] : NULL;
}

LV2_URID
urid(const char* const uri)
{
  return map_uri(NULL, uri);
}
