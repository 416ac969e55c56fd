// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host_features.h"

#include <lv2/core/lv2.h>

#include <stddef.h>
#include <string.h>

void*
host_features_find(const LV2_Feature* const* const features,
                   const char* const               uri)
{
  for (size_t i = 0U; features && features[i]; ++i) {
    // lv2file 0.84 passes one without a name
    if (features[i]->URI && !strcmp(features[i]->URI, uri)) {
      return features[i]->data;
    }
  }
  return NULL;
}
